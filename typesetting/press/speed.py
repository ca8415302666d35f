"""What WeasyPrint 70 does again and again, done once: setting a line that is broken already, reading and cutting a font.

What stands here takes the place of WeasyPrint's own and gives the same bytes (tests/typesetting/test_speed.py); all but the
plain case of our own pages goes to the original. All of WeasyPrint that it takes is named at import, so that a name which is
gone is an ImportError or an AttributeError: door.py imports this module, and does without it then.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial
from math import inf
from typing import Any

from weasyprint.formatting_structure.boxes import InlineBox, LineBox, MarginBox, TextBox
from weasyprint.layout import inline, page, preferred
from weasyprint.layout.percent import resolve_percentages
from weasyprint.pdf import fonts, stream
from weasyprint.pdf.fonts import Font, get_hb_object_data
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import Layout, line_size, split_first_line, strut

MOST_LINES, MOST_FONTS = 1500, 24
NOT_ONE_LINE = re.compile("[\t\r\u2028\u2029]")
STYLE_OF_TEXT = frozenset((
    "font_family", "font_size", "font_style", "font_stretch", "font_weight", "font_kerning", "font_variant_ligatures",
    "font_variant_position", "font_variant_caps", "font_variant_numeric", "font_variant_alternates",
    "font_variant_east_asian", "font_feature_settings", "font_variation_settings", "font_language_override", "lang",
    "direction", "letter_spacing", "word_spacing", "overflow_wrap", "text_decoration_line",
))  # fmt: skip
STYLE_OF_LINES = STYLE_OF_TEXT - {"letter_spacing", "word_spacing"} | {"line_height"}
STYLE_OF_BOXES = ("margin", "padding", "border", "width", "height", "min", "max", "box", "block", "inline")
NO_EDGES = {f"{edge}_{side}": 0 for edge in ("margin", "padding") for side in ("top", "right", "bottom", "left")}
NO_EDGES |= {f"border_{side}_width": 0 for side in ("top", "right", "bottom", "left")}
NO_SIZE = {"width": "auto", "height": "auto", "min_width": 0, "min_height": 0, "max_width": inf, "max_height": inf}
_baseline, _one_paragraph = pango.pango_layout_get_baseline, pango.pango_layout_set_single_paragraph_mode
_cut = Font._harfbuzz_subset


class Newest(OrderedDict[Any, Any]):
    """The entries that were asked for last."""

    def __init__(self, most: int):
        super().__init__()
        self.most = most

    def made(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The entry of a key, made when it isn't there."""
        if key not in self:
            self[key] = make()
            if len(self) > self.most:
                self.popitem(last=False)
        self.move_to_end(key)
        return self[key]


class ShapedLine(Layout):
    """One line of text as Pango shaped it; it stays as it is and belongs to no style, so that it can be kept."""

    def __init__(self, text: str, style: Any):
        super().__init__(style)
        _one_paragraph(self.layout, True)
        self.set_text(text)
        line, _ = self.get_first_line()
        self.metrics = line.length, *line_size(line, style), _baseline(self.layout) * FROM_UNITS
        del self.style, self.language

    def deactivate(self) -> None:
        pass

    def reactivate(self, style: Any) -> None:
        pass


def split_set_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> Any:
    """A line of `white-space: pre` ends at its line feed: nothing is to be tried."""
    whole = text, style, context, max_width, justification_spacing, is_line_start, minimum
    line, feed, rest = text.partition("\n")
    is_plain = style["white_space"] == "pre" and not justification_spacing and not NOT_ONE_LINE.search(line)
    if not is_plain or (feed and not rest) or not text:
        return split_first_line(*whole)
    key = line, style.font_config, _text_key(style)
    if not line:  # the line feed behind a span: nothing to be seen, but it has a height
        return _lines.made((text[:2], *key), partial(split_first_line, *whole))
    shaped = _lines.made(key, partial(ShapedLine, line, style))
    length, width, height, baseline = shaped.metrics
    return shaped, length, length + 1 if feed else None, width, height, baseline


_lines = Newest(MOST_LINES)


def _text_key(style: Any) -> tuple[Any, ...]:
    """All that the shape of text depends on; an element whose rules say nothing about text has its parent's."""
    own = STYLE_OF_TEXT.intersection(_rules(style))
    if style.parent_style is None or own - {"letter_spacing"}:
        return tuple([style[name] for name in STYLE_OF_TEXT])
    above = _text_key(style.parent_style)
    return (above, style["letter_spacing"]) if own else above


def height_of_line(style: Any) -> Any:
    """The height and the baseline of an empty line: the parent's, where no rule speaks of fonts or lines."""
    is_like_parent = style.parent_style is not None and STYLE_OF_LINES.isdisjoint(_rules(style))
    return height_of_line(style.parent_style) if is_like_parent else strut(style)


def _rules(style: Any) -> dict[Any, Any]:
    """What the style sheet and the element itself say; an anonymous box has none."""
    return getattr(style, "cascaded", {})


def resolve_lengths(box: Any, containing_block: Any) -> None:
    """Lines, text and spans have no edges and no size of their own, if no rule speaks of them."""
    if isinstance(box, LineBox | InlineBox | TextBox | MarginBox) and not any(map(_is_of_boxes, _rules(box.style))):
        vars(box).update(NO_EDGES, **NO_SIZE)
    else:
        resolve_percentages(box, containing_block)


def _is_of_boxes(name: str) -> bool:
    return name.startswith(STYLE_OF_BOXES)


class LeanFont(Font):
    """WeasyPrint's font, which reads its file when somebody asks for it, and is cut once to the same glyphs."""

    cut = Newest(MOST_FONTS)
    _content: Any  # the bytes, or what reads them

    @property
    def file_content(self) -> bytes:
        if callable(self._content):
            self._content = self._content()
        content: bytes = self._content
        return content

    @file_content.setter
    def file_content(self, content: Any) -> None:
        self._content = content

    def _harfbuzz_subset(self, to_unicode: Any, hinting: Any) -> None:
        key = self.name, self.index, self.upem, self.glyph_count, tuple(sorted(to_unicode)), hinting, bool(self.missing)
        self._content = self.cut.made(key, partial(self._newly_cut, to_unicode, hinting))

    def _newly_cut(self, to_unicode: Any, hinting: Any) -> bytes:
        whole = self._content
        _cut(self, to_unicode, hinting)
        self._content = self.file_content or whole  # nothing when HarfBuzz could not cut it
        return self.file_content


def read_later(hb_face: Any) -> Any:
    """The file of a face, to be read when the font is asked for it."""
    return partial(get_hb_object_data, hb_face)


PLACES = (
    (inline, "split_first_line", split_first_line, split_set_line),
    (inline, "resolve_percentages", resolve_percentages, resolve_lengths),
    (page, "resolve_percentages", resolve_percentages, resolve_lengths),
    (inline, "strut", strut, height_of_line),
    (preferred, "split_first_line", split_first_line, split_set_line),
    (fonts, "get_hb_object_data", get_hb_object_data, read_later),
    (stream, "Font", Font, LeanFont),
)
for module, name, theirs, _ours in PLACES:
    if getattr(module, name) is not theirs:
        raise ImportError(f"{module.__name__}.{name} is another")


def install() -> None:
    """Take the places of WeasyPrint's, in the whole process."""
    for module, name, _theirs, ours in PLACES:
        setattr(module, name, ours)


def remove() -> None:
    """Give them back."""
    for module, name, theirs, _ours in PLACES:
        setattr(module, name, theirs)
