"""Plants faults in a PDF, as a typesetter, an editor of PDF files or a careless office could make them."""

import ctypes
import io
import re
from dataclasses import replace
from functools import lru_cache

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from fontTools.cffLib import CFFFontSet
from PIL import Image

from tests.typesetting.printed import article, issue, photo
from typesetting import rendering
from typesetting.content import as_json
from typesetting.page.presets import PRESETS
from typesetting.press import door

SENTENCE = "驿站每天早上七点开门，志愿者轮流值守，为过路的快递员准备热水和简餐，也替附近居民代收包裹。"
OTHER = "网点负责人说，2026年3月投递快件3.8万件，服务856人次，“小哥驿站”全年不打烊——这是第二年；下一步还要添置药箱。"
LONG, MORE = SENTENCE * 7, OTHER * 6


def jpeg(_photo_id):
    stream = io.BytesIO()
    Image.new("RGB", (1200, 800), (90, 120, 150)).save(stream, "JPEG")
    return stream.getvalue()


def plain_issue(**changes):
    return issue(
        article(1, title="第一分拨中心设立早餐点", paragraphs=[SENTENCE * 12, SENTENCE, SENTENCE * 12]),
        article(2, title="青年志愿者进站点", paragraphs=[SENTENCE * 12] * 3),
        **changes,
    )


def sample(**changes):
    """An issue of five or six pages with all that a fault may be planted in."""
    body = (
        f"<h3>一、现场情况</h3><p>{LONG}<strong>要点已经讲得很清楚。</strong>{OTHER}</p><h4>（一）驿站</h4><p>{MORE}</p>"
        f"<ol><li>{OTHER}</li><li>{SENTENCE}</li></ol>"
    )
    values = {
        "articles": (
            article(1, title="第一分拨中心设立早餐点", subtitle="走进驿站", body=body),
            article(2, title="青年志愿者进站点", paragraphs=[LONG, "值守的志愿者共有四十一人，来自三个街道。", MORE]),
            article(
                3,
                title="区局召开\n《快递市场管理办法》宣讲会",
                paragraphs=[MORE, LONG, MORE],
                photos=[photo(1, "走访现场")],
            ),
        ),
        "has_contents": True,
        "editor_note": "本期刊发三篇稿件。",
        "print_run": 60,
        "issue_to": ("各派出机构",),
        "send_to": ("上海市文明办", "上海市建交系统文明办", "上海市快递行业协会", "各快递企业"),
    }
    return issue(**(values | changes))


@lru_cache(maxsize=32)
def sound(content):
    """The PDF of a content without a fault."""
    return rendering.render(content, photo_bytes=jpeg)


def made(content, *, html=(), css=(), layout="current"):
    """The PDF of a content with faults in its HTML or its style sheet, each (pattern, replacement) or several of them."""
    preset = PRESETS[layout] if isinstance(layout, str) else layout
    page, style = rendering.page_html(content, preset), rendering.stylesheet(preset)
    for pattern, replacement in _pairs(html):
        page, count = re.subn(pattern, replacement, page, count=1)
        assert count, pattern
    for pattern, replacement in _pairs(css):
        style, count = re.subn(pattern, replacement, style)
        assert count, pattern
    return door.to_pdf(page, style, photo_bytes=jpeg, source=rendering._source(content))


def _pairs(faults):
    """One pair alone, or several."""
    return [faults] if faults and isinstance(faults[0], str) else faults


def in_html(*pairs):
    return lambda content: made(content, html=pairs)


def in_css(*pairs):
    return lambda content: made(content, css=pairs)


def printed(**changes):
    """Another content is printed than the record has."""
    return lambda content: sound(replace(content, **changes))


def printed_article(place, **changes):
    def plant(content):
        articles = list(content.articles)
        articles[place] = replace(articles[place], **changes)
        return sound(replace(content, articles=tuple(articles)))

    return plant


def end_matter_early(content):
    """The end matter stands at the foot of the page before the last."""
    page = rendering.page_html(content, PRESETS["current"])
    end = re.search(r'<span class="end">.*</span></span>', page, re.DOTALL)[0]
    early = page.replace(end, "").replace("</p>\n", end + "</p>\n", 12)
    early = early.replace(end, "", early.count(end) - 1)
    return door.to_pdf(
        early, rendering.stylesheet(PRESETS["current"]), photo_bytes=jpeg, source=rendering._source(content)
    )


def exchanged(place, old, new):
    """Words of an article's text are others than in the record."""

    def plant(content):
        body = content.articles[place].body
        assert old in body, old
        return printed_article(place, body=body.replace(old, new, 1))(content)

    return plant


def laid_out(**changes):
    """Another layout than the bulletin's."""
    return lambda content: rendering.render(content, photo_bytes=jpeg, layout=replace(PRESETS["current"], **changes))


def in_file(change):
    """The PDF after `change(document)` of pikepdf."""

    def plant(content):
        stream = io.BytesIO()
        with pikepdf.open(io.BytesIO(sound(content))) as document:
            change(document)
            document.save(stream)
        return stream.getvalue()

    return plant


def on_page(change, page=1):
    """The PDF after `change(document, page)` of pdfium."""

    def plant(content):
        document, stream = pypdfium2.PdfDocument(sound(content)), io.BytesIO()
        sheet = document[page]
        change(document, sheet)
        sheet.gen_content()
        document.save(stream)
        document.close()
        return stream.getvalue()

    return plant


def edited(data, change):
    """The PDF after `change(document)` of pdfium."""
    document, stream = pypdfium2.PdfDocument(data), io.BytesIO()
    change(document)
    document.save(stream)
    document.close()
    return stream.getvalue()


def rules(report):
    return {finding.rule for finding in report.findings}


def found(report, rule):
    return [finding for finding in report.findings if finding.rule == rule]


# --- what is done to a page ----------------------------------------------------------------------------------------
def box(red, green, blue, alpha=255, at=(100, 500, 220, 30)):
    def change(_document, page):
        path = pdfium.FPDFPageObj_CreateNewRect(*at)
        pdfium.FPDFPageObj_SetFillColor(path, red, green, blue, alpha)
        pdfium.FPDFPath_SetDrawMode(path, pdfium.FPDF_FILLMODE_ALTERNATE, False)
        pdfium.FPDFPage_InsertObject(page.raw, path)

    return change


def picture(left, bottom, size):
    def change(document, page):
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(io.BytesIO(jpeg(0)))
        image.set_matrix(pypdfium2.PdfMatrix().scale(size, size).translate(left, bottom))
        page.insert_obj(image)

    return change


def words(text, left, bottom, size=16, colour=(0, 0, 0)):
    """Text in a font that the file does not carry."""

    def change(document, page):
        font = pdfium.FPDFText_LoadStandardFont(document.raw, b"Helvetica")
        item = pdfium.FPDFPageObj_CreateTextObj(document.raw, font, size)
        pdfium.FPDFText_SetText(item, (ctypes.c_ushort * (len(text) + 1))(*map(ord, text), 0))
        pdfium.FPDFPageObj_SetFillColor(item, *colour, 255)
        pdfium.FPDFPageObj_Transform(item, 1, 0, 0, 1, left, bottom)
        pdfium.FPDFPage_InsertObject(page.raw, item)

    return change


def texts(page):
    return [item for item in page.get_objects() if item.type == pdfium.FPDF_PAGEOBJ_TEXT]


def moved(right, up, place=5):
    def change(_document, page):
        pdfium.FPDFPageObj_Transform(texts(page)[place].raw, 1, 0, 0, 1, right, up)

    return change


def coloured(*colour, place=5):
    def change(_document, page):
        pdfium.FPDFPageObj_SetFillColor(texts(page)[place].raw, *colour)

    return change


def mode(number, place=5):
    def change(_document, page):
        pdfium.FPDFTextObj_SetTextRenderMode(texts(page)[place].raw, number)

    return change


def removed(place=5):
    def change(_document, page):
        page.remove_obj(texts(page)[place])

    return change


# --- what is done to a file ----------------------------------------------------------------------------------------
def without(*names):
    """The catalogue without these entries."""

    def change(document):
        for name in names:
            del document.Root[name]

    return change


def note(kind, page=1, at=(100, 400, 300, 500), **entries):
    """An annotation, over the text if nothing else is said."""

    def change(document):
        rect = pikepdf.Array(at)
        shape = document.make_indirect(
            pikepdf.Stream(document, b"1 0 0 rg 0 0 200 100 re f", Type=pikepdf.Name.XObject,
                           Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 100])
        )  # fmt: skip
        values = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name("/" + kind), "Rect": rect, "F": 4} | entries
        if kind != "Link":
            values["AP"] = pikepdf.Dictionary(N=shape)
        sheet = document.pages[page]
        sheet.obj.Annots = pikepdf.Array(
            [*sheet.obj.get("/Annots", []), document.make_indirect(pikepdf.Dictionary(**values))]
        )

    return change


def link(address):
    return note("Link", A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(address)))


def content_stream(pattern, replacement, page=1):
    """The drawing of a page with a change in its operators."""

    def change(document):
        stream = document.pages[page].Contents
        data, count = re.subn(pattern, replacement, stream.read_bytes(), count=1)
        assert count, pattern
        stream.write(data)

    return change


def unlike_text(document):
    """The file takes a code for another character than its glyph shows: a search finds what is not printed."""
    for font in document.pages[1].Resources.Font.values():
        if "Fang" in str(font.BaseFont):
            data = font.ToUnicode.read_bytes()
            font.ToUnicode.write(data.replace(b"<5fd7>", b"<5fd8>"))


def dollar_for_yuan(content):
    """The page shows $12.80, the text of the file says ￥12.80."""
    story = content.articles[0]
    page = replace(content, articles=(replace(story, body=story.body.replace("￥", "$")),))

    def change(document):
        fonts = {font.objgen: font for sheet in document.pages for font in sheet.Resources.Font.values()}
        for font in fonts.values():
            data = font.ToUnicode.read_bytes()
            font.ToUnicode.write(re.sub(rb"<0024>(?=\s*<?)(?!.*begincodespacerange)", b"<ffe5>", data))
        source = document.Root.AF[0].EF.F
        source.write(as_json(content).encode())

    return in_file(change)(page)


def without_identity(document):
    """The codes of the fonts are no longer their glyphs' numbers (ISO 32000-1 9.7.4.2): the charset begins with CID 8."""
    for font in document.pages[1].Resources.Font.values():
        stream, file = font.DescendantFonts[0].FontDescriptor.FontFile3, CFFFontSet()
        data = stream.read_bytes()
        file.decompile(io.BytesIO(data), None)
        count = len(file.topDictIndex[0].charset) - 2
        charset = b"\x02\x00\x01" + count.to_bytes(2, "big")
        assert charset in data
        stream.write(data.replace(charset, b"\x02\x00\x08" + charset[3:]))


def without_page(number):
    def change(document):
        del document.pages[number]

    return change


def swapped(first, second):
    def change(document):
        pages = document.pages
        pages.insert(first, pages[second])
        del pages[second + 1]

    return change


def page_box(name, values):
    def change(document):
        document.pages[1].obj[name] = pikepdf.Array(values)

    return change


def rotated(document):
    document.pages[1].obj.Rotate = 90


def blank_page(document):
    document.add_blank_page(page_size=(595.276, 841.89))


def opening_act(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def other_source(document):
    document.Root.AF[0].EF.F.write(
        document.Root.AF[0].EF.F.read_bytes().replace("走进驿站".encode(), "走出驿站".encode())
    )


def other_title(document):
    document.docinfo["/Title"] = "另一份简报"


def unnamed_archive(document):
    document.Root.Metadata.write(document.Root.Metadata.read_bytes().replace(b"pdfaid:part", b"pdfaid:pa"))
