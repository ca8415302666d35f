"""How often one may try to sign in, from where, and how many passwords are hashed at once."""

import threading
from datetime import timedelta
from ipaddress import ip_network

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import hashers, throttle
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.sqlite

LOGIN = "/accounts/login/"
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.99"


@pytest.fixture
def hashed(monkeypatch):
    """How often a password was hashed: the true hasher, counted."""
    count = []
    for name in ("encode", "verify"):
        true = getattr(Argon2PasswordHasher, name)

        def counted(self, *args, true=true):
            count.append(1)
            return true(self, *args)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    return count


def sign_in(client, name, password="wrong", address=HERE, **headers):
    return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address, **headers)


def fail(client, name, times, **kwargs):
    for _n in range(times):
        answer = sign_in(client, name, **kwargs)
    return answer


def words(answer):
    return answer.context["form"].non_field_errors()[0]


@pytest.mark.parametrize("name", ["fang", "nobody"])
def test_the_sixth_try_is_refused_before_anything_is_hashed(client, cast, hashed, name):
    fail(client, name, 5)
    assert len(hashed) == 5
    until = timezone.localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=15))

    answer = sign_in(client, name, PASSWORD)

    assert len(hashed) == 5
    assert answer.status_code == 422
    assert f"{until:%H:%M}" in words(answer)
    assert "管理员" in words(answer)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_the_lock_ends_when_it_was_said_to_end(client, cast):
    fail(client, "lin", 9)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))

    assert sign_in(client, "lin", PASSWORD).url == "/"


def test_name_and_address_of_one_person_are_counted_together(client, cast):
    fail(client, "lin", 3)
    fail(client, "LIN@example.cn", 2)

    assert sign_in(client, "lin", PASSWORD).status_code == 422


def test_it_locks_nobody_out_from_another_address(client, cast):
    fail(client, "lin", 9, address=ELSEWHERE)

    assert sign_in(client, "lin", PASSWORD).url == "/"


def test_one_address_may_not_try_name_after_name(client, cast):
    for n in range(throttle.ADDRESS_LIMIT):
        AccessAttempt.objects.create(
            username=f"name{n}", ip_address=HERE, user_agent="", failures_since_start=1, attempt_time=timezone.now()
        )

    assert sign_in(client, "lin", PASSWORD).status_code == 422
    assert sign_in(client, "lin", PASSWORD, address=ELSEWHERE).url == "/"


def test_a_forged_forwarded_for_does_not_help(client, cast):
    for n in range(5):
        sign_in(client, "lin", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")

    assert sign_in(client, "lin", PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.77").status_code == 422


def test_behind_a_trusted_proxy_the_address_next_to_it_counts(client, cast, settings):
    settings.TRUSTED_PROXIES = [ip_network("192.0.2.0/28")]
    for n in range(5):
        sign_in(client, "lin", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.7")

    assert {attempt.ip_address for attempt in AccessAttempt.objects.all()} == {"203.0.113.7"}
    assert sign_in(client, "lin", PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 422
    assert sign_in(client, "lin", PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.8").url == "/"


def test_a_failure_is_logged_with_name_and_address(client, cast, caplog):
    fail(client, "fang", 1)

    failure = AccessFailureLog.objects.get()
    assert (failure.username, failure.ip_address) == ("fang", HERE)
    assert "'fang' from 192.0.2.1" in caplog.text


def test_the_administrator_lifts_a_lock(client, cast):
    fail(client, "lin", 6)
    factories.sign_in(client, cast.admin)
    data = {"action": "unlock", "_selected_action": [cast.lin.pk]}
    client.post(reverse("admin:accounts_user_changelist"), data)
    client.logout()

    assert sign_in(client, "lin", PASSWORD).url == "/"


def test_a_command_lifts_a_lock(client, cast, capsys):
    fail(client, "admin", 6)
    call_command("unlock", "admin")

    assert sign_in(client, "admin", PASSWORD).url == "/"


def test_a_process_hashes_two_passwords_at_once(monkeypatch):
    stored = factories._hash_of_password()
    running, most, lock = 0, 0, threading.Lock()
    true = Argon2PasswordHasher.verify

    def watched(self, *args):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return true(self, *args)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(Argon2PasswordHasher, "verify", watched)
    results = []
    threads = [threading.Thread(target=lambda: results.append(check_password(PASSWORD, stored))) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [True] * 6
    assert most == hashers.AT_ONCE


def test_who_waits_too_long_is_asked_to_come_back(client, cast, monkeypatch):
    monkeypatch.setattr(hashers, "WAIT_SECONDS", 0.05)
    with hashers._slot(), hashers._slot():
        answer = sign_in(client, "lin", PASSWORD)

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert sign_in(client, "lin", PASSWORD).url == "/"
