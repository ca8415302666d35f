"""What is kept is looked at: each kind of fault is found and named, and what was not looked at never reads as in order."""

import os
import time
from contextlib import suppress
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles.models import Photo, SourceFile
from bulletin_cms import backup, verify
from issues.models import FrozenContent, Issue, Proof
from issues.past import intake
from points import ledger, standing
from points.models import ClosedMonth
from tests import factories, old_issues
from tests.issues.test_past_files import SURE
from tests.scenes import scene
from workflow import frozen

pytestmark = pytest.mark.django_db


@scene
def office(bulletin, cast):
    """An issued issue, a later one in the making, an article with a photo and its Word file; all in order."""
    with factories.without_worker():
        issue = factories.issued_issue(bulletin, cast)
        factories.make_issue(bulletin, cast.lu)
    article = factories.make_article(cast.lin)
    factories.make_photo(article)
    factories.make_source_file(article)
    return issue


def run():
    """What the command printed, and whether it ended well."""
    out = StringIO()
    with suppress(CommandError):  # manage.py makes an exit code 1 of it
        call_command("verify", stdout=out)
        return out.getvalue(), True
    return out.getvalue(), False


def faults():
    return {str(found.label): found.faults for found in verify.everything() if found.faults}


def label(check):
    return next(str(name) for name, each in verify.CHECKS if each is check)


def write(name, content):
    (backup.files_root() / name).write_bytes(content)


@pytest.fixture
def untouchable(db):
    """Within the test the database lets everything be rewritten."""
    with transaction.atomic():
        frozen.remove(connection)
        yield
        frozen.install(connection)


def test_an_office_in_order_passes_and_says_how_much_was_looked_at(office):
    found = {check: found for (_label, check), found in zip(verify.CHECKS, verify.everything(), strict=True)}

    assert {
        check.__name__: found[check].looked_at for check in found if check not in (verify.tables, verify.triggers)
    } == {
        "official_pdfs": 1,
        "signed_proofs": 1,
        "frozen_contents": 1,
        "log": 12,  # what had been chained when it was signed, and the sign-off sheet
        "closed_months": 0,
        "numbers": 4,  # two of the year, two of all
        "proofs": 1,
        "photos": 1,
        "originals": 0,
        "named_files": 4,
        "orphans": 4,
    }
    assert found[verify.tables].looked_at > 40
    assert found[verify.triggers].looked_at == len(frozen.rules_of(connection))
    text, is_well = run()
    assert is_well
    assert "检查了 1 项，都对" in text


def test_an_empty_office_is_not_called_in_order(units):
    text, is_well = run()

    assert is_well
    assert "正式 PDF：没有可检查的" in text
    assert "正式 PDF：检查" not in text


@pytest.mark.sqlite
@pytest.mark.parametrize("change", ["changed", "missing"])
def test_an_official_pdf_is_compared_with_its_hash(office, change):
    if change == "changed":
        write(office.pdf.name, factories.PDF + b" ")
    else:
        default_storage.delete(office.pdf.name)

    [fault] = faults()[label(verify.official_pdfs)]
    assert str(office) in fault
    assert office.pdf.name in fault
    text, is_well = run()
    assert fault in text
    assert not is_well


@pytest.mark.sqlite
def test_the_original_of_a_past_issue_is_compared_with_its_hash(cast, bulletin):
    asked = old_issues.make_past_file(cast.lu, SURE, bulletin=bulletin)
    issue = intake.store(asked, by=cast.lu)
    assert label(verify.originals) not in faults()

    write(asked.file.name, b"another")

    assert faults()[label(verify.originals)] == [f"{issue}，原件：文件 {asked.file.name} 被改过"]


@pytest.mark.sqlite
def test_an_official_pdf_that_is_not_the_signed_one_is_found(office, untouchable):
    office.sign_offs.update(pdf_sha256="0" * 64)

    assert label(verify.official_pdfs) in faults()


@pytest.mark.sqlite
def test_a_signed_proof_is_compared_with_its_hash(office):
    write(Proof.objects.exclude(pdf="").get().pdf.name, b"another")

    assert {label(verify.signed_proofs), label(verify.proofs)} <= faults().keys()


@pytest.mark.sqlite
def test_a_signed_proof_without_a_row_is_found(office, untouchable):
    Proof.objects.filter(issue=office).delete()

    assert label(verify.signed_proofs) in faults()


@pytest.mark.sqlite
def test_a_frozen_content_is_compared_with_its_digest(office, untouchable):
    FrozenContent.objects.update(text="{}")

    assert label(verify.frozen_contents) in faults()


@pytest.mark.sqlite
def test_a_photo_is_compared_with_its_hash(office):
    write(Photo.objects.get().file.name, b"another")

    assert faults().keys() == {label(verify.photos)}


@pytest.mark.sqlite
def test_a_file_without_a_hash_must_be_there(office):
    source = SourceFile.objects.get()
    source.file.storage.delete(source.file.name)

    [fault] = faults()[label(verify.named_files)]
    assert source.file.name in fault


@pytest.mark.sqlite
def test_a_file_that_belongs_to_nothing_is_named_once_it_is_old(office):
    write("lost.pdf", b"lost")
    assert faults() == {}

    os.utime(Path(backup.files_root() / "lost.pdf"), (time.time() - 2 * verify.SETTLED,) * 2)
    [fault] = faults()[label(verify.orphans)]
    assert "lost.pdf" in fault


@pytest.mark.sqlite
def test_pictures_of_pages_belong_to_nothing_and_may(office):
    default_storage.save("pages/abc/1-s.png", factories.ContentFile(b"png"))
    os.utime(Path(backup.files_root() / "pages/abc/1-s.png"), (0, 0))

    assert faults() == {}


@pytest.mark.sqlite
def test_a_gap_in_the_numbers_is_named(office):
    Issue.objects.filter(number=11).update(number=12, total_number=547)

    assert faults()[label(verify.numbers)] == ["缺 2026年第11期：前后的期号都在", "缺 总第546期：前后的期号都在"]


def test_numbers_before_this_system_and_those_given_up_are_no_gaps(office, bulletin, cast):
    old_issues.past_issue(number=2, total_number=500, year=2025, date=date(2025, 1, 13))
    with factories.without_worker():
        given_up = Issue.objects.get(number=11)
        factories.make_issue(bulletin, cast.lu)
        given_up.apply(Issue.DISCARD, by=cast.lu)

    assert label(verify.numbers) not in faults()


def test_a_missing_trigger_is_named(office, untouchable):
    assert len(faults()[label(verify.triggers)]) == len(frozen.rules_of(connection))


@pytest.mark.sqlite
def test_what_was_deleted_while_it_looked_is_no_fault(office, monkeypatch):
    name, exists = SourceFile.objects.get().file.name, FileSystemStorage.exists

    def delete_first(storage, asked):
        if asked == name:
            SourceFile.objects.all().delete()
            default_storage.delete(name)
        return exists(storage, asked)

    monkeypatch.setattr(FileSystemStorage, "exists", delete_first)

    assert list(verify.named_files()) == [""] * 4


@pytest.mark.sqlite
def test_a_name_that_leads_out_of_the_folder_is_a_fault(office):
    Photo.objects.update(file="../../secret.jpg")

    assert {label(verify.photos), label(verify.named_files)} <= faults().keys()


@pytest.mark.sqlite
def test_a_check_that_can_not_be_made_is_a_fault_and_stops_no_other(office, monkeypatch):
    monkeypatch.setattr(backup, "stored", lambda: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))

    [fault] = faults()[label(verify.orphans)]
    assert "Permission denied" in fault
    assert len(verify.everything()) == len(verify.CHECKS)


def test_figures_of_a_closed_month_that_the_ledger_does_not_give_are_named(office, cast):
    factories.make_rules(cast.gu)
    ledger.bring_up_to_date()
    april = date(2026, 4, 1)
    figures = {str(unit): score.as_json() for unit, score in standing.from_entries(april).items()}
    figures[str(cast.lin.unit_id)]["total"] = "99.00"
    ClosedMonth.objects.create(month=april, by=cast.gu, figures=figures)

    assert faults()[label(verify.closed_months)] == ["2026年4月：结账时的数字与台账不符：青浦局"]
