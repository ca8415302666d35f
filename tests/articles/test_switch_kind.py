"""转简讯 with one click, and back."""

import pytest
from django.urls import reverse

from articles.models import Article, Kind
from tests import factories


def test_one_click_makes_a_brief_of_an_article_and_back(as_user, cast):
    article = factories.submitted(cast.lin)
    client, address = as_user(cast.lu), reverse("articles:kind", args=[article.pk])
    assert address in client.get(reverse("articles:detail", args=[article.pk])).text

    client.post(address, {"kind": "brief", "seen": article.current_version_id})
    article.refresh_from_db()
    assert (article.kind, article.current_version.number, article.status) == (Kind.BRIEF, 2, "submitted")
    client.post(address, {"kind": "article", "seen": article.current_version_id})

    assert Article.objects.get().kind == Kind.ARTICLE


@pytest.mark.parametrize("fields", [{}, {"kind": "essay", "seen": 1}, {"kind": "brief", "seen": "x"}])
def test_a_click_that_says_nothing_changes_nothing(as_user, cast, fields):
    article = factories.submitted(cast.lin)

    as_user(cast.lu).post(reverse("articles:kind", args=[article.pk]), fields)

    assert (Article.objects.get().kind, article.versions.count()) == (Kind.ARTICLE, 1)


def test_a_text_that_was_changed_meanwhile_keeps_its_kind(as_user, cast):
    article = factories.submitted(cast.lin)

    answer = as_user(cast.lu).post(
        reverse("articles:kind", args=[article.pk]),
        {"kind": "brief", "seen": article.current_version_id + 1000},
        follow=True,
    )

    assert "稿子刚被改过" in answer.text
    assert Article.objects.get().kind == Kind.ARTICLE


def test_a_brief_without_a_title_becomes_no_article(as_user, cast):
    article = factories.make_article(cast.lin, kind=Kind.BRIEF)
    Article.objects.filter(pk=article.pk).update(title="")
    article.refresh_from_db()
    article.apply(Article.SUBMIT, by=cast.lin)

    as_user(cast.lu).post(
        reverse("articles:kind", args=[article.pk]), {"kind": "article", "seen": article.current_version_id}
    )

    assert Article.objects.get().kind == Kind.BRIEF


def test_the_desk_makes_a_brief_with_one_click_which_goes_to_its_section(as_user, cast, bulletin):
    article = factories.accepted(cast.lin, cast.lu)
    issue = factories.make_issue(bulletin, cast.lu, [article])
    address = reverse("issues:kind", args=[issue.pk, article.pk])
    client = as_user(cast.lu)
    assert address in client.get(reverse("issues:desk", args=[issue.pk])).text

    client.post(address, {"kind": "brief", "seen": article.current_version_id})

    placement = issue.placements.get()
    assert (placement.section, placement.version.number) == ("brief", 2)
