"""Mailings that did not go their way through the office, for tests of what comes after."""

from datetime import datetime

from django.utils import timezone

from distribution.models import Mailing
from issues.models import FrozenContent, Issue


def make_mailings(bulletin, days):
    """One issue mailed on each of these days, without the way through the office."""
    frozen, _created = FrozenContent.objects.get_or_create(digest="0" * 64, text="{}")
    past = {"bulletin": bulletin, "status": "issued", "is_past": True, "frozen": frozen}
    made = []
    for number, day in enumerate(days, Issue.objects.count() + 1):
        issue = Issue.objects.create(year=day.year, number=number, dated_on=day, **past)
        started_at = timezone.make_aware(datetime(day.year, day.month, day.day, 12))
        made.append(Mailing.objects.create(issue=issue, subject="x", started_at=started_at, status="done"))
    return made
