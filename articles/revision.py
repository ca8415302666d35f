"""The editorial office changes a text that was handed in. Each time is a new version, and the unit sees what changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import notices
from workflow.refusals import Refused, permit

from . import merging, places, proofing, versions
from .models import WRITING, Article, ArticleEvent, ArticleVersion, Photo, Reason
from .photos import put, settle, stay


class Superseded(Exception):
    """Another version has come in since the page was made and changes the same places; `theirs` is the newest one."""

    def __init__(self, theirs: ArticleVersion, clashes: list[merging.Clash]):
        super().__init__()
        self.theirs = theirs
        self.clashes = clashes


@dataclass(frozen=True)
class Wording:
    """What the office may change: fields of the article by name, and of each photo by its key caption, alternative text,
    position and place in the text of these fields (`after`).

    `choices` are made where another person had changed the same (see `merging.merge`); an `exact` one holds for the version
    on the screen alone. `reason` and `note` are what the unit reads.
    """

    fields: Mapping[str, str]
    photos: Mapping[int, Mapping[str, str | int | None]]
    choices: Mapping[str, str] = field(default_factory=dict)
    exact: bool = False
    reason: Reason | None = None
    note: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What the event keeps of it."""
        return {"note": self.reason.said(self.note), **self.reason.kept} if self.reason else {"note": self.note}

    def state(self, photos: list[Photo]) -> dict[str, str]:
        """As `versions.state_of`, for merging. `photos` are those of the article now."""
        given = {photo.pk: self.photos.get(photo.pk, {}) for photo in photos}
        words = {
            f"{name}-{key}": str(values[name])
            for key, values in given.items()
            for name in versions.PHOTO_FIELDS
            if name in values
        }
        positions = {photo.pk: given[photo.pk].get("position") or at for at, photo in enumerate(photos, 1)}
        order = ",".join(str(key) for key in sorted(positions, key=lambda key: int(positions[key])))
        return {name: versions.as_text(text) for name, text in self.fields.items()} | words | {"order": order}

    def places(self, base: ArticleVersion | None, body: str) -> dict[int, int | None]:
        """The places in this text of those photos that the person put elsewhere than they stood in the version `base`."""
        if base is None or "body" not in self.fields:
            return {}
        typed = self.fields["body"]
        kept, to = places.carried(base.body, typed), places.carried(typed, body)
        was = {each["photo"]: places.follow(each.get("after"), kept) for each in base.photos}
        sent = {key: cast("int | None", values["after"]) for key, values in self.photos.items() if "after" in values}
        return {key: places.follow(after, to) for key, after in sent.items() if after != was.get(key)}


def revise(article: Article, wording: Wording, *, by, seen: int, is_correction: bool = False) -> ArticleVersion:
    """Change an article that waits for a decision or an issue. `seen` is the version that was on the screen.

    What was passed before is void then, and the review begins again; unless it `is_correction` of the wording (文字订正),
    to which one other person has to agree, or makes a brief of it or the other way round.

    Returns the new version, or the present one when nothing has changed. What another person changed since `seen` stays.
    Raises Superseded where both changed the same; Refused when it is not the person's to do, when the article is with
    its unit or in an issue, or when the text lacks something it needs.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if row.status not in Article.REVISABLE:
            words = _("It is now “%(status)s”, so its text can't be changed here. The page shows the present state.")
            raise Refused(words % {"status": row.get_status_display()})
        return write(row, wording, by=by, seen=seen, is_correction=is_correction)


def refusal(article: Article, user) -> str:
    """Why this person may not change its text, in words; empty where they may."""
    part = article.part_of(user)
    if part == WRITING:
        return _("This is your own article: another person of the office changes its text.")
    if article.step and part not in (None, article.step):
        words = _("You have taken the %(taken)s of this article, so its text is changed by another person.")
        return words % {"taken": article.step_label(part)}
    return ""


def write(row: Article, wording: Wording, *, by, seen: int, is_correction: bool = False) -> ArticleVersion:
    """As `revise`. The caller holds the row's lock and knows that its state allows it."""
    permit_change(row, by=by)
    before, present = row.current_version, row.photos()
    base = row.versions.filter(pk=seen).first()
    state = _merged(row, wording, present, seen, base)
    placed = wording.places(base, state.get("body", ""))
    fields = {name: state[name] for name in wording.fields if not _is_same(getattr(row, name), state[name])}
    given = {photo.pk: _values(photo, state, present) for photo in present}
    photos = [photo for photo in present if _take(photo, given[photo.pk])]
    photos += [photo for photo in present if photo.pk in placed and photo not in photos]
    if before and not fields and not photos:
        return before
    for name, text in fields.items():
        setattr(row, name, text)
    if row.missing:
        raise Refused(" ".join(row.missing.values()))
    if any("position" in values for values in given.values()):
        settle(sorted(present, key=attrgetter("position")), present)
    Photo.objects.bulk_update(present, ["caption", "alternative", "position", "after"])
    stay(row)
    put(row, placed)
    version = record(row, by=by, said=wording.said)
    if fields.keys() != {"kind"} or photos:
        void_or_correct(row, version, by=by, is_correction=is_correction)
    return version


def permit_change(row: Article, *, by) -> None:
    """Raises Refused when this person may not change the text of an article that was handed in."""
    permit(by, Article.REVIEW)
    if words := refusal(row, by):
        raise Refused(words)


def record(
    row: Article, *, by, said: Mapping[str, str] | None = None, restored_from: ArticleVersion | None = None
) -> ArticleVersion:
    """Save what was changed in the row as its present version, with its event, which keeps what was `said`.

    Who edits has taken the step in which they do; the last one where it is accepted."""
    row.updated_by = by
    row.save()
    row.current_version = version = row.add_version(by=by, restored_from=restored_from)
    row.save(update_fields=["current_version"])
    proofing.request(row)
    row.take_part(row.step or row.review_steps, by)
    event = row.events.create(
        by=by,
        transition=ArticleEvent.REVISE,
        from_status=row.status,
        to_status=row.status,
        **row.event_details(),
        **(said or {}),
    )
    notices.write(row, Article.MADE_BRIEF if event.made_a_brief else Article.CHANGED, by=by.pk, note=event.note)
    row.settle_questions()
    return version


def void_or_correct(row: Article, version: ArticleVersion, *, by, is_correction: bool) -> None:
    """What was passed is void, or others have to agree. What stands in an issue keeps its place."""
    if not row.has_passes:
        return
    if is_correction or row.is_placed:
        needed = 1 if is_correction else max(1, row.review_steps - 1)
        row.corrections.create(round=row.round, version=version, person=by, is_wording=is_correction, needed=needed)
        if row.status in Article.REVIEWED:  # before that the next reviewer agrees by passing it
            notices.write(row, Article.PLEASE_AGREE, by=by.pk)
    else:
        row.apply(Article.BEGIN_AGAIN, by=by)


def _merged(
    row: Article, wording: Wording, photos: list[Photo], seen: int, base: ArticleVersion | None
) -> merging.State:
    """What the article is to say. Raises Superseded."""
    present = row.current_version
    assert present, "what was handed in has a version"
    if wording.exact and present.pk != seen:
        raise Superseded(present, [])
    merged = merging.merge(
        versions.state_of(base) if base else {}, wording.state(photos), versions.state_of(row), wording.choices
    )
    if merged.clashes:
        raise Superseded(present, merged.clashes)
    return merged.state


def _is_same(text: str, other: str) -> bool:
    """White space between tags is the editor's affair."""
    return re.sub(r">\s+<", "><", text) == re.sub(r">\s+<", "><", other)


def _values(photo: Photo, state: merging.State, photos: list[Photo]) -> dict[str, str | int]:
    """What the state says of a photo; its place when the order is another one."""
    words = {name: state[f"{name}-{photo.pk}"] for name in versions.PHOTO_FIELDS if f"{name}-{photo.pk}" in state}
    order = [int(key) for key in state["order"].split(",") if key]
    is_reordered = order != [each.pk for each in photos]
    return words | ({"position": order.index(photo.pk) + 1} if is_reordered else {})


def _take(photo: Photo, values: Mapping[str, str | int]) -> bool:
    """Give the photo these values; whether that changes it."""
    changed = {name: value for name, value in values.items() if getattr(photo, name) != value}
    for name, value in changed.items():
        setattr(photo, name, value)
    return bool(changed)
