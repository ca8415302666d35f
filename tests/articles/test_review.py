import pytest
from django.urls import reverse

from articles.models import Article, Status
from tests.factories import make_article, make_user, submitted

pytestmark = pytest.mark.sqlite


def decide(client, article, name, **fields):
    fields = {"version": article.current_version_id} | fields
    return client.post(reverse("articles:transition", args=[article.pk, name]), fields, follow=True)


def test_accepting_leads_to_the_next_article_that_waits(as_user, cast):
    first, second = submitted(cast.lin), submitted(cast.zhao)

    answer = decide(as_user(cast.lu), first, "accept")

    assert answer.redirect_chain[-1][0] == reverse("articles:detail", args=[second.pk])
    assert f"“{first.flat_title}”已采用" in answer.text
    assert Article.objects.get(pk=first.pk).status == Status.ACCEPTED


def test_the_last_decision_leads_back_to_the_queue(as_user, cast):
    answer = decide(as_user(cast.lu), submitted(cast.lin), "accept")

    assert answer.redirect_chain[-1][0] == reverse("articles:queue")
    assert "没有等您审的稿件" in answer.text


def test_returning_shows_the_reason_to_the_unit(as_user, cast):
    article = submitted(cast.lin)

    decide(as_user(cast.lu), article, "return", note="请补充参加人数")

    for name in ("detail", "edit"):
        assert "请补充参加人数" in as_user(cast.lin).get(reverse(f"articles:{name}", args=[article.pk])).text
    assert "请补充参加人数" in as_user(cast.lin).get(reverse("articles:list")).text


def test_returning_needs_a_reason(as_user, cast):
    article = submitted(cast.lin)

    answer = decide(as_user(cast.lu), article, "return", note="  ")

    assert Article.objects.get().status == Status.SUBMITTED
    assert 'role="alert"' in answer.text


def test_a_version_that_is_no_longer_the_last_is_not_judged(as_user, cast):
    article = submitted(cast.lin)
    on_the_screen = article.current_version_id
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.apply(Article.SUBMIT, by=cast.lin)

    answer = decide(as_user(cast.lu), article, "accept", version=on_the_screen)

    assert "有了新版" in answer.text
    assert Article.objects.get().status == Status.SUBMITTED


@pytest.mark.parametrize("version", ["", "abc", "²"])
def test_a_decision_without_a_version_is_refused(as_user, cast, version):
    article = submitted(cast.lin)

    decide(as_user(cast.lu), article, "accept", version=version)

    assert Article.objects.get().status == Status.SUBMITTED


def test_a_decided_article_says_so_to_the_second_editor(as_user, cast):
    article = submitted(cast.lin)
    decide(as_user(cast.gu), article, "accept")

    answer = decide(as_user(cast.lu), article, "accept")

    assert "已采用" in answer.text
    assert article.events.filter(transition="accept").count() == 1


def test_nobody_judges_their_own_work(as_user, cast, units):
    both = make_user("both", "双任", "editor", "contributor", unit=units.bureau)
    article = submitted(both)

    page = as_user(both).get(reverse("articles:detail", args=[article.pk])).text
    decide(as_user(both), article, "accept")

    assert "要由另一人审" in page
    assert reverse("articles:transition", args=[article.pk, "accept"]) not in page
    assert Article.objects.get().status == Status.SUBMITTED


def test_the_office_reads_the_version_that_was_handed_in_not_the_present_draft(as_user, cast):
    article = submitted(cast.lin)
    article.apply(Article.RETURN, by=cast.lu, note="请补充")
    article.title, article.body = "改到一半的标题", "<p>改到一半的正文。</p>"
    article.save()

    for page in (reverse("articles:detail", args=[article.pk]), reverse("articles:queue") + "?show=all"):
        assert "改到一半" not in as_user(cast.lu).get(page).text
    assert "改到一半" in as_user(cast.lin).get(reverse("articles:detail", args=[article.pk])).text


def test_drafts_are_hidden_from_the_office_and_from_other_units(as_user, cast):
    article = make_article(cast.lin)

    for user in (cast.lu, cast.gu, cast.admin, cast.zhao, cast.shen):
        for name in ("detail", "edit"):
            page = reverse(f"articles:{name}", args=[article.pk])
            assert as_user(user).get(page).status_code in (403, 404), (user, name)
        assert article.flat_title not in as_user(user).get(reverse("articles:queue") + "?show=all").text


def test_another_units_article_is_not_found(as_user, cast):
    article = submitted(cast.lin)
    pages = [
        reverse("articles:detail", args=[article.pk]),
        reverse("articles:edit", args=[article.pk]),
        reverse("articles:version", args=[article.pk, 1]),
    ]

    assert {as_user(cast.zhao).get(page).status_code for page in pages} == {404}
    posts = [
        reverse("articles:autosave", args=[article.pk]),
        reverse("articles:photo_add", args=[article.pk]),
        reverse("articles:transition", args=[article.pk, "withdraw"]),
    ]
    assert {as_user(cast.zhao).post(page).status_code for page in posts} == {404}


def test_an_old_version_can_be_opened(as_user, cast):
    article = submitted(cast.lin, title="第一次写的标题")
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.title = "第二次写的标题"
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)

    old = as_user(cast.lu).get(reverse("articles:version", args=[article.pk, 1])).text

    assert "第一次写的标题" in old
    assert as_user(cast.lu).get(reverse("articles:version", args=[article.pk, 3])).status_code == 404


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(as_user, cast, asked):
    article = submitted(cast.lin)

    answer = as_user(cast.lu).post(
        reverse("articles:transition", args=[article.pk, "accept"]),
        {"version": article.current_version_id, "next": asked},
    )

    assert answer["Location"] == reverse("articles:queue")


def test_it_leads_where_the_page_asked(as_user, cast):
    article = submitted(cast.lin)

    answer = as_user(cast.lu).post(
        reverse("articles:transition", args=[article.pk, "accept"]),
        {"version": article.current_version_id, "next": "/"},
    )

    assert answer["Location"] == "/"
