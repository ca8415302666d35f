"""Reading a past issue back from its printed form: a PDF, the text extracted from one, or the Word file it was printed from.

`read(path)` gives the issue's parts in reading order and names what it is unsure of. It never makes
up a number or a date: what the file lacks is None. It knows no database.
"""

import multiprocessing
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from issues.past import evidence, word
from issues.past.blocks import Block, blocks_of
from issues.past.doubts import Warned, doubt_message, missing_parts, odd_paragraphs
from issues.past.masthead import Masthead, head_of, strays_in
from issues.past.pages import lines_on_pages
from issues.past.recipients import foot_begins, foot_of
from issues.past.text import NotAnIssue, ReadLine, compact, decode, joined, lines_in, tidy
from issues.past.units import NamedUnit, names_in, unit_of
from typesetting import limits, reading
from typesetting.lines.sentences import ends_sentence, run_on

__all__ = ["NotAnIssue", "PastArticle", "PastIssue", "Warned", "read", "read_bytes"]

LARGEST_FILE = 40 * 1024 * 1024
LONGEST_LINE, MOST_LINES = 2_000, 5_000  # a paragraph on one line; an issue of 200 pages
READ_SECONDS, READ_MEGABYTES = 60, 1_000
# What speaks for the file being an issue at all; fewer points and it is refused.
POINTS_NEEDED = 3


@dataclass
class PastArticle:
    title_lines: list[str]  # as printed, a subtitle with its dash too
    title: str
    subtitle: str | None
    paragraphs: list[str]
    line: int | None  # where it begins
    unit: NamedUnit | None = None  # by the names in it; a guess
    unit_said: str = ""  # its full name, by a person


@dataclass
class PastIssue:
    source: str
    masthead: Masthead
    contents: list[str] = field(default_factory=list)
    editor_note: list[str] = field(default_factory=list)
    articles: list[PastArticle] = field(default_factory=list)
    briefs_heading: str | None = None
    briefs: list[str] = field(default_factory=list)
    brief_units: list[str] = field(default_factory=list)  # the unit of each, where a person said them
    recipients: dict[str, list[str]] = field(default_factory=dict)  # by 报, 送 and, when there, 发
    print_run: int | None = None
    footer: list[str] = field(default_factory=list)
    doubts: list[Warned] = field(default_factory=list)  # about its text
    blocks: list[Block] = field(
        default_factory=list
    )  # of the text between masthead and 版记, the numbers of briefs too
    lines: list[ReadLine] = field(default_factory=list)  # of the whole file

    @property
    def warnings(self) -> list[Warned]:
        """All that a person should look at, in the order of the file; what is missing first."""
        return sorted([*missing_parts(self), *self.doubts], key=lambda warned: warned.line or 0)

    def as_dict(self) -> dict:
        """The form of the hand-checked structures; what only some issues have comes only then."""
        head = self.masthead
        form = {
            "source": self.source,
            "series_title": head.series_title,
            "kind": head.kind,
            "year": head.year,
            "number": head.number,
            "total_number": head.total_number,
            "publisher": head.publisher,
            "date": head.date.isoformat() if head.date else None,
            "masthead": head.lines,
            "contents": self.contents,
            "editor_note": self.editor_note,
            "articles": [
                {
                    "title": article.title,
                    "subtitle": article.subtitle,
                    "submitting_unit_guess": article.unit.name if article.unit else None,
                    "title_lines": article.title_lines,
                    "paragraphs": article.paragraphs,
                }
                for article in self.articles
            ],
            "briefs": self.briefs,
            "briefs_heading": self.briefs_heading,
            "recipients": self.recipients,
            "print_run": self.print_run,
            "footer": self.footer,
            "warnings": [{"line": warned.line, "message": warned.message} for warned in self.warnings],
        }
        optional = ("contents", "editor_note", "briefs_heading", "print_run", "footer")
        return {key: value for key, value in form.items() if value or key not in optional}


def read(path: Path | str) -> PastIssue:
    """NotAnIssue when the file is something else; OSError when it can't be opened."""
    return read_bytes(*file_at(path))


def file_at(path: Path | str) -> tuple[bytes, str]:
    path = Path(path)
    if path.stat().st_size > LARGEST_FILE:
        raise too_large(path.name)
    return path.read_bytes(), path.name


def too_large(name: str) -> NotAnIssue:
    return NotAnIssue(_("%(name)s is too large to be an issue of the bulletin.") % {"name": name})


def read_apart(path: Path | str) -> PastIssue:
    """As `read`, in a process of its own: a PDF made to take all memory or for ever is refused like any other."""
    data, name = file_at(path)
    data = prepared(data, name)
    processes = multiprocessing.get_context("fork")
    ours, theirs = processes.Pipe(duplex=False)
    reader = processes.Process(target=_answer, args=(theirs, data, name), daemon=True)
    reader.start()
    theirs.close()
    try:
        answer = ours.recv() if ours.poll(READ_SECONDS) else None
    except EOFError:  # a C library without memory ends its process
        answer = MemoryError()
    finally:
        reader.kill()
        reader.join()
    if isinstance(answer, PastIssue):
        return answer
    if isinstance(answer, NotAnIssue):
        raise answer
    if isinstance(answer, MemoryError):
        raise NotAnIssue(_("%(name)s takes too much memory to read; it is no issue of the bulletin.") % {"name": name})
    raise _too_long(name)


def _answer(pipe, data: bytes, name: str) -> None:
    """Sends what was read, or why not; a fault of ours ends this process with its traceback."""
    answer: PastIssue | Exception
    try:
        with limits.memory(READ_MEGABYTES):
            answer = read_prepared(data, name)
    except (NotAnIssue, MemoryError) as error:
        answer = error
    pipe.send(answer)


def read_in_time(data: bytes, name: str) -> PastIssue:
    """As `read_bytes`, for a worker, which may have no process of its own: what ends it is counted as an attempt."""
    data = prepared(data, name)
    try:
        with limits.limits(READ_SECONDS):
            return read_prepared(data, name)
    except limits.OverLimit as error:
        raise _too_long(name) from error


def _too_long(name: str) -> NotAnIssue:
    return NotAnIssue(_("%(name)s takes too long to read; it is no issue of the bulletin.") % {"name": name})


def read_bytes(data: bytes, name: str) -> PastIssue:
    """NotAnIssue when it is something else."""
    return read_prepared(prepared(data, name), name)


def prepared(data: bytes, name: str) -> bytes:
    """An older Word file as LibreOffice writes it anew, every other file as it is; the limits on reading are not for that."""
    return word.as_docx(data, name) if word.is_word(data) else data


def read_prepared(data: bytes, name: str) -> PastIssue:
    """By its content: its name may say something else."""
    if not word.is_word(data):
        is_pdf = data.lstrip()[:5] == b"%PDF-" or name.lower().endswith(".pdf")
        return read_lines(lines_of_pdf(data, name) if is_pdf else lines_in(decode(data, name)), name)
    found = word.lines_of_word(data, name)
    issue = read_lines(found.lines, name)
    if found.pictures:
        words = _("%(count)s pictures are not taken over; they stay in the file, which is kept.")
        issue.doubts.append(Warned(None, words % {"count": found.pictures}, is_note=True))
    issue.doubts += [Warned(line, _("Here stands a table; its rows were read as lines.")) for line in found.tables]
    return issue


def lines_of_pdf(data: bytes, name: str) -> list[ReadLine]:
    try:
        lines = lines_on_pages(reading.lines_of(data))
    except reading.UnreadablePdf as error:
        raise NotAnIssue(
            _("%(name)s can't be opened as a PDF; it is damaged or locked. Export the issue again.") % {"name": name}
        ) from error
    if not lines:
        raise NotAnIssue(
            _("%(name)s holds no text, only pictures of pages. Import the text (.txt) of the issue instead.")
            % {"name": name}
        )
    return lines


def refuse_too_much(lines: Sequence[ReadLine], name: str) -> None:
    """Before each line is weighed against the others, which takes the longer the more they are."""
    if len(lines) > MOST_LINES:
        raise NotAnIssue(
            _("%(name)s has %(count)s lines, an issue at most %(most)s. Check that it is the right file.")
            % {"name": name, "count": len(lines), "most": MOST_LINES}
        )
    for line in lines:
        if len(line.text) > LONGEST_LINE:
            raise NotAnIssue(
                _(
                    "Line %(line)s of %(name)s has %(count)s characters, at most %(most)s are read. Break it and try again."
                )
                % {"line": line.number, "name": name, "count": len(line.text), "most": LONGEST_LINE}
            )


def read_lines(lines: Sequence[ReadLine], name: str) -> PastIssue:
    refuse_too_much(lines, name)
    foot_at = foot_begins(lines)
    strays = strays_in(lines[foot_at:])
    head, contents, head_end = head_of(lines[:foot_at], strays)
    foot = foot_of([line for line in lines[foot_at:] if line not in strays])
    blocks, doubts = blocks_of(with_headings_apart(lines[head_end:foot_at]), contents)
    blocks = with_spaces_kept(blocks)
    issue = PastIssue(
        source=name,
        masthead=head,
        contents=contents,
        recipients=foot.recipients,
        print_run=foot.print_run,
        footer=foot.footer,
        blocks=blocks,
        lines=list(lines),
    )
    take_blocks(issue, without_numbers(blocks))
    name_units(issue)
    refuse_other_texts(issue, name)
    issue.doubts = [
        *(Warned(doubt.line.number, doubt_message(doubt)) for doubt in doubts),
        *odd_paragraphs(blocks),
        *(Warned(line.number, _("Unsure whether this recipient goes on in the next line.")) for line in foot.unsure),
    ]
    return issue


def with_headings_apart(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """`简讯：1.…` as two lines, and a `title ——subtitle` that one line holds."""
    apart: list[ReadLine] = []
    for line in lines:
        cut = re.match(r"([【\[]?简\s*讯[】\]]?\s*[：:]\s*)(?=[1１（(①])", line.text)
        cut = cut or re.match(r"([^。，]{4,60}?[ \u3000]+)(?=——?[^—])", line.text)
        if cut and cut.end() < len(line.text) and not (cut[0][-1] in " \u3000" and ends_sentence(line.text)):
            apart.append(replace(line, text=cut[0].strip(), ends_paragraph=None))
            apart.append(replace(line, text=line.text[cut.end() :], gap=0, breaks_page=False))
        else:
            apart.append(line)
    return apart


def with_spaces_kept(blocks: Sequence[Block]) -> list[Block]:
    """A space at which a line was broken is not printed; where the issue writes the same phrases elsewhere, it is known."""
    phrases = {
        (match[1], match[2])
        for block in blocks
        for line in block.lines
        for match in re.finditer(r"([\u4e00-\u9fff]{3})[ \u3000](?=([\u4e00-\u9fff]{3}))", line.text)
    }
    kept = []
    for block in blocks:
        lines = list(block.lines)
        for at, (line, after) in enumerate(zip(lines, lines[1:], strict=False)):
            if block.role != "title" and (line.text[-3:], after.text[:3]) in phrases:
                lines[at] = replace(line, text=f"{line.text} ")
        kept.append(Block(block.role, lines))
    return kept


def typed_lines(lines: Sequence[ReadLine]) -> list[str]:
    """The lines of a title without the breaks that a program put in because the page was too narrow."""
    typed: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            typed[-1] = run_on([typed[-1], line.text])
        else:
            typed.append(line.text)
        goes_on = bool(line.is_full)
    return typed


def _take_block(article: PastArticle, block: Block, text: str) -> None:
    if block.role == "title":
        article.title_lines = [tidy(line) for line in typed_lines(block.lines)]
        article.title = re.sub(r"\s+", "\u3000", "".join(article.title_lines))
    elif block.role == "subtitle":
        article.title_lines += [tidy(line.text) for line in block.lines]
        article.subtitle = evidence.SUBTITLE.sub("", text, count=1)
    else:
        article.paragraphs.append(text)


def without_numbers(blocks: Sequence[Block]) -> list[Block]:
    """The briefs without the numbers that they bear."""
    numbered = evidence.brief_starts([line for block in blocks for line in block.lines])
    bare, at = [], 0
    for block in blocks:
        first = block.lines[0]
        if block.role == "brief":
            first = replace(first, text=numbered.get(at, first.text))
        bare.append(Block(block.role, [first, *block.lines[1:]]))
        at += len(block.lines)
    return bare


def take_blocks(issue: PastIssue, blocks: Sequence[Block]) -> None:
    article: PastArticle | None = None
    for block in blocks:
        text = joined(block.lines)
        if block.role in ("title", "subtitle", "paragraph", "aside"):
            if article is None or block.role == "title":
                article = PastArticle([], "", None, [], block.lines[0].number)
                issue.articles.append(article)
            _take_block(article, block, text)
        elif block.role == "briefs heading":
            issue.briefs_heading = text
        elif block.role == "brief":
            issue.briefs.append(text)
        elif block.role == "note":
            issue.editor_note.append(text)


def name_units(issue: PastIssue) -> None:
    """Each story's unit among those that the issue names in full."""
    units = names_in([text for article in issue.articles for text in (article.title, *article.paragraphs)])
    for article in issue.articles:
        article.unit = unit_of(f"{article.title}{article.subtitle or ''}", article.paragraphs, units)


def refuse_other_texts(issue: PastIssue, name: str) -> None:
    """A text that shows neither masthead nor 版记, or no article, is something else."""
    head = issue.masthead
    points = 2 * bool(issue.recipients.get("报") and issue.recipients.get("送"))
    points += bool(issue.recipients.get("报") or issue.recipients.get("送"))
    points += 2 * bool(head.number or head.total_number) + bool(head.publisher) + bool(head.date)
    points += 2 * bool(head.series_title)
    complete = [article for article in issue.articles if article.title and article.paragraphs]
    words = "".join(paragraph for article in complete for paragraph in article.paragraphs)
    chinese = len(re.findall("[\u4e00-\u9fff]", words)) > 0.5 * len(compact(words))
    if points < POINTS_NEEDED or not complete or not chinese:
        raise NotAnIssue(
            _(
                "%(name)s does not read like an issue of the bulletin: it needs a masthead or 报/送 lists, and "
                "articles with titles. Check that it is the right file."
            )
            % {"name": name}
        )
