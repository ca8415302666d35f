"""Whatever a page draws is carried over as it looks, or refused with words: never left out."""

import io
import re
from functools import cache

import pikepdf
import pytest
from PIL import Image

from tests.typesetting import engines, ofd_engines
from tests.typesetting.printed import article, issue, photo
from typesetting import rendering
from typesetting.ofd import door
from typesetting.ofd.reading import unpacked
from typesetting.reading import UnreadablePdf

TEXT = "天地玄黄宇宙洪荒驿站office"


def picture_file(_number):
    picture = Image.radial_gradient("L").resize((300, 200)).convert("RGB")
    stream = io.BytesIO()
    picture.save(stream, "JPEG")
    return stream.getvalue()


@cache
def base():
    """A page with fonts and a photo, to be drawn upon."""
    return rendering.render(issue(article(paragraphs=(TEXT,), photos=(photo(1, "图"),))), photo_bytes=picture_file)


def drawn(operators="", change=lambda document, page: None):
    """The PDF with more drawn on its page: points, y upwards."""
    with pikepdf.open(io.BytesIO(base())) as document:
        page = document.pages[0]
        content = b"q " + page.Contents.read_bytes() + b"\nQ\n" + operators.encode()
        page.Contents = document.make_stream(content)
        change(document, page)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()


def font_of(page, name="FandolFang"):
    """The body's font; its name ends otherwise where the small fonts were cut at set-up."""
    return next(
        (key, font)
        for key, font in page.Resources.Font.items()
        if str(font.BaseFont).removesuffix("-Cut").endswith(name)
    )


def codes(text):
    """The font's name on the page, and the codes of a text in hexadecimal digits."""
    with pikepdf.open(io.BytesIO(base())) as document:
        name, font = font_of(document.pages[0])
        known = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", font.ToUnicode.read_bytes())
    by_text = {bytes.fromhex(shown.decode()).decode("utf-16-be"): code.decode() for code, shown in reversed(known)}
    return name, "".join(by_text[character] for character in text)


def shown(text, matrix, more=""):
    name, digits = codes(text)
    return f"BT {more} {matrix} Tm {name} 20 Tf [<{digits[:4]}> -500 <{digits[4:]}>] TJ ET"


@cache
def photo_name():
    with pikepdf.open(io.BytesIO(base())) as document:
        return next(iter(document.pages[0].Resources.XObject.keys()))


def asked(operators):
    """What takes a look at the page first is only written when a test wants it: setting a page is no part of collecting."""
    return operators() if callable(operators) else operators


DRAWINGS = {
    "a curve": "0 0.4 0.8 rg 100 500 m 150 600 250 600 300 500 c 280 450 120 450 v 110 480 100 500 y h f",
    "a hole": "100 400 200 100 re 150 420 100 60 re f*",
    "the same way round, no hole": "100 400 200 100 re 150 420 100 60 re f",
    "a dashed line": "3 w [12 6] 4 d 1 J 1 j 100 500 m 300 520 l 250 420 l S",
    "line and inside": "0.8 g 1 0 0 RG 4 w 100 400 200 100 re b",
    "a line in a scaled space": "q 2 0 0 2 50 200 cm 2 w 50 100 m 120 130 l S Q",
    "a rectangle cut by a window": "q 120 420 50 50 re W n 1 0 0 rg 100 400 200 100 re f Q",
    "a clip that leaves nothing": "q 400 700 10 10 re W n 100 400 200 100 re f Q",
    "two clips": "q 100 400 120 100 re W n 150 350 90 90 re W* n 0.3 g 90 390 300 200 re f Q",
    "a line inside of a clip": "q 100 400 100 100 re W n 6 w 110 450 m 190 450 l S Q",
    "slanted text": lambda: shown("天地玄黄", "1 0 0.3 1 120 300"),
    "turned text": lambda: shown("天地玄黄", "0.7 0.7 -0.7 0.7 150 300"),
    "text upside down": lambda: shown("天地玄黄", "-1 0 0 -1 300 300"),
    "narrow text": lambda: shown("天地玄黄", "0.6 0 0 1 120 300"),
    "text after text": lambda: shown("宇宙", "1 0 0 1 120 300").replace("] TJ", "] TJ [<" + codes("洪荒")[1] + ">] TJ"),
    "a photo that is turned": lambda: f"q 80 80 -60 60 250 300 cm {photo_name()} Do Q",
    "upside down": "q 1 0 0 -1 0 841 cm 2 w 100 500 m 200 450 l S Q",
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_looks_as_in_the_pdf(name):
    pdf = drawn(asked(DRAWINGS[name]))
    ofd = ofd_engines.written(pdf)

    assert door.check(ofd) == []
    ofd_engines.is_like(pdf, ofd)


def test_what_is_half_transparent_stays_so():
    def transparent(_document, page):
        page.Resources.ExtGState["/half"] = pikepdf.Dictionary(ca=0.5, CA=0.5)

    pdf = drawn("q /half gs 0 g 100 400 200 100 re f Q", transparent)
    ofd = ofd_engines.written(pdf)

    assert 'Alpha="128"' in unpacked(ofd)["Doc_0/Pages/Page_0/Content.xml"].decode()
    assert 100 < ofd_engines.pages(ofd)[0].getpixel((250, 540)) < 155


REFUSED = {
    "sh": ("/Sh0 sh", "“sh”"),
    "Tj": ("BT (a) Tj ET", "“Tj”"),
    "spaced text": (lambda: shown("天地", "1 0 0 1 100 300", "3 Tc"), "加了字距"),
    "outlined text": (lambda: shown("天地", "1 0 0 1 100 300", "1 Tr"), "描边"),
    "text cut off": (lambda: f"q 400 700 10 10 re W n {shown('天地', '1 0 0 1 100 300')} Q", "被裁掉"),
    "text without a font": ("BT [<0001>] TJ ET", "没有字体"),
    "a line scaled one way": ("q 1 0 0 3 0 0 cm 4 w 100 100 m 200 120 l S Q", "一个方向"),
    "a shape cut off": ("q 120 420 50 50 re W n 100 400 m 300 500 l 200 300 l f Q", "被裁掉一部分的图形"),
    "boxes cut off, not even-odd": (
        "q 120 420 50 50 re W n 100 400 90 90 re 90 410 90 90 re f Q",
        "被裁掉一部分的图形",
    ),
    "a line cut off": ("q 100 400 100 100 re W n 6 w 90 450 m 300 450 l S Q", "被裁掉一部分的图形"),
    "a photo cut off": (
        lambda: f"q 120 320 60 40 re W n 150 0 0 100 100 300 cm {photo_name()} Do Q",
        "被裁掉一部分的图片",
    ),
    "a round clip": ("q 200 450 m 200 480 150 480 150 450 c h W n 100 400 50 50 re f Q", "不是矩形"),
    "a clip of nothing": ("q W n 100 400 200 100 re f Q", "不是矩形"),
    "a colour of four parts": ("0 0 0 1 k 100 100 10 10 re f", "“k”"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_does_not_know_is_refused_with_its_page(name):
    operators, words = REFUSED[name]

    with pytest.raises(door.CannotCarry, match=f"第 1 页.*{words}"):
        ofd_engines.written(drawn(asked(operators)))


def test_a_form_is_refused():
    def with_form(document, page):
        form = document.make_stream(b"0 0 10 10 re f")
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 10, 10]
        page.Resources.XObject["/form"] = form

    with pytest.raises(door.CannotCarry, match="图形组"):
        ofd_engines.written(drawn("/form Do", with_form))


@pytest.mark.parametrize("state", [{"BM": "/Multiply"}, {"SMask": "/Luminosity"}])
def test_a_mixing_of_colours_is_refused(state):
    def mixing(_document, page):
        page.Resources.ExtGState["/mix"] = pikepdf.Dictionary(
            {f"/{key}": pikepdf.Name(value) for key, value in state.items()}
        )

    with pytest.raises(door.CannotCarry, match=f"“{next(iter(state))}”"):
        ofd_engines.written(drawn("/mix gs 0 0 10 10 re f", mixing))


def test_a_turned_page_is_refused():
    def turned(_document, page):
        page.Rotate = 90

    with pytest.raises(door.CannotCarry, match="旋转"):
        ofd_engines.written(drawn(change=turned))


@pytest.mark.parametrize("pdf", [b"", b"no PDF", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_unreadable(pdf):
    with pytest.raises(UnreadablePdf):
        ofd_engines.written(pdf)


def as_photo(number):
    """Grey, with a mask, of few colours, half transparent grey."""
    grey = Image.radial_gradient("L").resize((300, 200))
    mask = Image.linear_gradient("L").resize((300, 200))
    made = [grey, Image.merge("RGBA", (grey, grey, grey, mask)), grey.quantize(16), Image.merge("LA", (grey, mask))]
    stream = io.BytesIO()
    made[number - 1].save(stream, "JPEG" if number == 1 else "PNG")
    return stream.getvalue()


def test_pictures_of_every_kind_look_as_in_the_pdf():
    photos = tuple(photo(number, "图") for number in range(1, 5))
    pdf = rendering.render(issue(article(photos=photos)), photo_bytes=as_photo)
    ofd = ofd_engines.written(pdf)

    ofd_engines.is_like(pdf, ofd)
    for theirs, ours in zip(engines.pages(pdf, "pdfium", ofd_engines.DPI), ofd_engines.pages(ofd), strict=True):
        assert engines.difference(theirs, ours) < 40


def test_a_picture_in_the_four_colours_of_print_is_refused():
    stream = io.BytesIO()
    Image.new("CMYK", (60, 40), (10, 200, 100, 30)).save(stream, "JPEG")
    pdf = rendering.render(issue(article(photos=(photo(1, "图"),))), photo_bytes=lambda _id: stream.getvalue())

    with pytest.raises(door.CannotCarry, match="CMYK"):
        ofd_engines.written(pdf)


# Glyphs and characters


def renamed(changes):
    """Takes codes of the body's font for other texts: hexadecimal digits of UTF-16 for those of a code."""

    def change(document, page):
        _name, font = font_of(page)
        cmap = font.ToUnicode.read_bytes()
        for code, text in changes.items():
            cmap, count = re.subn(
                rb"<%s> <[0-9a-f]+>" % code.encode(), b"<%s> <%s>" % (code.encode(), text.encode()), cmap
            )
            assert count == 1
        font.ToUnicode = document.make_stream(cmap)

    return change


def test_two_glyphs_of_one_character_are_both_drawn():
    """As where a font has digits of two kinds: each is its own font in the OFD."""
    pdf = drawn(change=renamed({codes("地")[1]: "5929"}))  # 天

    ofd = ofd_engines.written(pdf)

    assert "天天玄黄" in door.text(ofd)[0]
    assert sum(b"FandolFang" in row for row in unpacked(ofd)["Doc_0/PublicRes.xml"].split(b"<ofd:Font ")) == 2
    ofd_engines.is_like(pdf, ofd)


def test_a_glyph_that_stands_for_two_characters_is_refused():
    with pytest.raises(door.CannotCarry, match="第 1 页的“fi”"):
        ofd_engines.written(drawn(change=renamed({codes("地")[1]: "00660069"})))


def test_a_glyph_that_stands_for_nothing_known_is_refused():
    with pytest.raises(door.CannotCarry, match="第 1 页的“\ufffd”"):
        ofd_engines.written(drawn(change=renamed({codes("地")[1]: "fffd"})))


def test_a_font_that_is_not_in_the_file_is_refused():
    def bare(_document, page):
        _name, font = font_of(page)
        del font.DescendantFonts[0].FontDescriptor["/FontFile3"]

    with pytest.raises(door.CannotCarry, match="FandolFang"):
        ofd_engines.written(drawn(change=bare))


def test_a_font_of_the_old_kind_is_refused():
    def old(_document, page):
        page.Resources.Font["/old"] = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )

    with pytest.raises(door.CannotCarry, match="Helvetica"):
        ofd_engines.written(drawn("BT /old 12 Tf [(ab)] TJ ET", old))


def test_a_character_beyond_the_basic_plane_stands_alone():
    """A reader that counts it as two can't push the others from their places."""
    pdf = rendering.render(issue(article(paragraphs=("甲𬭎乙𬣞𬣞丙",))), photo_bytes=bytes)

    page = unpacked(ofd_engines.written(pdf))["Doc_0/Pages/Page_0/Content.xml"].decode()
    texts = re.findall(r"<ofd:TextCode[^>]*>([^<]*)<", page)

    assert [text for text in texts if any(ord(character) > 0xFFFF for character in text)] == ["𬭎", "𬣞", "𬣞"]


def test_blanks_stand_at_no_end_of_a_text():
    """XML readers drop them there, and the places of all that follows would be wrong."""
    page = unpacked(ofd_engines.written(base()))["Doc_0/Pages/Page_0/Content.xml"].decode()
    texts = re.findall(r"<ofd:TextCode[^>]*>([^<]*)<", page)

    assert texts
    assert all(text == text.strip() for text in texts)
