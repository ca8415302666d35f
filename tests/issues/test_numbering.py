from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection, connections

from issues import numbering
from issues.models import Issue, IssueKind
from tests import factories
from workflow.refusals import Refused


def open_issue(bulletin, cast, day, kind=IssueKind.REGULAR):
    return numbering.open_issue(bulletin, dated_on=day, by=cast.lu, kind=kind)


def numbers(issue):
    return issue.year, issue.number, issue.total_number


def test_the_first_issue_follows_the_last_one_before_this_system(bulletin, cast):
    assert numbers(open_issue(bulletin, cast, date(2026, 4, 8))) == (2026, 10, 545)


def test_the_number_begins_again_each_year_and_the_total_goes_on(bulletin, cast):
    open_issue(bulletin, cast, date(2026, 12, 30))

    assert numbers(open_issue(bulletin, cast, date(2027, 1, 6))) == (2027, 1, 546)


def test_a_supplement_has_a_series_of_its_own_and_no_total(bulletin, cast):
    first = open_issue(bulletin, cast, date(2026, 4, 8), IssueKind.SUPPLEMENT)
    second = open_issue(bulletin, cast, date(2026, 4, 9), IssueKind.SUPPLEMENT)
    regular = open_issue(bulletin, cast, date(2026, 4, 10))

    assert [numbers(issue) for issue in (first, second, regular)] == [
        (2026, 1, None),
        (2026, 2, None),
        (2026, 10, 545),
    ]
    assert (str(first), first.reference) == ("2026年增刊第1期", "2026-增1")


def test_the_database_refuses_a_number_that_is_given(bulletin, cast):
    issue = open_issue(bulletin, cast, date(2026, 4, 8))

    with pytest.raises(IntegrityError):
        Issue.objects.create(bulletin=bulletin, year=2026, number=issue.number, dated_on=date(2026, 5, 1))


def test_the_database_refuses_a_total_number_that_is_given(bulletin, cast):
    open_issue(bulletin, cast, date(2026, 4, 8))

    with pytest.raises(IntegrityError):
        Issue.objects.create(bulletin=bulletin, year=2027, number=1, total_number=545, dated_on=date(2027, 1, 1))


def test_another_day_of_the_year_keeps_the_number(bulletin, cast):
    issue = open_issue(bulletin, cast, date(2026, 4, 8))

    numbering.redate(issue, date(2026, 5, 1), by=cast.lu)

    issue.refresh_from_db()
    assert (numbers(issue), issue.dated_on) == ((2026, 10, 545), date(2026, 5, 1))


def test_a_day_of_another_year_gives_that_years_next_number(bulletin, cast):
    issue = open_issue(bulletin, cast, date(2026, 12, 30))

    numbering.redate(issue, date(2027, 1, 4), by=cast.lu)

    issue.refresh_from_db()
    assert numbers(issue) == (2027, 1, 545)


def test_the_number_of_a_given_up_issue_is_given_again(bulletin, cast):
    numbering.discard(open_issue(bulletin, cast, date(2026, 4, 8)), by=cast.lu)

    assert numbers(open_issue(bulletin, cast, date(2026, 4, 9))) == (2026, 10, 545)


def test_a_gap_before_a_later_issue_is_not_filled(bulletin, cast):
    early = open_issue(bulletin, cast, date(2026, 4, 8))
    open_issue(bulletin, cast, date(2026, 4, 17))
    numbering.discard(early, by=cast.lu)

    assert numbers(open_issue(bulletin, cast, date(2026, 4, 26))) == (2026, 12, 547)


def test_an_issue_with_articles_is_not_given_up(bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])

    with pytest.raises(Refused):
        numbering.discard(issue, by=cast.lu)

    assert Issue.objects.filter(pk=issue.pk).exists()


def test_an_issue_begins_with_the_list_valid_on_its_day(bulletin, cast):
    factories.make_recipient_list(bulletin, date(2026, 4, 10), up=factories.UP[:1], across=factories.ACROSS[:1])

    before, after = open_issue(bulletin, cast, date(2026, 4, 8)), open_issue(bulletin, cast, date(2026, 4, 10))

    assert [issue.recipients.count() for issue in (before, after)] == [11, 2]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_issues_begun_at_once_get_numbers_in_a_row(bulletin, cast):
    if connection.vendor != "postgresql":
        pytest.skip("Needs PostgreSQL: SQLite lets one writer in at a time.")

    def begin(_n):
        try:
            return numbers(open_issue(bulletin, cast, date(2026, 4, 8)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        given = sorted(pool.map(begin, range(12)))

    assert given == [(2026, 10 + n, 545 + n) for n in range(12)]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("2026-9", "2026-9"),
        ("2026-增1", "2026-增1"),
        ("2026-09", "2026-9"),
        ("２０２６－９", "2026-9"),
        ("2026年第9期", "2026-9"),
        ("2026年增刊第1期", "2026-增1"),
        ("2026 9", "2026-9"),
        ("2026第9期", "2026-9"),
        ("30", "?-30"),
        ("增1", "?-增1"),
        ("2026-0", "None"),
        ("2026-11-26", "None"),
        ("消防", "None"),
        ("第9", "?-9"),
    ],
)
def test_an_issue_is_called_in_many_ways(text, reference):
    assert str(numbering.IssueNumber.parse(text)) == reference
