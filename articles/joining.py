"""What the office does with stories that say the same: one is told for all their units, or one is kept alone."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit

from . import review
from .models import WRITING, Article, ArticleEvent, Reason, Status

KEEPS = (*Article.IN_REVIEW, Status.ACCEPTED, Status.HELD)


def merge(kept: Article, others: Mapping[int, int | None], *, by) -> list[Article]:
    """Tell the others with this story: their units are named with its own. `others` are keys, each with the version that was
    on the screen. All of them or none; returns them. What was merged into one of them goes along.
    """
    with transaction.atomic():
        rows = _locked(kept, others, by)
        row = rows.pop(kept.pk)
        if row.part_of(by) == WRITING:
            raise Refused(_("This is your own article: another person reviews it."))
        if row.status not in KEEPS:
            words = _(
                "“%(title)s” is now “%(status)s”, so nothing can be merged into it. Take it out of its issue first."
            )
            raise Refused(words % {"title": row.flat_title, "status": row.get_status_display()})
        for other in rows.values():
            words = _("Told with “%(title)s” of %(unit)s; your unit is named with it.")
            other.apply(
                Article.MERGE, by=by, note=words % {"title": row.flat_title, "unit": row.unit.short_name}, into=row
            )
            Article.objects.filter(merged_into=other).update(merged_into=row)
        note = "、".join(f"“{other.flat_title}”（{other.unit.short_name}）" for other in rows.values())
        row.events.create(
            by=by,
            transition=ArticleEvent.TAKE_IN,
            from_status=row.status,
            to_status=row.status,
            note=note,
            **row.event_details(),
        )
    return list(rows.values())


def keep(
    kept: Article, others: Mapping[int, int | None], *, by, reason: Reason | None, note: str = ""
) -> list[Article]:
    """Decline the others with this reason, as `merge` takes them; their units read what is added to it."""
    with transaction.atomic():
        rows = _locked(kept, others, by)
        rows.pop(kept.pk)
        for key, other in rows.items():
            review.decide(other, Article.DECLINE, by=by, version=others[key], note=note, reason=reason)
    return list(rows.values())


def _locked(kept: Article, others: Mapping[int, int | None], by) -> dict[int, Article]:
    """The rows by key, under their locks, the kept one among them. Raises Refused when one is not as it was on the screen."""
    permit(by, Article.REVIEW)
    keys = sorted({kept.pk, *others})
    rows = {row.pk: row for row in Article.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(rows) < 2 or len(rows) != len(keys):
        raise Refused(_("Choose at least one other article."))
    for key, version in others.items():
        if key == kept.pk or rows[key].current_version_id != version:
            words = _("A newer version of “%(title)s” has come in. This page shows it; please judge that one.")
            raise Refused(words % {"title": rows[key].flat_title})
    return rows
