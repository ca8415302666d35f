"""Turns composed lines into the HTML that sets them: a line is a line, and only what differs from its block is marked."""

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from itertools import groupby

from ..fonts import roles
from ..page.body import Style
from . import classes
from .composer import Run, SetLine, SetPiece, compose

PLAIN = Style()
SIDE = 0.04  # em: the blank that a Han has at either side
SHIFTED_SIZE = 0.6  # of sub- and superscripts
# In em: a character whose spacing leaves it no width at all is drawn out of place by WeasyPrint 70.
ALMOST_ALL = -0.998


@cache
def advance(role: str) -> Callable[[str, Style], float]:
    """The widths of text whose block is set in this role's font."""

    def width(character: str, style: Style) -> float:
        full = roles.width(character, style.role or role)
        return full * SHIFTED_SIZE if style.shift else full

    return width


@cache
def whites(role: str) -> Callable[[str, Style], tuple[float, float]]:
    """The white on both sides of marks in text whose block is set in this role's font."""

    def around(character: str, style: Style) -> tuple[float, float]:
        return roles.whites(character, style.role or role) if character in classes.MARKS else (0.0, 0.0)

    return around


def set_lines(
    runs: Sequence[Run],
    role: str,
    size: float,
    measure: float,
    *,
    indent: float = 0.0,
    printed: bool = False,
    has_gaps: bool = True,
    rows: int | None = None,
) -> tuple[SetLine, ...]:
    """Lines of text of `size` points within `measure` points; `indent` is in em of the text."""
    return compose(
        tuple(runs),
        measure / size,
        indent=indent,
        printed=printed,
        advance=advance(role),
        whites=whites(role),
        has_gaps=has_gaps,
        rows=rows,
    )


def lines_html(lines: Sequence[SetLine], role: str, size: float) -> str:
    """The inside of a block with `white-space: pre`: the lines, parted by line feeds."""
    return "\n".join(line_html(line, role, size) for line in lines)


def centred_html(line: SetLine, role: str, size: float) -> str:
    """A line of its own width to be centred by its ink: the blank part of a mark at either end takes no room."""
    if not line.text:
        return ""
    pieces, first, last = line.pieces, line.text[0], line.text[-1]
    if last in classes.MARKS:
        end = pieces[-1]
        rest = (SetPiece(end.text[:-1], end.style, end.spacing),) if len(end.text) > 1 else ()
        blank = roles.width(last, role) - roles.ink(last, role)[1] - SIDE
        pieces = (*pieces[:-1], *rest, SetPiece(last, end.style, -max(blank, 0.0)))
    html = "".join(_piece_html(piece, role, size) for piece in pieces)
    before = roles.ink(first, role)[0] - SIDE if first in classes.MARKS else 0.0
    return f'<span style="margin-left:{-before * size:.3f}pt">{html}</span>' if before > 0 else html


def line_html(line: SetLine, role: str, size: float) -> str:
    return "".join(_piece_html(piece, role, size) for piece in line.pieces)


def _piece_html(piece: SetPiece, role: str, size: float) -> str:
    style = piece.style if isinstance(piece.style, Style) else PLAIN
    html = _with_fallbacks(piece.text, style.role or role)
    spacing = ALMOST_ALL if abs(piece.spacing + 1) < 1 + ALMOST_ALL else piece.spacing
    css = f"letter-spacing:{spacing * size:.3f}pt" if spacing else ""
    if style.role or style.shift:
        names = " ".join(filter(None, (style.role, style.shift)))
        return f'<span class="{names}"{_style(css)}>{html}</span>'
    return f"<span{_style(css)}>{html}</span>" if css else html


def _style(css: str) -> str:
    return f' style="{css}"' if css else ""


def _with_fallbacks(text: str, role: str) -> str:
    """Characters of another font are marked, so that its taller lines don't push the rows off their grid."""
    if _all_own(text, role):
        return escape(text, quote=False)
    parts = groupby(text, lambda character: (roles.is_own(character, role), roles.passed_over(character, role)))
    return "".join(
        escape("".join(group), quote=False) if own else _other("".join(group), family, role)
        for (own, family), group in parts
    )


def _other(text: str, family: str, role: str) -> str:
    names = "other light" if role in roles.FALLBACK_WEIGHTS else "other"
    return (
        f'<span class="{names}"{_style(f"font-family:{family}" if family else "")}>{escape(text, quote=False)}</span>'
    )


def _all_own(text: str, role: str) -> bool:
    return all(roles.is_own(character, role) for character in text)
