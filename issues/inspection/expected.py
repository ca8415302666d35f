"""What the record says must be printed, in order: read from the content by a reader of its own, not the typesetter's."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html.parser import HTMLParser

from .. import rendering
from ..content import ArticleContent, IssueContent
from ..layout import classes

# Where it stands. Captions are apart, since a photo may move up between the paragraphs of its article.
AT_HEAD, IN_TEXT, UNDER_PHOTO, AT_END = "head", "text", "caption", "end"
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "caption", "td", "th", "tr", "table"}
_BLOCKS |= {"ul", "ol", "thead", "tbody", "tfoot"}
_UNPRINTED = {"script", "style", "template"}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―－─−"), "-")
_DOTS = dict.fromkeys(map(ord, "•・‧∙●"), "·")


@dataclass(frozen=True)
class Piece:
    """A stretch of text without white space. `breaks` are the offsets at which the writer ended a line, its end included."""

    rule: str
    zone: str
    text: str
    label: str = ""
    breaks: frozenset[int] = frozenset()
    bookmark: int | None = None  # of the article that it heads, or that an entry of the contents names
    is_ordered: bool = True  # a mark in a corner of the masthead may come before or after another


def pieces(content: IssueContent) -> Iterator[Piece]:
    yield from _masthead(content)
    if content.has_contents:
        for number, article in enumerate(content.articles):
            if article.title.strip():
                yield _piece(rendering.flat(article.title), "contents", bookmark=number)
        if content.briefs:
            yield _piece("简讯", "contents", bookmark=len(content.articles))
    for line in content.editor_note.splitlines():
        yield _piece(line)
    for number, article in enumerate(content.articles):
        yield from _article(article, number)
    for number, article in enumerate(content.briefs):
        if not number:
            yield _piece(rendering.BRIEFS_HEADING, bookmark=len(content.articles))
        yield from _texts(article.body)
        yield from _captions(article)
    yield from _end_matter(content)


def _masthead(content: IssueContent) -> Iterator[Piece]:
    for name in content.name_lines:
        yield _piece(name, zone=AT_HEAD)
    yield _piece(rendering.number_line(content), "number", AT_HEAD)
    yield _piece(content.publisher, zone=AT_HEAD)
    yield _piece(rendering.date_line(content.dated_on), "date", AT_HEAD)
    labelled = (("准印证号：", content.permit_number), ("签发人：", content.signer))
    marks = [label + text for label, text in labelled if text]
    for text in (content.copy_number, content.security, content.notice, *marks):
        yield replace(_piece(text, zone=AT_HEAD), is_ordered=False)


def _article(article: ArticleContent, number: int) -> Iterator[Piece]:
    if article.title.strip():
        yield _piece(article.title, bookmark=number)
    yield _piece(article.subtitle.strip().lstrip("—-－―─"))
    yield from _texts(article.body)
    yield from _captions(article)


def _captions(article: ArticleContent) -> Iterator[Piece]:
    for photo in article.photos:
        yield _piece(photo.caption, zone=UNDER_PHOTO)


def _end_matter(content: IssueContent) -> Iterator[Piece]:
    for label, lines in (("报", content.report_to), ("送", content.send_to), ("发", content.issue_to)):
        for place, line in enumerate(lines):
            yield _piece(line if place else f"{label}：{line}", "recipients", AT_END)
    if content.print_run:
        yield _piece(f"共印{content.print_run}份", "recipients", AT_END)


def _texts(html: str) -> Iterator[Piece]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for text in reader.texts:
        yield _piece(text)


def _piece(text: str, rule: str = "text", zone: str = IN_TEXT, bookmark: int | None = None) -> Piece:
    """`text` may hold line feeds where the writer broke the line."""
    lines = [folded(line) for line in text.split("\n")]
    ends, length = set(), 0
    for line in lines:
        length += len(line)
        ends.add(length)
    return Piece(rule, zone, "".join(lines), re.sub(r"\s+", "", text), frozenset(ends), bookmark)


def folded(text: str) -> str:
    """Without white space and joiners, with one form of what fonts draw alike, so that both sides can be compared."""
    return "".join(filter(None, map(fold, text)))


@lru_cache(maxsize=16384)
def fold(character: str) -> str:
    if character.isspace() or classes.joins_previous(character):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    character = plain if len(plain) == 1 or plain.isalpha() and plain.isascii() else character
    return character.translate(_DASHES).translate(_DOTS)


class _Reader(HTMLParser):
    """The text of each block; a <br> is a line feed."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts = [""]
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in _UNPRINTED
        if tag in _BLOCKS:
            self.texts.append("")
        elif tag == "br":
            self.texts[-1] += "\n"

    def handle_endtag(self, tag):
        self.hidden -= tag in _UNPRINTED
        if tag in _BLOCKS:
            self.texts.append("")

    def handle_data(self, data):
        if not self.hidden:
            self.texts[-1] += re.sub(r"\s+", " ", data)
