"""The pages for what went wrong say what to do."""

import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from bulletin_cms import errors


def text_of(response):
    return response.content.decode()


def test_a_missing_page_leads_home(as_user, cast):
    response = as_user(cast.lin).get("/no-such-page/")

    assert response.status_code == 404
    assert "没有这一页，或不归您看" in text_of(response)
    assert 'href="/"' in text_of(response)


def test_a_missing_page_is_told_to_strangers_too(client, db):
    assert client.get("/no-such-page/").status_code == 404


def test_a_form_from_a_stale_page_is_refused_in_plain_words(cast):
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("accounts:login"), {"username": "lin", "password": "x"})

    assert response.status_code == 403
    assert "这一页打开得太久了" in text_of(response)


def test_a_fault_of_ours_gets_a_code_that_stands_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        try:
            raise ValueError("boom")
        except ValueError:
            response = errors.server_error(RequestFactory().get("/somewhere/"))

    code = caplog.records[0].args[0]
    assert response.status_code == 500
    assert len(code) == 4
    assert f"编号 {code} 告诉管理员" in text_of(response)
    assert "/somewhere/" in caplog.text
    assert "boom" in caplog.text


@pytest.mark.parametrize("view", [errors.bad_request, errors.permission_denied])
def test_other_errors_have_their_page(view, rf, db):
    response = view(rf.get("/"), Exception())

    assert "data-error-text" in text_of(response)
