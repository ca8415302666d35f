"""What causes give under a set of rules: plain reckoning, which asks nothing of the database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from .causes import Cause
from .models import Carrier, CauseKind, RuleSet, Shared
from .rules import Rules

CENT = Decimal("0.01")
# Of these one story has only the highest, where the rules say so.
_COMPARED = (CauseKind.ADOPTED, CauseKind.PASSED_UP, CauseKind.PRAISED)
# Entered only where they give something; of all else the number counts too.
_ONLY_POINTS = (CauseKind.FIRST, CauseKind.ON_TIME)
_NOT_SHARED = (CauseKind.SUBMITTED, CauseKind.RETRACTED, CauseKind.CORRECTED, CauseKind.DUPLICATE)


@dataclass(frozen=True)
class Line:
    """What one cause gives one unit. `source` and `note` explain it and are no part of what is compared."""

    key: str
    unit: int
    cause: str
    on: date
    points: Decimal
    share: int
    rule_set: int | None
    article: int | None = None
    issue: int | None = None
    commissioned: int | None = None
    hand: int | None = None
    carrier: str = ""
    length: str = ""
    source: str = field(default="", compare=False)
    note: str = field(default="", compare=False)


def value(causes: Iterable[Cause], rules: Rules) -> list[Line]:
    """The lines of all causes, which are given in the order in which they happened."""
    best: dict[int, Decimal] = defaultdict(Decimal)
    lines: list[Line] = []
    for cause in causes:
        lines += _lines(cause, rules.in_force(cause.on), best)
    return lines


def _lines(cause: Cause, rules: RuleSet, best: dict[int, Decimal]) -> Iterator[Line]:
    if cause.kind == "none":
        return
    length = rules.length_of(cause.characters) if _has_length(cause) else ""
    worth, note = worth_of(cause, length, rules), ""
    if cause.kind == CauseKind.WITHDRAWN:
        note = _("What the story had for being printed is taken back.")
    if cause.kind in _COMPARED and cause.article is not None:
        had = best[cause.article]
        best[cause.article] = max(had, worth)
        if rules.highest_only and had:
            gain = max(worth - had, Decimal(0))
            note = _("The story has %(had)s already; of %(worth)s the difference counts.") % {
                "had": plain(had),
                "worth": plain(worth),
            }
            worth = gain
    if not worth and not note and cause.kind in _ONLY_POINTS:
        return
    for unit, points, share in shared(worth, cause, rules.shared):
        yield Line(
            cause.key,
            unit,
            cause.kind,
            cause.on,
            points,
            share,
            rules.pk,
            cause.article,
            cause.issue,
            cause.commissioned,
            cause.hand,
            cause.carrier,
            length,
            cause.source,
            note,
        )


def _has_length(cause: Cause) -> bool:
    return cause.kind == CauseKind.ADOPTED and cause.carrier == Carrier.ARTICLE


def worth_of(cause: Cause, length: str, rules: RuleSet) -> Decimal:
    """What it gives in all, before it is shared."""
    kind = cause.kind
    if kind == CauseKind.WITHDRAWN:  # the entries of its adoption are countered
        return Decimal(0)
    if kind == CauseKind.ADOPTED:
        return Decimal(getattr(rules, length or "brief"))
    if kind in (CauseKind.PASSED_UP, CauseKind.PRAISED):
        stem = "passed" if kind == CauseKind.PASSED_UP else "praised"
        return Decimal(getattr(rules, f"{stem}_{cause.level}"))
    worth = Decimal(getattr(rules, kind))
    return worth if kind in (CauseKind.SUBMITTED, CauseKind.FIRST, CauseKind.ON_TIME) else -worth


def shared(worth: Decimal, cause: Cause, how: str) -> list[tuple[int, Decimal, int]]:
    """(unit, points, among how many). Of what can't be divided to the cent the first unit has the rest."""
    units = cause.units
    if len(units) == 1 or cause.kind in _NOT_SHARED or how == Shared.OWN:
        return [(units[0], worth, 1)]
    if how == Shared.FULL:
        return [(unit, worth, 1) for unit in units]
    part = (worth / len(units)).quantize(CENT, ROUND_DOWN)
    rest = worth - part * len(units)
    return [(unit, part + (rest if unit == units[0] else 0), len(units)) for unit in units]


def plain(points: Decimal) -> str:
    """5, 2.5, and − before what is taken away: without noughts at the end."""
    return f"{points.normalize():f}".replace("-", "−")
