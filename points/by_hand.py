"""What people enter by hand and take back by another entry, and the corrections that nobody has judged yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse as address_of
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from articles.models import Article, Status
from issues.content import content_of
from issues.models import Edition, Erratum, Issue
from workflow.refusals import Refused, permit
from workflow.worker import notify

from .models import ENTER, Fault, HandCause, HandKind

# What the office may praise or pass up: that it has seen.
_SEEN = (*Article.UNDER_WAY, Status.HELD, Status.ISSUED, Status.MERGED, Status.DECLINED)


def enter(cause: HandCause, *, by) -> HandCause:
    """Keep what a form has filled in. Refused for a day to come, and for the same thing a second time."""
    permit(by, ENTER)
    if cause.on > timezone.localdate():
        raise Refused(_("The day lies in the future. Please give the day on which it happened."))
    with transaction.atomic():
        same = {
            name: getattr(cause, name)
            for name in ("kind", "level", "fault", "article", "unit", "issue", "on", "source")
        }
        if HandCause.objects.standing().filter(**same).exists():
            raise Refused(_("This is entered already. Please reverse the other entry first if it is wrong."))
        cause.pk, cause.by, cause.reverses = None, by, None
        cause.save()
        notify("points.tasks.bring_up_to_date")
    return cause


def reverse(cause: HandCause, *, by, why: str) -> HandCause:
    """Take it back by an entry that names it; the ledger follows with counter entries."""
    permit(by, ENTER)
    why = why.strip()
    if not why:
        raise Refused(_("Please say why the entry is reversed."))
    with transaction.atomic():
        cause = HandCause.objects.select_for_update(of=("self",)).get(pk=cause.pk)
        if not HandCause.objects.standing().filter(pk=cause.pk).exists():
            raise Refused(_("This entry is reversed already."))
        fields = {name: getattr(cause, name) for name in ("kind", "level", "fault", "article", "unit", "issue")}
        counter = HandCause.objects.create(reverses=cause, by=by, on=timezone.localdate(), source=why, **fields)
        notify("points.tasks.bring_up_to_date")
    return counter


def articles_for(user) -> Any:
    """The stories that a cause may be about."""
    return Article.objects.visible_to(user).filter(status__in=_SEEN)


# --- whose fault it was ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Doubt:
    """A story that was corrected or withdrawn with its issue, of which nobody has said yet whether its unit is at fault."""

    amendment: Issue
    article: Article
    unit: Unit
    fault: str
    on: date

    @property
    def page(self) -> str:
        """Where it is settled: the form, begun with what is known."""
        asked = {"article": self.article.pk, "issue": self.amendment.pk, "fault": self.fault}
        return address_of("points:by_hand_add", args=["deducted"], query=asked)


def doubts() -> list[Doubt]:
    """Of all corrections and withdrawals that were issued, the newest first. A withdrawal concerns each story of its issue."""
    issued = (
        Issue.objects.issued().exclude(edition=Edition.ORIGINAL).select_related("amends__frozen", "amends__bulletin")
    )
    judged = set(
        HandCause.objects.standing().filter(kind=HandKind.DEDUCTED).values_list("issue", "article", "fault").distinct()
    )
    found = []
    for amendment in issued.prefetch_related("errata").order_by("-issued_at", "-pk"):
        fault = Fault.RETRACTED if amendment.is_withdrawal else Fault.CORRECTED
        for article in _concerned(amendment):
            said = {kind for issue, pk, kind in judged if (issue, pk) == (amendment.pk, article.pk)}
            if not said & {fault.value, Fault.NONE.value}:
                found.append(Doubt(amendment, article, article.unit, fault, timezone.localdate(amendment.issued_at)))
    return found


def _concerned(amendment: Issue) -> list[Article]:
    """The stories that its errata name, or all of the issue that it withdraws."""
    assert amendment.amends, "what amends names its issue"
    content = content_of(amendment.amends)
    stories = [story.article_id for story in (*content.articles, *content.briefs)]
    errata: Iterable[Erratum] = amendment.errata.all()
    keys = stories if amendment.is_withdrawal else [stories[erratum.story - 1] for erratum in errata]
    rows = Article.objects.select_related("unit").in_bulk(set(keys))
    return [rows[key] for key in dict.fromkeys(keys)]
