"""A mailing starts by itself at the planned time, once; it can be called off before, and a clock that jumps does no harm."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleAssignment
from distribution import mailing, planning
from distribution.models import Mailing, PlannedStart, PlanStatus
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """Moves the time by so many minutes from now."""
    now = timezone.now()

    def move(minutes):
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=minutes))

    return move


@scene
def planned(issue, readers, cast):
    """For in an hour."""
    return planning.plan(issue, timezone.now() + timedelta(hours=1), by=cast.tang)


def url(name, *args):
    return reverse(f"distribution:{name}", args=args)


def test_it_starts_at_its_time_and_not_before(planned, issue, cast, clock):
    clock(59)
    planning.start_due()
    assert not Mailing.objects.exists()

    clock(61)
    planning.start_due()

    planned.refresh_from_db()
    assert Mailing.objects.get().created_by == cast.tang
    assert planned.status == PlanStatus.STARTED


def test_it_starts_once_however_the_clock_jumps(planned, clock):
    for minutes in (61, 61, 30, 62):
        clock(minutes)
        planning.start_due()

    assert Mailing.objects.count() == 1


def test_a_clock_that_jumps_far_ahead_starts_nothing_and_says_so(planned, issue, clock, cast, as_user):
    clock(60 * 24)
    planning.start_due()

    planned.refresh_from_db()
    assert not Mailing.objects.exists()
    assert planned.status == PlanStatus.FAILED
    assert "错过了两个小时以上" in as_user(cast.tang).get(url("prepare", issue.pk)).text
    assert "定时没有开始" in as_user(cast.tang).get(reverse("home")).text


def test_what_is_called_off_does_not_start(planned, issue, cast, clock):
    planning.call_off(issue, by=cast.gu)

    clock(61)
    planning.start_due()

    assert not Mailing.objects.exists()
    with pytest.raises(Refused):
        planning.call_off(issue, by=cast.gu)


def test_a_run_that_looked_before_it_was_called_off_does_not_start_it(planned, issue, cast, clock):
    planning.call_off(issue, by=cast.gu)
    clock(61)

    planning._start(planned)

    assert not Mailing.objects.exists()


def test_who_starts_by_hand_settles_the_plan(planned, issue, cast, clock):
    mailing.start(issue, by=cast.gu)

    clock(61)
    planning.start_due()

    planned.refresh_from_db()
    assert (planned.status, planned.settled_by) == (PlanStatus.STARTED, cast.gu)
    assert Mailing.objects.count() == 1


def test_what_speaks_against_it_then_is_kept_for_a_person(planned, issue, clock):
    with open(issue.pdf.path, "ab") as file:
        file.write(b"changed")

    clock(61)
    planning.start_due()

    planned.refresh_from_db()
    assert (planned.status, planned.error) == (PlanStatus.FAILED, "正式 PDF 不见了或被改动过，请告诉管理员")


def test_who_has_lost_the_permission_starts_nothing(planned, cast, clock):
    RoleAssignment.objects.filter(user=cast.tang).update(role="editor")

    clock(61)
    planning.start_due()

    planned.refresh_from_db()
    assert planned.status == PlanStatus.FAILED


def test_there_is_one_plan_for_an_issue(planned, issue, cast):
    with pytest.raises(Refused):
        planning.plan(issue, timezone.now() + timedelta(hours=2), by=cast.tang)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedStart.objects.create(issue=issue, start_at=timezone.now(), planned_by=cast.tang)


def test_nobody_without_the_permission_plans_or_calls_off(planned, issue, cast):
    for user in (cast.lin, cast.lu, cast.fang, None):
        with pytest.raises(Refused):
            planning.plan(issue, timezone.now() + timedelta(hours=1), by=user)
        with pytest.raises(Refused):
            planning.call_off(issue, by=user)


@pytest.mark.sqlite
def test_it_is_planned_shown_and_called_off_on_the_pages(issue, readers, cast, as_user):
    at = timezone.localtime() + timedelta(days=2)
    as_user(cast.tang).post(url("plan", issue.pk), {"start_at": f"{at:%Y-%m-%dT09:30}", "confirm_by": ""})

    page = as_user(cast.tang).get(url("prepare", issue.pk))
    assert f"{at.month}月{at.day}日 09:30" in page.text
    assert "取消定时" in page.text

    as_user(cast.tang).post(url("call_off", issue.pk))
    assert "取消定时" not in as_user(cast.tang).get(url("prepare", issue.pk)).text


def test_the_day_to_confirm_by_goes_with_it(issue, readers, cast, clock):
    day = timezone.localdate() + timedelta(days=9)
    planning.plan(issue, timezone.now() + timedelta(hours=1), by=cast.tang, confirm_by=day)

    clock(61)
    planning.start_due()

    assert Mailing.objects.get().confirm_by == day


@pytest.mark.sqlite
def test_a_day_before_the_start_is_refused_and_nothing_typed_is_lost(issue, readers, cast, as_user):
    at = timezone.localtime() + timedelta(days=2)
    typed = {"start_at": f"{at:%Y-%m-%dT09:30}", "confirm_by": f"{timezone.localdate():%Y-%m-%d}"}
    answer = as_user(cast.tang).post(url("plan", issue.pk), typed)

    assert answer.status_code == 422
    assert typed["start_at"] in answer.text


@pytest.mark.sqlite
@pytest.mark.parametrize("start_at", ["2020-01-01T09:00", "2026-02-30T09:00", "", "2099-01-01T09:00"])
def test_a_time_that_can_not_be_is_refused(start_at, issue, readers, cast, as_user):
    answer = as_user(cast.tang).post(url("plan", issue.pk), {"start_at": start_at})

    assert answer.status_code == 422
    assert not PlannedStart.objects.exists()
