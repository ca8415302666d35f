"""What changed in an issue since it was sent to the signer the time before."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.comparison import Block, Comparison, Parts, Story, StoryPhoto, compare_stories
from articles.difference import Kind, characters, in_order
from articles.redline import Compared, Redline, Side
from articles.richtext import to_text
from typesetting.content import ArticleContent, IssueContent, from_json

from .models import FrozenContent, Issue, IssueEvent

NOTHING = Story("", "", "", "")


@dataclass(frozen=True)
class StoryChange:
    """What became of one story: same, changed, moved, added or deleted; `place` is its number, in the order of print."""

    kind: Kind
    title: str
    place: int
    comparison: Comparison


@dataclass(frozen=True)
class IssueChanges:
    """What became of the editor's note and of each story that is not the same. `since` is when the issue was sent before."""

    since: datetime
    note: Parts
    stories: list[StoryChange]

    @property
    def is_note_changed(self) -> bool:
        return any(kind != "equal" for kind, _text in self.note)


def since_sent_before(issue: Issue, content: IssueContent, *, sent_at: datetime) -> IssueChanges | None:
    """None when it is sent for the first time. `content` is what it says now, `sent_at` when it was sent for that."""
    before = _sent_before(issue, sent_at)
    if before is None:
        return None
    old = from_json(before.text)
    return IssueChanges(
        since=before.created_at,
        note=characters(old.editor_note, content.editor_note),
        stories=_stories(_in_print(old), _in_print(content)),
    )


def redline_of(issue: Issue, changes: IssueChanges, sent: IssueEvent) -> Redline:
    """The changes to be taken away: the texts of the stories that changed, of those that were only moved the title.
    `sent` is when the issue was sent for what it says now."""
    before = issue.events.filter(transition=Issue.SEND.name, at__lt=sent.at).select_related("by").last()
    note = Comparison([], [], [], [Block("changed", changes.note, "p", "p", 1, 1)], [])
    compared = [Compared(note, _("Editor's note"))] if changes.is_note_changed else []
    return Redline(
        title=str(issue),
        unit="",
        before=Side(_("sent before"), str(before.by or "") if before else "", changes.since),
        after=Side(_("sent now"), str(sent.by or ""), sent.at),
        stories=(*compared, *map(_compared, changes.stories)),
    )


def _compared(change: StoryChange) -> Compared:
    labels = {
        "added": _("put in"),
        "deleted": pgettext("of the issue", "taken out"),
        "moved": _("moved to number %(place)s") % {"place": change.place},
    }
    title = Comparison([("equal", change.title)], [], [], [], [])
    return Compared(change.comparison if change.comparison.places else title, labels.get(change.kind, ""))


def _sent_before(issue: Issue, sent_at: datetime) -> FrozenContent | None:
    """The last content that was sent for sign-off, or signed, before this moment. Each has a proof, known by its digest."""
    frozen = FrozenContent.objects.filter(digest__in=issue.proofs.values("digest"), created_at__lt=sent_at)
    return frozen.order_by("-created_at", "-pk").first()


def _in_print(content: IssueContent) -> dict[int, ArticleContent]:
    return {story.article_id: story for story in (*content.articles, *content.briefs)}


def _stories(before: dict[int, ArticleContent], after: dict[int, ArticleContent]) -> list[StoryChange]:
    """In the present order, then those that were taken out."""
    places = {key: at for at, key in enumerate(before)}
    pairs = [(places[key], at) for at, key in enumerate(after) if key in places]
    moved = {at for _old, at in in_order(pairs, [1] * len(after))[1]}
    changes = [
        _change(before.get(key), story, at + 1, is_moved=at in moved) for at, (key, story) in enumerate(after.items())
    ]
    changes += [_change(story, None, places[key] + 1) for key, story in before.items() if key not in after]
    return [change for change in changes if change.kind != "same"]


def _change(
    old: ArticleContent | None, new: ArticleContent | None, place: int, *, is_moved: bool = False
) -> StoryChange:
    comparison = compare_stories(_story(old), _story(new))
    kind: Kind = "changed" if comparison.places else "same"
    if old is None or new is None:
        kind = "deleted" if new is None else "added"
    elif is_moved:
        kind = "moved"
    return StoryChange(kind, _title(new or old), place, comparison)


def _story(story: ArticleContent | None) -> Story:
    if story is None:
        return NOTHING
    photos = tuple(StoryPhoto(each.photo_id, each.caption, each.alternative, each.after) for each in story.photos)
    return Story(story.title, story.subtitle, story.authors, story.body, photos)


def _title(story: ArticleContent | None) -> str:
    """On one line; a brief is called by its first words."""
    if story is None:
        return ""
    return story.title.replace("\n", "") or Truncator(to_text(story.body)).chars(24)
