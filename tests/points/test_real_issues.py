"""The given real issues, counted by hand: each article and each brief once, for the unit that wrote it, in its year."""

from collections import Counter
from datetime import date

import pytest

from issues.numbering import IssueNumber
from issues.past.importing import import_issue
from issues.past.reading import read_bytes
from points import ledger, standing
from points.models import Entry
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# What two of the three don't say themselves.
SAID = {
    "000_4a8c73f9cb592ccb": {"number": IssueNumber(29, 2022)},
    "004_68922d18ffb115e6": {"number": IssueNumber(30, 2022), "dated_on": date(2022, 12, 5)},
}


@pytest.fixture
def counted(bulletins_dir, cast, bulletin):
    factories.make_rules(cast.gu)
    for path in sorted(bulletins_dir.glob("*.txt")):
        import_issue(read_bytes(path.read_bytes(), path.name), **SAID.get(path.stem, {}))
    ledger.bring_up_to_date()


def adopted(**wanted):
    rows = Entry.objects.filter(cause="adopted", **wanted).values_list("length", "carrier")
    return Counter(length or carrier for length, carrier in rows)


@pytest.mark.usefixtures("counted")
def test_each_story_counts_once_by_its_length():
    """Of 14 articles in 2022 six have more than 500 characters: 569, 569, 1210, 789, 613, 605; of 8 in 2026 four: 673, 517,
    566, 640. None has more than 1500."""
    assert adopted(on__year=2022) == {"short": 8, "middle": 6, "brief": 2}
    assert adopted(on__year=2026) == {"short": 4, "middle": 4}


@pytest.mark.usefixtures("counted")
def test_each_unit_has_its_own():
    """Those whose titles or briefs begin with the unit's name."""
    stories = Counter(Entry.objects.filter(cause="adopted").values_list("unit__short_name", flat=True))

    named = {
        "上海局": 5,
        "青浦局": 3,
        "宝山局": 2,
        "韵达": 2,
        "圆通": 2,
        "松江局": 1,
        "黄浦局": 1,
        "中通": 1,
        "申通": 1,
    }
    assert {unit: stories[unit] for unit in named} == named
    assert stories.total() == 24


@pytest.mark.usefixtures("counted")
def test_the_years_begin_with_history():
    """22 articles of 10 points, two briefs of 5."""
    of_2022 = standing.scores(date(2022, 1, 1), date(2022, 12, 1)).values()
    of_2026 = standing.scores(date(2026, 1, 1), date(2026, 12, 1)).values()

    assert (sum(score.total for score in of_2022), sum(score.total for score in of_2026)) == (150, 80)
    assert sum(score.printed for score in of_2022) == 16
