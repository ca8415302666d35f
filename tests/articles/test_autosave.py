import pytest
from django.urls import reverse

from articles.models import Article, Status
from tests.factories import make_article, submitted

from .test_submit import form_of


def save(client, article, **fields):
    return client.post(reverse("articles:autosave", args=[article.pk]), form_of(article, **fields))


def test_the_first_save_makes_the_draft_and_says_where_it_is(as_user, cast):
    answer = as_user(cast.lin).post(reverse("articles:autosave"), form_of(title="刚开始写"))

    article = Article.objects.get()
    assert (article.title, article.status) == ("刚开始写", Status.DRAFT)
    assert answer.json()["edit_url"] == reverse("articles:edit", args=[article.pk])


def test_half_an_article_is_saved_too(as_user, cast):
    article = make_article(cast.lin)

    answer = save(as_user(cast.lin), article, title="", body="", event_on="4月31日")

    assert answer.status_code == 200
    assert list(answer.json()["errors"]) == ["event_on"]
    assert "还没有标题" in answer.json()["checks"]
    article.refresh_from_db()
    assert (article.title, article.body) == ("", "")


def test_saving_again_and_again_is_no_conflict(as_user, cast):
    article = make_article(cast.lin)
    client = as_user(cast.lin)
    seen = article.updated_at.isoformat()

    for n in range(3):
        answer = client.post(reverse("articles:autosave", args=[article.pk]), form_of(title=f"标题{n}", seen=seen))
        seen = answer.json()["seen"]

    article.refresh_from_db()
    assert article.title == "标题2"


def test_somebody_elses_text_is_not_overwritten(as_user, cast):
    article = make_article(cast.lin)
    theirs = as_user(cast.he).post(
        reverse("articles:autosave", args=[article.pk]), form_of(article, title="贺思齐写的标题")
    )
    assert theirs.status_code == 200

    answer = save(as_user(cast.lin), article, title="林向晚写的标题")

    assert answer.status_code == 409
    assert "贺思齐 也改了这篇" in answer.json()["html"]
    assert "贺思齐写的标题" in answer.json()["html"]
    article.refresh_from_db()
    assert article.title == "贺思齐写的标题"


def test_going_on_with_mine_keeps_the_other_text_as_a_version(as_user, cast):
    article = make_article(cast.lin)
    as_user(cast.he).post(reverse("articles:autosave", args=[article.pk]), form_of(article, title="贺思齐写的标题"))
    refused = save(as_user(cast.lin), article, title="林向晚写的标题").json()

    answer = save(as_user(cast.lin), article, title="林向晚写的标题", instead_of=refused["stamp"])

    assert answer.status_code == 200
    kept = article.versions.get()
    assert (kept.title, kept.created_by) == ("贺思齐写的标题", cast.he)
    assert Article.objects.get().title == "林向晚写的标题"


def test_the_whole_form_meets_the_same_conflict_and_keeps_what_was_typed(as_user, cast):
    article = make_article(cast.lin)
    as_user(cast.he).post(reverse("articles:autosave", args=[article.pk]), form_of(article, title="贺思齐写的标题"))

    answer = as_user(cast.lin).post(
        reverse("articles:edit", args=[article.pk]), form_of(article, title="林向晚写的标题", act="submit")
    )

    assert answer.status_code == 409
    assert "林向晚写的标题" in answer.text
    assert "贺思齐写的标题" in answer.text
    assert Article.objects.get().status == Status.DRAFT


def test_it_does_not_save_over_what_was_handed_in_meanwhile(as_user, cast):
    article = submitted(cast.lin)

    answer = save(as_user(cast.lin), article, title="晚了一步")

    assert answer.status_code == 409
    assert "这篇现在是“已报送”，不能改" in answer.json()["html"]
    assert Article.objects.get().title != "晚了一步"


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}])
def test_an_ended_session_is_401_and_no_sign_in_page(client, cast, headers):
    article = make_article(cast.lin)

    answer = client.post(reverse("articles:autosave", args=[article.pk]), form_of(article), headers=headers)

    assert answer.status_code == 401
    assert answer.content == b""


def test_readers_and_editors_write_no_articles(as_user, cast):
    for user in (cast.shen, cast.lu, cast.fang):
        assert as_user(user).post(reverse("articles:autosave"), form_of()).status_code == 403
    assert not Article.objects.exists()


def test_it_never_touches_the_state(as_user, cast):
    article = make_article(cast.lin)

    save(as_user(cast.lin), article, status="issued", unit="1", created_by=str(cast.zhao.pk))

    article.refresh_from_db()
    assert (article.status, article.unit, article.created_by) == (Status.DRAFT, cast.lin.unit, cast.lin)


def test_the_office_does_not_see_what_one_colleague_replaced_of_anothers(as_user, cast):
    article = make_article(cast.lin)
    article.add_version(by=cast.he)
    article.apply(Article.SUBMIT, by=cast.lin)
    pages = [reverse("articles:version", args=[article.pk, number]) for number in (1, 2)]

    assert [as_user(cast.lin).get(page).status_code for page in pages] == [200, 200]
    assert [as_user(cast.lu).get(page).status_code for page in pages] == [404, 200]
    assert pages[0] not in as_user(cast.lu).get(reverse("articles:detail", args=[article.pk])).text
