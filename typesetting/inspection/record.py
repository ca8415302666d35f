"""Compares the pages with the record: all its text in order, its numbers, its day, its photos, its bookmarks."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..content import IssueContent
from ..reading import Character
from .book import CAPTION, CONTINUED, END, FOOT, MASTHEAD, TABLE, Book, PageLine, is_leftwards
from .expected import AT_END, AT_HEAD, IN_TEXT, UNDER_PHOTO, ExpectedText, file_title, fold, folded, heads, pieces
from .findings import Report

NEARBY = 400  # characters within which a short text must follow the one before
SURE = 12  # characters of a text that can't stand twice by chance
NUMBER = re.compile(r"([0-9]{4}年)?(增刊)?第[0-9]+期(（总第[0-9]+期）)?|总第[0-9]+期")
DATE = re.compile(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")


@dataclass
class Flow:
    """The text of one zone in the order of drawing, folded, with the line that each character stands on."""

    text: str = ""
    lines: list[PageLine] = field(default_factory=list)
    characters: list[Character] = field(default_factory=list)
    place: int = 0  # up to where the record's texts were found
    found: list[tuple[int, int, ExpectedText]] = field(default_factory=list)
    missing: int = 0

    def page(self, at: int) -> int:
        return self.lines[min(at, len(self.lines) - 1)].page if self.lines else 1


class Record:
    """The record's texts laid beside the pages."""

    def __init__(self, book: Book, content: IssueContent | None):
        self.book, self.content = book, content
        self.flows = _flows(book)
        self.pieces = [piece for piece in pieces(content) if piece.text] if content else []
        self.ends: set[int] = set()  # places of the lines that a paragraph ends with
        self.inside: set[int] = set()  # places of the lines that it goes on after
        self.lost: list[tuple[ExpectedText, int]] = []
        for piece in self.pieces:
            if piece.is_ordered:
                self._find(piece)
        for piece in sorted(self.pieces, key=lambda piece: -len(piece.text)):
            if not piece.is_ordered:
                self._find_anywhere(piece, self.flows[piece.zone])

    def is_final(self, line: PageLine) -> bool | None:
        if line.place in self.ends:
            return True
        return False if line.place in self.inside else None

    def _find(self, piece: ExpectedText) -> None:
        flow = self.flows[piece.zone]
        at = flow.text.find(piece.text, flow.place, flow.place + len(piece.text) + NEARBY)
        if at < 0 and len(piece.text) >= SURE:
            at = flow.text.find(piece.text, flow.place)
        if at < 0:
            flow.missing += 1
            if not any(map(is_leftwards, piece.text)):  # a PDF has such letters in the order of their places
                self.lost.append((piece, flow.place))
            flow.place = _behind_the_rest(flow, piece)
            return
        flow.place = at + len(piece.text)
        flow.found.append((at, flow.place, piece))
        lines = flow.lines[at : flow.place]
        self.inside.update(line.place for line in lines)
        self.ends.update(lines[offset - 1].place for offset in piece.breaks if offset)

    def _find_anywhere(self, piece: ExpectedText, flow: Flow) -> None:
        """A mark that no other text of the record takes: 内部 is no part of 内部资料."""
        taken = [range(start, end) for start, end, _piece in flow.found]
        places = (found.start() for found in re.finditer(re.escape(piece.text), flow.text))
        at = next((place for place in places if not any(place in one for one in taken)), None)
        if at is None:
            flow.missing += 1
            self.lost.append((piece, 0))
        else:
            flow.found.append((at, at + len(piece.text), piece))


def _flows(book: Book) -> dict[str, Flow]:
    flows = {AT_HEAD: Flow(), IN_TEXT: Flow(), UNDER_PHOTO: Flow(), AT_END: Flow()}
    zones = {MASTHEAD: AT_HEAD, CAPTION: UNDER_PHOTO, END: AT_END}
    for line in book.lines:
        if line.kind == FOOT:
            continue
        flow = flows[zones.get(line.kind, IN_TEXT)]
        for character in line.characters:
            text = fold(character.text)
            flow.text += text
            flow.lines += [line] * len(text)
            flow.characters += [character] * len(text)
    return flows


def _behind_the_rest(flow: Flow, piece: ExpectedText) -> int:
    """Where to look for the next text when this one isn't there as it should be: behind its own last words, if they are."""
    tail = piece.text[-8:]
    at = flow.text.find(tail, flow.place, flow.place + len(piece.text) + NEARBY) if len(tail) == 8 else -1
    return at + 8 if at >= 0 else flow.place


def check_record(record: Record, report: Report) -> None:
    assert record.content, "there is no record to compare with"
    _check_texts(record, report)
    _check_extra(record, record.content, report)
    _check_contents(record, report)
    _check_photos(record, record.content, report)
    _check_bookmarks(record, report)
    _check_title(record, record.content, report)


def _check_texts(record: Record, report: Report) -> None:
    lost = {id(piece): place for piece, place in record.lost}
    has_end = bool(record.flows[AT_END].text)
    for piece in record.pieces:
        if id(piece) not in lost:
            report.checked += 1
        elif piece.rule in ("number", "date"):
            _report_figure(record, piece, report)
        elif piece.rule == "recipients" and not has_end:
            report.checked += 1  # that the whole end matter is missing is said once
        else:
            report.check(False, piece.rule, *_difference(record.flows[piece.zone], piece, lost[id(piece)]))


def _report_figure(record: Record, piece: ExpectedText, report: Report) -> None:
    """The number or the day in the masthead isn't the record's: say both."""
    pattern = NUMBER if piece.rule == "number" else DATE
    found = pattern.search(record.flows[AT_HEAD].text)
    printed = found[0] if found else _("nothing")
    words = _("The masthead has %(printed)s, the record %(right)s.")
    report.check(False, piece.rule, 1, printed, words % {"printed": printed, "right": piece.label})


def _difference(flow: Flow, piece: ExpectedText, place: int) -> tuple[int, str, str]:
    """Page, quote and words for a text that isn't there as the record has it."""
    window = flow.text[place : place + len(piece.text) + NEARBY]
    length = bisect_left(range(1, len(piece.text) + 1), True, key=lambda n: piece.text[:n] not in window)
    at = place + max(window.find(piece.text[:length]), 0) + length
    if length < min(4, len(piece.text)) and piece.text in flow.text:
        return (
            flow.page(flow.text.find(piece.text)),
            piece.label,
            _("This text stands in another place than it should."),
        )
    if length < 4:
        return flow.page(place), piece.label, _("This text is missing.")
    start = max(length - 8, 0)
    words = _("After “%(before)s” the page goes on with “%(printed)s”, the record with “%(right)s”.")
    values = {
        "before": piece.text[start:length],
        "printed": flow.text[at : at + 8],
        "right": piece.text[length : length + 8],
    }
    return flow.page(at), piece.text[start : length + 12], words % values


def _check_extra(record: Record, content: IssueContent, report: Report) -> None:
    """Nothing stands between the record's texts but what belongs there: a list's number, ， between recipients, a leader."""
    repeated = heads(content)
    known = {piece.text for piece in record.pieces}
    for flow in record.flows.values():
        report.checked += 1
        if flow.missing:
            continue
        for start, end, pattern in _gaps(flow):
            text = flow.text[start:end]
            if re.fullmatch(pattern, text) or _is_repeated_head(flow, start, end, repeated):
                continue
            words = _("This text is not in the record.")
            if any(text.startswith(piece) for piece in known if len(piece) > 4):
                words = _("This text is printed twice.")
            report.add("extra", flow.page(start), text, words)


def _gaps(flow: Flow) -> Iterator[tuple[int, int, str]]:
    """Start and end of each stretch that no text of the record takes, and the pattern of what may stand there."""
    at, behind = 0, ""
    for start, end, piece in sorted(flow.found, key=lambda found: found[:2]):
        if start > at:
            yield at, start, f"(?:{behind})(?:{piece.before})"
        at, behind = max(at, end), piece.behind
    if at < len(flow.text):
        yield at, len(flow.text), behind


def _is_repeated_head(flow: Flow, start: int, end: int, repeated: set[str]) -> bool:
    """The head of a table that goes on on another page, with 续表 over it or not; a table may have no head."""
    text = re.sub(f"^（?{CONTINUED.pattern}）?", "", flow.text[start:end])
    return (text in repeated or not text) and any(line.kind == TABLE for line in flow.lines[start:end])


def _check_contents(record: Record, report: Report) -> None:
    """Each entry of the contents names the page on which its article begins."""
    found = record.flows[IN_TEXT].found
    starts = {piece.bookmark: at for at, _end, piece in found if piece.rule == "text" and piece.bookmark is not None}
    for _at, end, piece in found:
        if piece.rule != "contents" or piece.bookmark not in starts:
            continue
        flow = record.flows[IN_TEXT]
        printed = re.match(r"[….·]*([0-9]+)", _rest_of_line(flow, end))
        page = flow.page(starts[piece.bookmark])
        words = _("The contents send the reader to page %(printed)s instead of page %(right)s.")
        report.check(
            printed is not None and int(printed[1]) == page,
            "contents", flow.page(end), piece.label,
            words % {"printed": printed[1] if printed else _("nothing"), "right": page},
        )  # fmt: skip


def _rest_of_line(flow: Flow, at: int) -> str:
    """What stands behind a place of the text on the same line."""
    line = flow.lines[at - 1]
    return "".join(flow.text[i] for i in range(at, min(at + 80, len(flow.text))) if flow.lines[i] is line)


def _check_photos(record: Record, content: IssueContent, report: Report) -> None:
    expected = sum(len(story.photos) for story in (*content.articles, *content.briefs))
    found = sum(len(sheet.pictures) for sheet in record.book.sheets)
    words = _("%(found)s pictures are printed, the record has %(expected)s.")
    report.check(found == expected, "photos", 1, "", words % {"found": found, "expected": expected})


def _check_bookmarks(record: Record, report: Report) -> None:
    """A bookmark for each article that has a title, and for the briefs, to the page on which it begins."""
    flow, marks = record.flows[IN_TEXT], record.book.reading.bookmarks
    heads = [(at, piece) for at, _end, piece in flow.found if piece.rule == "text" and piece.bookmark is not None]
    words = _("There are %(found)s bookmarks for %(expected)s titles.") % {"found": len(marks), "expected": len(heads)}
    report.check(len(marks) == len(heads), "bookmarks", 1, "", words)
    for (title, page), (at, piece) in zip(marks, heads, strict=False):
        is_right = page == flow.page(at) and folded(title).rstrip("：") == piece.text.rstrip("：")
        report.check(is_right, "bookmarks", page or flow.page(at), title, _("The bookmark does not lead to its title."))


def _check_title(record: Record, content: IssueContent, report: Report) -> None:
    metadata = record.book.reading.metadata
    title = metadata.get("Title", "")
    words = _("The file's title is not that of the issue.")
    report.check(folded(title) == folded(file_title(content)), "metadata", 1, title, words)
    if content.dated_on:
        made = metadata.get("CreationDate", "")
        words = _("The file's day is not that of the issue.")
        report.check(made.startswith(f"D:{content.dated_on:%Y%m%d}"), "metadata", 1, made, words)
