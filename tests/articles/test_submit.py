import pytest
from django.urls import reverse

from articles.forms import base_of
from articles.models import Article, Status
from tests.factories import make_article, make_user
from workflow.refusals import Refused


def form_of(article=None, **fields):
    """What the writing page sends."""
    sent = {
        "kind": "article",
        "title": "青浦局开展冬季安全检查",
        "subtitle": "",
        "event_on": "",
        "authors": "林向晚",
        "contact": "",
        "body": "<p>12月1日，青浦局检查了三处分拨中心。</p>",
    }
    if article:
        sent["base"] = base_of(article)
    return sent | fields


def test_it_goes_to_the_editorial_office_as_its_first_version(as_user, cast):
    article = make_article(cast.lin)

    answer = as_user(cast.lin).post(reverse("articles:edit", args=[article.pk]), form_of(article, act="submit"))

    assert answer.status_code == 302
    article.refresh_from_db()
    assert article.status == Status.SUBMITTED
    assert article.current_version.number == 1
    assert article.current_version.title == "青浦局开展冬季安全检查"


def test_it_can_be_written_and_handed_in_at_once(as_user, cast):
    as_user(cast.lin).post(reverse("articles:create"), form_of(act="submit"))

    article = Article.objects.get()
    assert (article.status, article.unit, article.created_by) == (Status.SUBMITTED, cast.lin.unit, cast.lin)


def test_it_refuses_a_second_submission(as_user, cast):
    article = make_article(cast.lin)
    article.apply(Article.SUBMIT, by=cast.lin)

    answer = as_user(cast.lin).post(reverse("articles:transition", args=[article.pk, "submit"]), follow=True)

    assert "已报送" in answer.text
    assert article.versions.count() == 1


@pytest.mark.parametrize(("field", "words"), [("title", "请写标题"), ("body", "请写正文")])
def test_it_names_what_is_missing_and_keeps_the_rest(as_user, cast, field, words):
    article = make_article(cast.lin)

    answer = as_user(cast.lin).post(
        reverse("articles:edit", args=[article.pk]),
        form_of(article, act="submit", contact="021-5500 0000") | {field: "  "},
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#id_{field}"' in answer.text
    article.refresh_from_db()
    assert (article.status, article.contact) == (Status.DRAFT, "021-5500 0000")


def test_it_does_not_ask_a_brief_for_a_title(as_user, cast):
    article = make_article(cast.lin, kind="brief")

    as_user(cast.lin).post(
        reverse("articles:edit", args=[article.pk]), form_of(article, act="submit", kind="brief", title="")
    )

    article.refresh_from_db()
    assert article.status == Status.SUBMITTED


def test_the_model_itself_refuses_an_empty_article(cast):
    article = make_article(cast.lin)
    article.body = ""
    article.save()

    with pytest.raises(Refused, match="请写正文"):
        article.apply(Article.SUBMIT, by=cast.lin)


def test_it_asks_a_person_without_a_unit_for_one(as_user, units):
    author = make_user("wen", "温故", "contributor")

    answer = as_user(author).post(reverse("articles:create"), form_of(act="submit"))

    assert answer.status_code == 422
    assert "请选单位" in answer.text
    assert "青浦局检查了三处分拨中心" in answer.text

    as_user(author).post(reverse("articles:create"), form_of(act="submit", unit=units.qingpu.pk))
    assert Article.objects.get().unit == units.qingpu


def test_hints_do_not_stop_it(as_user, cast):
    article = make_article(cast.lin)

    as_user(cast.lin).post(
        reverse("articles:edit", args=[article.pk]),
        form_of(article, act="submit", title="青浦局走访部门部门。", body="<p>青浦局,走访。</p>"),
    )

    article.refresh_from_db()
    assert article.status == Status.SUBMITTED
