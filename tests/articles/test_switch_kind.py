"""转简讯 for a reason, and back with one click."""

import pytest
from django.urls import reverse

from articles.models import Article, Kind
from articles.revision import Wording, revise
from tests import factories
from tests.scenes import scene

pytestmark = pytest.mark.sqlite


def switch(client, article, kind, **fields):
    fields = {"kind": kind, "version": article.current_version_id} | fields
    return client.post(reverse("articles:kind", args=[article.pk]), fields, follow=True)


@scene
def reason():
    return factories.make_reason("brief", "事项单一")


def test_an_article_becomes_a_brief_for_a_reason_and_an_article_again(as_user, cast, reason):
    article, client = factories.submitted(cast.lin), as_user(cast.lu)
    assert f'<option value="{reason.pk}">' in client.get(reverse("articles:detail", args=[article.pk])).text

    switch(client, article, "brief", reason=reason.pk, note="改为一段刊用")
    article.refresh_from_db()
    assert (article.kind, article.current_version.number, article.status) == (Kind.BRIEF, 2, "submitted")
    event = article.events.last()
    assert (event.note, event.reason_code, event.by) == ("事项单一：改为一段刊用", reason.code, cast.lu)
    switch(client, article, "article")

    assert Article.objects.get().kind == Kind.ARTICLE


def test_its_unit_reads_why_it_is_a_brief_as_long_as_it_is_one(as_user, cast, reason):
    article = factories.submitted(cast.lin)
    switch(as_user(cast.lu), article, "brief", reason=reason.pk, note="改为一段刊用")
    own = reverse("articles:detail", args=[article.pk])

    assert "已改为简讯：</b>事项单一：改为一段刊用" in as_user(cast.lin).get(own).text
    article.refresh_from_db()
    switch(as_user(cast.lu), article, "article")

    assert "已改为简讯：" not in as_user(cast.lin).get(own).text


def test_a_brief_that_its_unit_wrote_has_no_reason(as_user, cast):
    article = factories.submitted(cast.lin, kind=Kind.BRIEF)

    assert "已改为简讯" not in as_user(cast.lin).get(reverse("articles:detail", args=[article.pk])).text


@pytest.mark.parametrize("act", [None, "decline"])
def test_no_brief_is_made_without_a_reason_for_it(as_user, cast, act):
    article = factories.submitted(cast.lin)
    fields = {"reason": factories.make_reason(act).pk} if act else {}

    answer = switch(as_user(cast.lu), article, "brief", **fields)

    assert "请" in answer.text
    assert "理由" in answer.text
    assert (Article.objects.get().kind, article.versions.count()) == (Kind.ARTICLE, 1)


@pytest.mark.parametrize("fields", [{"kind": ""}, {"kind": "essay"}, {"version": "x"}])
def test_a_click_that_says_nothing_changes_nothing(as_user, cast, reason, fields):
    article = factories.submitted(cast.lin)

    switch(as_user(cast.lu), article, fields.pop("kind", "brief"), reason=reason.pk, **fields)

    assert (Article.objects.get().kind, article.versions.count()) == (Kind.ARTICLE, 1)


def test_a_text_that_was_changed_meanwhile_keeps_its_kind(as_user, cast, reason):
    article = factories.submitted(cast.lin)
    seen = article.current_version_id
    revise(article, Wording({"title": "别人改的标题"}, {}), by=cast.gu, seen=seen)

    answer = switch(as_user(cast.lu), article, "brief", reason=reason.pk, version=seen)

    assert "稿子刚被改过" in answer.text
    assert Article.objects.get().kind == Kind.ARTICLE


def test_a_brief_without_a_title_becomes_no_article(as_user, cast):
    article = factories.make_article(cast.lin, kind=Kind.BRIEF)
    Article.objects.filter(pk=article.pk).update(title="")
    article.refresh_from_db()
    article.apply(Article.SUBMIT, by=cast.lin)

    switch(as_user(cast.lu), article, "article")

    assert Article.objects.get().kind == Kind.BRIEF


def test_the_desk_makes_a_brief_which_goes_to_its_section(as_user, cast, bulletin, reason):
    article = factories.accepted(cast.lin, cast.lu)
    issue = factories.make_issue(bulletin, cast.lu, [article])
    address = reverse("issues:kind", args=[issue.pk, article.pk])
    client = as_user(cast.lu)
    assert address in client.get(reverse("issues:desk", args=[issue.pk])).text

    client.post(address, {"kind": "brief", "version": article.current_version_id, "reason": reason.pk})

    placement = issue.placements.get()
    assert (placement.section, placement.version.number) == ("brief", 2)
    assert article.events.last().note == "事项单一"
