"""The named styles of a Word file, so that an office can restyle all of it at one place. Sizes are in points.

Fonts are named, never embedded: the licensed ones that an official document is set in. No style takes its font from the
theme, since WPS and Word would then show 等线 or Calibri instead.
"""

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from ..fonts import roles
from ..page import parts
from ..page.presets import INDENT, Preset
from .elements import element, place

# Names that no localised Word has for a style of its own, as it has 标题 and 正文.
NAME, NUMBER, IMPRINT, CORNER, RULE = "红头", "期号", "编印", "版头标注", "红线"
TITLE, SUBTITLE, SECTION, CONTENTS = "公文标题", "公文副题", "栏目标题", "目录标题"
BODY, HEADING, SUBHEADING, QUOTE = "公文正文", "一级黑体", "二级楷体", "引文楷体"
PICTURE, CAPTION, TABLE_CAPTION, CELL = "图片", "图说", "表题", "表格文字"
END, FOOT, REMARK = "版记", "页码", "页眉说明"
ENTRY = "toc 1"  # Word's own: a table of contents that is brought up to date takes it
HEI, KAI = "黑体字", "楷体字"  # of characters

FONTS = {role: stack[0] for role, stack in roles.STACKS.items()}
# Where the first is not installed, the same design under another name.
OTHER_NAMES = {role: ",".join(stack[1:4]) for role, stack in roles.STACKS.items()}
RED = RGBColor(0xD7, 0x00, 0x0F)
KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "header", "footer"}
UNUSED_PARTS = {
    RELATIONSHIP_TYPE.THEME,
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    RELATIONSHIP_TYPE.WEB_SETTINGS,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
    RELATIONSHIP_TYPE.NUMBERING,
}
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
CENTRE, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True)
class NamedStyle:
    """`line` is the exact height of a line, 0 as high as what stands in it; `indent` the em of the first line; `sides` what is
    free at both sides; `level` that of a heading in the outline, from 0; without `has_gaps` figures stand close to characters."""

    name: str
    role: str = roles.BODY
    size: float = 0.0
    line: float | None = None
    align: WD_ALIGN_PARAGRAPH = CENTRE
    indent: float = 0.0
    sides: float = 0.0
    before: float = 0.0
    after: float = 0.0
    keeps: bool = False
    level: int | None = None
    is_red: bool = False
    has_gaps: bool = True


def of(preset: Preset) -> list[NamedStyle]:
    """The styles for a page of this preset."""
    size, row = preset.body_size, preset.row_height
    return [
        NamedStyle(NAME, roles.MASTHEAD, 36, 2 * row, is_red=True),
        NamedStyle(NUMBER, size=size, line=1.5 * row, has_gaps=False),
        NamedStyle(IMPRINT, size=size, align=LEFT, sides=size, has_gaps=False),
        NamedStyle(CORNER, size=size, align=LEFT, has_gaps=False),
        NamedStyle(RULE, size=1, line=row / 2),
        NamedStyle(TITLE, roles.TITLE, preset.title_size, before=row / 2, after=row / 2, keeps=True, level=0),
        NamedStyle(SUBTITLE, roles.KAI, parts.KAI_SIZE_SUBTITLE, after=row / 2, keeps=True),
        NamedStyle(SECTION, roles.HEI, size, align=BOTH, indent=INDENT, before=row, keeps=True, level=0),
        NamedStyle(CONTENTS, roles.TITLE, preset.title_size, before=row * 1.5, after=row / 2, keeps=True),
        NamedStyle(ENTRY, size=size, align=LEFT),
        NamedStyle(BODY, size=size, align=BOTH, indent=INDENT),
        NamedStyle(HEADING, roles.HEI, size, align=BOTH, indent=INDENT, keeps=True, level=1),
        NamedStyle(SUBHEADING, roles.KAI, size, align=BOTH, indent=INDENT, keeps=True, level=2),
        NamedStyle(QUOTE, roles.KAI, size, align=BOTH, indent=INDENT),
        NamedStyle(PICTURE, size=size, line=0, before=5, after=5, keeps=True),
        NamedStyle(CAPTION, roles.KAI, parts.CAPTION_SIZE, 18, after=5),
        NamedStyle(TABLE_CAPTION, roles.HEI, 12, 22, before=7, keeps=True),
        NamedStyle(CELL, size=12, line=17),
        NamedStyle(END, size=parts.END_SIZE, line=21.7, align=LEFT),
        NamedStyle(FOOT, roles.SONG, 14, 17, align=LEFT, sides=14),
        NamedStyle(REMARK, roles.KAI, 10.5, 14, align=RIGHT),
    ]


def define(document: Document, preset: Preset) -> None:
    """Put the document's own styles out and these in."""
    for style in list(document.styles):
        if style.name not in KEPT_STYLES:
            style.delete()
    _set_defaults(document, preset)
    for named in of(preset):
        _define(document, named, preset)
    for name, role in ((HEI, roles.HEI), (KAI, roles.KAI)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        assert isinstance(style, CharacterStyle)
        style.base_style = None
        set_font(style.element.get_or_add_rPr(), role)
        style.quick_style, style.hidden, style.unhide_when_used = True, False, False
    _drop_unused_parts(document)
    _name_fonts(document)


def _set_defaults(document: Document, preset: Preset) -> None:
    """Normal and what stands under it: body font, exact lines, no marks in the margin, lines broken as Chinese is."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")) if defaults is not None else ():
        properties.clear()
        set_font(properties, roles.BODY)
        properties.append(element("lang", val="en-US", eastAsia="zh-CN"))
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    properties = normal.element.get_or_add_rPr()
    properties.clear()
    set_font(properties, roles.BODY)
    normal.font.size = Pt(preset.body_size)
    for name, value in (("widowControl", "0"), ("kinsoku", "1"), ("overflowPunct", "0")):
        place(normal.element.get_or_add_pPr(), element(name, val=value))
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(preset.row_height)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)


def _define(document: Document, named: NamedStyle, preset: Preset) -> None:
    style = document.styles.add_style(named.name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles["Normal"]
    style.quick_style, style.hidden, style.unhide_when_used = True, False, False
    set_font(style.element.get_or_add_rPr(), named.role)
    style.font.size = Pt(named.size or preset.body_size)
    if named.is_red:
        style.font.color.rgb = RED
    shape = style.paragraph_format
    shape.alignment = named.align
    shape.space_before, shape.space_after = Pt(named.before), Pt(named.after)
    shape.keep_with_next = named.keeps or None
    if named.line == 0:
        shape.line_spacing_rule = WD_LINE_SPACING.SINGLE
    elif named.line:
        shape.line_spacing = Pt(named.line)
    if named.sides:
        shape.left_indent = shape.right_indent = Pt(named.sides)
    if named.indent:
        indent_first_line(style.element.get_or_add_pPr(), named.indent, named.size or preset.body_size)
    for name in () if named.has_gaps else ("autoSpaceDE", "autoSpaceDN"):
        place(style.element.get_or_add_pPr(), element(name, val="0"))
    if named.name == ENTRY:
        shape.tab_stops.add_tab_stop(Pt(preset.measure), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    # A larger letter would take two rows of the grid.
    place(style.element.get_or_add_pPr(), element("snapToGrid", val="0"))
    if named.level is not None:
        place(style.element.get_or_add_pPr(), element("outlineLvl", val=str(named.level)))


def indent_first_line(properties: Any, em: float, size: float) -> None:
    """In characters, as Word counts them, and in points for what doesn't."""
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(round(em * 100)))
    indent.set(qn("w:firstLine"), str(round(em * size * 20)))


def set_font(properties: Any, role: str) -> None:
    """The font of a role for every script, so that letters and digits are half as wide as a character, as in the PDF."""
    names = dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), FONTS[role])
    place(properties, element("rFonts", **names))


def _drop_unused_parts(document: Document) -> None:
    """The theme and what else the empty document brings along."""
    for relations in (document.part.rels, document.part.package.rels):
        for number in [number for number, link in relations.items() if link.reltype in UNUSED_PARTS]:
            del relations[number]


def _name_fonts(document: Document) -> None:
    """The table of fonts: each role's with the names it has elsewhere."""
    fonts = element("fonts")
    for name, role in {FONTS[role]: role for role in FONTS}.items():
        fonts.append(
            element("font", element("altName", val=OTHER_NAMES[role]), element("charset", val="86"), name=name)
        )
    part = next(
        link.target_part for link in document.part.rels.values() if link.reltype == RELATIONSHIP_TYPE.FONT_TABLE
    )
    part._blob = serialize_part_xml(fonts)
