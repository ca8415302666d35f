"""What the sample's office has commissioned, and what its units have answered."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User
from articles.commissions import answering, asking
from articles.models import Article, Commission, Commissioned, CommissionKind
from issues import numbering
from issues.models import Bulletin, IssueKind

DAYS_AHEAD = 9  # of the issue that is opened second


@transaction.atomic
def load(bulletin: Bulletin, entries: list[dict], units: dict[str, Unit]) -> list[Commission]:
    """Before the second issue is opened: what stands in an issue answers no commission any more."""
    return [_load(entry, bulletin, units) for entry in entries]


def _load(entry: dict, bulletin: Bulletin, units: dict[str, Unit]) -> Commission:
    today = timezone.localdate()
    of_issue = today + timedelta(DAYS_AHEAD)
    is_topic = entry.get("kind") == CommissionKind.TOPIC
    commission = Commission(
        kind=CommissionKind.TOPIC if is_topic else CommissionKind.SINGLE,
        title=entry["title"],
        wording=entry.get("wording", ""),
        length=entry.get("length"),
        due_on=today + timedelta(entry["days"]),
        month=of_issue.replace(day=1) if is_topic else None,
        is_for_all=is_topic,
        is_binding=not is_topic,
    )
    if entry.get("is_for_next"):
        commission.wanted_year = of_issue.year
        commission.wanted_number = numbering.next_numbers(bulletin, IssueKind.REGULAR, of_issue.year)[0]
    asking.ask(commission, [units[key] for key in entry.get("units", [])], by=User.objects.get(username="lu"))
    for key, title in entry.get("stories", {}).items():
        article = Article.objects.select_related("created_by").get(title=title)
        answering.tie(commission.asked.get(unit=units[key]), article, by=article.created_by)
    for key, why in entry.get("declined", {}).items():
        writer = User.objects.filter(unit=units[key]).order_by("pk")[0]
        commission.asked.get(unit=units[key]).apply(Commissioned.DECLINE, by=writer, note=why)
    return commission
