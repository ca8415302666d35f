"""Which rules hold in which month, and how a new set comes into force."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit
from workflow.worker import notify

from .models import EDIT_RULES, ClosedMonth, RuleSet

LOCK = 7_213_540_904  # PostgreSQL's advisory lock of this name is ours; it ends with the transaction


class Rules:
    """All sets of rules. `in_force` is never asked where there are none: `bool` tells."""

    def __init__(self, sets: Sequence[RuleSet]):
        self.newest_first = sorted(sets, key=lambda each: (each.valid_from, each.pk or 0), reverse=True)
        self.first = min(sets, key=lambda each: each.pk or 0) if sets else None

    @classmethod
    def load(cls) -> "Rules":
        return cls(list(RuleSet.objects.all()))

    @classmethod
    def always(cls, rules: RuleSet) -> "Rules":
        """One set for all time, whatever its first day."""
        found = cls([])
        found.first = rules
        return found

    def __bool__(self) -> bool:
        return self.first is not None

    def in_force(self, day: date) -> RuleSet:
        """The newest of those valid from that day or before; before all of them the one that was made first."""
        assert self.first is not None, "there are rules"
        return next((each for each in self.newest_first if each.valid_from <= day), self.first)


def wait_for_others() -> None:
    """One at a time writes the ledger, closes a month or changes the rules. On SQLite the IMMEDIATE transaction serialises."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def add(rules: RuleSet, *, by) -> RuleSet:
    """Bring a new set into force. What it says of months that are open is entered anew by a worker."""
    permit(by, EDIT_RULES)
    with transaction.atomic():
        wait_for_others()
        closed = ClosedMonth.objects.last()
        if closed and rules.valid_from <= closed:
            words = _("%(year)s-%(month)s is closed already. Please let the rules begin in a later month.")
            raise Refused(words % {"year": closed.year, "month": closed.month})
        rules.pk, rules.by = None, by
        rules.save()
        notify("points.tasks.bring_up_to_date")
    return rules
