"""What the file says beside its pages: colours, the embedded source, tags."""

import io
import re
import subprocess

import pikepdf
import pytest
from PIL import Image

from tests.typesetting.printed import article, issue, photo
from tests.typesetting.read_back import sheets
from typesetting import rendering


def made(*articles, **changes):
    return rendering.render(issue(*articles, **changes), photo_bytes=bytes)


def test_black_is_grey_and_only_the_masthead_is_in_colour():
    file = pikepdf.open(io.BytesIO(made(article(body="<table><tr><td>表</td></tr></table><p>文</p>"))))
    streams = [page.Contents.read_bytes().decode() for page in file.pages]
    colours = {found for stream in streams for found in re.findall(r"[0-9. ]+(?:rg|RG)\b", stream)}
    assert {colour.strip() for colour in colours} == {"0.843137 0 0.058824 rg"}
    assert all("0 g" in stream for stream in streams)


def test_the_embedded_source_is_named_once():
    file = pikepdf.open(io.BytesIO(made()))
    assert len(file.Root.AF) == 1
    assert file.Root.AF[0].AFRelationship == "/Source"


def test_superscripts_are_raised_and_subscripts_lowered():
    pdf = made(article(body="<p>面积12m<sup>2</sup>，CO<sub>4</sub>气体</p>"))
    (line,) = [line for line in sheets(pdf)[0].characters if line.text == "面"]
    here = {c.text: c.baseline for c in sheets(pdf)[0].characters if abs(c.baseline - line.baseline) < 10}
    assert here["m"] == here["O"] == line.baseline
    assert here["4"] <= line.baseline - 0.08 * 16
    (raised,) = [c for c in sheets(pdf)[0].characters if c.size == pytest.approx(9.6, abs=0.1) and c.text == "2"]
    assert raised.baseline >= line.baseline + 0.2 * 16


# Tags

SENTENCE = "各单位围绕重点任务认真组织学习，把好做法带到班组和网点。"
ROWS = "".join(f"<tr><td>{n}</td><td>示例网点{n}</td></tr>" for n in range(1, 61))
TABLE = (
    f"<table><caption>检查情况</caption><thead><tr><th>序号</th><th>网点</th></tr></thead><tbody>{ROWS}</tbody></table>"
)


def jpeg(photo_id):
    stream = io.BytesIO()
    Image.new("RGB", (1200, 800), (90, 120, 160)).save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture(scope="module")
def file():
    """An issue of everything that has a tag of its own, longer than a page."""
    content = issue(
        article(1, title="第一篇", body=f"<h3>一、小标题</h3><p>{SENTENCE * 12}</p><p>{SENTENCE * 40}</p>"),
        article(2, title="第二篇", body=f"<p>见下表。</p>{TABLE}<p>表后。</p>", photos=[photo(1, "照片说明")]),
        has_contents=True,
    )
    return pikepdf.open(io.BytesIO(rendering.render(content, photo_bytes=jpeg)))


def kids(element):
    found = element.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def elements(element, *names):
    """The structure elements below this one, in the order of reading; only those of these names when some are given."""
    for kid in kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if not names or str(kid.S)[1:] in names:
                yield kid
            yield from elements(kid, *names)


def tags(element):
    return [str(kid.S)[1:] for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def marked(page):
    """The marked content of a page: (tag, MCID or None) with the codes of the text in it."""
    found, open_ones = [], []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BDC", "BMC"):
            about = operands[1] if len(operands) > 1 else {}
            open_ones.append([str(operands[0])[1:], about.get("/MCID"), b""])
        elif str(operator) == "EMC":
            found.append(open_ones.pop())
        elif str(operator) == "TJ":
            open_ones[-1][2] += b"".join(bytes(one) for one in operands[0] if isinstance(one, pikepdf.String))
    return found


def test_all_text_is_either_in_the_tree_or_an_artifact_and_page_numbers_are_artifacts(file):
    numbers = file.Root.StructTreeRoot.ParentTree.Nums
    held = {kid.objgen for kid in elements(file.Root.StructTreeRoot)}
    for page in file.pages:
        artifacts = [text for tag, _mcid, text in marked(page) if tag == "Artifact" and text]
        assert artifacts, "the page number"
        for tag, mcid, text in marked(page):
            if text and tag != "Artifact":
                element = numbers[2 * page.StructParents + 1][int(mcid)]
                assert element.objgen in held
    assert len(file.pages) > 3


def test_what_goes_on_over_a_page_is_one_element(file):
    document = kids(file.Root.StructTreeRoot)[0]
    assert tags(document).count("Art") == 2
    first = next(elements(document, "Art"))
    assert tags(first) == ["H2", "H3", "P", "P"]
    last = list(elements(first, "P"))[-1]
    assert len({kid.Pg.objgen for kid in elements(last)}) > 1
    for element in elements(file.Root.StructTreeRoot):
        assert all(
            kid.P.objgen == element.objgen
            for kid in kids(element)
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
        )


def test_a_table_over_several_pages_is_one_table_with_one_head(file):
    (table,) = elements(file.Root.StructTreeRoot, "Table")
    assert tags(table) == ["Caption", "THead", "TBody"]
    assert len(list(elements(table, "TR"))) == 61
    heads = list(elements(table, "TH"))
    assert [str(head.A.Scope) for head in heads] == ["/Column", "/Column"]
    assert len({kid.Pg.objgen for kid in elements(table)}) > 1
    assert not any("/ID" in cell or "/Headers" in cell.A for cell in elements(table, "TH", "TD"))


def test_a_head_at_the_left_of_a_row_is_the_rows():
    body = "<table><tbody><tr><th>青浦</th><td>12</td></tr></tbody></table>"
    file = pikepdf.open(io.BytesIO(made(article(body=body))))
    (head,) = elements(file.Root.StructTreeRoot, "TH")
    assert head.A.Scope == "/Row"


def test_a_photos_caption_is_with_it_in_its_figure(file):
    (figure,) = elements(file.Root.StructTreeRoot, "Figure")
    assert str(figure.Alt) == "照片说明"
    assert tags(figure) == ["Caption"]


def test_the_contents_are_a_toc_of_references(file):
    (toc,) = elements(file.Root.StructTreeRoot, "TOC")
    assert tags(toc) == ["TOCI", "TOCI"]
    assert all(tags(entry) == ["Reference"] for entry in elements(toc, "TOCI"))
    assert all("Link" in tags(reference) for reference in elements(toc, "Reference"))


def test_programs_find_the_tags_too(file, tmp_path):
    path = tmp_path / "a.pdf"
    file.save(path)
    said = subprocess.run(["pdfinfo", "-struct", path], capture_output=True, text=True, check=True)
    assert not said.stderr
    assert [said.stdout.count(name) for name in ("TOC\n", "Table", "Caption", "THead")] == [1, 1, 2, 1]


@pytest.mark.parametrize("before", range(5, 13))
def test_a_paragraph_is_one_element_wherever_the_page_is_made_to_end(before):
    """A page may be ended early, so that the last one holds three lines: the paragraph is then set in two pieces."""
    file = pikepdf.open(io.BytesIO(made(article(paragraphs=["一句话。"] * before + [SENTENCE * 4]))))
    (story,) = elements(file.Root.StructTreeRoot, "Art")
    assert tags(story) == ["H2", *["P"] * (before + 1)]
