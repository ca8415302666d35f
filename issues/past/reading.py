"""Reading a past issue back from its printed form: a PDF, or the text extracted from one.

`read(path)` gives the issue's parts in reading order and names what it is unsure of. It never makes
up a number or a date: what the file lacks is None. It knows no database.
"""

import multiprocessing
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from issues.past import evidence
from issues.past.blocks import Block, Doubt, blocks_of
from issues.past.masthead import Masthead, head_of, strays_in
from issues.past.pages import lines_on_pages
from issues.past.recipients import foot_begins, foot_of
from issues.past.text import NotAnIssue, ReadLine, compact, decode, joined, lines_in, tidy
from issues.past.units import NamedUnit, names_in, unit_of
from typesetting import limits, reading
from typesetting.lines.sentences import ends_sentence

__all__ = ["NotAnIssue", "PastArticle", "PastIssue", "Warned", "read", "read_bytes"]

LARGEST_FILE = 40 * 1024 * 1024
LONGEST_LINE, MOST_LINES = 2_000, 5_000  # a paragraph on one line; an issue of 200 pages
READ_SECONDS, READ_MEGABYTES = 60, 1_000
# What speaks for the file being an issue at all; fewer points and it is refused.
POINTS_NEEDED = 3


@dataclass(frozen=True)
class Warned:
    """What a person should look at, with the line in the file (None: the whole file)."""

    line: int | None
    message: str


@dataclass
class PastArticle:
    title_lines: list[str]  # as printed, a subtitle with its dash too
    title: str
    subtitle: str | None
    paragraphs: list[str]
    line: int | None  # where it begins
    unit: NamedUnit | None = None  # by the names in it; a guess


@dataclass
class PastIssue:
    source: str
    masthead: Masthead
    contents: list[str] = field(default_factory=list)
    editor_note: list[str] = field(default_factory=list)
    articles: list[PastArticle] = field(default_factory=list)
    briefs_heading: str | None = None
    briefs: list[str] = field(default_factory=list)
    recipients: dict[str, list[str]] = field(default_factory=dict)  # by 报, 送 and, when there, 发
    print_run: int | None = None
    footer: list[str] = field(default_factory=list)
    doubts: list[Warned] = field(default_factory=list)  # about its text

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
    path = Path(path)
    if path.stat().st_size > LARGEST_FILE:
        raise NotAnIssue(_("%(name)s is too large to be an issue of the bulletin.") % {"name": path.name})
    return read_bytes(path.read_bytes(), path.name)


def read_apart(path: Path | str) -> PastIssue:
    """As `read`, in a process of its own: a PDF made to take all memory or for ever is refused like any other."""
    processes = multiprocessing.get_context("fork")
    ours, theirs = processes.Pipe(duplex=False)
    reader = processes.Process(target=_answer, args=(theirs, path), daemon=True)
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
    if isinstance(answer, NotAnIssue | OSError):
        raise answer
    name = {"name": Path(path).name}
    if isinstance(answer, MemoryError):
        raise NotAnIssue(_("%(name)s takes too much memory to read; it is no issue of the bulletin.") % name)
    raise NotAnIssue(_("%(name)s takes too long to read; it is no issue of the bulletin.") % name)


def _answer(pipe, path: Path | str) -> None:
    """Sends what was read, or why not; a fault of ours ends this process with its traceback."""
    answer: PastIssue | Exception
    try:
        with limits.memory(READ_MEGABYTES):
            answer = read(path)
    except (NotAnIssue, OSError, MemoryError) as error:
        answer = error
    pipe.send(answer)


def read_bytes(data: bytes, name: str) -> PastIssue:
    if data.lstrip()[:5] == b"%PDF-" or name.lower().endswith(".pdf"):
        return read_lines(lines_of_pdf(data, name), name)
    return read_lines(lines_in(decode(data, name)), name)


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
    issue = PastIssue(
        source=name,
        masthead=head,
        contents=contents,
        recipients=foot.recipients,
        print_run=foot.print_run,
        footer=foot.footer,
    )
    take_blocks(issue, blocks)
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
            apart.append(ReadLine(line.number, cut[0].strip(), line.gap, line.breaks_page, None, line.indented))
            apart.append(ReadLine(line.number, line.text[cut.end() :], 0, False, line.ends_paragraph, line.indented))
        else:
            apart.append(line)
    return apart


def _take_block(article: PastArticle, block: Block, text: str) -> None:
    if block.role == "title":
        article.title_lines = [tidy(line.text) for line in block.lines]
        article.title = re.sub(r"\s+", "\u3000", "".join(article.title_lines))
    elif block.role == "subtitle":
        article.title_lines += [tidy(line.text) for line in block.lines]
        article.subtitle = evidence.SUBTITLE.sub("", text, count=1)
    else:
        article.paragraphs.append(text)


def take_blocks(issue: PastIssue, blocks: Sequence[Block]) -> None:
    numbered = evidence.brief_starts([line for block in blocks for line in block.lines])
    at = 0
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
            first = ReadLine(block.lines[0].number, numbered.get(at, block.lines[0].text))
            issue.briefs.append(joined([first, *block.lines[1:]]))
        elif block.role == "note":
            issue.editor_note.append(text)
        at += len(block.lines)


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


# --- warnings -----------------------------------------------------------------------------------


def missing_parts(issue: PastIssue) -> list[Warned]:
    head = issue.masthead
    warned = []
    if head.number is None:
        warned.append(_("The file has no issue number (第N期)."))
    if head.date is None:
        warned.append(_("The file has no date of issue."))
    if head.impossible_date:
        warned.append(_("The date %(date)s does not exist.") % {"date": head.impossible_date})
    if head.date and head.year and head.date.year != head.year:
        warned.append(_("The number is of %(year)s, the date of another year.") % {"year": head.year})
    if not issue.recipients.get("报") and not issue.recipients.get("送"):
        warned.append(_("The file has no 报/送 lists."))
    listed = [compact(entry) for entry in issue.contents]
    titles = [compact(article.title) for article in issue.articles]
    if listed and not all(any(one in title or title in one for one in listed) for title in titles if title):
        warned.append(_("The list of contents and the titles of the articles differ."))
    whole = [Warned(None, message) for message in warned]
    untitled = [article for article in issue.articles if not article.title]
    whole += [Warned(article.line, _("This text stands before the first title.")) for article in untitled]
    return whole


def doubt_message(doubt: Doubt) -> str:
    names = {
        "title": _("a title"),
        "subtitle": _("a subtitle"),
        "paragraph": _("the beginning of a paragraph"),
        "paragraph 2": _("the continuation of a paragraph"),
        "aside": _("a heading or caption"),
        "briefs heading": _("the heading of the briefs"),
        "brief": _("the beginning of a brief"),
        "brief 2": _("the continuation of a brief"),
        "note": _("the beginning of an editor's note"),
        "note 2": _("the continuation of an editor's note"),
    }
    return _("“%(text)s” was taken as %(role)s; it could be %(instead)s.") % {
        "text": shortened(doubt.line.text),
        "role": names[doubt.role],
        "instead": names[doubt.instead],
    }


def shortened(text: str) -> str:
    return text if len(text) <= 16 else f"{text[:15]}…"


def odd_paragraphs(blocks: Sequence[Block]) -> list[Warned]:
    """Spaces that are not the extraction's, captions, and paragraphs that break off."""
    warned = []
    for block in blocks:
        if block.role not in ("paragraph", "brief", "note", "aside"):
            continue
        text, line = joined(block.lines), block.lines[0].number
        if space := re.search(r"[^\sA-Za-z]{1,6}\s+[^\s]{1,6}", text):
            warned.append(Warned(line, _("A space inside the text was kept: “%(text)s”.") % {"text": space[0]}))
        if evidence.CAPTION.match(text):
            warned.append(Warned(line, _("This looks like the caption of a photo.")))
        elif block.role != "aside" and not ends_sentence(text) and not re.search("[：:；;]$", text):
            warned.append(Warned(block.lines[-1].number, _("This paragraph ends without a full stop.")))
    return warned
