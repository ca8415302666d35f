"""核验二维码: which issues are printed with one, that its address never changes, and what the page behind it says."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse

from issues.content import content_of
from issues.models import Bulletin, Edition, Issue
from tests import factories, old_issues
from tests.distribution.test_amendments import amendment as amended
from tests.issues.test_amendments import original
from tests.issues.test_issue_settings import BULLETIN, administration
from tests.scenes import scene
from typesetting.content import as_json

__all__ = ["administration", "original"]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def issue(bulletin, cast):
    return factories.make_issue(bulletin, cast.lu)


def scanned(client, issue):
    return client.get(reverse("printed:verify", args=[issue.verify_token]))


# The link


def test_a_new_bulletin_prints_the_address_of_each_issue(issue, bulletin, cast, settings):
    settings.SITE_URL = "https://bulletin.example.cn"
    other = factories.make_issue(bulletin, cast.lu)

    assert content_of(issue).verify_link == f"https://bulletin.example.cn/v/{issue.verify_token}/"
    assert issue.verify_token != other.verify_token
    assert len(issue.verify_token) == 13


def test_without_the_setting_its_content_says_nothing_of_it(bulletin, cast):
    bulletin.verify_code = False
    bulletin.save()
    assert "verify" not in as_json(content_of(factories.make_issue(bulletin, cast.lu)))


def test_a_past_issue_has_no_code(db):
    past = old_issues.past_issue(year=2001, number=1, date=date(2001, 1, 8))
    assert content_of(past).verify_link == ""


def test_what_was_signed_keeps_its_address(bulletin, cast, settings):
    signed = factories.signed_issue(bulletin, cast)
    link = content_of(signed).verify_link
    assert link
    settings.SITE_URL = "https://elsewhere.example.cn"
    Bulletin.objects.update(verify_code=False)
    assert content_of(Issue.objects.get()).verify_link == link


def test_the_database_refuses_another_token(issue):
    for token in ("2" * 13, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            Issue.objects.update(verify_token=token)


def test_a_page_without_room_for_it_is_printed_without(issue, bulletin):
    Bulletin.objects.update(bottom_mm=24)
    assert content_of(Issue.objects.get()).verify_link == ""


def test_issues_in_the_making_get_a_token_when_the_site_is_updated(bulletin, cast):
    fields = {"bulletin": bulletin, "year": 2026, "dated_on": date(2026, 4, 8), "verify_token": None}
    draft = Issue.objects.create(number=70, **fields)
    given_up = Issue.objects.create(number=71, status="discarded", **fields)

    import_module("issues.migrations.0028_give_verify_tokens").give_tokens(apps, None)

    draft.refresh_from_db()
    given_up.refresh_from_db()
    assert len(draft.verify_token) == 13
    assert given_up.verify_token is None


# The setting


def test_the_administrator_switches_it_off_and_on(administration, client, bulletin):
    assert client.post(administration(bulletin), BULLETIN).status_code == 302
    assert not Bulletin.objects.get().verify_code
    assert client.post(administration(bulletin), BULLETIN | {"verify_code": "on"}).status_code == 302
    assert Bulletin.objects.get().verify_code


def test_a_lower_margin_too_small_for_it_is_said_at_the_setting(administration, client, bulletin):
    answer = client.post(administration(bulletin), BULLETIN | {"verify_code": "on", "bottom_mm": "24"})
    assert answer.context["adminform"].form.errors == {
        "verify_code": ["核验二维码印不下：地脚至少 30 毫米，行长至少 80 毫米。"]
    }


# The page


def test_whoever_scans_it_sees_what_is_in_force(bulletin, cast, client):
    issued = factories.issued_issue(bulletin, cast)

    page = scanned(client, issued)

    assert "有效" in page.text
    assert str(issued) in page.text
    assert bulletin.publisher in page.text
    assert issued.sign_offs.get().code in page.text
    assert issued.placements.first().version.title not in page.text
    assert client.get(reverse("printed:verify", args=[issued.verify_token.upper()])).text.count("有效") == 1


@pytest.mark.parametrize(
    ("edition", "word"),
    [(Edition.CORRECTION, "已更正"), (Edition.REVISION, "已有更正版"), (Edition.WITHDRAWAL, "已撤回")],
)
def test_what_became_of_it_is_one_word(edition, word, original, client, cast):
    amendment = amended(original, cast, edition)

    page = scanned(client, original)

    assert word in page.text
    assert str(amendment) in page.text
    assert "有效" not in page.text
    assert content_of(amendment).verify_link.endswith(f"/v/{amendment.verify_token}/")
    assert amendment.verify_token != original.verify_token


def test_a_proof_on_paper_is_called_not_issued(issue, bulletin, cast, client):
    signed = factories.signed_issue(bulletin, cast)
    assert "未印发" in scanned(client, issue).text
    assert "未印发" in scanned(client, signed).text


@pytest.mark.parametrize("token", ["2345", "2" * 13, "2026-10", "a" * 300])
def test_any_other_address_is_no_issue(token, issue, client):
    page = client.get(reverse("printed:verify", args=[token]))
    assert page.status_code == 404
    assert "没有这一期，或链接不完整" in page.text


def test_a_file_is_checked_from_there_too(issue, client):
    page = scanned(client, issue)
    assert f'action="{reverse("issues:verify")}"' in page.text
