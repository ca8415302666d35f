"""A past issue that was taken in by mistake is taken back while nothing refers to it; the database lets go of nothing else."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from articles.models import Article
from articles.models import Status as ArticleStatus
from issues.models import ArchiveEntry, Issue, PastFile, Status
from issues.past import intake, taking_back
from tests import factories, old_issues
from tests.issues.test_past_files import SURE, address, typed
from tests.scenes import scene
from workflow.refusals import Refused


@scene
def stored(cast, bulletin):
    return intake.store(old_issues.make_past_file(cast.lu, SURE, bulletin=bulletin), by=cast.lu)


def test_nobody_finds_it_or_its_articles_any_more(stored, cast, as_user):
    lu = as_user(cast.lu)

    lu.post(reverse("issues:past_take_back", args=[stored.pk]))

    stored.refresh_from_db()
    assert stored.status == Status.DISCARDED
    assert not ArchiveEntry.objects.exists()
    assert not stored.placements.exists()
    assert stored.frozen is not None
    assert set(Article.objects.values_list("status", flat=True)) == {ArticleStatus.DISCARDED}
    assert lu.get(reverse("issues:detail", args=[stored.pk])).status_code == 404
    assert "没有“消防安全”" in lu.get(reverse("issues:archive"), {"q": "消防安全"}).text


def test_who_took_it_back_is_kept(stored, cast):
    taking_back.take_back(stored, by=cast.gu)

    events = stored.events.order_by("pk").values_list("transition", "by__name")
    assert list(events) == [("import", cast.lu.name), ("take_back", cast.gu.name)]
    assert Article.objects.first().events.last().transition == "take_back"


def test_its_file_is_stored_again_only_when_it_was_looked_over(stored, cast, as_user):
    taking_back.take_back(stored, by=cast.lu)
    asked = PastFile.objects.get()
    assert intake.confirm(PastFile.objects.all(), by=cast.lu) == 0

    page = as_user(cast.lu).get(address("past_file", asked))
    assert "已把它撤销入库" in page.text
    as_user(cast.lu).post(address("past_mend", asked), typed(page) | {"do": "store"})

    again = Issue.objects.issued().get()
    assert again.pk != stored.pk
    assert (again.reference, again.total_number) == (stored.reference, stored.total_number)


def test_it_stays_once_something_refers_to_it(stored, cast):
    factories.make_package(stored, cast.lu)

    with pytest.raises(Refused, match="不能再撤销入库"):
        taking_back.take_back(stored, by=cast.lu)

    assert Issue.objects.get(pk=stored.pk).is_issued


def test_only_imported_issues_are_taken_back(cast, bulletin):
    issued = factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])

    with pytest.raises(Refused, match="不是导入的"):
        taking_back.take_back(issued, by=cast.lu)


@pytest.mark.parametrize(
    "change",
    [
        lambda issue: Issue.objects.filter(pk=issue.pk).update(number=99),
        lambda issue: Issue.objects.filter(pk=issue.pk).update(status="discarded", number=99),
        lambda issue: Issue.objects.filter(pk=issue.pk).update(status="draft"),
        lambda issue: Issue.objects.filter(pk=issue.pk)._raw_delete("default"),
        lambda issue: ArchiveEntry.objects.filter(issue=issue).delete(),
        lambda issue: Article.objects.filter(placement__issue=issue).update(status="discarded"),
        lambda issue: Article.objects.filter(placement__issue=issue).update(title="改"),
        lambda issue: PastFile.objects.filter(issue=issue).update(sha256="0"),
        lambda issue: PastFile.objects.filter(issue=issue).delete(),
    ],
)
def test_the_database_refuses_any_other_change(stored, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(stored)


def test_the_database_keeps_an_issue_that_was_not_imported(cast, bulletin):
    issued = factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])

    with pytest.raises(DatabaseError), transaction.atomic():
        Issue.objects.filter(pk=issued.pk).update(status="discarded")
