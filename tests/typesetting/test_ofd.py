"""The OFD of an issue is its PDF: the same text, the same ink, in a file that other people's programs read."""

import hashlib
import io
from functools import cache

import pytest
from fontTools.ttLib import TTFont
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from tests.typesetting import ofd_engines
from tests.typesetting.printed import article, bulletins_folder, issue, photo, real_issue, squeezed
from tests.typesetting.test_layout_tables import long_table
from typesetting import reading, rendering
from typesetting.ofd import door
from typesetting.ofd.reading import parsed, unpacked

REAL = pytest.mark.parametrize("name", ["000", "003", "004"])
RARE = "喆堃赟龑䶮𬭎𬣞㛃"
MANY = f"<p>驿站每天开门，<strong>粗体</strong>与<em>斜体</em>，3月27日，{RARE}，office fi 1234，H<sub>2</sub>O，①②℃，✈。</p>"
OFD = "{http://www.ofdspec.org/2016}"


def picture_file(number):
    """A photograph, or a drawing with few colours as PNG."""
    picture = Image.radial_gradient("L").resize((600, 400)).convert("RGB")
    if number == 2:
        picture = Image.new("RGB", (600, 400), "white")
        picture.paste("navy", (50, 50, 300, 350))
    stream = io.BytesIO()
    picture.save(stream, "PNG" if number == 2 else "JPEG")
    return stream.getvalue()


@cache
def real(name):
    content, texts = real_issue(bulletins_folder(), name)
    pdf = rendering.render(content, photo_bytes=bytes)
    return pdf, ofd_engines.written(pdf), texts


@cache
def rich():
    """Photos, a table that goes on, rare names, fonts of other kinds, a verification code."""
    story = article(body=MANY + long_table(30), photos=(photo(1, "图一"), photo(2, "图二")))
    brief = article(2, title="", section="brief")
    content = issue(story, briefs=(brief,), has_contents=True, verify_link="https://bulletin.example/v/abcdefgh")
    pdf = rendering.render(content, photo_bytes=picture_file)
    return pdf, ofd_engines.written(pdf)


@REAL
def test_a_real_issue_is_drawn_like_its_pdf(bulletins_dir, name):
    pdf, ofd, _texts = real(name)

    ofd_engines.is_like(pdf, ofd)


@REAL
def test_a_real_issue_has_the_text_of_its_pdf_and_of_what_was_signed(bulletins_dir, name):
    pdf, ofd, texts = real(name)

    pages = [squeezed(text) for text in door.text(ofd)]

    assert pages == ofd_engines.pdf_texts(pdf) == ofd_engines.page_texts(ofd)
    whole = "".join(page.removesuffix(f"—{n}—") for n, page in enumerate(pages, 1))
    place = 0
    for text in texts:
        wanted = squeezed(text).replace("(", "（").replace(")", "）") if "总第" in text else squeezed(text)
        place = whole.find(wanted, place)
        assert place >= 0, wanted


@REAL
def test_nothing_is_found_in_a_real_issue(bulletins_dir, name):
    _pdf, ofd, _texts = real(name)

    assert door.check(ofd) == []
    assert ofd_engines.passes(ofd)[0]


def test_photos_tables_rare_names_and_the_code_are_drawn_like_the_pdf():
    pdf, ofd = rich()

    ofd_engines.is_like(pdf, ofd)


def test_their_text_is_that_of_the_pdf():
    pdf, ofd = rich()

    pages = [squeezed(text) for text in door.text(ofd)]

    assert pages == ofd_engines.pdf_texts(pdf) == ofd_engines.page_texts(ofd)
    assert RARE in pages[0]


def test_nothing_is_found_in_them():
    _pdf, ofd = rich()

    assert door.check(ofd) == []
    assert ofd_engines.passes(ofd)[0]


def test_the_measure_of_ink_sees_what_is_missing():
    pdf, ofd = rich()
    parts = unpacked(ofd)
    place = "Doc_0/Pages/Page_0/Content.xml"
    start = parts[place].index(b"<ofd:TextObject")
    end = parts[place].index(b"</ofd:TextObject>") + len(b"</ofd:TextObject>")
    parts[place] = parts[place][:start] + parts[place][end:]

    assert ofd_engines.differing_ink(pdf, door.package.zipped(parts))[0] > 100


def test_the_same_pdf_gives_the_same_bytes(bulletins_dir):
    pdf, ofd, _texts = real("000")

    assert ofd_engines.written(pdf) == ofd


def test_lines_are_parted_by_line_feeds():
    _pdf, ofd = rich()

    assert door.text(ofd)[0].split("\n")[:3] == [
        "上海市邮政快递行业",
        "党建、文明创建工作简报",
        "2026年第9期（总第544期）",
    ]


def test_it_says_what_it_is_and_what_it_was_made_from():
    pdf = rendering.render(issue(article()), photo_bytes=bytes)
    parts = unpacked(ofd_engines.written(pdf, subject="简报", keywords=("党建", "文明<&>")))

    root = parsed(parts, "OFD.xml")
    said = {item.get("Name"): item.text for item in root.iter(f"{OFD}CustomData")}

    assert root.get("DocType") == "OFD-A"
    assert root.findtext(f".//{OFD}Title") == "工作简报"
    assert root.findtext(f".//{OFD}CreationDate") == "2026-03-27"
    assert [item.text for item in root.iter(f"{OFD}Keyword")] == ["党建", "文明<&>"]
    assert said["来源PDF的SHA-256"] == hashlib.sha256(pdf).hexdigest()
    assert said["来源PDF的SM3"] == hashlib.new("sm3", pdf).hexdigest()


def test_its_outline_leads_where_the_bookmarks_lead():
    pdf, ofd = rich()
    parts = unpacked(ofd)
    document = parsed(parts, "Doc_0/Document.xml")
    pages = [page.get("ID") for page in document.iter(f"{OFD}Page")]

    marks = [
        (item.get("Title"), pages.index(item.find(f".//{OFD}Dest").get("PageID")) + 1)
        for item in document.iter(f"{OFD}OutlineElem")
    ]

    with reading.opened(pdf) as opened:
        assert marks == [(mark.title, mark.page) for mark in reading.bookmarks(opened)]
    assert marks == [("奉贤局走访驿站", 1), ("简讯", len(pages))]


def test_the_signed_content_goes_with_it():
    _pdf, ofd = rich()
    parts = unpacked(ofd)

    assert b"\xe5\xa5\x89\xe8\xb4\xa4" in parts["Doc_0/Attachs/attachment_1.json"]
    assert parsed(parts, "Doc_0/Attachs/Attachments.xml").find(f"{OFD}Attachment").get("Name") == "issue.json"


def test_a_red_rule_is_a_rule_and_not_a_clipped_slab():
    _pdf, ofd = rich()

    page = parsed(unpacked(ofd), "Doc_0/Pages/Page_0/Content.xml")
    (rule,) = [item for item in page.iter(f"{OFD}PathObject") if item.find(f"{OFD}FillColor") is not None]

    assert rule.find(f"{OFD}Clips") is None
    assert float(rule.get("Boundary").split()[3]) < 1


TEXTS = st.text(
    st.sampled_from("驿站每天早上七点开门，。、；：“”《》（）—…0123456789ABCabc %" + RARE), min_size=1, max_size=300
)
BODIES = st.lists(
    st.one_of(TEXTS.map(lambda text: f"<p>{text}</p>"), st.integers(2, 12).map(long_table)), min_size=1, max_size=4
)
DOCUMENTS = st.builds(
    lambda bodies, has_contents, photos: issue(
        *(article(number, body="".join(body), photos=photos) for number, body in enumerate(bodies, 1)),
        has_contents=has_contents,
    ),
    st.lists(BODIES, min_size=1, max_size=2),
    st.booleans(),
    st.sampled_from([(), (photo(1, "图一"),), (photo(2), photo(1))]),
)


def holds(content):
    """All that is promised of an OFD, of one content."""
    pdf = rendering.render(content, photo_bytes=picture_file)
    ofd = ofd_engines.written(pdf)
    texts = [squeezed(text) for text in door.text(ofd)]
    assert texts == ofd_engines.pdf_texts(pdf) == ofd_engines.page_texts(ofd)
    assert door.check(ofd) == []
    assert ofd_engines.passes(ofd)[0]
    ofd_engines.is_like(pdf, ofd)


# An example takes a second: one that fails is shown as it is.
@settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(DOCUMENTS)
def test_it_holds_for_any_content(content):
    holds(content)


def test_another_program_opens_its_fonts():
    """FreeType, on which most readers build, and which is stricter than what drew the pages above."""
    _pdf, ofd = rich()
    fonts = {name: data for name, data in unpacked(ofd).items() if "/font_" in name}

    for name, data in fonts.items():
        font = ImageFont.truetype(io.BytesIO(data), 40)
        shown = [chr(code) for code in TTFont(io.BytesIO(data)).getBestCmap() if not chr(code).isspace()]
        assert [character for character in shown if not font.getmask(character).getbbox()] == [], name
    assert len(fonts) > 3
