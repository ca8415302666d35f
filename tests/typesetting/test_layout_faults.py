"""The layout check finds what a person would: eighty and more faults, planted one by one in an issue's PDF."""

from datetime import date

import pytest

from tests.typesetting import planting as plant
from tests.typesetting.planting import LONG, MORE
from tests.typesetting.printed import article, photo
from typesetting.fonts import roles
from typesetting.inspection import layout_check
from typesetting.inspection.findings import ERROR, WARNING

BLOCKS = "blocks"  # the document would be untrue: it can't be sent for sign-off
TITLE, TEXT = r'<h2 class="title"', r'<p class="text body">'
HAN = "[\u4e00-\u9fff]"
SAMPLE = plant.sample()
IN_YUAN = plant.sample(
    articles=(article(1, title="慰问一线快递员", paragraphs=[MORE, "发放慰问金￥12.80万元。", MORE]),)
)

# name, how it is planted, the rule that finds it, the worst level of all that is found; the record, if it isn't the sample
FAULTS = [
    # what the record says
    ("another number", plant.printed(number=10), "number", BLOCKS),
    ("another total number", plant.printed(total_number=543), "number", BLOCKS),
    ("another year", plant.printed(year=2025), "number", BLOCKS),
    ("a supplement", plant.printed(kind="supplement"), "number", BLOCKS),
    ("another day", plant.printed(dated_on=date(2026, 3, 28)), "date", BLOCKS),
    ("another publisher", plant.printed(publisher="编辑部"), "text", BLOCKS),
    ("another name", plant.printed(name_lines=("另一份简报",)), "text", BLOCKS),
    ("a security class added", plant.printed(security="内部"), "extra", BLOCKS),
    ("a print run added", plant.printed(print_run=60), "extra", BLOCKS, plant.sample(print_run=0)),
    ("an article added", plant.printed(articles=(*SAMPLE.articles, article(4, title="多出的一篇", paragraphs=[MORE]))), "extra", BLOCKS),
    ("an article twice", plant.printed(articles=(*SAMPLE.articles, SAMPLE.articles[1])), "extra", BLOCKS),
    ("an article missing", plant.printed(articles=SAMPLE.articles[:2]), "text", BLOCKS),
    ("two articles exchanged", plant.printed(articles=SAMPLE.articles[::-1]), "text", BLOCKS),
    ("another title", plant.printed_article(1, title="青年志愿者进网点"), "text", BLOCKS),
    ("a subtitle missing", plant.printed_article(0, subtitle=""), "text", BLOCKS),
    ("a paragraph missing", plant.exchanged(1, f"<p>{LONG}</p>", ""), "text", BLOCKS),
    ("a paragraph twice", plant.exchanged(1, f"<p>{MORE}</p>", f"<p>{MORE}</p><p>{MORE}</p>"), "extra", BLOCKS),
    ("a short paragraph twice", plant.exchanged(1, "<p>值守的志愿者共有四十一人，来自三个街道。</p>", "<p>值守的志愿者共有四十一人，来自三个街道。</p>" * 2), "extra", BLOCKS),
    ("a sentence twice", plant.exchanged(1, "来自三个街道。", "来自三个街道。来自三个街道。"), "extra", BLOCKS),
    ("two paragraphs exchanged", plant.printed_article(1, body=f"<p>{MORE}</p><p>值守的志愿者共有四十一人，来自三个街道。</p><p>{LONG}</p>"), "text", BLOCKS),
    ("another character", plant.exchanged(1, "志愿者", "志原者"), "text", BLOCKS),
    ("another figure", plant.exchanged(1, "四十一人", "四十人"), "text", BLOCKS),
    ("another number of pieces", plant.exchanged(0, "856人次", "865人次"), "text", BLOCKS),
    ("a comma dropped", plant.exchanged(1, "开门，", "开门"), "text", BLOCKS),
    ("a comma of half width", plant.exchanged(1, "开门，", "开门,"), "text", BLOCKS),
    ("brackets of half width", plant.exchanged(0, "；下一步", ";下一步"), "text", BLOCKS),
    ("digits of full width", plant.exchanged(0, "2026年3月", "２０２６年3月"), "text", BLOCKS),
    ("a dash as a hyphen", plant.in_html(("——走进", "--走进")), "extra", BLOCKS),
    ("quotation marks turned about", plant.exchanged(0, "“小哥驿站”", "”小哥驿站“"), "text", BLOCKS),
    ("a list's number", plant.in_html((">1\\.", ">2.")), "extra", BLOCKS),
    ("the editor's note missing", plant.printed(editor_note=""), "text", BLOCKS),
    ("a photo added", plant.printed_article(1, photos=(photo(2),)), "photos", BLOCKS),
    ("a caption missing", plant.printed_article(2, photos=(photo(1, ""),)), "text", BLOCKS),
    ("a recipient dropped", plant.printed(send_to=SAMPLE.send_to[1:]), "recipients", BLOCKS),
    ("recipients in another order", plant.printed(send_to=SAMPLE.send_to[::-1]), "recipients", BLOCKS),
    ("a recipient added", plant.printed(send_to=(*SAMPLE.send_to, "各区局")), "extra", BLOCKS),
    ("报 and 送 exchanged", plant.printed(report_to=SAMPLE.send_to, send_to=SAMPLE.report_to), "recipients", BLOCKS),
    ("another print run", plant.printed(print_run=61), "recipients", BLOCKS),
    ("no end matter", plant.in_css((r"\.end \{", ".end { display: none;")), "end-missing", BLOCKS),
    ("the end matter cut", plant.in_css(("float: footnote;", "position: absolute; left: 0; top: 242mm;")), "recipients", BLOCKS),
    ("a wrong page in the contents", plant.in_css((r"target-counter\(attr\(href\), page\)", '"9"')), "contents", BLOCKS),
    # what a reader sees
    ("a white box", plant.on_page(plant.box(255, 255, 255)), "covered", BLOCKS),
    ("a black box", plant.on_page(plant.box(0, 0, 0)), "covered", BLOCKS),
    ("a grey veil", plant.on_page(plant.box(120, 120, 120, 128)), "covered", BLOCKS),
    ("a thin line through the text", plant.on_page(plant.box(0, 0, 0, at=(90, 520, 400, 40))), "covered", BLOCKS),
    ("a red stamp", plant.on_page(plant.box(215, 0, 15, 160, at=(300, 300, 100, 100))), "covered", BLOCKS),
    ("a picture upon the text", plant.on_page(plant.picture(200, 400, 120)), "covered", BLOCKS),
    ("a stamp as an annotation", plant.in_file(plant.note("Stamp")), "covered", BLOCKS),
    ("a note as an annotation", plant.in_file(plant.note("FreeText", at=(5, 5, 60, 60))), "links", ERROR),
    ("text that is not drawn", plant.on_page(plant.mode(3)), "covered", BLOCKS),
    ("text in white", plant.on_page(plant.coloured(255, 255, 255, 255)), "covered", BLOCKS),
    ("text without any ink", plant.on_page(plant.coloured(0, 0, 0, 0)), "covered", BLOCKS),
    ("text that is clipped", plant.in_file(plant.content_stream(rb"\nBT\n", b"\n0 0 1 1 re W n\nBT\n")), "covered", BLOCKS),
    ("a line upon another", plant.on_page(plant.moved(0, 28.95)), "covered", BLOCKS),
    ("a line off the sheet", plant.on_page(plant.moved(500, 0)), "off-sheet", BLOCKS),
    ("a line removed", plant.on_page(plant.removed()), "text", BLOCKS),
    ("grey text", plant.on_page(plant.coloured(128, 128, 128, 255)), "colour", ERROR),
    ("foreign text in the margin", plant.on_page(plant.words("DRAFT", 30, 400)), "text", BLOCKS),
    ("foreign text between the lines", plant.on_page(plant.words("proof", 200, 400)), "embedded", BLOCKS),
    # glyphs and fonts
    ("a code taken for another character", plant.in_file(plant.unlike_text), "glyph", BLOCKS),
    ("￥ drawn as $", plant.dollar_for_yuan, "glyph", BLOCKS, IN_YUAN),
    ("codes that are no glyph numbers", plant.in_file(plant.without_identity), "codes", BLOCKS),
    ("a paragraph in 楷体", plant.in_html((TEXT, '<p class="text kai">')), "font", ERROR),
    ("a paragraph in 黑体", plant.in_html((TEXT, '<p class="text hei">')), "font", ERROR),
    ("a heading in 仿宋", plant.in_html(('class="heading hei"', 'class="heading body"')), "font", ERROR),
    ("a second heading in 黑体", plant.in_html(('class="subheading kai"', 'class="subheading hei"')), "font", ERROR),
    ("bold text in 仿宋", plant.in_html(('<span class="hei">要点', '<span class="body">要点')), "font", ERROR),
    ("a title in 黑体", plant.in_html((r'(<article id="article-2">\s*<h2)', rf'\1 style="font-family: {roles.faces(roles.HEI)[0].family}"')), "font", ERROR),
    ("titles of 18 pt", plant.in_css((r"(\.title \{ font: [0-9]+) 22\.?0?pt", r"\1 18pt")), "size", ERROR),
    ("titles of 26 pt", plant.in_css((r"(\.title \{ font: [0-9]+) 22\.?0?pt", r"\1 26pt")), "size", ERROR),
    ("a paragraph of 15 pt", plant.in_html((TEXT, '<p class="text body" style="font-size:15pt">')), "size", ERROR),
    ("a heading of 18 pt", plant.in_html(('class="heading hei"', 'class="heading hei" style="font-size:18pt"')), "size", ERROR),
    # lines
    ("a line moved right", plant.on_page(plant.moved(6, 0)), "flush", ERROR),
    ("a line moved up", plant.on_page(plant.moved(0, 4)), "grid", ERROR),
    ("a line too long", plant.in_html((rf"({HAN})\n({HAN})", r"\1\2\n")), "flush", ERROR),
    ("a line too short", plant.in_html((rf"({HAN})({HAN})\n", r"\n\1\2")), "flush", ERROR),
    ("， at a line's beginning", plant.in_html((r'(<p class="text body">[^<]*?)，', r"\1\n，")), "line-start", ERROR),
    ("“ at a line's end", plant.in_html(("“小", "“\n小")), "line-end", ERROR),
    ("a dash parted", plant.in_html(("——这", "—\n—这")), "split", ERROR),
    ("《 at the end of a title's line", plant.printed_article(2, title="区局召开《\n快递市场管理办法》宣讲会"), "line-end", ERROR),
    ("no indent", plant.in_css(("text-indent: 2em", "text-indent: 0")), "indent", ERROR),
    ("titles at the left", plant.in_css((r"(\.title \{[^}]*)text-align: center", r"\1text-align: left")), "title", ERROR),
    # pages
    ("23 rows", plant.laid_out(rows=23, row_height=27.6), "rows", ERROR),
    ("another layout", lambda content: plant.rendering.render(content, photo_bytes=plant.jpeg, layout="gbt9704"), "size", ERROR),
    ("an upper margin of 30 mm", plant.laid_out(top_mm=30), "area", ERROR),
    ("a left margin 4 mm wider", plant.laid_out(left_mm=(210 - 26 * 16 / 72 * 25.4) / 2 + 4), "flush", ERROR),
    ("Letter paper", plant.in_css(("size: A4", "size: 216mm 279mm")), "paper", ERROR),
    ("a page turned", plant.in_file(plant.rotated), "paper", ERROR),
    ("a page cropped", plant.in_file(plant.page_box("/CropBox", [0, 0, 595, 600])), "off-sheet", BLOCKS),
    ("an empty page", plant.in_file(plant.blank_page), "page-number", ERROR),
    ("the last page deleted", plant.in_file(plant.without_page(-1)), "end-missing", BLOCKS),
    ("a page deleted to which a bookmark leads", plant.in_file(plant.without_page(1)), "text", BLOCKS),
    ("two pages exchanged", plant.in_file(plant.swapped(1, 2)), "text", BLOCKS),
    ("a page half empty", plant.in_html((r'<article id="article-2">', '<article id="article-2" style="break-before:page">')), "short-page", WARNING),
    ("an empty row before a title", plant.in_html((r'<article id="article-2">', '<article id="article-2"><p>\u00a0</p>')), "empty-row", WARNING),
    ("an empty row in the text", plant.in_html((r"</p>\s*<p class=\"text body\">", '</p><p>\u00a0</p><p class="text body">')), "empty-row", WARNING),
    ("a title alone at a page's foot", plant.in_html((r'(<article id="article-2">\s*)<h2', r'\1<h2 style="break-after:page;padding:0"')), "stranded", WARNING),
    ("a photo outside", plant.in_css((r"\.frame img \{", ".frame img { position: relative; left: -90pt;")), "pictures", ERROR),
    ("page numbers on the wrong side", plant.in_css((r"@bottom-right \{", "@bottom-left {")), "page-number", ERROR),
    ("page numbers lowered", plant.in_css(("padding: 11.0pt", "padding: 20pt")), "page-number", ERROR),
    ("page numbers in other dashes", plant.in_css(('"— " counter\\(page\\) " —"', '"- " counter(page) " -"')), "page-number", ERROR),
    ("a masthead in black", plant.in_css((r"\.masthead \{ color: #d7000f", ".masthead { color: #000")), "masthead", ERROR),
    ("no red rule", plant.in_css(("border-bottom: 2pt solid #d7000f;", "")), "masthead", ERROR),
    ("the end matter too early", plant.end_matter_early, "end-matter", ERROR),
    ("rules of the end matter too thick", plant.in_css(("0.35mm", "0.7mm")), "end-rules", ERROR),
    ("no rules round the end matter", plant.in_css(("(0.[23]5mm) solid #000", r"\1 solid #fff")), "end-rules", ERROR),
    # the file
    ("no bookmarks", plant.in_css(("bookmark-level: 1", "bookmark-level: none")), "bookmarks", WARNING),
    ("another language", plant.in_html(('lang="zh-CN"', 'lang="en"')), "metadata", WARNING),
    ("another title of the file", plant.in_file(plant.other_title), "metadata", WARNING),
    ("no tags", plant.in_file(plant.without("/StructTreeRoot", "/MarkInfo")), "archive", ERROR),
    ("no output intent", plant.in_file(plant.without("/OutputIntents")), "archive", ERROR),
    ("no metadata", plant.in_file(plant.without("/Metadata")), "archive", ERROR),
    ("no claim to be PDF/A", plant.in_file(plant.unnamed_archive), "archive", ERROR),
    ("no source", plant.in_file(plant.without("/AF", "/Names")), "source", ERROR),
    ("another source", plant.in_file(plant.other_source), "source", ERROR),
    ("a foreign link", plant.in_file(plant.link("https://example.com/")), "links", ERROR),
    ("an act on opening", plant.in_file(plant.opening_act), "links", ERROR),
]  # fmt: skip


def level(report):
    """The worst of all findings."""
    if any(finding.falsifies for finding in report.findings):
        return BLOCKS
    return min((finding.level for finding in report.findings), default="")


@pytest.mark.parametrize(
    ("planted", "rule", "expected", "record"),
    [pytest.param(*rest, *([SAMPLE] * (len(rest) == 3)), id=name) for name, *rest in FAULTS],
)
def test_it_finds(planted, rule, expected, record):
    report = layout_check.check(planted(record), record)
    assert rule in {finding.rule for finding in report.findings}, report.findings
    assert level(report) == expected, report.findings


def test_it_finds_nothing_in_the_issue_before_a_fault_is_planted():
    assert layout_check.check(plant.sound(SAMPLE), SAMPLE).findings == []


def test_there_are_eighty_faults_and_more():
    assert len({name for name, *_rest in FAULTS}) == len(FAULTS) >= 80
