"""The editors ask for an issue's archive package, wait, and fetch it; that it was made stays on record with its check codes."""

import hashlib
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from distribution import tasks
from distribution.archiving import making, requests
from distribution.archiving.package import SOURCE
from distribution.archiving.papers import MANIFEST
from distribution.models import ArchivePackage
from issues.models import Issue, IssueEvent
from tests import factories, old_issues
from tests.distribution.packages import verify
from workflow.refusals import Refused

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


def page(issue):
    return reverse("distribution:archive", args=[issue.pk])


def ask(client, issue):
    return client.post(reverse("distribution:archive_make", args=[issue.pk]))


def make_all():
    for asked in ArchivePackage.objects.waiting():
        tasks.make_package(package_id=asked.pk)


# --- the way ----------------------------------------------------------------------------------------------------------
def test_it_is_asked_for_waited_for_and_fetched(as_user, cast, issue, tmp_path):
    client = as_user(cast.lu)
    assert f'href="{page(issue)}"' in client.get(reverse("issues:detail", args=[issue.pk])).text
    assert ask(client, issue)["Location"] == page(issue)
    assert 'hx-trigger="every 1s"' in client.get(page(issue)).text

    make_all()

    asked = ArchivePackage.objects.get()
    address = reverse("distribution:archive_file", args=[asked.pk])
    shown = client.get(page(issue), headers={"HX-Request": "true"}).text
    assert f'href="{address}"' in shown
    assert asked.sha256 in shown
    assert asked.sm3 in shown
    answer = client.get(address)
    assert "%E5%BD%92%E6%A1%A3%E5%8C%85-2026-10.zip" in answer["Content-Disposition"]
    (tmp_path / "a.zip").write_bytes(answer.getvalue())
    assert verify(tmp_path / "a.zip", "--sha256", asked.sha256)[0] == 0


def test_its_making_stays_on_record_for_ever(as_user, cast, issue):
    client = as_user(cast.lu)
    ask(client, issue)
    make_all()

    event = issue.events.get(transition="archive")
    asked = ArchivePackage.objects.get()
    assert (event.by, event.note) == (cast.lu, f"清单.txt 的校验码：SHA-256 {asked.sha256}，SM3 {asked.sm3}")
    assert event.note in client.get(page(issue)).text
    assert "生成归档包" in client.get(reverse("issues:history", args=[issue.pk])).text
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        IssueEvent.objects.filter(pk=event.pk).update(note="X")


def test_the_program_that_checks_comes_from_here(as_user, cast, issue):
    answer = as_user(cast.lu).get(reverse("distribution:archive_verifier"))

    assert answer.getvalue() == SOURCE.read_bytes()


def test_the_page_asks_few_questions_however_many_were_made(as_user, cast, issue, django_assert_max_num_queries):
    client = as_user(cast.lu)
    for n in range(5):
        issue.record("archive", by=cast.lu, note=str(n))
    with django_assert_max_num_queries(11):
        client.get(page(issue))


# --- who, and of what -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["lin", "fang", "tang", "shen"])
def test_only_the_editors_are_offered_one_or_may_ask(who, as_user, cast, issue):
    client = as_user(getattr(cast, who))

    assert page(issue) not in client.get(reverse("issues:detail", args=[issue.pk])).text
    assert ask(client, issue).status_code == 403
    with pytest.raises(Refused):
        requests.request(issue, by=getattr(cast, who))


def test_an_issue_in_the_making_has_none(as_user, cast, bulletin):
    signed = factories.signed_issue(bulletin, cast)

    assert ask(as_user(cast.lu), signed).status_code == 404
    with pytest.raises(Refused, match="还没有印发"):
        requests.request(signed, by=cast.lu)


def test_an_issue_from_before_this_system_has_none(as_user, cast):
    past = old_issues.past_issue()
    client = as_user(cast.lu)

    assert page(past) not in client.get(reverse("issues:detail", args=[past.pk])).text
    assert "从旧刊导入" in client.get(page(past)).text
    assert "从旧刊导入" in client.post(reverse("distribution:archive_make", args=[past.pk]), follow=True).text
    assert not ArchivePackage.objects.exists()


# --- what goes wrong --------------------------------------------------------------------------------------------------
def test_asked_for_twice_it_is_made_once(as_user, cast, issue, client_of):
    ask(client_of(cast.lu), issue)
    ask(client_of(cast.gu), issue)
    assert ArchivePackage.objects.get().asked_by == cast.lu
    make_all()
    make_all()

    assert issue.events.filter(transition="archive").count() == 1


def test_why_it_could_not_be_made_is_said_and_it_can_be_asked_for_anew(as_user, cast, issue):
    client = as_user(cast.lu)
    with issue.pdf.open("rb") as file:
        pdf = file.read()
    issue.pdf.storage.delete(issue.pdf.name)
    ask(client, issue)
    make_all()
    assert "归档包没能生成：正式 PDF" in client.get(page(issue)).text
    assert not issue.events.filter(transition="archive").exists()

    issue.pdf.storage.save(issue.pdf.name, BytesIO(pdf))
    ask(client, issue)
    make_all()
    assert "下载归档包" in client.get(page(issue)).text


def test_a_fault_is_logged_and_told(as_user, cast, issue, monkeypatch, caplog):
    client = as_user(cast.lu)
    ask(client, issue)
    monkeypatch.setattr(making, "write", lambda *_args: 1 / 0)
    make_all()

    assert "系统出错" in client.get(page(issue)).text
    assert "ZeroDivisionError" in caplog.text


def test_what_ends_its_worker_is_given_up(cast, issue):
    ArchivePackage.objects.create(issue=issue, asked_by=cast.lu, attempts=3)
    make_all()

    assert "中断了 3 次" in ArchivePackage.objects.get().error


def test_a_lost_message_is_made_up_for_and_after_a_day_the_file_is_gone(as_user, cast, issue):
    ask(as_user(cast.lu), issue)
    tasks.make_waiting_packages()
    asked = ArchivePackage.objects.get()
    assert asked.is_ready
    assert asked.file.storage.exists(asked.file.name)

    ArchivePackage.objects.update(requested_at=timezone.now() - timedelta(days=2))
    tasks.make_waiting_packages()

    assert not ArchivePackage.objects.exists()
    assert not asked.file.storage.exists(asked.file.name)
    assert issue.events.filter(transition="archive").count() == 1


def test_what_another_worker_has_taken_over_leaves_nothing_behind(cast, issue, monkeypatch, settings):
    asked = ArchivePackage.objects.create(issue=issue, asked_by=cast.lu)
    monkeypatch.setattr(ArchivePackage, "settle", lambda *_args, **_values: False)
    making.make(asked)

    assert (settings.MEDIA_ROOT / "archives").is_dir()
    assert not list(settings.MEDIA_ROOT.rglob("*.zip"))
    assert not issue.events.filter(transition="archive").exists()


# --- the command ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reference", ["2026-10", "545", "总第545期"])
def test_the_command_writes_it_and_prints_its_codes(reference, issue, tmp_path, capsys):
    call_command("archive", reference, "-o", tmp_path / "a.zip")

    with ZipFile(tmp_path / "a.zip") as archive:
        manifest = archive.read(MANIFEST)
    printed = capsys.readouterr().out
    assert f"SHA-256 {hashlib.sha256(manifest).hexdigest()}" in printed
    assert f"SM3     {hashlib.new('sm3', manifest).hexdigest()}" in printed
    assert issue.events.get(transition="archive").by is None
    assert [path.name for path in tmp_path.glob("*.zip*")] == ["a.zip"]


@pytest.mark.parametrize("reference", ["2026-99", "999", "ten"])
def test_the_command_says_when_there_is_no_such_issue(reference, issue, tmp_path):
    with pytest.raises(CommandError, match="没有 .* 这一期"):
        call_command("archive", reference, "-o", tmp_path / "a.zip")


def test_the_command_leaves_no_half_a_file(bulletin, cast, tmp_path):
    factories.make_issue(bulletin, cast.lu)
    (tmp_path / "a.zip").write_bytes(b"kept")

    with pytest.raises(CommandError, match="还没有印发"):
        call_command("archive", Issue.objects.get().reference, "-o", tmp_path / "a.zip")
    with pytest.raises(CommandError, match="nowhere"):
        call_command("archive", Issue.objects.get().reference, "-o", tmp_path / "nowhere" / "a.zip")

    (tmp_path / "b.zip.part").touch()
    with pytest.raises(CommandError, match="已经存在"):
        call_command("archive", Issue.objects.get().reference, "-o", tmp_path / "b.zip")
    (tmp_path / "b.zip.part").unlink()
    assert [(path.name, path.read_bytes()) for path in tmp_path.glob("*.zip*")] == [("a.zip", b"kept")]
