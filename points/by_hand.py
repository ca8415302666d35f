"""What people enter by hand and take back by another entry, and the corrections that nobody has judged yet."""

from collections import defaultdict
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
from issues.models import ArchiveEntry, Edition, Issue
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
    """Of all corrections and withdrawals that were issued, the newest first. A withdrawal concerns each story of its issue.

    Four queries.
    """
    issued = (
        Issue.objects.issued()
        .exclude(edition=Edition.ORIGINAL)
        .select_related("bulletin")
        .order_by("-issued_at", "-pk")
    )
    amendments = list(issued.prefetch_related("errata"))
    stories = _in_print(amendments)
    deducted = HandCause.objects.standing().filter(kind=HandKind.DEDUCTED)
    judged = set(deducted.values_list("issue", "article", "fault"))
    found = []
    for amendment in amendments:
        fault = Fault.RETRACTED if amendment.is_withdrawal else Fault.CORRECTED
        for article in _concerned(amendment, stories[amendment.amends_id]):
            if not any((amendment.pk, article.pk, said) in judged for said in (fault, Fault.NONE)):
                found.append(Doubt(amendment, article, article.unit, fault, timezone.localdate(amendment.issued_at)))
    return found


def _in_print(amendments: Iterable[Issue]) -> dict[int | None, list[Article]]:
    """Issue -> its stories in the order of print, which errata count by."""
    about = {amendment.amends_id for amendment in amendments}
    found: dict[int | None, list[Article]] = defaultdict(list)
    entries = ArchiveEntry.objects.filter(issue__in=about).select_related("article__unit").order_by("issue", "rank")
    for entry in entries:
        found[entry.issue_id].append(entry.article)
    return found


def _concerned(amendment: Issue, stories: list[Article]) -> list[Article]:
    """The stories that its errata name, or all of the issue that it withdraws."""
    if amendment.is_withdrawal:
        return stories
    numbers = dict.fromkeys(erratum.story for erratum in amendment.errata.all())
    return [stories[number - 1] for number in numbers]
