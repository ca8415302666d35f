"""How the articles of an issue came about, as its office may read it: what its unit never handed in stays with the unit."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles import richtext
from articles.models import Article, ArticleEvent, ArticleRemark, ArticleVersion, UnitConfirmation
from articles.redline import Compared, Redline, side_of
from articles.versions import HANDED_IN, compare_texts
from issues.content import content_of
from issues.models import Issue, Placement
from typesetting.content import ArticleContent
from workflow.refusals import Refused

from .papers import Paper, file_part, moment, part, table, text


@dataclass(frozen=True)
class Told:
    """One story of the issue: its place in print from 1, what was signed of it, and what came before that."""

    number: int
    signed: ArticleContent
    placement: Placement
    events: list[ArticleEvent]
    versions: list[ArticleVersion]

    @property
    def article(self) -> Article:
        return self.placement.article

    @property
    def title(self) -> str:
        return "".join(line.strip() for line in self.signed.title.split("\n")) or self.placement.version.flat_title

    @property
    def folder(self) -> str:
        return f"过程/{self.number:02} {part(self.title) or '稿件'}"

    @property
    def submitted(self) -> ArticleVersion:
        """The version that its unit handed in first; the printed one where it came from nobody's hand."""
        handed_in = [event.version for event in self.events if event.transition in HANDED_IN and event.version]
        return handed_in[0] if handed_in else self.placement.version


def of(issue: Issue) -> list[Told]:
    """In the order of print. A query for the placements, two for each story."""
    content = content_of(issue)
    placements = {
        placement.article_id: placement for placement in issue.placements.select_related("article__unit", "version")
    }
    return [
        _told(number, story, placements[story.article_id])
        for number, story in enumerate((*content.articles, *content.briefs), 1)
    ]


def _told(number: int, story: ArticleContent, placement: Placement) -> Told:
    events = list(placement.article.events.select_related("by", "version"))
    for event in events:
        event.article = placement.article
    known = [event for event in events if not event.is_within_unit]
    seen = {event.version_id for event in known if event.to_status not in Article.WITHIN_UNIT}
    versions = placement.article.versions.named().filter(pk__in=seen | {placement.version_id}).order_by("number")
    return Told(number, story, placement, known, list(versions))


def papers_of(told: Told) -> Iterator[Paper]:
    """The Word files and photos as they came, each version as text, the comparison with what was printed."""
    for number, source in enumerate(told.article.source_files.order_by("pk"), 1):
        data = _bytes_of(source.file, source.name)
        yield Paper(f"{told.folder}/原稿/{number}-{file_part(source.name)}", data)
    entries = {entry["photo"] for version in told.versions for entry in version.photos}
    for number, photo in enumerate(told.article.all_photos.filter(pk__in=entries).order_by("pk"), 1):
        data = _bytes_of(photo.file, str(photo))
        if hashlib.sha256(data).hexdigest() != photo.sha256:
            raise Refused(_("The file of “%(name)s” was changed on the disk. %(advice)s") % _named(str(photo)))
        yield Paper(f"{told.folder}/照片/{number:02}.{str(photo.file.name).rpartition('.')[2]}", data)
    for version in told.versions:
        words = "\n".join([*_head(version, told.signed.unit), "", richtext.to_text(version.body)])
        yield text(f"{told.folder}/版本/第{version.number:02}版.txt", words)
    page = render_to_string("distribution/archiving/redline.html", {"redline": redline_of(told)})
    yield Paper(f"{told.folder}/花脸稿.html", page.encode())


def _head(version: ArticleVersion, unit: str) -> Iterable[str]:
    """What stands above the text of a version. The telephone is not printed, and not kept here."""
    made = (version.number, version.made_by, version.created_by, moment(version.created_at))
    values = {
        _("Title"): version.flat_title,
        _("Subtitle"): version.subtitle,
        _("Unit"): unit,
        _("Authors"): version.authors,
        _("Event date"): moment(version.event_on),
        _("Version"): "　".join(str(each) for each in made if each),
        _("Photos"): "；".join(photo["caption"] or "—" for photo in version.photos),
    }
    return (f"{name}：{value}" for name, value in values.items() if value)


def redline_of(told: Told) -> Redline:
    """From what was first submitted to what was printed: all that became of it on the way."""
    before, after = told.submitted, told.placement.version
    return Redline(
        title=told.title,
        unit=told.signed.unit,
        before=side_of(before),
        after=side_of(after),
        stories=(Compared(compare_texts(before, after)),),
    )


def _bytes_of(file: FieldFile, name: str) -> bytes:
    """What lies on the disk; a package without it would say that there was none."""
    try:
        with file.open("rb") as opened:
            return opened.read()
    except (OSError, ValueError) as error:
        raise Refused(_("The file of “%(name)s” is missing on the disk. %(advice)s") % _named(name)) from error


def _named(name: str) -> dict[str, str]:
    return {"name": name, "advice": _("Please tell the administrator to bring it back from a backup.")}


def trail(stories: Iterable[Told]) -> Paper:
    """Who did what with each of them, when and why."""
    head = [_("no."), _("title"), _("time"), _("done by"), _("what"), _("article version"), _("round")]
    rows = (
        [
            *(told.number, told.title, event.at, event.by, event.act or event.look.word),
            *(event.version and event.version.number, event.round, event.reason_code, event.reason_label, event.note),
        ]
        for told in stories
        for event in told.events
    )
    return table("过程/审稿经过.csv", [*head, _("code of the reason"), _("reason"), _("note")], rows)


def remarks(stories: Iterable[Told]) -> Paper:
    """What was said beside paragraphs, with the answers."""
    head = [_("no."), _("title"), _("article version"), _("paragraph"), _("passage"), _("remark"), _("by"), _("time")]
    rows = (row for told in stories for remark in _remarks_of(told) for row in _rows_of(told, remark))
    return table("过程/批注.csv", [*head, _("closed by"), _("closed at")], rows)


def _remarks_of(told: Told) -> Iterable[ArticleRemark]:
    return told.article.remarks.select_related("by", "closed_by", "version").prefetch_related("answers__by")


def _rows_of(told: Told, remark: ArticleRemark) -> Iterator[list[object]]:
    place = [told.number, told.title, remark.version.number, remark.paragraph, remark.quote]
    yield [*place, remark.text, remark.by, remark.at, remark.closed_by, remark.closed_at]
    for answer in remark.answers.all():
        yield [*place, _("answer: %(words)s") % {"words": answer.text}, answer.by, answer.at, "", ""]


def confirmations(stories: Iterable[Told]) -> Paper:
    """What the units said to the office's changes."""
    head = [_("no."), _("title"), _("article version"), _("asked by"), _("asked at"), _("answered by")]
    rows = (
        [
            *(told.number, told.title, asked.version.number, asked.asked_by, asked.asked_at, asked.answered_by),
            *(asked.answered_at, asked.state.word, _said(asked)),
        ]
        for told in stories
        for asked in told.article.confirmations.select_related("asked_by", "answered_by", "version", "article")
    )
    return table("过程/单位确认.csv", [*head, _("answered at"), _("answer"), _("remarks")], rows)


def _said(asked: UnitConfirmation) -> str:
    return "；".join(f"{remark['paragraph']}：{remark['text']}" for remark in asked.remarks)
