"""A personal link opens one copy of one issue; every link that is not valid answers with the same page."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from distribution import links, mailing, sending
from distribution.models import Delivery, DeliveryStatus, Receipt
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def copy(sent_out):
    sending.pump()
    return sent_out.deliveries.select_related("mailing__issue").first()


@pytest.fixture
def token(copy):
    return links.token_of(copy)


def page(token):
    return reverse("distribution:reader_page", args=[token])


def every_address(token):
    for name in ("page", "pdf", "confirm"):
        yield reverse(f"distribution:reader_{name}", args=[token])
    yield reverse("distribution:reader_photo", args=[token, 1])


def altered(token):
    return ("B" if token[0] == "A" else "A") + token[1:]


def test_the_mailed_link_opens_the_issue_without_an_account(copy, token, client):
    letter = next(letter for letter in mail.outbox if copy.address in letter.to[0])
    assert links.url_of(token) in letter.body
    answer = client.get(page(token))
    assert answer.status_code == 200
    for placement in copy.mailing.issue.placements.all():
        assert placement.version.title in answer.content.decode()


def test_a_link_has_256_bits_and_only_its_hash_is_kept(copy, token):
    assert len(token) == 43
    assert token not in str(list(Delivery.objects.values()))
    assert copy.token_hash == links.hash_of(token)


def test_every_reader_has_another_link(sent_out):
    copies = sent_out.deliveries.select_related("mailing__issue")
    assert len({links.token_of(copy) for copy in copies}) == 3


def test_an_altered_link_an_expired_one_and_a_revoked_one_get_the_same_page(copy, token, client, cast):
    unknown = client.get(page(altered(token)))
    Delivery.objects.filter(pk=copy.pk).update(link_expires_at=timezone.now() - timedelta(seconds=1))
    expired = client.get(page(token))
    Delivery.objects.filter(pk=copy.pk).update(link_expires_at=timezone.now() + timedelta(days=1))
    mailing.revoke(copy, by=cast.tang)
    revoked = client.get(page(token))
    bodies = {
        answer.content.decode().replace(altered(token), "TOKEN").replace(token, "TOKEN").split("<main")[1]
        for answer in (unknown, expired, revoked)
    }
    assert [answer.status_code for answer in (unknown, expired, revoked)] == [404, 404, 404]
    assert len(bodies) == 1


def test_nothing_behind_a_revoked_link_answers(copy, token, client, cast):
    mailing.revoke(copy, by=cast.tang)
    for address in every_address(token):
        assert client.get(address).status_code == 404
    assert client.post(reverse("distribution:reader_confirm", args=[token]), {"name": "林向晚"}).status_code == 404
    assert not Receipt.objects.exists()


def test_a_link_opens_its_own_issue_only(copy, token, client, bulletin, cast):
    other_article = factories.accepted(cast.zhao, cast.lu, title="宝山局开展车辆通行整治")
    other = factories.issued_issue(bulletin, cast, [other_article], dated_on=date(2026, 4, 20))
    mailing.start(other, by=cast.tang)
    answer = client.get(page(token)).content.decode()
    assert "宝山局开展车辆通行整治" not in answer
    foreign = links.token_of(other.mailing.deliveries.select_related("mailing__issue").get(reader=copy.reader))
    assert foreign != token


def test_a_new_link_replaces_the_old_one_and_goes_to_the_known_address(copy, token, client, cast):
    mailing.new_link(copy, by=cast.tang)
    sending.pump()
    assert client.get(page(token)).status_code == 404
    copy.refresh_from_db()
    assert copy.address in mail.outbox[-1].to[0]
    assert links.url_of(links.token_of(copy)) in mail.outbox[-1].body
    assert client.get(page(links.token_of(copy))).status_code == 200


def ask(client, token):
    return client.post(reverse("distribution:reader_new_link", args=[token]))


def test_an_expired_link_brings_a_new_one(copy, token, client):
    Delivery.objects.filter(pk=copy.pk).update(link_expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(client, token).status_code == 200
    sending.pump()
    assert len(mail.outbox) == 4
    assert copy.address in mail.outbox[-1].to[0]


def test_a_revoked_or_unknown_or_valid_link_brings_none_and_the_answer_does_not_tell(copy, token, client, cast):
    answers = [ask(client, altered(token)), ask(client, token)]
    mailing.revoke(copy, by=cast.tang)
    answers.append(ask(client, token))
    sending.pump()
    assert len(mail.outbox) == 3
    assert len({answer.content.decode().split("<main")[1] for answer in answers}) == 1


def test_fifty_gets_and_heads_never_sign(copy, token, client):
    for _n in range(50):
        for address in every_address(token):
            client.get(address)
            client.head(address)
    assert not Receipt.objects.exists()


def test_heads_are_not_counted_as_opened(copy, token, client):
    client.head(page(token))
    copy.refresh_from_db()
    assert copy.opened_at is None
    assert not copy.access_logs.exists()


def test_opening_and_downloading_are_logged_without_the_network_address(copy, token, client):
    client.get(page(token))
    client.get(reverse("distribution:reader_pdf", args=[token]))
    assert sorted(copy.access_logs.values_list("kind", flat=True)) == ["download", "open"]
    assert "127.0.0.1" not in str(list(copy.access_logs.values()))
    copy.refresh_from_db()
    assert copy.opened_at


def test_the_download_is_the_official_pdf(copy, token, client):
    answer = client.get(reverse("distribution:reader_pdf", args=[token]))
    assert answer.getvalue() == factories.PDF
    assert "attachment" in answer["Content-Disposition"]
    assert "2026" in answer["Content-Disposition"]


@pytest.mark.parametrize("is_valid", [True, False])
def test_no_other_site_learns_the_link(is_valid, token, client):
    answer = client.get(page(token if is_valid else altered(token)))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_browser_that_hides_its_origin_can_confirm(token):
    """Under no-referrer browsers send `Origin: null`."""
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("distribution:reader_confirm", args=[token]), {"name": "林向晚"}, HTTP_ORIGIN="null")
    assert answer.status_code == 302
    assert Receipt.objects.get().name == "林向晚"


def test_a_photo_of_another_issue_is_not_given_out(copy, token, client, cast):
    article = factories.make_article(cast.zhao)
    photo = article.all_photos.create(file="x.jpg", width=1, height=1, content_type="image/jpeg", sha256="0" * 64)
    assert client.get(reverse("distribution:reader_photo", args=[token, photo.pk])).status_code == 404


def test_a_changed_secret_key_leaves_sent_links_alone_and_new_mails_whole(sent_out, token, client, settings, cast):
    settings.SECRET_KEY = "another key of fifty characters, as settings wants it to be"
    assert client.get(page(token)).status_code == 200
    copy = sent_out.deliveries.last()
    Delivery.objects.filter(pk=copy.pk).update(status=DeliveryStatus.FAILED)
    mailing.resend(copy, by=cast.tang)
    sending.pump()
    fresh = Delivery.objects.select_related("mailing__issue").get(pk=copy.pk)
    assert links.url_of(links.token_of(fresh)) in mail.outbox[-1].body
    assert client.get(page(links.token_of(fresh))).status_code == 200
