"""The phone code: at sign-in, at sign-off, its set-up, and what happens when the phone is lost."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import mails, second_factor
from issues import signing
from issues.models import SignOff
from tests import factories
from tests.factories import PASSWORD

CODE, SET_UP = reverse("accounts:code"), reverse("accounts:second_factor")


def enter_password(client, name, **data):
    return client.post(reverse("accounts:login"), {"username": name, "password": PASSWORD, **data})


def enter(client, code, address=CODE, **data):
    return client.post(address, {"code": code, **data})


def set_up(client, user):
    """Switches it on for a signed-in person; gives the recovery codes that the page shows."""
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    page = enter(client, second_factor.present_code(device), SET_UP)
    assert page.status_code == 200
    return re.findall(r"\b[a-z]{5}-[a-z]{5}\b", page.content.decode())


def test_the_password_alone_opens_no_page_for_a_signer(client, cast):
    assert enter_password(client, "fang", next="/issues/sign-offs/").url == "/issues/sign-offs/"

    for name in ("home", "issues:sign_offs", "issues:archive", "accounts:profile", "accounts:password_change"):
        assert client.get(reverse(name)).url.partition("?")[0] == CODE
    assert client.get(SET_UP).url.partition("?")[0] == CODE
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401


def test_the_code_leads_to_the_page_that_was_asked_for(client, cast):
    enter_password(client, "fang")
    asked = client.get("/issues/sign-offs/").url

    assert enter(client, factories.code_of(cast.fang), asked).url == "/issues/sign-offs/"
    assert client.get("/issues/sign-offs/").status_code == 200


def test_it_never_leads_to_another_site(client, cast):
    enter_password(client, "fang")

    assert enter(client, factories.code_of(cast.fang), next="https://example.com/").url == "/"


def test_a_code_is_good_once(client, cast):
    code = factories.code_of(cast.fang)
    enter_password(client, "fang")
    enter(client, code)
    other = type(client)()
    enter_password(other, "fang")

    refused = enter(other, code)

    assert refused.status_code == 422
    assert "用过" in refused.context["form"].errors["code"][0]
    assert other.get("/").url.startswith(CODE)


def test_wrong_codes_are_throttled(client, cast):
    enter_password(client, "fang")
    right = factories.code_of(cast.fang)
    wrong = "000000" if right != "000000" else "000001"
    for _n in range(3):
        enter(client, wrong)

    refused = enter(client, right)

    assert refused.status_code == 422
    assert TOTPDevice.objects.get().throttling_failure_count >= 1


def test_a_signer_without_a_phone_is_led_to_the_set_up(client, cast):
    TOTPDevice.objects.all().delete()
    enter_password(client, "fang")
    assert client.get("/issues/sign-offs/").url.partition("?")[0] == SET_UP

    codes = set_up(client, cast.fang)

    assert len(codes) == second_factor.RECOVERY_CODES
    assert client.get("/issues/sign-offs/").status_code == 200


def test_the_set_up_shows_a_picture_and_the_key(client, cast):
    TOTPDevice.objects.all().delete()
    enter_password(client, "fang")

    page = client.get(SET_UP).content.decode()

    assert second_factor.typed_secret(TOTPDevice.objects.get()) in page
    assert '<path d="M4 4h1v1h-1z' in page
    assert client.get(SET_UP).content.decode().count(second_factor.typed_secret(TOTPDevice.objects.get())) == 1


def test_a_wrong_code_switches_nothing_on(as_user, cast):
    client = as_user(cast.lin)
    client.get(SET_UP)

    assert enter(client, "abcdef", SET_UP).status_code == 422
    assert second_factor.device_of(cast.lin) is None


def test_a_recovery_code_is_good_once_and_never_shown_again(client, as_user, cast):
    codes = set_up(as_user(cast.lin), cast.lin)
    assert codes[0] not in client.get(SET_UP).content.decode()
    client.logout()
    enter_password(client, "lin")
    assert enter(client, codes[0].upper()).url == "/"

    other = type(client)()
    enter_password(other, "lin")
    assert enter(other, codes[0]).status_code == 422
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES - 1


def test_others_may_switch_it_on_and_off_with_a_code(as_user, cast):
    client = as_user(cast.lin)
    set_up(client, cast.lin)

    assert enter(client, "123", SET_UP).status_code == 422
    assert enter(client, factories.code_of(cast.lin), SET_UP).url == reverse("accounts:profile")
    assert second_factor.device_of(cast.lin) is None
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_the_administrator_resets_a_lost_phone_and_the_person_is_told(as_user, cast, caplog):
    data = {"action": "reset_second_factor", "_selected_action": [cast.fang.pk]}
    as_user(cast.admin).post(reverse("admin:accounts_user_changelist"), data)
    mails.send_due()

    assert second_factor.device_of(cast.fang) is None
    [message] = mail.outbox
    assert message.to == ["fang@example.cn"]
    assert "管理员" in message.body
    assert "'fang' reset by 'admin'" in caplog.text


def test_a_session_is_over_when_the_phone_is_another(client, cast):
    factories.sign_in(client, cast.fang)
    TOTPDevice.objects.all().delete()
    factories.give_phone(cast.fang)

    assert client.get("/").url.partition("?")[0] == CODE


def test_the_administration_has_no_sign_in_of_its_own(client, cast):
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=%2Fadmin%2F"
    factories.sign_in(client, cast.gu)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


@pytest.mark.parametrize("code", ["", "000000x", "１２３"])
def test_signing_off_needs_a_code_again(bulletin, cast, code):
    issue = factories.pending_issue(bulletin, cast)
    digest = signing.present_proof(issue).digest

    with pytest.raises(second_factor.CodeRefused):
        signing.sign(issue, by=cast.fang, expected_digest=digest, code=code)

    assert not SignOff.objects.exists()


def test_a_wrong_code_at_sign_off_is_counted(bulletin, cast):
    issue = factories.pending_issue(bulletin, cast)
    right = factories.code_of(cast.fang)
    wrong = "000000" if right != "000000" else "000001"
    with pytest.raises(second_factor.CodeRefused):
        signing.sign(issue, by=cast.fang, expected_digest=signing.present_proof(issue).digest, code=wrong)

    assert TOTPDevice.objects.get().throttling_failure_count == 1


def test_the_code_of_the_sign_in_signs_nothing(client, bulletin, cast):
    issue = factories.pending_issue(bulletin, cast)
    code = factories.code_of(cast.fang)
    enter_password(client, "fang")
    enter(client, code)
    data = {"digest": signing.present_proof(issue).digest, "code": code}

    page = client.post(reverse("issues:sign", args=[issue.pk]), data, follow=True)

    assert "用过" in page.content.decode()
    assert not SignOff.objects.exists()
