"""What a correction, a corrected edition or a withdrawal says: made from the issue that it is about and what is put right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from django.utils.text import Truncator

from articles.dates import written
from articles.richtext import to_text
from typesetting.blocks import blocks
from typesetting.content import ArticleContent, IssueContent

from .models import Edition, Erratum, Issue, Part

_TAGS = re.compile(r"(<[^>]*>)")


class NotFound(ValueError):
    """The quoted words don't stand there exactly once; `times` says how often."""

    def __init__(self, times: int):
        super().__init__(times)
        self.times = times


@dataclass(frozen=True)
class Passage:
    """A title, subtitle, paragraph or caption of an issue, as it is pointed at. `name` is how the correction calls it."""

    story: int
    part: str
    block: int
    name: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.story}-{self.part}-{self.block}"


def content_of_amendment(issue: Issue, base: IssueContent, *, dated_on: date) -> IssueContent:
    """`base` is what the issue says that it is about, as it stands in force."""
    assert issue.amends, "what amends names its issue"
    errata = list(issue.errata.all())
    content = replace(base, edition=issue.edition_words, dated_on=dated_on)
    if issue.is_revision:
        content = corrected(content, errata)
        words = "".join(f"{sentence(base, erratum)}" for erratum in errata)
        note = f"本期更正{written(issue.amends.dated_on)}印发的{issue.amends}：{words}" if errata else ""
        return replace(content, editor_note="\n".join(filter(None, (note, base.editor_note))))
    notice = _withdrawal(issue) if issue.is_withdrawal else _correction(issue, base, errata)
    return replace(content, articles=(notice,), briefs=(), editor_note="", has_contents=False)


# --- the notices ----------------------------------------------------------------------------------------------------
def _correction(issue: Issue, base: IssueContent, errata: list[Erratum]) -> ArticleContent:
    assert issue.amends
    words = [sentence(base, erratum) for erratum in errata]
    if len(words) > 1:
        words = [f"{number}．{text}" for number, text in enumerate(words, 1)]
    begin = f"{issue.amends}（{written(issue.amends.dated_on)}印发）内容有误，现更正如下："
    return _notice(f"关于{issue.amends}的更正", [begin, *words, *issue.reason.splitlines(), "特此更正。"])


def _withdrawal(issue: Issue) -> ArticleContent:
    assert issue.amends
    said = f"{issue.amends}（{written(issue.amends.dated_on)}印发）现予撤回，请勿继续传阅、引用。"
    return _notice(f"关于撤回{issue.amends}的通知", [said, *issue.reason.splitlines(), "特此通知。"])


def _notice(title: str, lines: Iterable[str]) -> ArticleContent:
    body = "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in lines if line.strip())
    return ArticleContent(0, title, "", "", "", body, (), "bureau")


def sentence(base: IssueContent, erratum: Erratum) -> str:
    """One erratum in the words of the notice."""
    found = {passage.key: passage for passage in passages(base)}
    passage = found[f"{erratum.story}-{erratum.part}-{erratum.block}"]
    should = f"应为“{erratum.right}”" if erratum.right else "应删去"
    return f"{passage.name}“{erratum.wrong}”{should}。".replace("\n", "")


# --- the passages ---------------------------------------------------------------------------------------------------
def passages(content: IssueContent) -> list[Passage]:
    """All that an erratum can point at, in the order of print."""
    found = []
    for number, story in enumerate((*content.articles, *content.briefs), 1):
        of = f"《{story.title.replace(chr(10), '')}》"
        if number > len(content.articles):
            of = f"简讯第{number - len(content.articles)}条"
        named = [(Part.TITLE, 1, f"{of}标题", story.title), (Part.SUBTITLE, 1, f"{of}副标题", story.subtitle)]
        texts = enumerate(map(to_text, blocks(story.body)), 1)
        named += [(Part.TEXT, at, f"{of}第{at}段", text) for at, text in texts]
        captions = enumerate(story.photos, 1)
        named += [(Part.CAPTION, at, f"{of}第{at}张照片的说明", photo.caption) for at, photo in captions]
        found += [Passage(number, part, block, name, text) for part, block, name, text in named if text.strip()]
    return found


def short(passage: Passage) -> str:
    return Truncator(passage.text).chars(60)


# --- putting right --------------------------------------------------------------------------------------------------
def corrected(content: IssueContent, errata: Iterable[Erratum]) -> IssueContent:
    """The content with all errata put right, one after the other. NotFound when one's words don't stand there just once."""
    stories = [*content.articles, *content.briefs]
    for erratum in errata:
        stories[erratum.story - 1] = _put_right(stories[erratum.story - 1], erratum)
    count = len(content.articles)
    return replace(content, articles=tuple(stories[:count]), briefs=tuple(stories[count:]))


def _put_right(story: ArticleContent, erratum: Erratum) -> ArticleContent:
    at, wrong, right = erratum.block - 1, erratum.wrong, erratum.right
    if erratum.part == Part.TITLE:
        return replace(story, title=_replaced(story.title, wrong, right))
    if erratum.part == Part.SUBTITLE:
        return replace(story, subtitle=_replaced(story.subtitle, wrong, right))
    if erratum.part == Part.CAPTION:
        photos = list(story.photos)
        photos[at] = replace(photos[at], caption=_replaced(photos[at].caption, wrong, right))
        return replace(story, photos=tuple(photos))
    parts = blocks(story.body)
    parts[at] = _replaced_in_html(parts[at], escape(wrong, quote=False), escape(right, quote=False))
    return replace(story, body="".join(parts))


def _replaced(text: str, wrong: str, right: str) -> str:
    if text.count(wrong) != 1:
        raise NotFound(text.count(wrong))
    return text.replace(wrong, right)


def _replaced_in_html(html: str, wrong: str, right: str) -> str:
    """In the text between the tags alone."""
    pieces = _TAGS.split(html)
    count = sum(piece.count(wrong) for piece in pieces[::2])
    if count != 1:
        raise NotFound(count)
    pieces[::2] = [piece.replace(wrong, right) for piece in pieces[::2]]
    return "".join(pieces)


def in_force(original: Issue) -> Issue:
    """The newest corrected edition, else the issue itself: what a further correction is about."""
    revisions = original.amendments.issued().filter(edition=Edition.REVISION)
    return revisions.select_related("frozen").order_by("-issued_at", "-pk").first() or original
