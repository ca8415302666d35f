"""The lines of a past issue's text extract, freed from what the extraction added.

Each rule names the artefact it cures. Nothing here knows what a line means: that is for
`masthead`, `blocks` and `recipients` beside it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from typesetting.lines.sentences import ends_sentence, run_on


class NotAnIssue(ValueError):
    """The file is not a past issue of the bulletin; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line with ink on it, and what the white space (or the page) round it says."""

    number: int  # in the file, from 1
    text: str  # without white space at its ends
    gap: int = 0  # blank lines before it
    breaks_page: bool = False  # the first line of a printed page
    ends_paragraph: bool | None = None  # has Word's paragraph mark, a space, at its end
    indented: bool | None = None  # begins two characters in
    centred: bool | None = None
    size: float | None = None  # of its letters, over that of the running text
    bold: bool | None = None  # all of it
    is_full: bool | None = None  # reaches from margin to margin, so that it may have been broken by the program


# --- bytes to text ----------------------------------------------------------------------------

PICTURES = (b"\x89PNG", b"\xff\xd8\xff")
MARKUP = re.compile(r"\s*([{<]|\[\s*[\[{\"])")  # JSON, HTML, XML
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

# Some PDF fonts map a character to the radical that looks the same; NFKC knows most of them.
RADICALS = str.maketrans(
    "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻥⻦⻧⻨⻩⻬⻮⻰",
    "民西见角贝车长门青韦页风飞食马鱼鸟卤麦黄齐齿龙",
)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u0000]")


def decode(data: bytes, name: str) -> str:
    """The text in `data`, whichever way it was saved; NotAnIssue when it isn't text."""
    if not data.strip():
        raise NotAnIssue(_("%(name)s is empty. Export the issue again.") % {"name": name})
    if data.startswith(PICTURES):
        raise NotAnIssue(
            _(
                "%(name)s is a picture. Import the issue as a Word file, as a PDF with text in it, or as plain text (.txt)."
            )
            % {"name": name}
        )
    candidates = [(mark, encoding) for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)]
    for mark, encoding in [*candidates, (b"", "utf-8"), (b"", "gb18030")]:
        try:
            text = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f\x7f]", text) and not MARKUP.match(text):
            return text
    raise NotAnIssue(
        _("%(name)s is neither Word, PDF nor plain text. Export the issue as one of these, and import that.")
        % {"name": name}
    )


def normal_characters(text: str) -> str:
    """Radicals as characters, every kind of blank as a space; nothing else is touched."""
    text = INVISIBLE.sub("", text).translate(RADICALS)
    text = re.sub("[\u2f00-\u2fd5]", lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return re.sub("[\u00a0\u2000-\u200a\u202f\t]", " ", text)


# --- text to lines ----------------------------------------------------------------------------

PAGE_NUMBER = re.compile(
    r"[-—–－─·.\s]*[-—–－─·]\s*\d{1,3}\s*[-—–－─·][-—–－─·.\s]*"
    r"|第\s*\d{1,3}\s*页(\s*[，,/]?\s*共\s*\d{1,3}\s*页)?"
    r"|\d{1,3}\s*/\s*\d{1,3}"
)


def lines_in(text: str) -> list[ReadLine]:
    """The lines with ink, numbered as in the file, with the evidence that blanks give."""
    found, gap, page = [], 0, False
    for number, raw in enumerate(re.split("\r\n|\r|\n|\u2028|\u2029|\x0b|\x85", text), 1):
        page = page or "\f" in raw
        raw = normal_characters(raw.replace("\f", ""))
        if not raw.strip():
            gap += 1
            continue
        found.append((number, raw, gap, page))
        gap, page = 0, False
    usual_gap = most_common(gap for _number, _raw, gap, _page in found[1:])
    margin = most_common(left_columns(raw) for _number, raw, _gap, _page in found)
    shows_indent = share(margin + 2 <= left_columns(raw) <= margin + 8 for _n, raw, _g, _p in found) >= 0.08
    marks_ends = trailing_space_ends_paragraphs(raw for _number, raw, _gap, _page in found)
    lines = []
    for number, raw, gap, page in found:
        columns = left_columns(raw) - margin
        lines.append(
            ReadLine(
                number=number,
                text=raw.strip(),
                gap=max(0, gap - usual_gap),
                breaks_page=page or (columns == 1 and gap < max(usual_gap, 1)),
                ends_paragraph=raw[-1].isspace() if marks_ends else None,
                indented=columns >= 2 if shows_indent else None,
                centred=columns >= 6 if shows_indent else None,
            )
        )
    return without_page_numbers(lines)


def left_columns(raw: str) -> int:
    blanks = raw[: len(raw) - len(raw.lstrip())]
    return sum(2 if blank == "\u3000" else 1 for blank in blanks)


def trailing_space_ends_paragraphs(raws: Iterable[str]) -> bool:
    """Whether this extract kept Word's paragraph marks as a space at the end of the line.

    Then nearly all lines that end a sentence have one, and those without go on in the next.
    """
    raws = list(raws)
    ended = [raw for raw in raws if ends_sentence(raw.strip())]
    unmarked = [raw for raw in raws if not raw[-1].isspace()]
    going_on = share(not ends_sentence(raw.strip()) for raw in unmarked)
    return len(unmarked) >= 3 and share(raw[-1].isspace() for raw in ended) > 0.6 and going_on > 0.6


def without_page_numbers(lines: list[ReadLine]) -> list[ReadLine]:
    """Without `— 2 —`, `第2页`, or a column of bare numbers that count the pages."""
    bare = [line for line in lines if re.fullmatch(r"\d{1,3}", line.text)]
    values = [int(line.text) for line in bare]
    counts_pages = len(bare) >= 2 and values == list(range(values[0], values[0] + len(values))) and values[0] <= 2
    kept, broken = [], False
    for line in lines:
        if PAGE_NUMBER.fullmatch(line.text) or (counts_pages and line in bare):
            broken = True
            continue
        kept.append(replace(line, breaks_page=True) if broken else line)
        broken = False
    return kept


# --- pieces of text ---------------------------------------------------------------------------

SPACE_BESIDE_ASCII = re.compile("(?<![A-Za-z ]) +(?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) +(?![A-Za-z ])|(?<=[0-9]) +(?! )")


def tidy(text: str) -> str:
    """Without the spaces that stand for the gap between Chinese and letters or digits.

    `11 月 9 日` is `11月9日`; the space of `DHL Express`, and one between Chinese characters, stays.
    """
    return SPACE_BESIDE_ASCII.sub("", text)


def joined(lines: Iterable[ReadLine]) -> str:
    """The lines as one run of text, tidied."""
    return tidy(run_on(line.text for line in lines))


def compact(text: str) -> str:
    """Without any white space, full-width letters and digits as ASCII: to compare by, not to keep."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def most_common(values: Iterable[int]) -> int:
    counts = Counter(values).most_common(1)
    return counts[0][0] if counts else 0


def share(flags: Iterable[bool]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else 0.0
