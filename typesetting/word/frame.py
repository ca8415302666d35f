"""What stands round the text of a Word document: the red head, the end matter, the page with its numbers. Sizes are in points."""

from itertools import zip_longest
from math import ceil
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.section import _BaseHeaderFooter
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph

from .. import rendering, wording
from ..page import parts
from ..page.masthead import RULE, SetMasthead, fitted_name, masthead
from ..page.presets import MM, PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Preset
from . import styles, tables
from .elements import bordered, eighths, element, field, letter_spaced, spaced, twips
from .writer import Writer

RED = str(styles.RED)
HEADER_MM = 15.0  # from the paper's edge to the remark
NUMBER_LEADING = 17.0  # of the page number's line
LABEL = 2.0  # em of 报：


# --- the page ------------------------------------------------------------------------------------------------------
def set_page(document: Document, preset: Preset, remark: str) -> None:
    """A4 with the preset's margins and its grid of lines; page numbers at the right of odd pages and the left of even ones."""
    section = document.sections[0]
    width = round(PAGE_WIDTH_MM * MM * 20)
    left = round(preset.left_mm * MM * 20)
    section.page_width, section.page_height = Twips(width), Twips(round(PAGE_HEIGHT_MM * MM * 20))
    # No line may lack a twentieth of a point of its last character.
    section.left_margin, section.right_margin = Twips(left), Twips(width - left - ceil(preset.measure * 20))
    section.top_margin, section.bottom_margin = Pt(preset.top_mm * MM), Pt(int(preset.bottom_mm * MM * 20) / 20)
    section.header_distance = Pt(HEADER_MM * MM)
    section.footer_distance = Pt(preset.bottom_mm * MM - preset.page_number_padding - NUMBER_LEADING)
    for old in section._sectPr.xpath("w:docGrid"):
        section._sectPr.remove(old)
    # Not linesAndChars: LibreOffice then sets 14 characters a line.
    section._sectPr.append(element("docGrid", type="lines", linePitch=twips(preset.row_height)))
    _write_settings(document, preset)
    for header in (section.header, section.even_page_header):
        _first_of(header, styles.REMARK).add_run(remark)
    _number_pages(_first_of(section.footer, styles.FOOT), WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(_first_of(section.even_page_footer, styles.FOOT), WD_ALIGN_PARAGRAPH.LEFT)


def _write_settings(document: Document, preset: Preset) -> None:
    settings = document.settings.element
    for old in list(settings):
        settings.remove(old)
    mode = element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val="15")
    settings.extend(
        [
            element("zoom", percent="100"),
            *([element("mirrorMargins")] if preset.mirrored else []),
            element("evenAndOddHeaders"),
            element("characterSpacingControl", val="compressPunctuation"),
            element("compat", element("doNotExpandShiftReturn"), element("useFELayout"), mode),
        ]
    )


def _first_of(area: _BaseHeaderFooter, style: str) -> Paragraph:
    area.is_linked_to_previous = False
    paragraph: Paragraph = area.paragraphs[0]
    paragraph.style = style
    return paragraph


def _number_pages(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.alignment = side
    paragraph.add_run("— ")
    field(paragraph, "PAGE", "1")
    paragraph.add_run(" —")


# --- the head ------------------------------------------------------------------------------------------------------
def write_head(writer: Writer) -> None:
    """Marks in the corners, the name in red, the number, publisher and date, the red rule, as the PDF has them."""
    preset, says = writer.preset, wording.head(writer.content)
    top = masthead(says, preset)
    if not top.rows:
        return
    permit = f"准印证号：{says.permit_number}" if says.permit_number else ""
    left = [text for text in (says.copy_number, says.security) if text]
    right = [text for text in (says.notice, permit) if text]
    for pair in zip_longest(left, right, fillvalue=""):
        corner = _beside(writer, styles.CORNER, *pair, end=preset.measure)
        for run in corner.runs:
            if run.text.strip() in (says.security, says.notice):
                run.style = styles.HEI
    before = top.padding + top.gap
    for name in says.names:
        _write_name(writer, name, before, is_last=name is says.names[-1])
        before = 0.0
    if says.number and not says.signer:
        spaced(writer.paragraph(styles.NUMBER, says.number), before=before)
    elif says.number or says.signer:
        line = _beside(
            writer, styles.IMPRINT, says.number, f"签发人：{says.signer}", end=preset.measure - preset.body_size
        )
        spaced(line, before=before, line=1.5 * preset.row_height)
    if says.publisher or says.date:
        _beside(writer, styles.IMPRINT, says.publisher, says.date, end=preset.measure - preset.body_size)
    _rule(writer, top)


def _write_name(writer: Writer, name: str, before: float, *, is_last: bool) -> None:
    fitted = fitted_name(name, writer.preset, is_last=is_last)
    paragraph = writer.paragraph(styles.NAME, "\n".join(fitted.lines))
    spaced(paragraph, before=before, line=fitted.rows * writer.preset.row_height)
    for run in paragraph.runs:
        run.font.size = Pt(round(fitted.size * 2) / 2)
        if fitted.spread:
            letter_spaced(run, fitted.spread * fitted.size)


def _beside(writer: Writer, style: str, left: str, right: str, *, end: float) -> Paragraph:
    """One at the left, one that ends at `end`, both counted from the left margin."""
    paragraph = writer.paragraph(style)
    if left:
        paragraph.add_run(left)
    if right:
        paragraph.add_run("\t")
        paragraph.add_run(right)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(end), WD_TAB_ALIGNMENT.RIGHT)
    return paragraph


def _rule(writer: Writer, top: SetMasthead) -> None:
    paragraph = writer.paragraph(styles.RULE)
    bordered(paragraph, "top", RULE, RED)
    spaced(paragraph, before=top.above, line=max(top.below, 1.0))


# --- the end matter ------------------------------------------------------------------------------------------------
def write_end(writer: Writer) -> None:
    """版记 as a table at the foot of the page on which the text ends (GB/T 9704-2012 7.4)."""
    content, preset = writer.content, writer.preset
    groups = [(label, entries) for label, entries in wording.recipients(content) if entries]
    run = wording.print_run(content)
    if not groups and not run:
        return
    end = rendering.end_matter(content, preset)
    table = tables.empty(writer.document, len(groups) + bool(run), [preset.measure])
    texts = [f"{label}：{('，' if label in wording.RUN_ON else chr(10)).join(entries)}" for label, entries in groups]
    for number, row in enumerate(table.rows):
        is_run = number == len(groups)
        cell = row.cells[0]
        paragraph = cell.paragraphs[0]
        paragraph.style = styles.END
        paragraph.add_run(run if is_run else texts[number]).font.size = Pt(end.size)
        spaced(paragraph, line=end.leading, before=parts.END_PADDING, after=parts.END_PADDING)
        shape = paragraph.paragraph_format
        shape.right_indent = Pt(end.size)
        shape.keep_with_next = number < len(table.rows) - 1 or None  # no page parts it
        if is_run:
            shape.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            shape.left_indent, shape.first_line_indent = Pt((1 + LABEL) * end.size), Pt(-LABEL * end.size)
        row._tr.get_or_add_trPr().append(element("cantSplit"))
        _border(cell._tc, is_first=not number, is_last=number == len(table.rows) - 1)
    _place_at_foot(table._tbl.tblPr)
    spaced(writer.paragraph(styles.RULE), line=1.0)


def _border(cell: Any, *, is_first: bool, is_last: bool) -> None:
    outer, inner = parts.END_RULES
    sides = [("top", outer if is_first else inner), ("bottom", outer if is_last else inner)]
    lines = (element(side, val="single", sz=eighths(width), space="0", color="auto") for side, width in sides)
    cell.get_or_add_tcPr().append(element("tcBorders", *lines))


def _place_at_foot(properties: Any) -> None:
    """At the lower edge of the type area, whatever stands above it (17.4.57)."""
    where = element("tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom")
    properties.insert(0, where)
