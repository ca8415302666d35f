"""What WeasyPrint 70 does again and again, done once and remembered: shaping text, drawing it, cutting and packing fonts.

Each function here stands in for one of WeasyPrint's and gives the same bytes (tests/issues/test_pdf_speed.py); whatever is
not the plain case of our own pages goes to the original. `install()` does nothing on another version of WeasyPrint.
"""

import functools
import re
import sys
import zlib
from collections import OrderedDict

import pydyf
import weasyprint
from weasyprint import css
from weasyprint.css import computed_values, functions, properties
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import page, percent
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.fonts import get_pango_font_key

KNOWN = "70."
MOST_LINES, MOST_FONTS = 3000, 24
PACKED_FROM = 4096  # bytes; packing less costs nothing
NOT_ONE_LINE = re.compile("[\t\r\u2028\u2029]")
STYLE_OF_TEXT = frozenset((
    "font_family", "font_size", "font_style", "font_stretch", "font_weight", "font_kerning", "font_variant_ligatures",
    "font_variant_position", "font_variant_caps", "font_variant_numeric", "font_variant_alternates",
    "font_variant_east_asian", "font_feature_settings", "font_variation_settings", "font_language_override", "lang",
    "direction", "letter_spacing", "word_spacing", "overflow_wrap", "text_decoration_line",
))  # fmt: skip
LENGTHS = (
    "margin_left", "margin_right", "margin_top", "margin_bottom", "padding_left", "padding_right", "padding_top",
    "padding_bottom", "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
SHARP = {f"border_{corner}_radius": (0, 0) for corner in ("top_left", "top_right", "bottom_right", "bottom_left")}
PLAIN_BOXES = (boxes.LineBox, boxes.InlineBox, boxes.TextBox, boxes.MarginBox)
TOLD_APART = frozenset(("float", "display", "position", "page"))  # properties that depend on others
OWN_TO_A_PAGE = frozenset(("@footnote", "@note-area"))
BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")


def install() -> bool:
    """Put these functions in place of WeasyPrint's, for the whole process; says whether they are."""
    if not weasyprint.__version__.startswith(KNOWN):
        return False
    for original, ours in REPLACED:
        _replace(original, ours)
    css.ComputedStyle.__missing__ = missing
    return True


def remove() -> None:
    """Put WeasyPrint's own functions back."""
    for original, ours in REPLACED:
        _replace(ours, original)
    css.ComputedStyle.__missing__ = _missing


def _replace(old, new) -> None:
    """Names are imported from module to module: each place that has the old one gets the new one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint"):
            for key, value in list(vars(module).items()):
                if value is old:
                    setattr(module, key, new)


class Remembered(OrderedDict):
    """The newest entries."""

    def __init__(self, most: int):
        super().__init__()
        self.most = most

    def look_up(self, key):
        found = self.get(key)
        if found is not None:
            self.move_to_end(key)
        return found

    def add(self, key, value):
        self[key] = value
        if len(self) > self.most:
            self.popitem(last=False)
        return value


# Lines of text: shaped once, not once to measure, once more to be sure and a third time to be drawn


class ShapedLine(line_break.Layout):
    """One line of text as Pango shaped it; it stays as it is and belongs to no style, so that it can be kept."""

    def __init__(self, text: str, style):
        super().__init__(style)
        pango.pango_layout_set_single_paragraph_mode(self.layout, True)
        self.set_text(text)
        line, _ = self.get_first_line()
        width, height = line_break.line_size(line, style)
        baseline = pango.pango_layout_get_baseline(self.layout) * FROM_UNITS
        self.metrics = line.length, width, height, baseline
        self.drawing = None
        del self.style, self.language

    def deactivate(self):
        pass

    def reactivate(self, style):
        pass


def split_first_line(text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False):
    """A line of `white-space: pre` ends at its line feed: nothing is to be tried."""
    line, feed, rest = text.partition("\n")
    is_plain = style["white_space"] == "pre" and line and (rest or not feed) and not justification_spacing
    if not is_plain or NOT_ONE_LINE.search(line):
        return _split_first_line(text, style, context, max_width, justification_spacing, is_line_start, minimum)
    shaped = _shaped(line, style)
    length, width, height, baseline = shaped.metrics
    return shaped, length, length + 1 if feed else None, width, height, baseline


def _shaped(line: str, style) -> ShapedLine:
    lines = vars(style.font_config).setdefault("_shaped_lines", Remembered(MOST_LINES))
    key = line, _text_key(style)
    return lines.look_up(key) or lines.add(key, ShapedLine(line, style))


def _text_key(style) -> tuple:
    """All that text's shape depends on; an element whose rules say nothing about text has its parent's."""
    key = vars(style).get("_text_key")
    if key is None:
        rules = getattr(style, "cascaded", ())
        if style.parent_style is None or not STYLE_OF_TEXT.isdisjoint(rules):
            key = tuple([style[name] for name in sorted(STYLE_OF_TEXT)])
        else:
            key = _text_key(style.parent_style)
        style._text_key = key
    return key


# Drawing: what a line adds to the page's stream is remembered with the line


def draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix):
    layout = textbox.pango_layout
    if isinstance(layout, ShapedLine) and block_ellipsis == "none" and text_overflow != "ellipsis":
        if layout.drawing is None:
            layout.drawing = _drawing(layout, stream)
        if layout.drawing and _draw(layout.drawing, stream, matrix):
            return []
    return _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)


def _draw(drawing, stream, matrix) -> bool:
    """Add the line to the stream, unless a glyph counts with another width there."""
    used = []
    for pango_font, key, size, glyphs, string in drawing:
        font = stream._fonts.get(key) or stream.add_font(pango_font)[0]
        for glyph, text, width in glyphs:
            font.to_unicode.setdefault(glyph, text)
            if font.widths.setdefault(glyph, width) != width:
                return False
        used.append((font, size, string))
    stream.set_text_matrix(*matrix.values)
    for font, size, string in used:
        stream.set_font_size(font.hash, size)
        stream.show_text(string)
    return True


def _drawing(layout: ShapedLine, stream):
    """The line as (font, its key, its size, glyphs with text and width, string to be shown); False when it is not plain."""
    line, _ = layout.get_first_line()
    utf8, parts, run = layout.text.encode(), [], line.runs[0]
    if not layout.text.strip():
        return False
    while run != ffi.NULL:
        item, run = run.data, run.next
        pango_font = item.item.analysis.font
        font, size = stream.add_font(pango_font)
        if font.png or font.svg or font.colr or font.bitmap or item.item.analysis.level % 2 or not size:
            return False
        if not parts or parts[-1][0] != pango_font:
            parts.append((pango_font, get_pango_font_key(pango_font)[0], size, {}, []))
        if not _read_run(item, size, utf8, stream, *parts[-1]):
            return False
    return [
        (font, key, size, tuple((glyph, *known) for glyph, known in glyphs.items()), "".join(strings))
        for font, key, size, glyphs, strings in parts
    ]


def _read_run(item, size, utf8, stream, pango_font, key, _size, glyphs, strings) -> bool:
    """Add a run's glyphs and its string, written as WeasyPrint writes it; says whether the run is plain."""
    string = "<"
    count, clusters = item.glyphs.num_glyphs, item.glyphs.log_clusters
    start = item.item.offset
    for i, info in enumerate(item.glyphs.glyphs[0:count]):
        glyph, geometry = info.glyph, info.geometry
        if glyph == pango.PANGO_GLYPH_EMPTY:
            string += f">{-geometry.width / size}<"
            continue
        if glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG or geometry.y_offset:
            return False
        if glyph not in glyphs:
            end = item.item.length if i == count - 1 else clusters[i + 1]
            text = utf8[start + clusters[i] : start + end].decode()
            pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
            glyphs[glyph] = text, round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
        offset = geometry.x_offset / size
        if offset:
            string += f">{-offset}<"
        string += f"{glyph:04x}"
        kerning = glyphs[glyph][1] + offset - geometry.width * 1000 * FROM_UNITS / size
        if kerning:
            string += f">{int(kerning)}<"
    strings.append(string[:-1] if string[-1] == "<" else string + ">")
    return True


# Fonts: read when they are needed, cut once for the same glyphs, packed once


class LeanFont(pdf_fonts.Font):
    """WeasyPrint's font, without the megabytes of the whole file."""

    @property
    def file_content(self):
        if callable(self._content):
            self._content = self._content()
        return self._content

    @file_content.setter
    def file_content(self, content):
        self._content = content

    def _harfbuzz_subset(self, to_unicode, hinting):
        key = self.name, self.index, self.upem, self.glyph_count, tuple(sorted(to_unicode)), hinting, bool(self.missing)
        self._content = _cut.look_up(key)
        if self._content is None:
            super()._harfbuzz_subset(to_unicode, hinting)
            _cut.add(key, self.file_content)


_cut = Remembered(MOST_FONTS)


def get_hb_object_data(hb_object, ot_color=None, glyph=None):
    """The file of a face is read when somebody asks the font for it."""
    if ot_color:
        return _get_hb_object_data(hb_object, ot_color, glyph)
    return functools.partial(_get_hb_object_data, hb_object)


def pack(document, pdf) -> None:
    """Pack the fonts of a PDF, as a finisher of WeasyPrint: the same bytes that pydyf makes, from memory."""
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream.compress and len(stream.stream) == 1:
            (data,) = stream.stream
            if isinstance(data, bytes) and len(data) > PACKED_FROM:
                stream.stream, stream.compress = [_packed(data)], False
                stream.extra["Filter"] = "/FlateDecode"


@functools.lru_cache(maxsize=MOST_FONTS)
def _packed(data: bytes) -> bytes:
    packer = zlib.compressobj(level=9)
    return packer.compress(data) + packer.flush()


# Styles: what no rule names is inherited or the first value, and pages of one kind have the same margin boxes


def missing(style, key):
    """The value of a property that no rule of the element names."""
    is_plain = (
        key not in style.cascaded and key not in TOLD_APART and key[:16] != "text_decoration_" and key[:2] != "__"
    )
    if not is_plain or style.parent_style is None or (key in computed_values.PHYSICAL_FUNCTIONS and _is_logical(style)):
        return _missing(style, key)
    if key in properties.INHERITED:
        value = style.parent_style[key]
        if check_math(value):
            return _missing(style, key)
    elif key in properties.INITIAL_NOT_COMPUTED:
        return _missing(style, key)
    else:
        value = properties.INITIAL_VALUES[key]
    style[key] = value
    return value


def _is_logical(style) -> bool:
    """Whether a rule speaks of a block's start or of an inline end."""
    known = vars(style).get("_is_logical")
    if known is None:
        known = style._is_logical = any("block" in name or "inline" in name for name in style.cascaded)
    return known


def set_page_type_computed_styles(page_type, html, style_for):
    """The styles of a page and its margin boxes; a margin box is given the style that its like had on an earlier page."""
    rules, root = style_for.get_cascaded_styles(), html.etree_element
    rules.clear()  # those of the page before
    style_for.add_page_declarations(page_type)
    style_for.set_computed_styles(page_type, root=root, parent=root, base_url=html.base_url)
    known = vars(style_for).setdefault("_margin_styles", {})
    page_rules = _identity(rules.get((page_type, None), {}))
    for key, its_rules in rules.items():
        element, name = key
        if not name:
            continue
        like = name, page_rules, _identity(its_rules)
        if like not in known or name in OWN_TO_A_PAGE:
            style_for.set_computed_styles(element, pseudo_type=name, root=root, parent=element, base_url=html.base_url)
            known[like] = style_for.get_computed_styles()[key]
        style_for.get_computed_styles()[key] = known[like]


def _identity(rules: dict) -> tuple:
    """Rules are parsed once, so that each value is one object."""
    return tuple([(name, id(value)) for name, (value, _weight) in rules.items()])


# Lengths: most styles have neither a percentage nor a sum in them


def resolve_percentages(box, containing_block):
    """The used lengths of a box, remembered with its style where nothing depends on the box around it."""
    if not isinstance(box, PLAIN_BOXES):
        return _resolve_percentages(box, containing_block)
    lengths = vars(box.style).get("_plain_lengths")
    if lengths is None:
        lengths = box.style._plain_lengths = _plain_lengths(box.style)
    if not lengths:
        return _resolve_percentages(box, containing_block)
    return vars(box).update(lengths)


def _plain_lengths(style) -> dict:
    if style["border_collapse"] == "collapse" or style["box_sizing"] != "content-box":
        return {}
    lengths = {name: style[name] for name in BORDERS}
    for name in LENGTHS:
        value = style[name]
        if value != "auto" and getattr(value, "unit", None) != "px":
            return {}
        lengths[name] = value if value == "auto" else value.value
        if value == "auto" and name in ("min_width", "min_height"):
            lengths[name] = 0
    return lengths


def resolve_radii_percentages(box):
    """Corners are sharp, as a rule."""
    is_sharp = vars(box.style).get("_is_sharp")
    if is_sharp is None:
        is_sharp = box.style._is_sharp = all((0, "px") in box.style[name] for name in SHARP)
    return vars(box).update(SHARP) if is_sharp else _resolve_radii_percentages(box)


def check_math(token):
    """Whether there is a function such as calc() in a value: not in a word or a number."""
    kind = type(token)
    if kind is str or kind is float or kind is int or token is None:
        return None
    if kind is tuple:
        return any(check_math(item) for item in token)
    return _check_math(token)


_split_first_line = line_break.split_first_line
_draw_first_line = draw_text.draw_first_line
_get_hb_object_data = pdf_fonts.get_hb_object_data
_resolve_percentages = percent.resolve_percentages
_resolve_radii_percentages = percent.resolve_radii_percentages
_check_math = functions.check_math
_missing = css.ComputedStyle.__missing__
_set_page_type_computed_styles = page.set_page_type_computed_styles
REPLACED = (
    (_split_first_line, split_first_line),
    (_draw_first_line, draw_first_line),
    (_get_hb_object_data, get_hb_object_data),
    (_resolve_percentages, resolve_percentages),
    (_resolve_radii_percentages, resolve_radii_percentages),
    (_check_math, check_math),
    (_set_page_type_computed_styles, set_page_type_computed_styles),
    (pdf_fonts.Font, LeanFont),
)
