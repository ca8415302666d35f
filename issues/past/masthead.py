"""The head of a past issue: its masthead, and the list of contents that may follow.

The parts of a masthead come in any order and any form; what isn't there stays None.
"""

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from issues.past.text import ReadLine, compact, tidy
from typesetting.lines.sentences import ends_sentence

HIGHEST_LINES = 24  # a masthead is over by then
DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｏ": "0"}
CHINESE = "〇零○一二三四五六七八九十"

NAME = re.compile(r".{0,24}(简报|通讯|专报|工作动态)")
NOTICE = re.compile(r".{0,6}(内部(资料|刊物|交流|文件)|注意保存|免费交流|准印证|秘密|机密|仅供.{2,8}参考).{0,20}")
OFFICE = r"[^,，。]{0,30}(?:局|办|办公室|委|委员会|处|部|中心|协会)\)?"
PUBLISHER = re.compile(
    rf"(?:主办|编印|编辑|主编)(?:单位)?[:：]({OFFICE})|({OFFICE})(?:编印|编辑|主办|主编|编发|编)[:：]?"
)
# Publisher and date share a line, with a wide gap between them.
PARTED = re.compile(r"[ \u3000]{2,}|(?<=编)\s*(?=20\d\d\s*年)|\s+(?=20\d\d\s*年\s*\d+\s*月\s*\d+)")
ONLY_NUMBERS = re.compile(r"[\d〇零○一二三四五六七八九十年月日第总期号增刊()\[\]〔〕【】.\-/、,]+")
YEAR = re.compile(r"[\[(〔【]?(20\d\d)[\])〕】]?年?(?=第|增刊)")
NUMBER = re.compile(rf"(?<!总)第([\d{CHINESE}]{{1,4}})[期号]")
TOTAL = re.compile(rf"总第?([\d{CHINESE}]{{1,5}})[期号]")
SUPPLEMENT = re.compile(rf"增刊[(第]*([\d{CHINESE}]{{1,3}})?")
DATE = re.compile(r"(?<!\d)(20\d\d)[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?(?!\d)")
DATED_OFFICE = re.compile(rf"({OFFICE})20\d\d[年.\-/]\d{{1,2}}[月.\-/]\d{{1,2}}日?")  # a publisher without 编印
CONTENTS_HEADING = re.compile(r"[【〖\[（(《]*(本期)?(目录|目次|要目|导读|内容提要|主要内容)[】〗\]）)》]*[:：]?")
LEADER = re.compile(r"[\s.．·…⋯─—\-_]*[（(]?\d{1,3}[)）]?\s*$|[.．·…⋯]{2,}\s*$")
BULLET = re.compile(r"^[\s●◆■★▲◇•·○※☆♦►▶➢✦\-]+|^\d{1,2}[.、．)）]\s*(?!\d*月)")


@dataclass
class Masthead:
    lines: list[str] = field(default_factory=list)  # as printed, for the record
    name_lines: list[str] = field(default_factory=list)
    series_title: str | None = None  # the same as one
    kind: str = "regular"
    year: int | None = None
    number: int | None = None
    total_number: int | None = None
    publisher: str | None = None
    date: datetime.date | None = None
    impossible_date: str | None = None


def head_of(lines: Sequence[ReadLine], strays: Sequence[ReadLine] = ()) -> tuple[Masthead, list[str], int]:
    """The masthead, the entries of the contents, and how many lines both take.

    `strays` are parts of it that the extract has elsewhere.
    """
    end = 0
    for at, line in enumerate(lines[:HIGHEST_LINES]):
        text = compact(line.text)
        if CONTENTS_HEADING.fullmatch(text) or ends_sentence(line.text) or len(text) > 60:
            break
        if is_part(text) or (end == at and text in ("编", "编印")):
            end = at + 1
    entries, taken = contents_of(lines[end:])
    return read_masthead([*lines[:end], *strays]), entries, end + taken


def strays_in(foot: Sequence[ReadLine]) -> list[ReadLine]:
    """Text boxes come last in some extracts: lines of the masthead behind the 版记."""
    return [line for line in foot if is_part(compact(line.text))]


def is_part(text: str) -> bool:
    """Whether a line, white space aside, can only stand in a masthead."""
    without_date = DATE.sub("", text)
    return bool(
        NAME.fullmatch(text)
        or NOTICE.fullmatch(text)
        or ONLY_NUMBERS.fullmatch(text)
        or text in ("年", "月", "日", "期")
        or PUBLISHER.fullmatch(without_date)
        or DATED_OFFICE.fullmatch(text)
    )


def read_masthead(lines: Sequence[ReadLine]) -> Masthead:
    head = Masthead()
    for line in lines:
        parts = [line.text] if NAME.fullmatch(compact(line.text)) else PARTED.split(line.text)
        head.lines += [tidy(part.strip()) for part in parts if part.strip()]
    parts = [compact(part) for part in head.lines]
    text = arabic_dates("".join(parts))
    read_numbers(head, text)
    read_date(head, text)
    read_names(head, parts)
    return head


def read_numbers(head: Masthead, text: str) -> None:
    """Year number, total number and series, from wherever they stand."""
    year, number, total = YEAR.search(text), NUMBER.search(text), TOTAL.search(text)
    if supplement := SUPPLEMENT.search(text):
        head.kind = "supplement"
        head.number = integer(supplement[1]) if supplement[1] else None
    if number:
        head.number = integer(number[1])
    head.total_number = integer(total[1]) if total else None
    head.year = int(year[1]) if year else None


def read_date(head: Masthead, text: str) -> None:
    for match in DATE.finditer(text):
        try:
            head.date = datetime.date(*(int(part) for part in match.groups()))
        except ValueError:
            head.impossible_date = match[0]
            continue
        head.year = head.year or head.date.year
        return


def read_names(head: Masthead, parts: Sequence[str]) -> None:
    """The bulletin's name (its lines joined) and its publisher, which `编` ends."""
    names: list[str] = []
    loose: list[str] = []  # lines of a name or a publisher that goes on in the next line
    for part, following in zip(parts, [*parts[1:], ""], strict=False):
        rest = DATE.sub("", arabic_dates(part))
        if NOTICE.fullmatch(part) or not rest or ONLY_NUMBERS.fullmatch(rest):
            continue
        if not names and NAME.fullmatch(part):
            names = [*loose, part]
            loose = []
        elif match := PUBLISHER.fullmatch("".join([*loose, rest])):
            head.publisher = head.publisher or next(filter(None, match.groups()))
            loose = []
        elif names and not head.publisher and re.fullmatch(OFFICE, rest) and DATE.fullmatch(arabic_dates(following)):
            head.publisher = rest  # without 编印, beside the date
        else:
            loose.append(NUMBERS_INSIDE.sub("", rest) or rest)
    head.name_lines = names
    head.series_title = "".join(names) or None


NUMBERS_INSIDE = re.compile(rf"[\[(〔【]?20\d\d[\])〕】]?年?第[\d{CHINESE}]+期.*")


def arabic_dates(text: str) -> str:
    """`二〇二三年十一月十三日` as `2023年11月13日`."""
    text = re.sub("[〇零○一二三四五六七八九]{4}(?=年)", lambda match: "".join(DIGITS[c] for c in match[0]), text)
    return re.sub(f"[{CHINESE}]{{1,3}}(?=[月日])", lambda match: str(integer(match[0])), text)


def integer(text: str) -> int:
    """`30`, `三十`, `二十一`, `一〇二` as a number."""
    text = unicodedata.normalize("NFKC", text)
    if text.isascii() and text.isdigit():
        return int(text)
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        return 10 * (int(DIGITS[tens]) if tens else 1) + (int(DIGITS[ones]) if ones else 0)
    return int("".join(DIGITS[char] for char in text))


# --- contents -----------------------------------------------------------------------------------


def contents_of(lines: Sequence[ReadLine]) -> tuple[list[str], int]:
    """The entries of a 目录, and how many lines it takes with its heading.

    It ends where its first entry comes again, as the title of the first article; a list whose
    titles don't come again ends with its last line that has a page number or a bullet.
    """
    if not lines or not CONTENTS_HEADING.fullmatch(compact(lines[0].text)):
        return [], 0
    rows = []
    for line in lines[1:60]:
        if ends_sentence(line.text) and not LEADER.search(line.text):
            break
        rows.append(line.text)
    first = compact(entry_text(rows[0])) if rows else ""
    led = bool(rows and LEADER.search(rows[0]))  # then no row with dots and a number is a title yet
    titles = [at for at in range(1, len(rows)) if not (led and LEADER.search(rows[at]))]
    end = next((at for at in titles if begins_same(compact(rows[at]), first)), None)
    if end is None:
        listed = [at for at, row in enumerate(rows) if LEADER.search(row) or BULLET.match(row)]
        end = listed[-1] + 1 if listed else 0
    return [entry for entry in (entry_text(row) for row in rows[:end]) if entry], end + 1


def entry_text(row: str) -> str:
    return tidy(LEADER.sub("", BULLET.sub("", row)).strip())


def begins_same(text: str, first: str) -> bool:
    if min(len(text), len(first)) < 5:
        return text == first != ""
    return text.startswith(first) or first.startswith(text)
