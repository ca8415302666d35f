"""The foot of a past issue (版记): who gets it, how many are printed, who answers for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from issues.past.text import ReadLine, joined, tidy
from typesetting.lines import widths

DIRECTIONS = ("报", "送", "发")
DIRECTION = re.compile(r"(?:(?:主|抄|呈)\s*)?([报送发])(?:\s*送)?\s*[：:]\s*(.*)", re.DOTALL)
PRINT_RUN = re.compile(r"[（(]?\s*(?:共印|印数|印发|印刷份数|共)\s*[：:]?\s*(\d{1,5})\s*份\s*[)）]?[。.]?")
FOOTER = re.compile(
    r"[（(]?\s*(责任编辑|责编|编辑|主编|审核|审稿|校对|校核|签发|联系人|联系电话|电话|传真|邮箱|电子邮箱|地址|邮编|网址|投稿邮箱)\s*[：:].*"
    r"|.{0,40}\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印发"
)
ITEM_ENDS = re.compile("[，,；;。]")
FARTHEST = 20  # lines between 报： and 送：


@dataclass
class Foot:
    recipients: dict[str, list[str]] = field(default_factory=dict)
    print_run: int | None = None
    footer: list[str] = field(default_factory=list)
    unsure: list[ReadLine] = field(default_factory=list)  # lines that may belong to the one before


def foot_begins(lines: Sequence[ReadLine]) -> int:
    """Where the 版记 begins; `len(lines)` when there is none.

    It is the line with 报： (or 送：, 发：), the last ones of the issue that stand close together, and
    the lines of names and print run right above.
    """
    begin = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if begin < len(lines) and begin - at > FARTHEST:
            break
        if DIRECTION.match(lines[at].text):
            begin = at
    while begin and is_footer(lines[begin - 1].text):
        begin -= 1
    return begin


def is_footer(text: str) -> bool:
    return bool(PRINT_RUN.fullmatch(text) or (FOOTER.fullmatch(text) and widths.width(text) <= 40))


def foot_of(lines: Sequence[ReadLine]) -> Foot:
    foot = Foot()
    lists: dict[str, list[ReadLine]] = {}
    current: list[ReadLine] | None = None
    for line in lines:
        text, run = taken_print_run(line.text)
        foot.print_run = foot.print_run or run
        if not text:
            continue
        if match := DIRECTION.match(text):
            current = lists.setdefault(match[1], [])
            text = match[2].strip()
            if text:
                current.append(with_text(line, text))
        elif is_footer(text) or current is None:
            foot.footer.append(tidy(text))
        else:
            current.append(with_text(line, text))
    across = max((widths.width(line.text) for one in lists.values() for line in one), default=0.0)
    # How wide a list is shows only where one goes on in a next line.
    is_shown = across >= 20 or any(ITEM_ENDS.search(line.text[:-1]) for one in lists.values() for line in one[:-1])
    across = across if is_shown else 0.0
    for direction in DIRECTIONS:
        if direction in lists or direction != "发":
            foot.recipients[direction] = items(lists.get(direction, []), across, foot, direction)
    return foot


def taken_print_run(text: str) -> tuple[str, int | None]:
    match = PRINT_RUN.search(text)
    if not match:
        return text, None
    return (text[: match.start()] + text[match.end() :]).strip(), int(match[1])


def with_text(line: ReadLine, text: str) -> ReadLine:
    return ReadLine(number=line.number, text=text, gap=line.gap, ends_paragraph=line.ends_paragraph)


def items(lines: Sequence[ReadLine], across: float, foot: Foot, direction: str) -> list[str]:
    """The names on a list: parted by ， (never by the 、 inside a name), or one to a line."""
    runs_on = direction != "报" and any(ITEM_ENDS.search(line.text[:-1]) for line in lines)
    found: list[str] = []
    run: list[ReadLine] = []
    for at, line in enumerate(lines):
        run.append(line)
        if at + 1 < len(lines) and goes_on(line, across, foot, runs_on=runs_on):
            continue
        found += [item.strip() for item in ITEM_ENDS.split(joined(run)) if item.strip()]
        run = []
    return found


def goes_on(line: ReadLine, across: float, foot: Foot, *, runs_on: bool) -> bool:
    if runs_on or line.text.endswith(("、", "（", "(", "和", "及")):
        return True
    if ITEM_ENDS.search(line.text[-1:]) or line.ends_paragraph or not across:
        return False
    full = widths.width(line.text) > across - 1
    if full and line.ends_paragraph is None:
        foot.unsure.append(line)
    return full
