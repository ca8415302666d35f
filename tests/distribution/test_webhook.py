"""Units' own systems: each answer, and each way to break off, leads to the one right state, and nothing is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from distribution import mailing, posting, queue, sending, systems
from distribution.channels.errors import NotConnected, Rejected, Unsure
from distribution.channels.webhook import message, post
from distribution.models import Channel, Delivery, DeliveryStatus, MailingStatus, Reader
from tests import factories
from tests.conftest import HERE
from tests.distribution.unit_system import UnitSystem
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db
LOOPBACK = [ip_network("127.0.0.0/8")]


@pytest.fixture
def started(issue, reader, cast):
    factories.make_reader("青浦局", "办公室", "qp@example.cn")
    with factories.without_worker():
        return mailing.start(issue, by=cast.tang)


@pytest.fixture
def copy(started):
    return started.deliveries.select_related("reader", "mailing__issue__frozen").get(channel=Channel.WEBHOOK)


def due_again(copy):
    Delivery.objects.filter(pk=copy.pk).update(next_try_at=timezone.now())


def what_of(copy):
    return list(copy.events.values_list("what", flat=True))


@pytest.mark.sqlite
def test_it_is_posted_signed_with_all_that_the_unit_needs(copy, started, system, reader):
    assert posting.pump() == 1

    (posted,) = system.posted
    page = (HERE.parent / "docs" / "webhook.md").read_text()
    theirs: dict = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], theirs)  # the unit's programmers go by this page
    secret = message.secret_of(reader)
    assert theirs["is_genuine"](posted.headers, posted.body, secret)
    assert not theirs["is_genuine"](posted.headers, posted.body + b" ", secret)
    assert not theirs["is_genuine"](posted.headers, posted.body, secret[:-1])
    assert not theirs["is_genuine"](posted.headers, posted.body, secret, now=timezone.now().timestamp() + 301)
    issue, words = started.issue, posted.words
    assert set(re.findall(r"`(\w+)`", page.split("## 验签")[0])) >= set(words)
    assert (words["event"], words["id"], words["number"]) == ("issue", posted.key, str(issue))
    assert (words["date"], words["pdf_sha256"]) == ("2026-04-08", issue.pdf_sha256)
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    copy.refresh_from_db()
    assert (copy.status, copy.smtp_reply, copy.address) == (DeliveryStatus.SENT, "200 OK", "")
    assert what_of(copy) == ["posted", "sent"]


@pytest.mark.sqlite
def test_the_link_in_it_opens_the_readers_own_page(copy, system, client):
    posting.pump()

    page = client.get(system.posted[0].words["link"].partition("8000")[2])

    assert page.status_code == 200
    assert "韵达" in page.text


def test_mails_and_posts_do_not_take_each_others_copies(copy, started, system, smtp):
    assert (sending.pump(), len(system.posted)) == (1, 0)
    started.refresh_from_db()
    assert started.status == MailingStatus.SENDING  # one is still to be posted

    assert (posting.pump(), len(smtp.received)) == (1, 1)
    started.refresh_from_db()
    assert started.status == MailingStatus.DONE


@pytest.mark.parametrize("status", [503])
@pytest.mark.sqlite
def test_not_now_is_tried_again_under_the_same_number(status, copy, system):
    system.status = status
    posting.pump()
    copy.refresh_from_db()
    assert (copy.status, copy.attempts) == (DeliveryStatus.QUEUED, 1)
    assert copy.next_try_at > timezone.now() + timedelta(seconds=40)
    assert posting.pump() == 0  # not before its time

    system.status = 202
    due_again(copy)
    assert posting.pump() == 1

    first, second = system.posted
    assert first.key == second.key
    assert (first.headers["X-Bulletin-Attempt"], second.headers["X-Bulletin-Attempt"]) == ("1", "2")


@pytest.mark.parametrize("status", [401])
@pytest.mark.sqlite
def test_a_refusal_is_for_a_person_and_pauses_no_mailing(status, copy, started, system, cast, as_user):
    system.status = status
    posting.pump()

    copy.refresh_from_db()
    started.refresh_from_db()
    assert copy.status == DeliveryStatus.FAILED
    assert copy.error.startswith(str(status))
    assert (started.refusals_in_a_row, started.status) == (0, MailingStatus.SENDING)
    page = as_user(cast.tang).get(reverse("distribution:detail", args=[started.pk]) + "?show=trouble")
    assert "对方系统没有收" in page.text
    assert "改用邮件发…" in page.text


@pytest.mark.sqlite
def test_no_redirect_is_followed(copy, system):
    with UnitSystem() as elsewhere:
        system.status, system.location = 307, elsewhere.url
        posting.pump()

    copy.refresh_from_db()
    assert (copy.status, elsewhere.posted) == (DeliveryStatus.FAILED, [])
    assert "请填那个地址" in copy.error


@pytest.mark.sqlite
def test_a_system_that_is_down_is_tried_again_and_counted_on_no_mailing(copy, started, system):
    system.__exit__()

    posting.pump()

    copy.refresh_from_db()
    started.refresh_from_db()
    assert (copy.status, copy.attempts, started.connection_errors) == (DeliveryStatus.QUEUED, 1, 0)
    assert "连不上" in copy.error
    with system_again(system):
        due_again(copy)
        assert posting.pump() == 1


def system_again(system):
    """Another server on the same port."""
    again = UnitSystem.__new__(UnitSystem)
    UnitSystem.__init__(again)
    again.server.server_close()
    port = system.server.server_address[1]
    again.server = type(system.server)(("127.0.0.1", port), again.server.RequestHandlerClass)
    again.server.daemon_threads = True
    return again


@pytest.mark.parametrize("way", ["hang up", "silence", "drip"])
@pytest.mark.sqlite
def test_without_an_answer_it_goes_out_again_under_the_same_number(way, copy, system, monkeypatch):
    monkeypatch.setattr(post, "SECONDS", 0.3)
    system.status = way
    posting.pump()
    copy.refresh_from_db()
    assert copy.status == DeliveryStatus.QUEUED
    assert "没有应答" in copy.error

    system.status = 200
    due_again(copy)
    posting.pump()

    copy.refresh_from_db()
    assert copy.status == DeliveryStatus.SENT
    assert (len(system.posted), len(system.known)) == (2, 1)


@pytest.mark.sqlite
def test_the_sixth_without_an_answer_is_unsure_and_left_to_a_person(copy, system, cast):
    system.status = "hang up"
    for _try in range(6):
        due_again(copy)
        posting.pump()
    copy.refresh_from_db()
    assert (copy.status, len(system.posted)) == (DeliveryStatus.UNSURE, 6)
    assert posting.pump() == 0

    mailing.mark_received(copy, by=cast.tang)
    copy.refresh_from_db()
    assert copy.status == DeliveryStatus.SENT


@pytest.mark.sqlite
def test_the_sixth_not_now_has_failed(copy, system):
    system.status = 503
    for _try in range(6):
        due_again(copy)
        posting.pump()
    copy.refresh_from_db()
    assert copy.status == DeliveryStatus.FAILED


class Killed(BaseException):
    """What no handler of ours catches, as if the process had ended there."""


@pytest.mark.parametrize("arrives", [False, True])
def test_a_process_that_ends_before_the_answer_loses_nothing(arrives, copy, started, system, monkeypatch):
    real = post.post

    def killed(*args):
        if arrives:
            real(*args)
        raise Killed

    monkeypatch.setattr(post, "post", killed)
    with pytest.raises(Killed):
        posting.pump()
    monkeypatch.setattr(post, "post", real)
    copy.refresh_from_db()
    assert copy.status == DeliveryStatus.SENDING  # the intent was written down before
    assert posting.pump() == 0  # as long as the other may live

    Delivery.objects.filter(pk=copy.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert posting.pump() == 1

    copy.refresh_from_db()
    assert (copy.status, copy.attempts) == (DeliveryStatus.SENT, 2)
    assert (len(system.posted), len(system.known)) == (1 + arrives, 1)
    assert what_of(copy) == ["posted", "later", "posted", "sent"]
    assert "中断" in copy.events.get(what="later").note


def test_a_post_at_which_every_worker_dies_ends_with_a_person(copy, started):
    for _try in range(6):
        (row,) = queue.claim(started, "dead", webhook=True)
        assert queue.begin(row, "dead")
        Delivery.objects.filter(pk=copy.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        queue.sweep()
    copy.refresh_from_db()
    assert (copy.status, copy.attempts) == (DeliveryStatus.UNSURE, 6)


def test_a_claim_that_was_not_begun_goes_back(copy, started, system):
    queue.claim(started, "dead", webhook=True)
    Delivery.objects.filter(pk=copy.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert posting.pump() == 1
    assert len(system.posted) == 1


@pytest.mark.sqlite
def test_a_renewed_link_is_another_message(copy, system, cast):
    posting.pump()
    mailing.new_link(copy, by=cast.tang)
    posting.pump()

    first, second = system.posted
    assert first.key != second.key
    assert first.words["link"] != second.words["link"]


@pytest.mark.sqlite
def test_what_a_person_sends_once_more_has_its_number_still(copy, system, cast):
    system.status = 404
    posting.pump()
    system.status = 200
    mailing.resend(copy, by=cast.tang)
    posting.pump()

    copy.refresh_from_db()
    assert (copy.status, len(system.known)) == (DeliveryStatus.SENT, 1)


def test_it_may_be_mailed_instead(copy, system, cast, smtp):
    system.status = 404
    posting.pump()
    with pytest.raises(Refused, match="不用邮件"):
        mailing.send_link_only(copy, by=cast.tang)
    mailing.send_to(copy, "yd@example.cn", by=cast.tang)
    sending.pump()

    copy.refresh_from_db()
    assert (copy.status, copy.channel) == (DeliveryStatus.SENT, Channel.PDF)
    assert copy.reader.deliveries.get().address == "yd@example.cn"


@pytest.mark.django_db(transaction=True)
def test_pumps_at_the_same_time_post_each_copy_once(issue, system, cast):
    readers = factories.make_readers(12)
    Reader.objects.update(webhook_url=system.url, webhook_generation=1, channel=Channel.WEBHOOK)
    with factories.without_worker():
        mailing.start(issue, by=cast.tang)

    def pump(_n):
        try:
            return posting.pump(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(pump, range(3))) == 12
    assert len(system.posted) == len(system.known) == len(readers)


# --- where it may go -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    [
        "ftp://oa.example.cn/x",
        "file:///etc/passwd",
        "https://",
        "https://user:word@oa.example.cn/",
        "https://oa.example.cn/x y",
        "https://oa.example.cn:99999/",
        "https://oa.example.cn/\r\nX: 1",
        "javascript:alert(1)",
    ],
)
@pytest.mark.sqlite
def test_only_a_plain_web_address_is_taken(url, cast):
    reader = factories.make_reader()
    with pytest.raises(Refused):
        systems.set_up(reader, url, is_used=True, by=cast.tang)
    with pytest.raises(Rejected):
        post.post(url, b"{}", {})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"])  # fmt: skip
@pytest.mark.sqlite
def test_nothing_goes_to_this_machine_or_to_link_local_addresses(host, settings):
    settings.WEBHOOK_NETWORKS = []
    with pytest.raises(Rejected, match="不在允许"):
        post.post(f"http://{host}:9/", b"{}", {})


@pytest.mark.sqlite
def test_the_setting_names_the_only_networks(settings, system):
    settings.WEBHOOK_NETWORKS = [ip_network("10.0.0.0/8")]
    with pytest.raises(Rejected):
        post.post(system.url, b"{}", {})
    assert system.posted == []


@pytest.mark.sqlite
def test_a_private_address_may_be_asked(settings):
    settings.WEBHOOK_NETWORKS = []
    assert all(post._may_be_asked(post.ip_address(text)) for text in ("10.1.2.3", "192.168.0.9", "fd00::1", "8.8.8.8"))


@pytest.mark.sqlite
def test_https_asks_for_a_certificate_that_can_be_verified(system):
    with pytest.raises(NotConnected, match="安全连接"):
        post.post(system.url.replace("http:", "https:"), b"{}", {})


@pytest.mark.sqlite
def test_an_answer_in_no_http_is_no_answer(system, monkeypatch):
    monkeypatch.setattr(system, "status", "hang up")
    with pytest.raises(Unsure):
        post.post(system.url, b"{}", {})
