"""Lines of text in WeasyPrint: shaped and drawn once, and remembered for the next page and the next rendering.

speed.py puts these functions in the place of WeasyPrint's.
"""

import re
from collections import OrderedDict

from weasyprint.draw import text as draw_text
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.fonts import get_pango_font_key

MOST_LINES = 1500
NOT_ONE_LINE = re.compile("[\t\r\u2028\u2029]")
STYLE_OF_TEXT = frozenset((
    "font_family", "font_size", "font_style", "font_stretch", "font_weight", "font_kerning", "font_variant_ligatures",
    "font_variant_position", "font_variant_caps", "font_variant_numeric", "font_variant_alternates",
    "font_variant_east_asian", "font_feature_settings", "font_variation_settings", "font_language_override", "lang",
    "direction", "letter_spacing", "word_spacing", "overflow_wrap", "text_decoration_line",
))  # fmt: skip
STYLE_OF_LINES = STYLE_OF_TEXT | {"line_height"}


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
    original = text, style, context, max_width, justification_spacing, is_line_start, minimum
    line, feed, rest = text.partition("\n")
    if style["white_space"] != "pre" or justification_spacing or NOT_ONE_LINE.search(line):
        return _split_first_line(*original)
    if not line:
        return _end_of_line(text, style, original) if feed else _split_first_line(*original)
    if feed and not rest:
        return _split_first_line(*original)
    shaped = _shaped(line, style)
    length, width, height, baseline = shaped.metrics
    return shaped, length, length + 1 if feed else None, width, height, baseline


def _end_of_line(text: str, style, original):
    """The line feed behind a piece of a line: nothing to be seen, but it has a height."""
    known, key = _memory(style), (text[:2], _text_key(style), "end")
    return known.look_up(key) or known.add(key, _split_first_line(*original))


def _memory(style) -> Remembered:
    return vars(style.font_config).setdefault("_shaped_lines", Remembered(MOST_LINES))


def _shaped(line: str, style) -> ShapedLine:
    lines = _memory(style)
    key = line, _text_key(style)
    return lines.look_up(key) or lines.add(key, ShapedLine(line, style))


def _text_key(style) -> tuple:
    """All that text's shape depends on; an element whose rules say nothing about text has its parent's."""
    key = vars(style).get("_text_key")
    if key is None:
        about = STYLE_OF_TEXT.intersection(rules_of(style))
        if style.parent_style is None or about - {"letter_spacing"}:
            key = tuple([style[name] for name in sorted(STYLE_OF_TEXT)])
        else:
            key = _text_key(style.parent_style)
            key = (key, style["letter_spacing"]) if about else key
        style._text_key = key
    return key


def rules_of(style) -> dict:
    """What the style sheet and the element itself say; an anonymous box has none."""
    return getattr(style, "cascaded", {})


def strut(style):
    """The height and the baseline of an empty line: the parent's, where no rule speaks of fonts or lines."""
    known = vars(style).get("_strut")
    if known is None:
        own = style.parent_style is None or not STYLE_OF_LINES.isdisjoint(rules_of(style))
        known = style._strut = _strut(style) if own else strut(style.parent_style)
    return known


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


_split_first_line = line_break.split_first_line
_strut = line_break.strut
_draw_first_line = draw_text.draw_first_line
