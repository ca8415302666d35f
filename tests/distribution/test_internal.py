"""An issue marked 内部 is for the office and its listed readers; classified ones go nowhere."""

import pytest
from django.urls import reverse

from distribution import mailing
from distribution.models import Delivery
from issues import signing
from issues.models import INTERNAL, Issue
from tests import factories
from tests.scenes import scene

pytestmark = pytest.mark.sqlite


@scene
def internal(bulletin, cast):
    """Issued, marked 内部, sent to one reader with an account and to nobody else."""
    article = factories.accepted(cast.zhao, cast.lu, title="内部通报的一件事", body="<p>会议提出了要求。</p>")
    issue = factories.issued_issue(bulletin, cast, [article], security=INTERNAL)
    factories.make_reader(user=cast.shen)
    mailing.start(issue, by=cast.tang)
    return issue


ADDRESSES = ("issues:detail", "issues:archive_pdf", "distribution:download")


@pytest.mark.parametrize("person", ["lin", "he", "shen"])
def test_other_readers_of_the_archive_find_nothing_of_it(internal, as_user, cast, person):
    client = as_user(getattr(cast, person))

    assert [client.get(reverse(name, args=[internal.pk])).status_code for name in ADDRESSES] == [404, 404, 404]
    for query in ("", "?q=内部通报", f"?q={internal.year}-{internal.number}"):
        page = client.get(reverse("issues:archive") + query).content.decode()
        assert f"/issues/archive/{internal.pk}/" not in page


@pytest.mark.parametrize("person", ["lu", "gu", "fang", "tang", "admin"])
def test_the_office_reads_it(internal, as_user, cast, person):
    assert as_user(getattr(cast, person)).get(reverse("issues:detail", args=[internal.pk])).status_code == 200


def test_its_listed_reader_finds_the_copy_on_the_home_page(internal, as_user, cast):
    client, copy = as_user(cast.shen), Delivery.objects.get()
    address = reverse("distribution:copy", args=[copy.pk])

    assert address in client.get("/").content.decode()
    assert client.get(address).status_code == 200


def test_the_sign_off_sheet_says_so_in_a_line_of_its_own(bulletin, as_user, cast):
    issue = factories.pending_issue(bulletin, cast, security=INTERNAL)

    assert "<b>内部</b>" in as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])).content.decode()


def test_the_check_page_of_the_mailing_says_so(bulletin, as_user, cast):
    issue = factories.issued_issue(bulletin, cast, security=INTERNAL)

    page = as_user(cast.tang).get(reverse("distribution:prepare", args=[issue.pk])).content.decode()
    assert "<b>内部</b>" in page


def test_an_old_classified_issue_is_neither_sent_for_sign_off_nor_mailed(bulletin, cast):
    """Such rows are from before this was refused."""
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    Issue.objects.filter(pk=issue.pk).update(security="秘密★1年")
    issue.refresh_from_db()

    assert "security" in {found.code for found in signing.problems(issue)}
    issue.status = "issued"
    assert any("秘密★1年" in problem.text for problem in mailing.problems(issue))
