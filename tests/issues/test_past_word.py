"""Past issues come back exactly from the Word files they were printed from, and from the PDFs that LibreOffice made of these."""

import json
import random
import shutil
import subprocess
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from PIL import Image

from articles.docx.legacy import OLE
from articles.docx.package import LARGEST_FILE
from issues.past import reading
from tests.articles import word_files
from tests.articles.word_files import Document
from tests.issues import stories
from tests.issues.word_issues import Form, word_issue

OFFICE = shutil.which("soffice")
FORMS = {
    "plain": Form(),
    "styles": Form(in_styles=True),
    "spaces for indents": Form(indent="spaces", is_bold=False, head="spaces"),
    "broken titles, tables": Form(title_breaks=True, head="table", foot="table"),
    "titles in the size of the text": Form(title_size=16, indent="", head="lines", empty_before_titles=1),
    "bold alone": Form(
        title_size=16, line=None, number_line="〔{year}〕第{number}期（总{total}期）", empty_before_titles=2
    ),
    "contents": Form(
        contents=True,
        space_before_titles=20,
        number_line="{year}年第{number}期\n总第{total}期",
        running_head="行业简报",
    ),
}
# Neither sizes nor indents: in a PDF, which knows no paragraphs, nothing tells where one ends with a full line.
BARE = ("titles in the size of the text",)
MASTHEAD = {
    "series_title": "上海市邮政快递行业党建、文明创建工作简报",
    "publisher": "上海市邮政管理局党建办、文明办",
    "year": 2024,
    "number": 3,
    "total_number": 473,
    "date": "2024-01-29",
}
SAID = ("series_title", "publisher", "year", "number", "total_number", "date", "briefs", "recipients")


@pytest.fixture(scope="module")
def real_issues(bulletins_dir):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(bulletins_dir.glob("*.json"))]


def made_up(seed):
    """With what an office's issues have besides paragraphs: headings, captions, names at the end."""
    chance = random.Random(seed)
    parts = stories.parts(chance) | MASTHEAD
    for article in parts["articles"]:
        paragraphs = article["paragraphs"]
        if chance.random() < 0.3:
            paragraphs.append(chance.choice(["（青浦局 供稿）", "（张三 李四）", "（奉贤邮政管理局）"]))
        if chance.random() < 0.3:
            paragraphs.insert(1, chance.choice(["图为活动现场", "志愿者与快递员合影"]))
        if chance.random() < 0.3:
            paragraphs[0:0] = ["一、加强组织领导", "（一）压实责任"][: chance.randint(1, 2)]
    return parts


def form_of(issue, **values):
    return Form(has_masthead=bool(issue["date"]), **values)


def said(issue):
    """All that is compared: titles without white space, everything else as it is."""
    articles = [("".join(one["title"].split()), one["subtitle"], one["paragraphs"]) for one in issue["articles"]]
    return articles, {name: issue[name] for name in SAID}


def known(issue):
    """What a real issue's extract says; its masthead may lack some."""
    articles, fields = said(issue)
    return articles, {name: value for name, value in fields.items() if value is not None}


def found(data, expected, name="往期.docx"):
    articles, fields = said(reading.read_bytes(data, name).as_dict())
    return articles, {name: fields[name] for name in known(expected)[1]}


def read(data, name="往期.docx"):
    return reading.read_bytes(data, name)


def test_the_real_issues_come_out_of_word_exactly(real_issues):
    assert len(real_issues) >= 3
    for issue in real_issues:
        assert found(word_issue(issue, form_of(issue)), issue) == known(issue)


@pytest.mark.parametrize("form", FORMS)
def test_made_up_issues_come_out_of_word_exactly(form):
    for seed in (1, 2, 3):
        parts = made_up(seed)
        assert said(read(word_issue(parts, FORMS[form])).as_dict()) == said(parts), seed


def test_what_word_shows_leaves_little_in_doubt():
    found = read(word_issue(made_up(1)))

    assert [warned.message for warned in found.warnings if not warned.is_note] == []


def test_pictures_are_counted_and_a_table_is_named():
    document = Document()
    for line in ("上海市邮政快递行业", "党建、文明创建工作简报", "2024年第3期"):
        word_files.centred(document, line, size=26)
    word_files.centred(document, "站点开展夜间安全巡查", size=22)
    document.add_paragraph("巡查分两组进行，持续到月底。")
    document.add_picture(word_files.picture())
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ["站点", "次数", "隐患", "东站", "三次", "两处"], strict=True):
        cell.text = text
    document.add_paragraph("巡查发现的隐患当天整改。")
    document.add_paragraph("报：上海市精神文明建设委员会")

    found = read(word_files.data_of(document))

    assert [(one.line, one.is_note) for one in found.doubts if "图片" in one.message or "表格" in one.message] == [
        (None, True),
        (6, False),
    ]


def test_deleted_words_and_numbers_of_lists_are_as_word_shows_them():
    document = Document()
    for line in ("上海市邮政快递行业", "党建、文明创建工作简报", "2024年第3期"):
        word_files.centred(document, line, size=26)
    word_files.centred(document, "站点开展夜间安全巡查", size=22)
    number = word_files.add_list(document, [("chineseCounting", "%1、")])
    word_files.number_paragraph(document.add_paragraph("分组巡查。"), number)
    word_files.change(document.add_paragraph("巡查持续到月底。"), "del", "这半句已经删去。")
    document.add_paragraph("报：上海市精神文明建设委员会")

    assert read(word_files.data_of(document)).articles[0].paragraphs == ["一、分组巡查。", "巡查持续到月底。"]


def test_a_masthead_in_a_text_box_is_read():
    document = Document()
    for line in ("上海市邮政快递行业", "党建、文明创建工作简报"):
        word_files.centred(document, line, size=26)
    word_files.add_text_box(document.add_paragraph(), "2024年第3期（总第473期）")
    word_files.centred(document, "站点开展夜间安全巡查", size=22)
    document.add_paragraph("巡查分两组进行，持续到月底。")

    assert read(word_files.data_of(document)).masthead.total_number == 473


# --- by way of LibreOffice ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def converted(real_issues, tmp_path_factory):
    """(parts, PDF) of the real issues and of made-up ones in several forms: one start of the program makes them all."""
    if not OFFICE:
        pytest.skip("LibreOffice is not installed (ops/packages tests)")
    folder = tmp_path_factory.mktemp("office")
    wanted = [(issue, form_of(issue)) for issue in real_issues]
    wanted += [(made_up(at), form) for at, (name, form) in enumerate(FORMS.items()) if name not in BARE]
    files = [folder / f"{at}.docx" for at in range(len(wanted))]
    for (parts, form), file in zip(wanted, files, strict=True):
        file.write_bytes(word_issue(parts, form))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return [(parts, file.with_suffix(".pdf").read_bytes()) for (parts, _form), file in zip(wanted, files, strict=True)]


def test_pdfs_that_libreoffice_wrote_come_out_exactly(converted):
    for parts, pdf in converted:
        assert found(pdf, parts, "往期.pdf") == known(parts)


@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed (ops/packages tests)")
def test_an_older_word_file_comes_out_exactly(real_issues, tmp_path):
    issue = real_issues[-1]
    (tmp_path / "old.docx").write_bytes(word_issue(issue, form_of(issue)))
    command = [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "doc"]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "old.docx"], check=True, capture_output=True, timeout=120
    )

    assert found((tmp_path / "old.doc").read_bytes(), issue, "旧刊.doc") == known(issue)


# --- what can't be read -------------------------------------------------------------------------------------------------


def locked_pdf():
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def scanned_pdf():
    out = BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PDF")
    return out.getvalue()


def scanned_word():
    document = Document()
    document.add_picture(word_files.picture())
    return word_files.data_of(document)


def another_package():
    out = BytesIO()
    with ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


BAD = {
    "加密.pdf": (locked_pdf, "文件已损坏或加密"),
    "扫描.pdf": (scanned_pdf, "只有页面图片，没有文字"),
    "扫描.docx": (scanned_word, "只有页面图片，没有文字"),
    "加密.docx": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
    "幻灯片.ppt": (lambda: OLE + b"\0" * 600, "不是 Word 文件"),
    "表格.xlsx": (another_package, "不是 Word 文件"),
    "太大.docx": (lambda: b"PK\x03\x04" + b"\0" * LARGEST_FILE, "太大"),
    "图.jpg": (lambda: b"\xff\xd8\xff\xe0", "是图片"),
    "通知.docx": (
        lambda: word_files.data_of(word_files.plain(stories.article(random.Random(1), "甲局", "甲"))),
        "不像",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_issue_gets_a_sentence_with_its_name(name):
    make, words = BAD[name]

    with pytest.raises(reading.NotAnIssue) as refused:
        read(make(), name)

    assert words in str(refused.value)
    assert name in str(refused.value)
