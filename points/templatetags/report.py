"""For the pages of a report: figures as they are written, and how a unit's points come about."""

from datetime import timedelta
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article

from ..columns import written
from ..models import Announcement
from ..ranges import Range
from ..standing import Score
from ..valuing import plain

register = template.Library()


@register.filter
def days(time: timedelta) -> str:
    return written("days", time / timedelta(days=1))


@register.simple_tag
def draft_of(article: Article) -> str:
    """The page on which this announcement of the office was drafted; empty for any other story. One query."""
    found = Announcement.objects.filter(article=article).first()
    return f"{reverse('points:draft')}?{Range(found.first, found.last).asked}" if found else ""


@register.filter
def reckoned(score: Score) -> list[tuple[str, str]]:
    """The parts of a unit's points, as they are added up; what is nothing is left out, but for the first two and the sum."""
    parts = [
        (_("Points for handing in"), score.report),
        (_("Points for adoption"), score.adoption),
        (_("Commissions answered in time"), score.on_time),
        (_("Over the cap of a month"), -score.capped),
        (_("Praised and passed up"), score.bonus),
        (_("Withheld: too few stories"), -score.withheld),
        (_("Taken away"), score.deducted),
    ]
    rest = score.total - sum((amount for _label, amount in parts), Decimal(0))
    if score.is_zeroed:
        parts.append((_("Set to zero by missed commissions"), rest))
    shown = [each for at, each in enumerate(parts) if at < 2 or each[1]]
    return [(label, plain(amount)) for label, amount in [*shown, (_("In all"), score.total)]]
