"""A personal link that has only become too old: its owner has a new one sent, once, to their own address."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import links, mails
from accounts.models import Mail, PersonalLink
from articles import confirming, revision
from articles.models import Article
from articles.revision import Wording
from tests.articles.test_approval import REASON, approving, awaiting  # noqa: F401 - switches approvals on

PLACE = re.compile(r"http://127\.0\.0\.1:8000(/\S*links/\S+)")


def sent():
    """The address in the mail that goes out now."""
    mail.outbox.clear()
    mails.send_due()
    [message] = mail.outbox
    return message, PLACE.search(message.body)[1]


def grow_old():
    PersonalLink.objects.update(created_at=timezone.now() - timedelta(days=7, seconds=1))


@pytest.fixture
def approval(cast):
    awaiting(cast.lin, title="青浦局公示结果")
    return sent()[1]


@pytest.fixture
def question(cast):
    article = awaiting(cast.lin, title="青浦局公示结果", body="<p>会上形成公示。</p>")
    article.apply(Article.APPROVE, by=cast.he)
    wording = Wording({"body": "<p>会上形成共识。</p>"}, {})
    version = revision.revise(article, wording, by=cast.lu, seen=article.current_version_id)
    confirming.ask(article, by=cast.lu, seen=version.pk)
    notice = cast.lin.notices.get(word="请确认")
    notice.mail = mails.write_notices([cast.lin])[cast.lin.pk]
    notice.save()
    return links.url_of(notice.link).removeprefix("http://127.0.0.1:8000")


def renewal(client, address):
    return re.search(r'action="(\S*/renew/)"', client.get(address).text)[1]


@pytest.mark.parametrize("kind", ["approval", "question"])
def test_an_old_link_brings_a_new_one(kind, client, request):
    address = request.getfixturevalue(kind)
    Mail.objects.all().delete()
    grow_old()

    answer = client.get(address)
    assert answer.status_code == 404
    assert "链接过期了" in answer.text
    done = client.post(renewal(client, address))

    assert "新链接已发出" in done.text
    assert "***@example.cn" in done.text
    _message, new = sent()
    assert new != address
    assert client.get(new).status_code == 200
    assert "链接无效" in client.get(address).text


def test_it_is_sent_once(approval, client):
    grow_old()
    place = renewal(client, approval)
    client.post(place)

    assert client.post(place).status_code == 404
    assert Mail.objects.filter(sent_at=None).count() == 1


def test_looking_sends_nothing(approval, client):
    grow_old()
    place = renewal(client, approval)

    assert client.get(place).status_code == 405
    assert not Mail.objects.filter(sent_at=None).exists()


def decided(cast):
    Article.objects.get().apply(Article.SEND_BACK, by=cast.he, note=REASON)


def switched_off(cast):
    cast.he.is_active = False
    cast.he.save()


def without_address(cast):
    cast.he.email = ""
    cast.he.save()


@pytest.mark.parametrize("happened", [decided, switched_off, without_address])
def test_nothing_is_offered_where_nothing_is_asked_any_more(happened, cast, approval, client):
    grow_old()
    place = renewal(client, approval)
    happened(cast)

    assert "renew" not in client.get(approval).text
    assert client.post(place).status_code == 404
    assert not Mail.objects.filter(sent_at=None, user=cast.he).exists()


@pytest.mark.parametrize("place", ["approve/abc", "unit/abc", "other/abc"])
def test_an_unknown_link_brings_none(place, db, client):
    assert client.post(f"/articles/links/{place}/renew/").status_code == 404


def test_a_link_in_force_is_not_renewed(approval, client):
    token = approval.rstrip("/").rpartition("/")[2]

    assert client.post(reverse("articles:link_renew", args=["approve", token])).status_code == 404
    assert client.get(approval).status_code == 200
