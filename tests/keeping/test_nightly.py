"""Each night a backup and a check, once; what goes wrong is told to the administrators, and stands on their list."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from bulletin_cms import backup, backup_file, nightly, todo, verify
from bulletin_cms.models import Upkeep
from bulletin_cms.verify import Found
from tests import factories
from workflow.refusals import Refused


@pytest.fixture
def clock(monkeypatch):
    """Sets the time: clock(day, hour) of April 2026."""

    def at(day, hour=12, minute=0):
        now = timezone.make_aware(datetime(2026, 4, day, hour, minute))
        monkeypatch.setattr(timezone, "now", lambda: now)

    at(1)
    return at


@pytest.fixture
def made(monkeypatch):
    """Stands in for the backup itself, which tests/keeping/test_backup.py makes in earnest: the files asked for."""
    files = []

    def make(to):
        files.append(to.name)
        to.write_bytes(b"zip")
        return backup_file.Manifest(backup_file.About("", "sqlite", "", [], {"accounts_user": 9}), {})

    monkeypatch.setattr(backup, "make", make)
    return files


def fail(monkeypatch, words="磁盘满了"):
    def refuse(_to):
        raise Refused(words)

    monkeypatch.setattr(backup, "make", refuse)


def kinds(user):
    return {task.kind: task for task in todo.tasks(user)}


@pytest.fixture
def admin(cast, clock):
    """Has been there since the first of April."""
    User.objects.update(date_joined=timezone.now())
    cast.admin.refresh_from_db()
    return cast.admin


def test_it_backs_up_once_a_night_and_makes_up_for_a_night_when_the_machine_was_off(db, clock, made):
    for day, hour in ((1, 12), (1, 13), (2, 1), (2, 2), (2, 3), (3, 9), (3, 10)):
        clock(day, hour)
        nightly.back_up_if_due()

    assert made == [f"bulletin-2026-04-0{day}-{hour:02}0000.zip" for day, hour in ((1, 12), (2, 2), (3, 9))]


def test_one_that_was_cut_off_is_made_again_after_three_hours(db, clock, made):
    clock(2, 2)
    assert Upkeep.claim("backup", since=timezone.now())
    for hour in (4, 6):
        clock(2, hour)
        nightly.back_up_if_due()

    assert made == ["bulletin-2026-04-02-060000.zip"]


def test_two_workers_make_one(db, clock):
    assert Upkeep.claim("backup", since=timezone.now())
    assert Upkeep.claim("backup", since=timezone.now()) is None


@pytest.mark.sqlite
def test_a_real_one_is_whole(office, settings):
    nightly.back_up_if_due()

    [kept] = Path(settings.BACKUP_DIR).iterdir()
    assert backup_file.read(kept).about.rows["issues_issue"] == 1
    assert kept.name in Upkeep.objects.get().said


def test_what_a_killed_one_left_goes(db, clock, made, settings):
    left = settings.BACKUP_DIR / ".bulletin-2026-03-01-020000.zip.partial"
    left.write_text("half")
    nightly.back_up_if_due()

    assert not left.exists()


def test_it_keeps_seven_days_four_weeks_and_twelve_months():
    day, kept = datetime(2026, 1, 1, 2), []
    for _night in range(400):
        kept.append(f"bulletin-{day:%Y-%m-%d-%H%M%S}.zip")
        kept = [name for name in kept if name not in nightly.outdated(kept)]
        day += timedelta(days=1)

    days = [name[9:19] for name in kept]
    assert days[-7:] == [f"2027-{day}" for day in ("01-29", "01-30", "01-31", "02-01", "02-02", "02-03", "02-04")]
    assert {"2027-01-24", "2027-01-17"} <= set(days)  # Sundays
    assert {f"2026-{month:02}" for month in range(3, 13)} | {"2027-01", "2027-02"} == {day[:7] for day in days}
    assert len(days) <= nightly.DAYS + nightly.WEEKS + nightly.MONTHS


def test_it_deletes_nothing_that_is_not_of_a_night():
    others = ["before-restore-2026-04-01-120000-000001.zip", "bulletin-2026-02-30-020000.zip", "年终.zip"]

    assert nightly.outdated(others + [f"bulletin-2026-04-{day:02}-020000.zip" for day in range(1, 8)]) == []


def test_a_failure_is_told_to_the_administrators_and_stands_first_on_their_list(admin, cast, clock, monkeypatch):
    fail(monkeypatch)
    nightly.back_up_if_due()

    notice = Notice.objects.get()
    assert (notice.user, notice.word, notice.note) == (admin, "备份没有做成", "磁盘满了")
    assert notice.mail
    task = todo.tasks(admin)[0]
    assert (task.title, task.why) == ("最近一次备份没有做成", "磁盘满了")
    assert "backup" not in kinds(cast.gu)


def test_a_fault_of_the_code_is_told_too(admin, monkeypatch, caplog):
    monkeypatch.setattr(backup, "make", lambda _to: 1 / 0)
    nightly.back_up_if_due()

    assert "division by zero" in Notice.objects.get().note
    assert "Traceback" in caplog.text


def test_it_is_settled_by_the_next_good_one(admin, clock, made, monkeypatch):
    with monkeypatch.context() as patch:
        fail(patch)
        nightly.back_up_if_due()
    clock(2)
    nightly.back_up_if_due()

    assert Notice.objects.get().settled_at
    assert "backup" not in kinds(admin)


def test_it_says_how_many_days_there_was_no_backup(admin, clock, made):
    nightly.back_up_if_due()
    clock(3, 11)
    assert "backup" not in kinds(admin)

    clock(4)
    assert kinds(admin)["backup"].title == "3 天没有备份"
    assert "beat" in kinds(admin)["backup"].why


def test_a_site_that_never_had_one_says_so_after_two_days(admin, clock):
    assert todo.counts(admin)["backup"] == 0
    clock(3)
    assert (todo.counts(admin)["backup"], todo.counts(admin)["verify"]) == (1, 1)
    assert kinds(admin)["verify"].title == "2 天没有检查存档"
    assert kinds(admin)["verify"].url == reverse("admin:bulletin_cms_upkeep_changelist")


def test_a_fault_that_the_check_finds_is_told_until_it_finds_none(admin, clock, monkeypatch):
    found = Found("正式 PDF", 1, ["2026年第10期：文件 a.pdf 被改过", "文件 b.pdf 不在了"])
    monkeypatch.setattr(verify, "everything", lambda: [found])
    nightly.verify_if_due()

    notice = Notice.objects.get()
    assert (notice.word, notice.note) == ("检查发现问题", "2 处不对：2026年第10期：文件 a.pdf 被改过")
    assert kinds(admin)["verify"].why == notice.note
    assert "b.pdf" in Upkeep.objects.get(kind="verify").said

    found.faults.clear()
    clock(2)
    nightly.verify_if_due()
    assert "检查了 1 项，都对" in Upkeep.objects.get(kind="verify").said
    assert "verify" not in kinds(admin)


@pytest.mark.sqlite
def test_the_list_leads_to_the_page_that_says_more(admin, as_user, monkeypatch):
    fail(monkeypatch)
    nightly.back_up_if_due()
    client = as_user(admin)

    assert "最近一次备份没有做成" in client.get("/").content.decode()
    for address in (
        reverse("admin:bulletin_cms_upkeep_changelist"),
        kinds(admin)["backup"].url,
        Notice.objects.get().url,
    ):
        assert "磁盘满了" in client.get(address).content.decode()
    assert client.post(reverse("admin:bulletin_cms_upkeep_delete", args=[Upkeep.objects.get().pk])).status_code == 403


def test_beat_asks_for_both(settings):
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"bulletin_cms.tasks.back_up", "bulletin_cms.tasks.verify"} <= asked <= factories.celery_app.tasks.keys()
