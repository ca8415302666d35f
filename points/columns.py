"""The columns of the report, as offices write them: the page and the Excel file have the same ones, with the same figures."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .report import CLASSES, Line, Report
from .valuing import plain

Value = int | Decimal | float | str | None


@dataclass(frozen=True)
class Column:
    """`of` gives a line's value, `total` that of the last row; `what` names what is behind the figure (points/behind.py)."""

    key: str
    label: str
    kind: str  # number, points, rate, days, rise
    of: Callable[[Line], Value]
    total: Callable[[Report], Value] | None = None
    what: str = ""
    group: str = ""
    whole_year: bool = False
    is_sorted_by: bool = True

    @property
    def label_in_full(self) -> str:
        return f"{self.group}{self.label}"

    def words(self, value: Value) -> str:
        return written(self.kind, value)


def columns(report: Report) -> list[Column]:
    """All columns but the unit's, in order."""
    now = report.within.word
    adopted = _("Adopted")
    return [
        Column("rank", pgettext("ranking", "Place"), "number", lambda line: line.score.rank),
        Column("rise", pgettext("place", "Change"), "rise", lambda line: line.rise),
        Column(
            "submitted",
            _("Handed in (%(time)s)") % {"time": now},
            "number",
            lambda line: line.score.submitted,
            lambda all_: all_.submitted,
            "submitted",
        ),
        Column(
            "year_submitted",
            _("Handed in this year"),
            "number",
            lambda line: line.year.submitted,
            lambda all_: all_.year_submitted,
            "submitted",
            whole_year=True,
        ),
        *(_of_class(name, str(label), adopted) for name, label in CLASSES.items()),
        Column(
            "adopted",
            pgettext("adopted", "in all"),
            "number",
            lambda line: line.adopted,
            lambda all_: all_.adopted,
            "adopted",
            adopted,
        ),
        Column("rate", _("Adoption rate"), "rate", lambda line: line.rate, lambda all_: all_.rate),
        Column(
            "report_points", _("Points for handing in"), "points", lambda line: line.score.report, None, "report_points"
        ),
        Column(
            "adoption_points",
            _("Points for adoption"),
            "points",
            lambda line: line.score.adoption,
            None,
            "adoption_points",
        ),
        Column("other_points", _("Other points"), "points", lambda line: line.other_points, None, "other_points"),
        Column(
            "points", _("Points (%(time)s)") % {"time": now}, "points", lambda line: line.score.total, None, "points"
        ),
        Column(
            "year_points",
            _("Points this year"),
            "points",
            lambda line: line.year.total,
            None,
            "points",
            whole_year=True,
        ),
        Column(
            "missed",
            _("Missed commissions"),
            "number",
            lambda line: line.score.missed,
            lambda all_: all_.missed,
            "missed",
        ),
        Column(
            "days",
            _("Days to answer"),
            "days",
            lambda line: line.answers.days,
            lambda all_: all_.answers.days,
            "answered",
        ),
        Column(
            "returned",
            pgettext("report", "Returned"),
            "number",
            lambda line: line.answers.returned,
            lambda all_: all_.answers.returned,
            "returned",
        ),
    ]


def _of_class(name: str, label: str, group: str) -> Column:
    return Column(
        name,
        label,
        "number",
        lambda line: line.score.adopted.get(name, 0),
        lambda all_: dict(all_.by_class)[name],
        name,
        group,
        is_sorted_by=False,
    )


def written(kind: str, value: Any) -> str:
    """As the page says it: 12, 2.5, 45.5%, ↑2; — where there is nothing to say."""
    if value is None:
        return "—"
    if kind == "points":
        return plain(value)
    if kind == "rate":
        return f"{value * 100:.1f}%"
    if kind == "days":
        return f"{value:.1f}"
    if kind == "rise":
        return f"↑{value}" if value > 0 else f"↓{-value}" if value < 0 else pgettext("place", "same")
    return str(value)
