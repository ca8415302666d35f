"""The three sets of rules that are shipped, against tables that were worked out by hand: each number stands in its comment."""

from datetime import date
from decimal import Decimal

import pytest

from points.causes import Cause
from points.examples import EXAMPLES
from points.models import CauseKind, RuleSet, Shared
from points.months import first_of
from points.rules import Rules
from points.standing import Row, score
from points.valuing import value

OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))
QINGPU, BAOSHAN = 1, 2
TIERS = {QINGPU: "branch", BAOSHAN: "branch"}


def cause(kind, units, article, *, day=date(2026, 10, 12), characters=0, level="", carrier="article"):
    units = units if isinstance(units, tuple) else (units,)
    carrier = "" if kind == CauseKind.SUBMITTED else carrier
    return Cause(f"{kind} {article}", kind, day, units, article, carrier=carrier, characters=characters, level=level)


# 青浦 hands in four stories and 宝山 one, which is merged with one of 青浦.
HANDED_IN = [cause("submitted", QINGPU, article) for article in (1, 2, 3, 4)] + [cause("submitted", BAOSHAN, 5)]
PRINTED = [
    cause("adopted", QINGPU, 1, carrier="brief"),
    cause("adopted", QINGPU, 2, characters=400),
    cause("adopted", QINGPU, 3, characters=1600),
    cause("first", QINGPU, 3),
    cause("adopted", (QINGPU, BAOSHAN), 4, characters=800),
]
LATER = [
    cause("passed_up", QINGPU, 3, day=date(2026, 10, 20), level="ministry"),
    cause("praised", QINGPU, 1, day=date(2026, 10, 21), level="bureau"),
    cause("praised", BAOSHAN, 6, day=date(2026, 10, 22), level="city"),
]
CAUSES = HANDED_IN + PRINTED + LATER


def standing(slug, causes=CAUSES, start=OCTOBER, end=OCTOBER):
    rules = Rules.always(EXAMPLES[slug].rules())
    rows = [
        Row(line.unit, first_of(line.on), line.cause, line.length or line.carrier, line.points, 1)
        for line in value(causes, rules)
    ]
    return score(rows, rules, TIERS, start, end)


def figures(found, *names):
    return {unit: tuple(getattr(found[unit], name) for name in names) for unit in (QINGPU, BAOSHAN)}


def test_by_carrier_and_length():
    found = standing("length")

    assert figures(found, "adoption", "bonus", "total", "rank") == {
        # brief 5 + short 10 + long 30 + half of 10; ministry 50 + leader of the bureau 10
        QINGPU: (50, 60, 110, 1),
        # half of 10; leader of the city 20
        BAOSHAN: (5, 20, 25, 2),
    }
    assert found[QINGPU].adopted == {"brief": 1, "short": 1, "long": 1, "middle": 1}


def test_briefs_items_and_studies_of_which_the_highest_counts():
    found = standing("study")

    assert figures(found, "adoption", "bonus", "total", "rank") == {
        # 1 + 2 + 10 + 5 in full; 20 for the story that had 10, so 10, and 5 for the brief that had 1, so 4
        QINGPU: (18, 14, 32, 1),
        # 5 in full; 10 for a story that had nothing
        BAOSHAN: (5, 10, 15, 2),
    }


def test_a_capped_base_and_a_bonus_withheld():
    found = standing("base")

    assert figures(found, "report", "adoption", "capped", "bonus", "withheld", "total", "rank") == {
        # 4 stories; 2 + 5 + 8 + half of 5 + first 2 = 19.5; together 23.5, of which 20 count; 20 + 10
        QINGPU: (4, Decimal("19.5"), Decimal("3.5"), 30, 0, 50, 1),
        # 1 story; half of 5; the 20 of the city are withheld, for one story is less than two
        BAOSHAN: (1, Decimal("2.5"), 0, 20, 20, Decimal("3.5"), None),
    }


def test_two_missed_commissions_set_the_year_to_zero():
    missed = [cause("missed", QINGPU, None, day=day) for day in (date(2026, 11, 5), date(2026, 12, 5))]
    causes = CAUSES + missed

    assert standing("base", causes, OCTOBER, NOVEMBER)[QINGPU].total == 45  # 50 less 5
    assert standing("base", causes, OCTOBER, DECEMBER)[QINGPU].total == 0
    assert standing("base", causes, OCTOBER, DECEMBER)[QINGPU].is_zeroed
    assert standing("base", causes, OCTOBER, OCTOBER)[QINGPU].total == 50  # it did not know of them


def test_of_the_next_year_nothing_is_lost():
    days = (date(2026, 11, 5), date(2026, 12, 5))
    causes = [cause("missed", QINGPU, None, day=day) for day in days]
    causes += [cause("adopted", QINGPU, 7, day=date(2027, 1, 8), characters=100)]

    found = standing("base", causes, NOVEMBER, date(2027, 1, 1))[QINGPU]

    assert (found.total, found.is_zeroed) == (5, True)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Shared.EQUAL, [("3.34", 3), ("3.33", 3), ("3.33", 3)]),
        (Shared.FULL, [("10", 1)] * 3),
        (Shared.OWN, [("10", 1)]),
    ],
)
def test_what_does_not_divide_leaves_the_rest_to_the_unit_whose_text_it_is(how, expected):
    rules = Rules.always(RuleSet(short=10, shared=how))

    lines = value([cause("adopted", (1, 2, 3), 9, characters=10)], rules)

    assert [(line.points, line.share) for line in lines] == [(Decimal(points), share) for points, share in expected]


def test_of_a_story_the_highest_counts_whatever_comes_between():
    levels = ["state", "city", "ministry"]  # 30, 10, 20
    causes = [cause("praised", QINGPU, 1, day=date(2026, 10, day), level=level) for day, level in enumerate(levels, 1)]

    lines = value(causes, Rules.always(EXAMPLES["study"].rules()))

    assert [line.points for line in lines] == [30, 0, 0]


def test_equal_totals_have_the_same_place_and_tiers_are_ranked_apart():
    causes = [cause("adopted", unit, unit, carrier="brief") for unit in (1, 2, 3)]
    rules = Rules.always(RuleSet(brief=5))
    rows = [Row(line.unit, OCTOBER, line.cause, line.carrier, line.points, 1) for line in value(causes, rules)]

    apart = score(rows, rules, {1: "branch", 2: "branch", 3: "courier", 4: "branch"}, OCTOBER, OCTOBER)
    together = score(
        rows,
        Rules.always(RuleSet(brief=5, groups={"branch": 1, "courier": 1})),
        {1: "branch", 3: "courier"},
        OCTOBER,
        OCTOBER,
    )

    assert [apart[unit].rank for unit in (1, 2, 3, 4)] == [1, 1, 1, 3]
    assert apart[3].group != apart[1].group
    assert together[1].group == together[3].group
