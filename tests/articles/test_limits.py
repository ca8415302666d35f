"""Texts beyond what a page can hold are refused with words and nothing typed is lost; none of them holds anybody up."""

import time

import pytest
from django.urls import reverse

from articles import richtext
from articles.forms import base_of
from articles.models import Article, Status
from tests import factories
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

FINE = "<p>青浦局组织安全培训。</p>"
BEYOND = {
    "paragraph": ("<p>" + "长" * 5_001 + "</p>", "一段有 5001 字"),
    "huge paragraph": ("<p>" + "长" * 190_000 + "</p>", "一段有 190000 字"),
    "lists": ("<ul><li>甲" * 7 + "</li></ul>" * 7, "列表套了 7 层"),
    "many lists": ("<ul><li>甲" * 11_000 + "</ul>" * 11_000, "列表套了 20 层"),
    "table": ("<table>" + "<tr><td>甲</td></tr>" * 1_001 + "</table>", "一张表有 1001 格"),
    "everything": ("<p>长</p>" * 30_000, "正文太长"),
}
AT_THE_LIMIT = {
    "paragraph": "<p>" + "长" * 5_000 + "</p>",
    "lists": "<ul><li>甲" * 6 + "</li></ul>" * 6,
    "two tables": ("<table>" + "<tr><td>甲</td></tr>" * 1_000 + "</table>") * 2,
}


def form_of(article, body, **fields):
    form = {"kind": "article", "title": article.title, "event_on": "", "authors": "", "contact": ""}
    return form | {"subtitle": "", "base": base_of(article), "body": body, **fields}


@pytest.mark.parametrize(("body", "words"), BEYOND.values(), ids=BEYOND)
def test_what_is_too_much_is_refused_with_words(body, words, as_user, cast):
    draft = factories.make_article(cast.lin, body=FINE)
    began = time.process_time()

    answer = as_user(cast.lin).post(
        reverse("articles:autosave", args=[draft.pk]), form_of(draft, body, title="新的标题")
    )

    assert words in answer.json()["errors"]["body"]
    draft.refresh_from_db()
    assert (draft.title, draft.body) == ("新的标题", FINE)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(("body", "words"), BEYOND.values(), ids=BEYOND)
def test_what_is_refused_stays_in_the_form(body, words, as_user, cast):
    draft = factories.make_article(cast.lin, body=FINE)

    answer = as_user(cast.lin).post(reverse("articles:edit", args=[draft.pk]), form_of(draft, body, act="submit"))

    assert answer.status_code == 422
    assert words in answer.text
    assert all(answer.text.count(sign) >= body.count(sign) for sign in "甲长")
    assert Article.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("body", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_the_limit_itself_is_taken(body, as_user, cast):
    draft = factories.make_article(cast.lin, body=FINE)

    answer = as_user(cast.lin).post(reverse("articles:autosave", args=[draft.pk]), form_of(draft, body))

    assert answer.json()["errors"] == {}


def test_an_older_draft_beyond_the_limits_is_not_handed_in(cast):
    draft = factories.make_article(cast.lin, body=BEYOND["paragraph"][0])

    with pytest.raises(Refused, match="5001"):
        draft.apply(Article.SUBMIT, by=cast.lin)


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u2028", "\u2029", "\ufeff", "\u00ad", "\u202e", "&#8203;"])
def test_invisible_signs_are_removed(sign):
    assert richtext.clean(f"<p>青{sign}浦{sign}</p>") == "<p>青浦</p>"


def test_twenty_thousand_invisible_signs_leave_nothing():
    assert richtext.clean("<p>青" + "\u200b\u2028" * 10_000 + "浦</p>") == "<p>青浦</p>"


@pytest.mark.parametrize("tag", ["strong", "em", "a", "span", "ol"])
def test_deep_nesting_keeps_its_text_and_costs_no_time(tag):
    began = time.process_time()

    html = richtext.clean(f"<{tag}>甲" * 11_000 + f"</{tag}>" * 11_000)

    assert html.count("甲") == 11_000
    assert time.process_time() - began < 2
