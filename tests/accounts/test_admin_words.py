"""The administration speaks Chinese, politely: every page of it, with what screen readers are told."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from tests import factories
from tests.scenes import scene

pytestmark = pytest.mark.sqlite

SPOKEN = {"title", "aria-label", "placeholder", "alt", "aria-description"}
UNREAD = {"script", "style", "head"}
# Names of people and things, formats and addresses; everything else in Latin letters is a word left in English.
ALLOWED = r"[\w.+-]+@[\w.]+|[a-z]+\.example\.cn|\b(?:lin|zhao|he|lu|gu|fang|tang|shen|admin|GB|PDF|OFD|mm|pt|Esc|Ctrl|Enter)\b"


class Words(HTMLParser):
    """What the page says: its text, labels of buttons and captions, in one list."""

    def __init__(self, html):
        super().__init__()
        self.said, self.silent = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.silent += tag in UNREAD
        self.said += [value for name, value in attrs.items() if name in SPOKEN and value]
        if tag == "input" and attrs.get("type") in ("submit", "button"):
            self.said.append(attrs.get("value", ""))

    def handle_endtag(self, tag):
        self.silent -= tag in UNREAD

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


def wrong_words(html):
    for text in Words(html).said:
        text = " ".join(text.split())
        if "你" in text or re.search(r"[A-Za-z]{2,}", re.sub(ALLOWED, "", text)):
            yield text


def addresses(user):
    yield reverse("admin:index")
    for app in {model._meta.app_label for model in admin.site._registry}:
        yield reverse("admin:app_list", args=[app])
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_changelist") + "?q=xyz&e=1"
        yield reverse(f"{name}_add")
        for row in model.objects.all()[:2]:
            for page in ("change", "delete", "history"):
                yield reverse(f"{name}_{page}", args=[row.pk])
    yield reverse("admin:auth_user_password_change", args=[user.pk])
    yield reverse("admin:password_change")


@scene
def office(cast, bulletin):
    """One row in every table of the administration."""
    factories.issued_issue(bulletin, cast)
    factories.make_reader()


def test_no_page_has_an_english_word_or_an_impolite_one(as_user, cast, office):
    client, seen, wrong = as_user(cast.admin), set(), {}
    for address in addresses(cast.lin):
        answer = client.get(address, follow=True)
        seen.add(answer.status_code)
        if found := sorted(set(wrong_words(answer.content.decode()))):
            wrong[address] = found

    assert wrong == {}
    assert seen <= {200, 403}


@pytest.mark.parametrize("password", ["", "short", "12345678901"])
def test_what_a_form_answers_is_polite_too(as_user, cast, password):
    client = as_user(cast.admin)
    answers = [
        client.post(
            reverse("admin:auth_user_password_change", args=[cast.lin.pk]),
            {"password1": password, "password2": password},
        ),
        client.post(reverse("admin:accounts_unit_add"), {}),
        client.post(reverse("admin:accounts_user_changelist"), {"action": "delete_selected"}, follow=True),
        client.post(
            reverse("admin:accounts_user_changelist"), {"action": "delete_selected", "_selected_action": [cast.lin.pk]}
        ),
    ]

    assert [sorted(set(wrong_words(answer.content.decode()))) for answer in answers] == [[], [], [], []]


def test_a_saved_row_is_confirmed_politely(as_user, cast):
    url = reverse("admin:accounts_unit_add")
    data = {"name": "金山邮政管理局", "short_name": "金山局", "tier": "branch", "position": 30, "_addanother": "1"}

    answer = as_user(cast.admin).post(url, data, follow=True)

    assert "金山邮政管理局" in answer.content.decode()
    assert list(wrong_words(answer.content.decode())) == []


def test_the_password_is_shown_as_a_link_and_nothing_technical(as_user, cast):
    page = as_user(cast.admin).get(reverse("admin:accounts_user_change", args=[cast.lin.pk])).content.decode()

    assert "argon2" not in page
    assert User.objects.get(pk=cast.lin.pk).password.split("$")[-1] not in page
