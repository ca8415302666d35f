"""What WeasyPrint 70 does again and again, done once and remembered: styles, lengths, fonts, and text (text.py).

Each function here stands in for one of WeasyPrint's and gives the same bytes (tests/typesetting/test_speed.py); whatever is
not the plain case of our own pages goes to the original. `install()` does nothing on another version of WeasyPrint.
"""

import functools
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

import weasyprint
from weasyprint import css
from weasyprint.css import computed_values, functions, properties
from weasyprint.formatting_structure import boxes
from weasyprint.layout import page, percent
from weasyprint.pdf import fonts as pdf_fonts

from . import text
from .text import Remembered

KNOWN = "70."
MOST_FONTS = 24
LENGTHS = (
    "margin_left", "margin_right", "margin_top", "margin_bottom", "padding_left", "padding_right", "padding_top",
    "padding_bottom", "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")
SHARP = {f"border_{corner}_radius": (0, 0) for corner in ("top_left", "top_right", "bottom_right", "bottom_left")}
PLAIN_LENGTHS = dict.fromkeys((*LENGTHS, *BORDERS), 0) | {"width": "auto", "height": "auto"}
PLAIN_LENGTHS |= {"max_width": inf, "max_height": inf}
NOT_PLAIN = frozenset((*LENGTHS, *BORDERS, *(name.replace("width", "style") for name in BORDERS)))
PLAIN_BOXES = (boxes.LineBox, boxes.InlineBox, boxes.TextBox, boxes.MarginBox)
TOLD_APART = frozenset(("float", "display", "position", "page"))  # properties that depend on others
OWN_TO_A_PAGE = frozenset(("@footnote", "@note-area"))


def version() -> str:
    return weasyprint.__version__


def install() -> bool:
    """Put these functions in place of WeasyPrint's, for the whole process; says whether they are."""
    if not version().startswith(KNOWN):
        return False
    for original, ours in REPLACED:
        _replace(original, ours)
    css.ComputedStyle.__missing__ = missing
    return True


@contextmanager
def uncollected() -> Iterator[None]:
    """Within, the garbage collector rests: a rendering makes much and throws little away before its end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


# Fonts: read when they are needed, cut once for the same glyphs


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
    rules = text.rules_of(style)
    if style.parent_style is not None and NOT_PLAIN.isdisjoint(rules) and not (rules and _is_logical(style)):
        return PLAIN_LENGTHS
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
        rules = text.rules_of(box.style)
        is_sharp = SHARP.keys().isdisjoint(rules) or all((0, "px") in box.style[name] for name in SHARP)
        box.style._is_sharp = is_sharp
    return vars(box).update(SHARP) if is_sharp else _resolve_radii_percentages(box)


def check_math(token):
    """Whether there is a function such as calc() in a value: not in a word or a number."""
    kind = type(token)
    if kind is str or kind is float or kind is int or token is None:
        return None
    if kind is tuple:
        return any(check_math(item) for item in token)
    return _check_math(token)


_get_hb_object_data = pdf_fonts.get_hb_object_data
_resolve_percentages = percent.resolve_percentages
_resolve_radii_percentages = percent.resolve_radii_percentages
_check_math = functions.check_math
_missing = css.ComputedStyle.__missing__
_set_page_type_computed_styles = page.set_page_type_computed_styles
REPLACED = (
    (text._split_first_line, text.split_first_line),
    (text._strut, text.strut),
    (text._draw_first_line, text.draw_first_line),
    (_get_hb_object_data, get_hb_object_data),
    (_resolve_percentages, resolve_percentages),
    (_resolve_radii_percentages, resolve_radii_percentages),
    (_check_math, check_math),
    (_set_page_type_computed_styles, set_page_type_computed_styles),
    (pdf_fonts.Font, LeanFont),
)
