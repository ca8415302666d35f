"""A text that several units sent is one line of the review list, and is answered in one act."""

import pytest
from django.urls import reverse

from articles.duplicates import families
from articles.models import Article, Reason, Status
from tests.articles.duplicates.conftest import compared, told
from tests.articles.duplicates.stories import DRILL
from tests.factories import submitted

pytestmark = pytest.mark.sqlite


def page_of(client, article):
    return client.get(reverse("articles:family", args=[article.pk]), {"next": "/articles/queue/?show=all"})


def answer(client, article, chosen, **fields):
    sent = {f"version-{row.pk}": row.current_version_id for row in Article.objects.all()} | {"kept": chosen.pk} | fields
    return client.post(reverse("articles:family", args=[article.pk]), sent)


def statuses(*articles):
    return [Article.objects.get(pk=article.pk).status for article in articles]


def test_the_copies_stand_together_where_the_first_of_them_stands(sent):
    keys = [sent.one.pk, sent.other.pk, sent.apart.pk, sent.copy.pk]
    assert families.gathered(keys) == [[sent.one.pk, sent.copy.pk], [sent.other.pk], [sent.apart.pk]]


def test_copies_of_one_unit_are_no_family_and_keep_their_places(cast):
    one, again = (told(submitted, cast.lin, DRILL) for _ in range(2))
    between = submitted(cast.zhao, body="<p>四月七日，三个网点换下了过期的灭火器八只。</p>")
    compared()
    assert families.gathered([one.pk, between.pk, again.pk]) == [[one.pk], [between.pk], [again.pk]]


def test_the_list_has_them_in_one_line_and_counts_them_all(sent, cast, as_user):
    answer = as_user(cast.lu).get(reverse("articles:queue"))

    assert [len(group) for group in answer.context["page_obj"].groups] == [2, 1, 1]
    assert "2 个单位报来同一篇通稿：青浦局、宝山局" in answer.text
    assert reverse("articles:family", args=[sent.one.pk]) in answer.text
    assert "共 4 篇" in answer.text


def test_a_list_asks_as_often_for_many_families(
    sent, cast, as_user, django_assert_num_queries, django_assert_max_num_queries
):
    client, page = as_user(cast.lu), reverse("articles:queue")
    client.get(page)
    with django_assert_max_num_queries(29) as few:
        client.get(page)
    for number in range(3):
        for by in (cast.lin, cast.zhao):
            told(submitted, by, DRILL._replace(title=f"演练{number}", text=DRILL.text[::-1] * (number + 1)))
    compared()
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(page)


@pytest.mark.parametrize("kept", ["one", "copy"])
def test_one_is_taken_and_the_others_are_merged(sent, cast, as_user, kept):
    chosen = getattr(sent, kept)
    client = as_user(cast.lu)
    assert "青浦局" in page_of(client, sent.one).text

    answer(client, sent.one, chosen, act="merge")

    other = sent.copy if kept == "one" else sent.one
    assert statuses(chosen, other, sent.other) == [Status.SUBMITTED, Status.MERGED, Status.SUBMITTED]
    assert Article.objects.get(pk=other.pk).merged_into_id == chosen.pk


def test_or_they_are_declined_with_a_reason_that_names_it(sent, cast, as_user):
    reason = Reason.objects.get(code="B01")
    answer(as_user(cast.lu), sent.one, sent.copy, act="decline", reason=reason.pk)

    assert statuses(sent.copy, sent.one) == [Status.SUBMITTED, Status.DECLINED]
    note = sent.one.events.last().note
    assert reason.label in note
    assert "“宝山的演练”（宝山局）" in note or "宝山的演练" in note


@pytest.mark.parametrize(
    "fields", [{"act": "decline", "reason": ""}, {"act": "merge", "kept": ""}, {"version": 0}], ids=str
)
def test_a_refused_answer_keeps_what_was_chosen_and_changes_nothing(sent, cast, as_user, fields):
    fields = {"note": "以此为准"} | fields
    if fields.pop("version", None) == 0:
        fields[f"version-{sent.copy.pk}"] = 1
    page = answer(as_user(cast.lu), sent.one, sent.one, **fields)

    assert page.status_code == 409
    assert "以此为准" in page.text
    assert list(page.context["messages"])
    assert statuses(sent.one, sent.copy) == [Status.SUBMITTED] * 2


def test_what_is_no_family_any_more_leads_to_what_was_found(sent, cast, as_user):
    client = as_user(cast.lu)
    answer(client, sent.one, sent.one, act="merge")

    page = page_of(client, sent.one)
    assert page.url == reverse("articles:duplicates", args=[sent.one.pk])
    assert answer(client, sent.apart, sent.apart, act="merge").url == reverse(
        "articles:duplicates", args=[sent.apart.pk]
    )
