"""Who never confirms is found over all issues, the worst first."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from distribution import receipts
from distribution.models import Delivery, Mailing, Reader
from distribution.silent_readers import counted_mailings, silent_readers
from tests import factories
from tests.scenes import scene

from .mailings import make_mailings
from .test_receipt_table import cells

pytestmark = pytest.mark.django_db


def make_copies(mailings, readers, **fields):
    fields = {"status": "sent", "link_expires_at": timezone.now() + timedelta(days=9)} | fields
    Delivery.objects.bulk_create(
        Delivery(mailing=row, reader=reader, message_id=f"<{row.pk}.{reader.pk}@x>", token_hash=f"{row.pk}.{reader.pk}",
                 address="" if fields["status"] == "paper" else "a@example.cn",
                 channel="paper" if fields["status"] == "paper" else "pdf", **fields)
        for row in mailings
        for reader in readers
    )  # fmt: skip


@scene
def three(bulletin, units):
    """Three mailings in 2025 to three readers: A confirmed all, B the first, C none."""
    mailings = make_mailings(bulletin, [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)])
    readers = [
        factories.make_reader(name, "办公室", f"{name}@example.cn", unit=unit)
        for name, unit in (("A", units.yunda), ("B", units.yunda), ("C", units.qingpu))
    ]
    make_copies(mailings, readers)
    for copy in Delivery.objects.filter(reader__organisation="A"):
        receipts.confirm(copy, "某人")
    receipts.confirm(Delivery.objects.get(reader__organisation="B", mailing=mailings[0]), "某人")
    return mailings


def found(last=10, **chosen):
    rows = silent_readers(counted_mailings(last), **chosen)
    return [(row.organisation, row.missing, row.copies, f"{timezone.localdate(row.since):%m-%d}") for row in rows]


def test_the_worst_stand_first_with_how_many_and_since_when(three):
    assert found() == [("C", 3, 3, "01-01"), ("B", 2, 3, "02-01")]


def test_only_the_last_issues_count(three):
    assert found(last=1) == [("B", 1, 1, "03-01"), ("C", 1, 1, "03-01")]


def test_a_tier_is_chosen(three):
    assert [row[0] for row in found(tier="courier")] == ["B"]


def test_an_issue_whose_day_has_not_come_does_not_count(three):
    Mailing.objects.filter(pk=three[2].pk).update(confirm_by=timezone.localdate())

    assert found()[0] == ("C", 2, 2, "01-01")


def test_an_issue_without_a_day_counts_after_a_week(three):
    Mailing.objects.filter(pk=three[2].pk).update(confirm_by=timezone.localdate() - timedelta(days=1))
    fresh = Mailing.objects.get(pk=three[1].pk)

    with factories.noon_of(date(2025, 2, 7)):
        assert fresh not in counted_mailings(10)
    with factories.noon_of(date(2025, 2, 9)):
        assert fresh in counted_mailings(10)


@pytest.mark.parametrize("status", ["failed", "unsure", "queued"])
def test_a_copy_that_did_not_arrive_is_nobodys_silence(status, three):
    Delivery.objects.filter(reader__organisation="C", mailing=three[0]).update(status=status)

    assert found() == [("B", 2, 3, "02-01"), ("C", 2, 2, "02-01")]


def test_a_paper_copy_counts(bulletin):
    make_copies(make_mailings(bulletin, [date(2025, 1, 1)]), [factories.make_reader(email="")], status="paper")

    assert [row[1:3] for row in found()] == [(1, 1)]


def test_who_gets_no_issues_any_more_is_left_out(three):
    Reader.objects.filter(organisation="C").update(is_active=False)

    assert [row[0] for row in found()] == ["B"]


def test_the_page_and_the_file_say_the_same(three, cast, as_user):
    page = as_user(cast.lu).get(reverse("distribution:silent"))
    rows, _formulas = cells(as_user(cast.lu).get(reverse("distribution:silent_xlsx")).content)

    assert "3 期中 3 期" in page.text
    assert [(row["A"], row["G"], row["H"]) for row in rows[1:]] == [("C", "3", "3"), ("B", "3", "2")]


def test_a_reader_leads_to_the_copies(three, cast, as_user):
    reader = Reader.objects.get(organisation="B")
    address = reverse("distribution:reader_copies", args=[reader.pk])

    assert address in as_user(cast.lu).get(reverse("distribution:silent")).text
    copies = as_user(cast.lu).get(address).context["object_list"]
    assert [copy.mailing for copy in copies] == three[::-1]


@pytest.mark.parametrize("name", ["silent", "silent_xlsx", "reader_copies"])
def test_its_queries_do_not_grow_with_the_rows(name, three, bulletin, units, cast, as_user):
    reader = Reader.objects.get(organisation="B")
    address = reverse(f"distribution:{name}", args=[reader.pk] if name == "reader_copies" else [])

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert as_user(cast.lu).get(address).status_code == 200
        return len(captured)

    queries()
    few = queries()
    make_copies(make_mailings(bulletin, [date(2025, 4, n) for n in range(1, 6)]), [reader])
    make_copies(three, factories.make_readers(25, unit=units.qingpu))
    assert queries() == few
