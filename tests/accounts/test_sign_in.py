import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from accounts.forms import LoginForm
from accounts.models import Mail
from tests.factories import PASSWORD
from tests.servers import free_port

LOGIN = "/accounts/login/"


def sign_in(client, name, password=PASSWORD, **data):
    return client.post(LOGIN, {"username": name, "password": password, **data})


def test_it_takes_the_user_name(client, cast):
    assert sign_in(client, "lin").url == "/"


def test_it_takes_the_email_in_any_case(client, cast):
    assert sign_in(client, "LIN@Example.cn").url == "/"


@pytest.mark.parametrize("name", ["lin", "nobody"])
def test_it_does_not_tell_which_of_the_two_was_wrong(client, cast, name):
    response = sign_in(client, name, "wrong")

    assert response.context["form"].non_field_errors() == [LoginForm.error_messages["invalid_login"]]


def test_it_refuses_someone_who_left_with_the_same_words(client, cast):
    cast.lin.is_active = False
    cast.lin.save()

    response = sign_in(client, "lin")

    assert response.context["form"].non_field_errors() == [LoginForm.error_messages["invalid_login"]]


def test_it_leads_back_to_the_page_that_was_asked_for(client, cast):
    asked = client.get(reverse("accounts:profile"))
    assert asked.url == "/accounts/login/?next=/accounts/profile/"

    assert sign_in(client, "lin", next="/accounts/profile/").url == "/accounts/profile/"


def test_it_never_leads_to_another_site(client, cast):
    assert sign_in(client, "lin", next="https://example.com/").url == "/"


def test_signing_out_needs_a_post(as_user, cast):
    client = as_user(cast.lin)

    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).url == LOGIN
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}])
def test_a_script_without_a_session_gets_401_and_no_page(client, db, header):
    response = client.get(reverse("accounts:profile"), headers=header)

    assert (response.status_code, response.content) == (401, b"")


def test_a_new_password_is_chosen_through_the_mailed_link(client, cast):
    client.post(reverse("accounts:password_reset"), {"email": "Lin@example.cn"})
    assert mail.outbox == []  # the worker writes it
    mails.send_due()
    [message] = mail.outbox
    assert message.to == ["lin@example.cn"]
    assert "lin" in message.body
    link = re.search(r"https?://[^/]+(/\S+)", message.body)[1]

    form = client.get(link, follow=True)
    assert "登录用的用户名：<b>lin</b>" in form.text
    new = "夜航船-2026-春"
    done = client.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new})

    assert done.url == reverse("accounts:password_reset_complete")
    assert sign_in(client, "lin", new).url == "/"
    assert client.get(link, follow=True).context["validlink"] is False


def test_a_stranger_asking_for_a_new_password_sees_the_same_page_and_no_mail_goes(client, cast):
    response = client.post(reverse("accounts:password_reset"), {"email": "nobody@example.cn"})

    assert response.url == reverse("accounts:password_reset_done")
    mails.send_due()
    assert mail.outbox == []
    assert not Mail.objects.exists()


@pytest.mark.parametrize("address", ["lin@example.cn", "nobody@example.cn"])
def test_asking_for_a_link_does_the_same_work_for_anyone(client, cast, address, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.post(reverse("accounts:password_reset"), {"email": address})


def test_a_person_gets_one_link_in_ten_minutes(client, cast):
    for _n in range(3):
        client.post(reverse("accounts:password_reset"), {"email": "lin@example.cn"})
        mails.send_due()
    assert len(mail.outbox) == 1

    Mail.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    client.post(reverse("accounts:password_reset"), {"email": "lin@example.cn"})
    mails.send_due()
    assert len(mail.outbox) == 2


def test_the_link_is_of_the_site_whatever_host_was_asked(client, cast, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://bulletin.example.cn", ["*"]
    client.post(reverse("accounts:password_reset"), {"email": "lin@example.cn"}, headers={"Host": "evil.example"})
    mails.send_due()

    assert "https://bulletin.example.cn/accounts/password/reset/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_a_mail_waits_for_a_mail_server_that_is_away(client, cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    client.post(reverse("accounts:password_reset"), {"email": "lin@example.cn"})
    mails.send_due()
    waiting = Mail.objects.get()
    assert (waiting.sent_at, waiting.attempts) == (None, 1)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Mail.objects.update(next_try_at=timezone.now())
    mails.send_due()
    assert len(mail.outbox) == 1
    mails.send_due()
    assert len(mail.outbox) == 1


def test_changing_the_password_signs_out_the_other_devices(client, cast):
    sign_in(client, "lin")
    other = type(client)()
    sign_in(other, "lin")

    new = "夜航船-2026-春"
    client.post(
        reverse("accounts:password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )

    assert client.get(reverse("accounts:profile")).status_code == 200
    assert other.get(reverse("accounts:profile")).status_code == 302


def test_the_password_is_kept_as_an_argon2_hash(cast):
    cast.lin.set_password("夜航船-2026-春")
    assert cast.lin.password.startswith("argon2$argon2id$")
