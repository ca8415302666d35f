"""Word files of the real issues and of one with everything: what they say, how they look to Word, how long they are."""

import re
import shutil
import subprocess
import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from tests.typesetting.printed import article, issue, real_issue
from tests.typesetting.word import samples
from typesetting import reading as pdf_reading
from typesetting import rendering
from typesetting.rendering import RenderingError
from typesetting.word import documents, reading

OFFICE = shutil.which("soffice")
NAMES = ["000", "003", "004"]


def no_photo(photo_id):
    raise AssertionError(f"photo {photo_id} was asked for")


def made(content, **options):
    return documents.issue_document(content, photo_bytes=samples.jpeg, **options)


@pytest.fixture(scope="module")
def full():
    content = samples.full()
    return content, made(content, pages=[2, 4, 5])


@pytest.fixture(scope="module")
def real(bulletins_dir):
    contents = {name: real_issue(bulletins_dir, name)[0] for name in NAMES}
    return {name: (content, made(content)) for name, content in contents.items()}


def parts_of(data):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def style_of(document, words):
    return next(p.style.name for p in document.paragraphs if words in p.text)


# --- what it says ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_a_real_issue_says_in_word_what_it_says(real, name):
    content, data = real[name]

    compared = reading.compare(data, content)

    assert compared.difference == ""
    assert compared.equal == compared.characters > 3000


def test_an_issue_with_everything_says_what_it_says(full):
    content, data = full

    assert reading.compare(data, content).difference == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("连续三晚", "连续两晚"),
        ("东站夜间巡查", "东站白天巡查"),
        ("各班组", "各班"),
        ("内部资料", "资料"),
        ("12.5", "125"),
    ],
)
def test_one_word_that_differs_is_found(full, old, new):
    content, data = full
    files = parts_of(data)
    assert old in files["word/document.xml"].decode()
    files["word/document.xml"] = files["word/document.xml"].decode().replace(old, new).encode()

    compared = reading.compare(documents.packed(files), content)

    assert compared.difference
    assert compared.equal < compared.characters


def test_words_too_many_are_found(full):
    content, data = full
    document = docx.Document(BytesIO(data))
    document.add_paragraph("多出的一段。")
    out = BytesIO()
    document.save(out)

    assert "多出的一段" in reading.compare(out.getvalue(), content).difference


def test_the_same_content_gives_the_same_bytes(full):
    content, data = full
    assert made(content, pages=[2, 4, 5]) == data


def test_each_page_says_that_it_is_no_official_document(full):
    section = docx.Document(BytesIO(full[1])).sections[0]

    for header in (section.header, section.even_page_header):
        assert [p.text for p in header.paragraphs] == ["可编辑稿，页码以 PDF 为准"]


def test_it_has_no_verification_code():
    plain = samples.full()
    coded = samples.full(verify_link="https://bulletin.example/v/abc")

    assert parts_of(made(coded)).keys() == parts_of(made(plain)).keys()


# --- how it looks to Word -------------------------------------------------------------------------------------------
def test_every_paragraph_has_a_style_with_a_name(full):
    document = docx.Document(BytesIO(full[1]))

    for words, style in (
        ("创建工作简报", "红头"),
        ("第9期", "编印"),
        ("夜间安全巡查", "toc 1"),
        ("东站先行", "公文副题"),
        ("面积", "公文正文"),
        ("总体情况", "一级黑体"),
        ("（一）东站", "二级楷体"),
        ("东站夜间巡查", "图说"),
        ("以上由站点汇总", "引文楷体"),
        ("简讯：", "栏目标题"),
        ("本期刊登", "引文楷体"),
    ):
        assert style_of(document, words) == style
    assert {row.cells[0].paragraphs[0].style.name for row in document.tables[-1].rows} == {"版记"}


def test_the_body_is_indented_by_characters():
    document = docx.Document(BytesIO(made(issue())))
    indent = document.styles["公文正文"].element.pPr.ind

    assert indent.get(qn("w:firstLineChars")) == "200"
    assert indent.firstLine.pt == 32


def test_fonts_have_names_and_no_theme_gives_one(full):
    files = parts_of(full[1])

    assert not [name for name in files if "theme" in name.lower()]
    assert not [name for name, data in files.items() if re.search(rb"w:\w*[tT]heme\w*=", data)]
    assert "仿宋_GB2312" in files["word/styles.xml"].decode()
    document = docx.Document(BytesIO(full[1]))
    assert document.styles["公文标题"].font.name == "方正小标宋简体"
    assert document.styles["一级黑体"].font.name == "黑体"


def test_it_is_a4_with_the_margins_and_the_lines_of_the_layout():
    section = docx.Document(BytesIO(made(issue(layout="gbt9704")))).sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert section.page_width.mm - section.left_margin.mm - section.right_margin.mm == pytest.approx(156, abs=0.1)
    (grid,) = section._sectPr.xpath("w:docGrid")
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_page_numbers_stand_right_and_left():
    document = docx.Document(BytesIO(made(issue())))
    section = document.sections[0]

    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        assert footer.paragraphs[0].alignment.name == side
        assert "PAGE" in "".join(footer.paragraphs[0]._p.xpath("w:r/w:instrText/text()"))


def test_margins_are_mirrored_where_the_layout_says_so():
    assert b"mirrorMargins" in parts_of(made(issue(measures=samples.BOTH_SIDES)))["word/settings.xml"]
    assert b"mirrorMargins" not in parts_of(made(issue()))["word/settings.xml"]


def test_the_contents_are_a_field_that_shows_the_pages_given(full):
    document = docx.Document(BytesIO(full[1]))
    entries = [p for p in document.paragraphs if p.style.name == "toc 1"]

    assert [p.text for p in entries] == ["站点开展夜间安全巡查\t2", "班组学习操作规程\t4", "简讯\t5"]
    assert r'TOC \h \z \t "公文标题,1,栏目标题,1"' in "".join(entries[0]._p.xpath(".//w:instrText/text()"))
    marks = [kind for p in entries for kind in p._p.xpath(".//w:fldChar/@w:fldCharType")]
    assert marks.count("begin") == marks.count("separate") == marks.count("end") == 4
    names = set(document.element.xpath("//w:bookmarkStart/@w:name"))
    assert {link for p in entries for link in p._p.xpath("w:hyperlink/@w:anchor")} == names


def test_the_pages_of_the_contents_are_those_of_the_pdf(full):
    pdf = rendering.render(full[0], photo_bytes=samples.jpeg)

    assert documents.contents_pages(pdf, full[0]) == [2, 3, 4]


def test_photos_are_in_it_with_what_they_show(full):
    document = docx.Document(BytesIO(full[1]))

    assert document.element.xpath("//wp:docPr/@descr") == ["两人在站点门口", "西站", "复查", "照片"]
    assert sum(name.startswith("word/media/") for name in parts_of(full[1])) == 4


def test_a_table_keeps_what_its_cells_span(full):
    document = docx.Document(BytesIO(full[1]))
    table = next(table for table in document.tables if "次数" in table.cell(0, 1).text)

    assert table.cell(1, 0)._tc is table.cell(2, 0)._tc
    assert table.cell(3, 0)._tc is table.cell(3, 1)._tc
    assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")


def test_the_end_matter_is_a_table_at_the_foot(full):
    document = docx.Document(BytesIO(full[1]))
    table = document.tables[-1]

    assert [row.cells[0].text[:2] for row in table.rows] == ["报：", "送：", "发：", "共印"]
    (place,) = table._tbl.tblPr.xpath("w:tblpPr")
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")


# --- one article, all of them ---------------------------------------------------------------------------------------
def test_one_article_says_what_it_says_and_where_it_is_from(full):
    content = full[0]
    for story in (content.articles[0], content.briefs[1]):
        data = documents.article_document(content, story, photo_bytes=samples.jpeg)

        assert reading.compare(data, documents.alone(content, story)).difference == ""
        header = docx.Document(BytesIO(data)).sections[0].header.paragraphs[0].text
        assert header.startswith("摘自上海市邮政快递行业党建、文明创建工作简报 2026年第9期（总第544期）")


def test_all_articles_come_in_a_zip(full):
    content = full[0]
    files = parts_of(documents.article_documents(content, photo_bytes=samples.jpeg))

    assert list(files) == [
        "01　站点开展夜间安全巡查.docx",
        "02　班组学习操作规程.docx",
        "03　简讯.docx",
        "04　简讯.docx",
    ]
    assert reading.text(files["04　简讯.docx"]) == ["简讯：", "1. 西站增设灯具。"]


def test_a_title_that_no_file_can_have_still_makes_a_file():
    content = issue(article(title="A/B：“双减”?\n*试点*"))

    (name,) = parts_of(documents.article_documents(content, photo_bytes=no_photo))
    assert name == "01　A B：“双减” 试点.docx"


# --- what can't be made ---------------------------------------------------------------------------------------------
def test_a_photo_of_another_kind_is_refused_with_its_name(full):
    with pytest.raises(RenderingError, match="两人在站点门口"):
        documents.issue_document(full[0], photo_bytes=lambda photo_id: b"no picture")


def test_what_no_page_can_show_is_refused():
    with pytest.raises(RenderingError, match="U\\+0007"):
        made(issue(article(paragraphs=("响\x07铃",))))


# --- how LibreOffice sets it ----------------------------------------------------------------------------------------
@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed, so no Word file is set: run ops/packages tests")
def test_the_real_issues_have_about_as_many_pages_in_libreoffice(real, tmp_path):
    for name, (_content, data) in real.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *tmp_path.glob("*.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    for name, (content, _data) in real.items():
        official = pdf_reading.page_count(rendering.render(content, photo_bytes=no_photo))
        assert abs(pdf_reading.page_count((tmp_path / f"{name}.pdf").read_bytes()) - official) <= 1
