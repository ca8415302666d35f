"""A colleague of the same unit may read a reader's copy; the reader alone confirms it."""

import pytest
from django.urls import reverse

from distribution import mailing
from distribution.models import AccessLog, Receipt
from issues.models import INTERNAL
from tests import factories
from tests.scenes import scene

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def url(name, *args):
    return reverse(f"distribution:{name}", args=args)


@scene
def copy(issue, cast, units):
    """Of the reader of 青浦, whose account is he's; lin is a colleague."""
    factories.make_reader(unit=units.qingpu, user=cast.he)
    return mailing.start(issue, by=cast.tang).deliveries.get()


def test_a_colleague_reads_it_and_another_unit_does_not(copy, cast, client_of):
    for name in ("copy", "copy_pdf"):
        assert client_of(cast.lin).get(url(name, copy.pk)).status_code == 200
        assert client_of(cast.zhao).get(url(name, copy.pk)).status_code == 404
    assert list(client_of(cast.lin).get(url("copies")).context["object_list"]) == [copy]
    assert list(client_of(cast.zhao).get(url("copies")).context["object_list"]) == []


def test_a_colleague_can_not_confirm_it(copy, cast, client_of):
    page = client_of(cast.lin).get(url("copy", copy.pk))

    assert url("copy_confirm", copy.pk) not in page.text
    assert client_of(cast.lin).post(url("copy_confirm", copy.pk), {"name": "林向晚"}).status_code == 404
    assert client_of(cast.he).post(url("copy_confirm", copy.pk), {"name": "贺思齐"}).status_code == 302
    assert Receipt.objects.get().entered_by == cast.he


def test_a_colleagues_look_does_not_count_as_the_readers(copy, cast, client_of):
    client_of(cast.lin).get(url("copy", copy.pk))
    copy.refresh_from_db()
    assert (copy.opened_at, AccessLog.objects.get().user) == (None, cast.lin)

    client_of(cast.he).get(url("copy", copy.pk))
    copy.refresh_from_db()
    assert copy.opened_at


def test_an_internal_issue_stays_with_its_listed_reader(bulletin, cast, units, client_of):
    article = factories.accepted(cast.zhao, cast.lu)
    issue = factories.issued_issue(bulletin, cast, [article], security=INTERNAL)
    factories.make_reader(unit=units.qingpu, user=cast.he)
    copy = mailing.start(issue, by=cast.tang).deliveries.get()

    assert client_of(cast.he).get(url("copy", copy.pk)).status_code == 200
    assert client_of(cast.lin).get(url("copy", copy.pk)).status_code == 404


def test_a_revoked_copy_is_read_by_nobody(copy, cast, client_of):
    type(copy).objects.update(status="sent")
    mailing.revoke(copy, by=cast.tang)

    for user in (cast.he, cast.lin):
        assert client_of(user).get(url("copy", copy.pk)).status_code == 404
