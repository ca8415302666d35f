"""Pieces of WordprocessingML (ECMA-376 part 1, 17) that python-docx has no words for: fields, links, borders."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

# The order of properties (CT_PPr, CT_RPr).
PARAGRAPH = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers", "pBdr",
    "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
    "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
    "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr",
    "sectPr", "pPrChange",
)  # fmt: skip
CHARACTERS = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss",
    "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern", "position", "sz", "szCs",
    "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish",
    "oMath",
)  # fmt: skip


def element(name: str, /, *children: Any, **attributes: str) -> Any:
    """An element of the main namespace with attributes of the same."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(children)
    return made


def place(properties: Any, child: Any) -> None:
    """Put it among the properties of a paragraph or a run where the schema wants it, instead of what was there."""
    for old in properties.findall(child.tag):
        properties.remove(old)
    order = PARAGRAPH if properties.tag == qn("w:pPr") else CHARACTERS
    following = order[order.index(child.tag.rpartition("}")[2]) + 1 :]
    properties.insert_element_before(child, *(f"w:{name}" for name in following))


def twips(points: float) -> str:
    return str(round(points * 20))


def eighths(points: float) -> str:
    """How thick a border is."""
    return str(round(points * 8))


def mark(paragraph: Paragraph, kind: str) -> None:
    """Where a field begins, where what it shows begins, where it ends (17.16.18)."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType=kind))


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """What is added next is shown until the field is brought up to date."""
    mark(paragraph, "begin")
    words = element("instrText")
    words.text = f" {instruction} "
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.add_run()._r.append(words)
    mark(paragraph, "separate")


def field(paragraph: Paragraph, instruction: str, result: str) -> None:
    begin_field(paragraph, instruction)
    paragraph.add_run(result)
    mark(paragraph, "end")


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Round all of the paragraph."""
    start = element("bookmarkStart", id=str(number), name=name)
    paragraph._p.insert(0 if paragraph._p.pPr is None else 1, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def linked(runs: list[Run], anchor: str) -> None:
    """These runs, which follow each other, lead to a bookmark."""
    link = element("hyperlink", anchor=anchor, history="1")
    runs[0]._r.addprevious(link)
    link.extend(run._r for run in runs)


def bordered(paragraph: Paragraph, side: str, points: float, colour: str) -> None:
    edge = element(side, val="single", sz=eighths(points), space="0", color=colour)
    place(paragraph._p.get_or_add_pPr(), element("pBdr", edge))


def letter_spaced(run: Run, points: float) -> None:
    """So much more between the letters."""
    place(run._r.get_or_add_rPr(), element("spacing", val=twips(points)))


def spaced(
    paragraph: Paragraph, *, line: float | None = None, before: float | None = None, after: float | None = None
) -> None:
    """Otherwise than its style has it, in points."""
    shape = paragraph.paragraph_format
    if line is not None:
        shape.line_spacing = Pt(line)
    if before is not None:
        shape.space_before = Pt(before)
    if after is not None:
        shape.space_after = Pt(after)
