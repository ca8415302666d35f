"""The phone code in a real browser: the second step of the sign-in, the set-up, the sign-off."""

import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from accounts import second_factor
from issues.models import SignOff
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter_password(page, name):
    page.goto("/")
    page.get_by_label("用户名或邮箱").fill(name)
    page.get_by_label("密码", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_second_step_asks_for_the_code(site, browse, axe, shot, size):
    page = browse(size=size)
    enter_password(page, "fang")
    expect(page.get_by_role("heading", name="手机动态码")).to_be_visible()
    shot(page, "code")
    assert axe(page) == []

    page.get_by_label("手机动态码").fill("12345a")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("备用码").first).to_be_visible()
    shot(page, "code-refused")
    page.get_by_label("手机动态码").fill(factories.code_of(site.cast.fang))
    page.get_by_role("button", name="登录", exact=True).click()

    expect(page.get_by_role("heading", name="要您办的").first).to_be_visible()
    assert page.faults == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_set_up_shows_recovery_codes_once(site, browse, axe, shot, size):
    TOTPDevice.objects.all().delete()
    page = browse(size=size)
    enter_password(page, "fang")
    expect(page.get_by_role("img", name="给验证器应用扫描的二维码")).to_be_visible()
    shot(page, "set-up")
    assert axe(page) == []

    page.get_by_label("手机动态码").fill(second_factor.present_code(TOTPDevice.objects.get()))
    page.get_by_role("button", name="开通").click()
    expect(page.get_by_role("heading", name="您的备用码")).to_be_visible()
    shot(page, "recovery-codes")
    assert axe(page) == []
    page.get_by_role("link", name="已经收好").click()

    expect(page.get_by_role("heading", name="要您办的").first).to_be_visible()
    assert page.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_sign_off_asks_for_a_code_in_the_pages_own_words(site, browse, axe, shot, size):
    page = browse(site.cast.fang, size, reverse("issues:sign_off", args=[site.pending.pk]))
    page.get_by_role("button", name="签发…").click()
    dialog = page.get_by_role("dialog")
    shot(page, "sign-off-dialog")
    dialog.get_by_role("button", name="签发第").click()
    expect(dialog.get_by_role("alert")).to_have_text("请填手机上显示的 6 位数字。")
    shot(page, "sign-off-dialog-empty")
    assert axe(page) == []

    dialog.get_by_label("手机动态码").fill(factories.code_of(site.cast.fang))
    dialog.get_by_role("button", name="签发第").click()
    expect(page.get_by_text("已签发").first).to_be_visible()
    assert SignOff.objects.filter(issue=site.pending).exists()


def test_an_empty_reason_is_asked_for_in_the_pages_own_words(site, browse):
    page = browse(site.cast.fang, PHONE, reverse("issues:sign_off", args=[site.pending.pk]))
    page.get_by_role("button", name="退回，提意见").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="退回编辑部").click()

    expect(dialog.get_by_role("alert")).to_have_text("请写明理由，有关的人都会看到。")
