"""What the record says must be printed, in order: read from the content by a reader of its own, not the typesetter's."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html.parser import HTMLParser

from ..content import ArticleContent, IssueContent
from ..fonts.roles import BODY, HEI, KAI, MASTHEAD, TITLE
from ..lines import classes

# Where it stands. Captions are apart, since a photo may move up between the paragraphs of its article.
AT_HEAD, IN_TEXT, UNDER_PHOTO, AT_END = "head", "text", "caption", "end"
# What it is, as far as its font and size depend on it (GB/T 9704-2012 7.3.1 and 7.3.3, the house's for the rest).
PLAIN, HEADLINE, CELL, ANY = "plain", "headline", "cell", "any"
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "caption", "td", "th", "tr", "table"}
_BLOCKS |= {"ul", "ol", "thead", "tbody", "tfoot"}
_ROLES = {"h1": HEI, "h2": HEI, "h3": HEI, "h4": KAI, "h5": KAI, "h6": KAI, "th": HEI, "caption": HEI}
_INLINE = {"strong": HEI, "b": HEI, "em": KAI, "i": KAI}
_UNPRINTED = {"script", "style", "template"}
_HYPHENS = dict.fromkeys(map(ord, "‐‑"), "-")  # one shape in every font
_DOTS = dict.fromkeys(map(ord, "•・‧∙●"), "·") | {ord("⋯"): "…"}
_POINT = "[.．]"


@dataclass(frozen=True)
class ExpectedText:
    """A stretch of text without white space. `breaks` are the offsets at which the writer ended a line, its end included;
    `roles` the font role of each character, empty where any will do; `before` and `behind` patterns of what the page adds."""

    rule: str
    zone: str
    text: str
    label: str = ""
    breaks: frozenset[int] = frozenset()
    bookmark: int | None = None  # of the article that it heads, or that an entry of the contents names
    is_ordered: bool = True  # a mark in a corner of the masthead may come before or after another
    kind: str = ANY
    roles: tuple[str, ...] = ()
    before: str = ""
    behind: str = ""


def pieces(content: IssueContent) -> Iterator[ExpectedText]:
    yield from _masthead(content)
    if content.has_contents:
        yield from _contents(content)
    for place, line in enumerate(line for line in content.editor_note.splitlines() if line.strip()):
        yield _piece(line, kind=PLAIN, role=KAI, before="" if place else "(编者按：)?")
    for number, article in enumerate(content.articles):
        yield from _article(article, number)
    for number, article in enumerate(content.briefs):
        if not number:
            yield _piece("简讯：", bookmark=len(content.articles), kind=PLAIN, role=HEI)
        yield from _numbered(_texts(article.body), number + 1)
        yield from _captions(article)
    yield from _end_matter(content)


def _numbered(texts: Iterable[ExpectedText], number: int) -> Iterator[ExpectedText]:
    """A brief has its number before its first words."""
    before = f"{number}{_POINT}"
    for piece in texts:
        yield replace(piece, before=before + piece.before) if piece.text else piece
        before = "" if piece.text else before


def _contents(content: IssueContent) -> Iterator[ExpectedText]:
    titles = [article.title for article in content.articles] + (["简讯"] if content.briefs else [])
    entries = [
        replace(_piece(title, "contents", kind=PLAIN, role=BODY, bookmark=number), behind="…*[0-9]+")
        for number, title in enumerate(titles)
        if title.strip()
    ]
    if entries:
        yield _piece("目录", role=TITLE)
    yield from entries


def _masthead(content: IssueContent) -> Iterator[ExpectedText]:
    for name in content.name_lines:
        yield _piece(name, zone=AT_HEAD, role=MASTHEAD)
    yield _piece(number_text(content), "number", AT_HEAD)
    yield replace(_piece(content.publisher, zone=AT_HEAD), behind="编?")
    yield _piece(date_text(content), "date", AT_HEAD)
    labelled = (("准印证号：", content.permit_number), ("签发人：", content.signer))
    marks = [label + text for label, text in labelled if text]
    for text in (content.copy_number, content.security, content.notice, *marks):
        yield replace(_piece(text, zone=AT_HEAD), is_ordered=False)


def number_text(content: IssueContent) -> str:
    """The number as the record has it, read here and not taken from the page's maker: 2026年第9期（总第544期）."""
    parts = [] if content.total_number is None else [f"总第{content.total_number}期"]
    if content.number is not None:
        year = "" if content.year is None else f"{content.year}年"
        parts.insert(0, f"{year}{'增刊' * (content.kind == 'supplement')}第{content.number}期{content.edition}")
    return "（".join(parts) + "）" * (len(parts) == 2)


def date_text(content: IssueContent) -> str:
    day = content.dated_on
    return "" if day is None else "{}年{}月{}日".format(*day.timetuple()[:3])


def file_title(content: IssueContent) -> str:
    """What the file is called in a reader's window: the bulletin with its number, else with its day."""
    return ("".join(content.name_lines) or "简报") + (number_text(content) or date_text(content))


def heads(content: IssueContent) -> set[str]:
    """The head of each table, which may stand again on every page that the table goes on."""
    found = set()
    for article in (*content.articles, *content.briefs):
        reader = _read(article.body)
        found |= {folded(head) for head in reader.heads}
    return found - {""}


def addresses(content: IssueContent) -> set[str]:
    """All addresses that the texts of the record name in a link."""
    return {href for article in (*content.articles, *content.briefs) for href in _read(article.body).addresses}


def texts(html: str) -> list[str]:
    """The words of each block, without the marks of lists."""
    return ["".join(block.texts) for block in _read(html).blocks]


def _article(article: ArticleContent, number: int) -> Iterator[ExpectedText]:
    if article.title.strip():
        yield _piece(article.title, bookmark=number, kind=HEADLINE, role=TITLE)
    subtitle = article.subtitle.strip().lstrip("—-－―─")
    yield _piece(subtitle, role=KAI, before="——")
    yield from _texts(article.body)
    yield from _captions(article)


def _captions(article: ArticleContent) -> Iterator[ExpectedText]:
    for _text, photos in article.parts:
        for photo in photos:
            yield _piece(photo.caption, zone=UNDER_PHOTO, role=KAI)


def _end_matter(content: IssueContent) -> Iterator[ExpectedText]:
    for label, lines in (("报", content.report_to), ("送", content.send_to), ("发", content.issue_to)):
        for place, line in enumerate(lines):
            text, before = (line, "，?") if place else (f"{label}：{line}", "")
            yield _piece(text, "recipients", AT_END, role=BODY, before=before)
    if content.print_run:
        yield _piece(f"共印{content.print_run}份", "recipients", AT_END, role=BODY)


def _texts(html: str) -> Iterator[ExpectedText]:
    for block in _read(html).blocks:
        yield _piece("".join(block.texts), kind=block.kind, role=block.roles, before=block.before)


def _read(html: str) -> "_RecordReader":
    reader = _RecordReader()
    reader.feed(html)
    reader.close()
    return reader


def _piece(
    text: str,
    rule: str = "text",
    zone: str = IN_TEXT,
    *,
    kind: str = ANY,
    role: str | list[str] = "",
    bookmark: int | None = None,
    before: str = "",
) -> ExpectedText:
    """`text` may hold line feeds where the writer broke the line; `role` is that of all its characters or a list of each's."""
    given = [role] * len(text) if isinstance(role, str) else role
    plain, roles, ends = "", [], set()
    for character, each in zip(text, given, strict=True):
        if character == "\n":
            ends.add(len(plain))
        part = fold(character)
        plain += part
        roles += [each] * len(part)
    return ExpectedText(
        rule,
        zone,
        plain,
        re.sub(r"\s+", "", text),
        frozenset((*ends, len(plain))),
        bookmark,
        kind=kind,
        roles=tuple(roles),
        before=before,
    )


def folded(text: str) -> str:
    """Without white space and joiners, with one form of what fonts draw alike, so that both sides can be compared."""
    return "".join(filter(None, map(fold, text)))


@lru_cache(maxsize=16384)
def fold(character: str) -> str:
    if character.isspace() or classes.joins_previous(character):
        return ""
    if not unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")):  # ， is not , nor Ａ an A
        plain = unicodedata.normalize("NFKC", character)
        character = plain if plain.isalpha() and (len(plain) == 1 or plain.isascii()) else character
    return character.translate(_HYPHENS).translate(_DOTS)


class _ExpectedBlock:
    """The text of one block with the font role of each character; `before` is the mark of a list."""

    def __init__(self, role: str, kind: str, before: str):
        self.role, self.kind, self.before = role, kind, before
        self.texts: list[str] = []
        self.roles: list[str] = []


class _RecordReader(HTMLParser):
    """The blocks of a text; a <br> is a line feed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_ExpectedBlock] = []
        self.open: list[str] = []
        self.lists: list[int | None] = []  # the next number of each open list; None of one with points
        self.mark = ""
        self.heads: list[str] = []
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "br":
            self._add("\n")
            return
        if tag in ("ul", "ol"):
            start = attributes.get("start") or "1"
            self.lists.append(None if tag == "ul" else int(start) if start.isdecimal() else 1)
        elif tag == "li" and self.lists:
            number = self.lists[-1]
            self.mark = "·" if number is None else f"{number}{_POINT}"
            self.lists[-1] = None if number is None else number + 1
        elif tag == "table":
            self.heads.append("")
        elif tag == "a":
            self.addresses.add(attributes.get("href") or "")
        self.open.append(tag)
        if tag in _BLOCKS:
            self._begin()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]
        if tag in ("ul", "ol"):
            self.lists = self.lists[:-1]
        if tag in _BLOCKS:
            self._begin()

    def _begin(self) -> None:
        """A new block, in the role of the innermost element that has one; a paragraph in a quotation may have either."""
        inner = next((tag for tag in reversed(self.open) if tag in _ROLES), "")
        role = _ROLES.get(inner, "" if "blockquote" in self.open else BODY)
        self.blocks.append(_ExpectedBlock(role, CELL if {"td", "th", "caption"} & set(self.open) else PLAIN, ""))

    def handle_data(self, data: str) -> None:
        self._add(re.sub(r"\s+", " ", data))

    def _add(self, text: str) -> None:
        if _UNPRINTED & set(self.open):
            return
        if not self.blocks:
            self._begin()
        block = self.blocks[-1]
        if text.strip() and self.mark:
            block.before, self.mark = self.mark, ""
        names = [_INLINE[tag] for tag in self.open if tag in _INLINE]
        role = "" if {"sub", "sup"} & set(self.open) else HEI if HEI in names else KAI if names else block.role
        block.texts.append(text)
        block.roles += [role] * len(text)
        if "th" in self.open and self.heads:
            self.heads[-1] += text
