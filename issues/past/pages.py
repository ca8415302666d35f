"""The printed lines of a past issue's PDF, with what their place on the page says of them."""

import re
import statistics
from collections.abc import Sequence

from issues.past.text import PAGE_NUMBER, Line, most_common, normal_characters
from issues.pdf_pages import PageLine


def lines_on_pages(printed: Sequence[PageLine]) -> list[Line]:
    """Lines numbered through the whole file, page numbers left out."""
    printed = [line for line in printed if line.text.strip()]
    if not printed:
        return []
    body_size = most_common(round(line.size) for line in printed for _char in line.text)
    body = [line for line in printed if round(line.size) == body_size]
    pitch = statistics.median([b.top - a.top for a, b in zip(body, body[1:], strict=False) if a.page == b.page] or [1])
    lines: list[Line] = []
    page = 0
    last: PageLine | None = None
    for number, line in enumerate(printed, 1):
        if is_page_number(line, printed, number - 1):
            continue
        margin, middle = text_area(body, line)
        inset = (line.left - margin) / line.size
        rows = round((line.top - last.top) / pitch) - 1 if last and line.page == page else 0
        lines.append(
            Line(
                number=number,
                text=normal_characters(line.text).strip(),
                gap=max(0, rows),
                breaks_page=line.page != page and page > 0,
                indented=inset > 1.2,
                centred=inset > 0.8 and abs((line.left + line.right) / 2 - middle) < line.size,
                size=line.size / body_size if body_size else None,
            )
        )
        page, last = line.page, line
    return lines


def text_area(body: Sequence[PageLine], line: PageLine) -> tuple[float, float]:
    """Left edge and middle of the text on pages of this side (margins may be mirrored)."""
    side = [one for one in body if one.page % 2 == line.page % 2] or list(body) or [line]
    left = most_common(round(one.left) for one in side)
    right = max(one.right for one in side)
    return left, (left + right) / 2


def is_page_number(line: PageLine, printed: Sequence[PageLine], at: int) -> bool:
    """A number at the very top or foot of its page."""
    first = at == 0 or printed[at - 1].page != line.page
    final = at + 1 == len(printed) or printed[at + 1].page != line.page
    at_edge = line.top > 0.85 * line.page_height or line.bottom < 0.12 * line.page_height
    bare = re.fullmatch(r"\s*\d{1,3}\s*", line.text)
    return (first or final) and at_edge and bool(bare or PAGE_NUMBER.fullmatch(line.text.strip()))
