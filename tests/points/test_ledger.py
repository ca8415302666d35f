"""What the acts of the office and its units make of the ledger, from the article to the closed month."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import units as unit_acts
from accounts.models import Unit
from articles import joining
from articles.models import Article
from issues.models import Issue
from issues.past import taking_back
from points import by_hand, causes, closing, ledger, standing
from points.models import ClosedMonth, Entry, Fault, HandCause, HandKind, LedgerRun, Reopening, RuleSet
from points.months import first_of, shifted
from tests import factories, old_issues
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@scene
def issued(bulletin, cast):
    """An issue of 8 April 2026 with a story of 青浦 that is merged with one of 宝山, and a brief of 青浦."""
    with factories.noon_of(date(2026, 4, 2)):
        kept, other = factories.accepted(cast.lin, cast.lu), factories.submitted(cast.zhao)
        joining.merge(kept, {other.pk: other.current_version_id}, by=cast.lu)
        brief = factories.accepted(cast.lin, cast.lu, kind="brief")
    return factories.issued_issue(bulletin, cast, [kept, brief])


def entries(**wanted):
    rows = Entry.objects.filter(**wanted).order_by("cause", "on", "unit__position", "pk")
    return [(entry.cause, entry.unit.short_name, entry.points, entry.share) for entry in rows.select_related("unit")]


def praise(article, by):
    return by_hand.enter(factories.praise(article), by=by)


def story(issue):
    return issue.placements.exclude(section="brief").get().article


def test_stories_count_when_they_are_handed_in_and_printed_and_merged_ones_are_shared(cast, issued):
    factories.make_rules(cast.gu)

    assert ledger.bring_up_to_date() == 6
    assert entries() == [
        ("adopted", "青浦局", 5, 2),
        ("adopted", "青浦局", 5, 1),
        ("adopted", "宝山局", 5, 2),
        ("submitted", "青浦局", 0, 1),
        ("submitted", "青浦局", 0, 1),
        ("submitted", "宝山局", 0, 1),
    ]
    adopted = Entry.objects.filter(cause="adopted").first()
    assert (adopted.month, adopted.on, adopted.issue) == (APRIL, date(2026, 4, 8), issued)


def test_nothing_is_counted_before_there_are_rules(cast, issued):
    assert ledger.bring_up_to_date() == 0
    assert standing.scores(APRIL, APRIL) == {}


def test_new_rules_enter_open_months_anew_and_say_so(cast, issued):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()

    second = factories.make_rules(cast.gu, "study", valid_from=APRIL)
    ledger.bring_up_to_date()

    standing_now = Entry.objects.standing()
    assert set(standing_now.values_list("rule_set", flat=True)) == {second.pk}
    counters = Entry.objects.exclude(counters=None)
    assert counters.count() == 6
    assert set(counters.values_list("note", flat=True)) == {"规则改了，按新规则重记。"}
    assert standing.scores(APRIL, APRIL)[cast.lin.unit_id].total == 2 + 1  # a short article in full, and a brief


def test_a_closed_month_stays_and_what_comes_later_counts_in_the_next(cast, issued):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    closed = closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))

    praised = praise(story(issued), cast.lu)
    ledger.bring_up_to_date()

    late = Entry.objects.filter(hand=praised).order_by("unit__position")
    assert [(entry.month, entry.points, entry.note) for entry in late] == [
        (MAY, 10, "2026年4月的账已结，计入本月。"),
        (MAY, 10, "2026年4月的账已结，计入本月。"),
    ]
    assert Decimal(closed.figures[str(cast.lin.unit_id)]["total"]) == 10
    assert standing.scores(APRIL, APRIL)[cast.lin.unit_id].total == 10
    assert standing.scores(APRIL, MAY)[cast.lin.unit_id].total == 20


def test_rules_can_not_begin_in_a_closed_month(cast, issued):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))

    with pytest.raises(Refused, match="2026年4月已经结账"):
        factories.make_rules(cast.gu, "study", valid_from=APRIL)


def test_a_month_is_closed_as_it_was_seen_or_not_at_all(cast, issued):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    as_seen = closing.seen(APRIL)
    praise(story(issued), cast.lu)

    with pytest.raises(Refused, match="又有新的账目"):
        closing.close(APRIL, by=cast.gu, as_seen=as_seen)

    assert not ClosedMonth.objects.exists()


@pytest.mark.parametrize("months", [0, 1])
def test_a_month_that_is_not_over_can_not_be_closed(cast, issued, months):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    month = shifted(first_of(timezone.localdate()), months)

    with pytest.raises(Refused):
        closing.close(month, by=cast.gu, as_seen=closing.seen(month))


def test_what_was_reversed_by_hand_is_countered(cast, issued):
    factories.make_rules(cast.gu)
    praised = praise(story(issued), cast.lu)
    ledger.bring_up_to_date()

    by_hand.reverse(praised, by=cast.lu, why="不是本篇")
    ledger.bring_up_to_date()

    assert entries(hand=praised) == [
        ("passed_up", "青浦局", 10, 2),
        ("passed_up", "青浦局", -10, 2),
        ("passed_up", "宝山局", 10, 2),
        ("passed_up", "宝山局", -10, 2),
    ]
    with pytest.raises(Refused, match="已经冲销"):
        by_hand.reverse(praised, by=cast.lu, why="再来")


def test_the_same_can_not_be_entered_twice(cast, issued):
    praise(story(issued), cast.lu)

    with pytest.raises(Refused, match="已经登记过"):
        praise(story(issued), cast.lu)


def test_a_correction_waits_until_somebody_says_whose_fault_it_was(cast, bulletin, issued):
    factories.make_rules(cast.gu)
    amendment = factories.issued_correction(issued, cast)

    (doubt,) = by_hand.doubts()
    assert (doubt.article, doubt.unit, doubt.fault) == (story(issued), cast.lin.unit, Fault.CORRECTED)
    assert f"article={doubt.article.pk}" in doubt.page
    fault = {"kind": HandKind.DEDUCTED, "fault": doubt.fault, "issue": amendment, "unit": doubt.unit}
    by_hand.enter(HandCause(article=doubt.article, on=doubt.on, source="原稿有误", **fault), by=cast.lu)
    ledger.bring_up_to_date()

    assert by_hand.doubts() == []
    assert entries(cause="corrected") == [("corrected", "青浦局", -10, 1)]


def test_a_missed_commission_counts_and_is_forgiven_when_it_is_extended(cast, units):
    factories.make_rules(cast.gu, "base")
    row = factories.make_commission(cast.lu, units.qingpu, days=-1)
    ledger.bring_up_to_date()
    assert entries(cause="missed") == [("missed", "青浦局", -5, 1)]

    type(row).objects.filter(pk=row.pk).update(due_on=timezone.localdate() + timedelta(5))
    ledger.bring_up_to_date()

    assert [points for _cause, _unit, points, _share in entries(cause="missed")] == [-5, 5]


def test_a_past_issue_counts_in_its_year_for_the_unit_as_it_is_called_today(cast):
    unit = Unit.objects.get(pk=cast.lin.unit_id)
    unit.name, unit.short_name, unit.valid_from = "青浦邮政快递管理局", "青浦快递局", date(2020, 1, 1)
    unit_acts.save(unit)
    factories.make_rules(cast.gu)
    issue = old_issues.past_issue(year=2019, number=3, date=date(2019, 3, 5))
    assert issue.placements.get().article.unit_id != unit.pk  # it is signed with the former name

    ledger.bring_up_to_date()

    assert Entry.objects.get(cause="adopted").unit == unit
    assert standing.scores(date(2019, 1, 1), date(2019, 12, 1))[unit.pk].printed == 1


def test_a_past_issue_that_is_taken_back_is_countered(cast):
    factories.make_rules(cast.gu)
    issue = old_issues.past_issue()
    ledger.bring_up_to_date()

    praise(issue.placements.get().article, cast.lu)
    ledger.bring_up_to_date()
    taking_back.take_back(issue, by=cast.gu)
    ledger.bring_up_to_date()

    assert sum(entry.points for entry in Entry.objects.all()) == 0
    assert not Entry.objects.standing().exists()


def withdraw(issue, cast, edition="withdrawal", day=MAY):
    """Issued past its signing."""
    same = {name: getattr(issue, name) for name in ("bulletin", "kind", "year", "number", "security", "print_run")}
    about = {"edition": edition, "edition_number": 1, "amends": issue, "dated_on": day, "created_by": cast.lu}
    made = Issue.objects.create(**about, **same)
    done = {"status": "issued", "issued_at": timezone.now(), "frozen": issue.frozen, "pdf_sha256": "0" * 64}
    Issue.objects.filter(pk=made.pk).update(**done)
    made.record("issue", by=cast.gu, note="")
    return made


def test_the_stories_of_a_withdrawn_issue_lose_their_points(cast, issued):
    factories.make_rules(cast.gu, first=3)
    ledger.bring_up_to_date()
    assert standing.scores(APRIL, APRIL)[cast.lin.unit_id].total == 5 + 5 + Decimal("1.5")

    withdrawal = withdraw(issued, cast)
    ledger.bring_up_to_date_if_due()

    found = standing.scores(APRIL, MAY)
    assert [found[unit].total for unit in (cast.lin.unit_id, cast.zhao.unit_id)] == [0, 0]
    assert found[cast.lin.unit_id].printed == 0
    told = Entry.objects.filter(cause="withdrawn").order_by("pk")
    assert {(entry.on, entry.issue, entry.points) for entry in told} == {(MAY, withdrawal, 0)}
    assert sorted(entry.unit.short_name for entry in told) == ["宝山局", "青浦局", "青浦局"]
    assert set(told.values_list("note", flat=True)) == {"因刊发所得的分已冲销。"}
    assert set(Entry.objects.exclude(counters=None).values_list("note", flat=True)) == {"该期已撤回。"}


def test_of_a_closed_month_they_are_taken_in_the_next_one(cast, issued):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))

    withdraw(issued, cast)
    ledger.bring_up_to_date()

    assert standing.scores(APRIL, APRIL)[cast.lin.unit_id].total == 10
    assert standing.scores(MAY, MAY)[cast.lin.unit_id].total == -10
    notes = set(Entry.objects.exclude(counters=None).values_list("note", flat=True))
    assert notes == {"该期已撤回。；2026年4月的账已结，计入本月。"}


def test_a_corrected_edition_in_the_place_of_a_withdrawn_issue_gives_them_back(cast, issued):
    factories.make_rules(cast.gu)
    withdraw(issued, cast)
    ledger.bring_up_to_date()
    assert standing.scores(APRIL, MAY)[cast.lin.unit_id].total == 0

    withdraw(issued, cast, "revision")
    ledger.bring_up_to_date()

    assert standing.scores(APRIL, MAY)[cast.lin.unit_id].total == 10
    assert not Entry.objects.standing().filter(cause="withdrawn").exists()


# --- a closed month is opened again -------------------------------------------------------------------------------------
@pytest.fixture
def closed(cast, issued):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    return closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))


def test_what_came_too_late_counts_in_the_month_that_is_open_again(cast, issued, closed):
    praised = praise(story(issued), cast.lu)
    ledger.bring_up_to_date()
    assert standing.scores(MAY, MAY)[cast.lin.unit_id].total == 10

    closing.reopen(closed, by=cast.gu, why="漏记市里采用一篇")
    ledger.bring_up_to_date()

    assert standing.scores(APRIL, APRIL)[cast.lin.unit_id].total == 20
    assert standing.scores(MAY, MAY)[cast.lin.unit_id].total == 0
    anew = Entry.objects.filter(hand=praised).exclude(counters=None)
    assert {(entry.month, entry.note) for entry in anew} == {(MAY, "月份已重开，改记在原月份。")}
    assert ledger.bring_up_to_date() == 0


def test_it_is_closed_again_and_both_closings_stay(cast, issued, closed):
    closing.reopen(closed, by=cast.gu, why="漏记一篇")
    praise(story(issued), cast.lu)
    ledger.bring_up_to_date()

    again = closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))

    unit = str(cast.lin.unit_id)
    assert [each.figures[unit]["total"] for each in (closed, again)] == ["10.00", "20.00"]
    assert list(ClosedMonth.objects.standing()) == [again]
    assert standing.scores(APRIL, APRIL)[cast.lin.unit_id].total == 20


def test_the_last_month_is_reopened_first(cast, closed):
    later = closing.close(MAY, by=cast.gu, as_seen=closing.seen(MAY))

    with pytest.raises(Refused, match="2026年5月"):
        closing.reopen(closed, by=cast.gu, why="漏记一篇")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Reopening.objects.create(closed=closed, by=cast.gu, why="漏记一篇")
    closing.reopen(later, by=cast.gu, why="漏记一篇")
    closing.reopen(closed, by=cast.gu, why="漏记一篇")

    assert ClosedMonth.objects.last() is None


def test_it_is_reopened_once_with_a_reason_by_who_closes(cast, closed):
    with pytest.raises(Refused, match="请说明"):
        closing.reopen(closed, by=cast.gu, why=" ")
    with pytest.raises(Refused):
        closing.reopen(closed, by=cast.lu, why="漏记一篇")
    closing.reopen(closed, by=cast.gu, why="漏记一篇")

    with pytest.raises(Refused, match="没有结账"):
        closing.reopen(closed, by=cast.gu, why="漏记一篇")


def test_closed_figures_are_compared_with_the_ledger(cast, issued, closed):
    assert list(closing.compared()) == [(closed, [])]
    closing.reopen(closed, by=cast.gu, why="漏记一篇")
    figures = closed.figures | {str(cast.lin.unit_id): closed.figures[str(cast.lin.unit_id)] | {"total": "99.00"}}
    wrong = ClosedMonth.objects.create(month=APRIL, by=cast.gu, figures=figures)

    assert list(closing.compared()) == [(wrong, ["青浦局"])]


# --- by the worker ----------------------------------------------------------------------------------------------------
def test_it_is_brought_up_to_date_when_a_cause_may_have_changed_and_not_else(cast, issued):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date_if_due()
    before = LedgerRun.objects.get()
    assert (before.error, before.added) == ("", 6)

    ledger.bring_up_to_date_if_due()
    assert LedgerRun.objects.get().begun_at == before.begun_at

    article = factories.make_article(cast.zhao)
    article.apply(Article.SUBMIT, by=cast.zhao)
    ledger.bring_up_to_date_if_due()
    assert LedgerRun.objects.get().added == 1


def test_a_fault_is_said_and_tried_again(cast, issued, monkeypatch):
    factories.make_rules(cast.gu)
    with monkeypatch.context() as patch:
        patch.setattr(causes, "derive", lambda *_args: 1 / 0)  # a fault of the program
        ledger.bring_up_to_date_if_due()
        assert "division" in LedgerRun.objects.get().error

    ledger.bring_up_to_date_if_due()

    assert (LedgerRun.objects.get().error, LedgerRun.objects.get().added) == ("", 6)


# --- by the database --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["UPDATE points_entry SET points = 99", "DELETE FROM points_entry"])
def test_the_ledger_can_not_be_edited(cast, issued, act):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_the_database_takes_nothing_into_a_closed_month(cast, issued):
    given = factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))
    fields = {"unit": cast.lin.unit, "cause": "adopted", "key": "adopted 0", "on": APRIL, "rule_set": given}

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Entry.objects.create(month=APRIL, **fields)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        RuleSet.objects.create(name="旧月", valid_from=APRIL, by=cast.gu)
    Entry.objects.create(month=MAY, **fields)
