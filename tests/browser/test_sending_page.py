"""The mailing's page follows the sending by itself, and its questions are asked before what can't be taken back."""

import pytest

from distribution import sending
from distribution.models import Delivery, DeliveryStatus, Mailing, Reader
from tests import factories
from tests.browser.conftest import PHONE, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address(mailing):
    return f"/distribution/{mailing.pk}/"


def test_the_numbers_move_without_a_touch(site, browse, shot):
    page = browse(site.cast.tang, path=address(site.mailing))
    assert page.locator("#progress-h").inner_text() == "已送出 0 / 1"
    sending.pump()
    page.get_by_text("已送出 1 / 1").wait_for(timeout=10_000)
    page.get_by_text("全部送出，用时").wait_for()
    assert page.locator("#progress[hx-get]").count() == 0
    assert page.faults == []


def test_starting_is_asked_and_then_done(site, browse, shot):
    page = browse(site.cast.tang, path=f"/distribution/prepare/{site.issued.pk}/")
    page.get_by_role("button", name="开始分发…").click()
    dialog = page.get_by_role("dialog")
    assert "收不回来" in dialog.inner_text()
    assert page.evaluate("document.activeElement.hasAttribute('data-close')")
    shot(page, "mailing-start")
    dialog.get_by_role("button", name="开始分发").click()
    page.locator("#progress").wait_for()
    assert Mailing.objects.get(issue=site.issued).deliveries.count() == Reader.objects.active().count()


def test_an_unsure_copy_is_sent_again_only_after_the_question(site, browse, axe, shot):
    Delivery.objects.update(status=DeliveryStatus.UNSURE)
    page = browse(site.cast.tang, size=PHONE, path=address(site.mailing))
    page.get_by_role("button", name="再发一次…").click()
    dialog = page.get_by_role("dialog")
    assert "可能收到两份" in dialog.inner_text()
    shot(page, "resend")
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert Delivery.objects.get(mailing=site.mailing).status == DeliveryStatus.UNSURE
    page.get_by_role("button", name="再发一次…").click()
    dialog.get_by_role("button", name="再发一次").click()
    page.wait_for_load_state()
    assert not Delivery.objects.filter(mailing=site.mailing, status=DeliveryStatus.UNSURE).exists()


def test_the_list_follows_the_numbers_unless_a_question_is_open(site, browse):
    factories.make_readers(2)
    Delivery.objects.update(status=DeliveryStatus.UNSURE)
    late = factories.make_reader("松江邮政管理局", "综合科", "sj@example.cn")
    waiting = Delivery.objects.create(
        mailing=site.mailing,
        reader=late,
        address=late.email,
        message_id="<late@example.cn>",
        token_hash="0" * 64,
        link_expires_at=site.delivery.link_expires_at,
    )
    page = browse(site.cast.tang, path=address(site.mailing))
    page.get_by_role("button", name="再发一次…").click()
    with page.expect_response(lambda response: "/progress/" in response.url):
        Delivery.objects.filter(pk=waiting.pk).update(status=DeliveryStatus.SENDING)
    settle(page)
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    Delivery.objects.filter(pk=waiting.pk).update(status=DeliveryStatus.QUEUED, attempts=1)
    Delivery.objects.create(
        mailing=site.mailing,
        reader=Reader.objects.get(email="reader1@example.cn"),
        address="reader1@example.cn",
        status=DeliveryStatus.FAILED,
        error="550 5.1.1 user unknown",
        message_id="<more@example.cn>",
        token_hash="1" * 64,
        link_expires_at=site.delivery.link_expires_at,
    )
    page.get_by_text("没有这个邮箱").wait_for(timeout=10_000)
