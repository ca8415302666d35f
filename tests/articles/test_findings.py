"""What a person does with a finding: ignores it, lets it through, takes its suggestion; and who may."""

import pytest
from django.urls import reverse

from articles import exempting, findings, richtext
from articles.models import Article, Exemption, Status
from tests import factories
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BODY = "<p>部门部门<strong>协商，部门部门</strong>核对。</p><p>青浦局开展培训。</p>"
KEY = ("doubled-word", "部门部门")
DOUBLED = [{"start": 0}, {"start": 7}]
QUERY = {"rule": "count", "level": "query", "paragraph": 2, "quote": "培训", "suggestion": ""}


@pytest.fixture
def draft(cast):
    article = factories.make_article(cast.lin, body=BODY)
    factories.proofread(article, findings=[*DOUBLED, QUERY])
    return article


@pytest.fixture
def submitted(draft, cast):
    draft.apply(Article.SUBMIT, by=cast.lin)
    return draft


def open_to(article, *, office):
    article = Article.objects.select_related("unit", "current_version").get(pk=article.pk)
    return [item.finding.quote for item in findings.of(article, article, office=office).open]


def test_what_is_ignored_is_ignored_in_the_next_version_too(draft, cast):
    exempting.ignore(draft, ("count", "培训"), " 引文 ", by=cast.lin)
    draft.apply(Article.SUBMIT, by=cast.lin)
    draft.apply(Article.RETURN, by=cast.lu, note="请补充", reason=factories.make_reason("return"))
    draft.body = BODY.replace("青浦局", "青浦邮政管理局")
    draft.save()
    factories.proofread(draft, findings=[*DOUBLED, {**QUERY, "start": 9}])

    assert open_to(draft, office=False) == ["部门部门", "部门部门"]
    assert Exemption.objects.get().reason == "引文"


def test_an_error_that_its_unit_ignores_stays_open_for_the_office(draft, cast):
    exempting.ignore(draft, KEY, "引文", by=cast.lin)
    assert open_to(draft, office=False) == ["培训"]

    draft.apply(Article.SUBMIT, by=cast.lin)
    assert open_to(draft, office=True) == ["部门部门", "部门部门", "培训"]

    exempting.let_through(draft, KEY, "单位名称如此", by=cast.lu)
    assert open_to(draft, office=True) == ["培训"]


def test_it_counts_again_when_that_is_undone(submitted, cast):
    exemption = exempting.let_through(submitted, KEY, "引文", by=cast.lu)

    exempting.heed(exemption, by=cast.gu)

    assert "部门部门" in open_to(submitted, office=True)
    exempting.let_through(submitted, KEY, "还是引文", by=cast.lu)
    assert "部门部门" not in open_to(submitted, office=True)


def test_each_act_is_an_event_in_the_log_but_not_in_the_course_of_the_article(as_user, submitted, cast):
    exemption = exempting.let_through(submitted, KEY, "引文", by=cast.lu)
    exempting.heed(exemption, by=cast.lu)

    told = [(event.act, event.note) for event in submitted.events.all()][-2:]
    assert told == [("放行校对错误", "“部门部门”：引文"), ("恢复校对提示", "“部门部门”：引文")]
    page = as_user(cast.lu).get(reverse("articles:detail", args=[submitted.pk]))
    assert not {event.transition for event in page.context["events"]} & {"let_through", "heed"}


@pytest.mark.parametrize(
    ("act", "name"),
    [(exempting.ignore, "zhao"), (exempting.ignore, "tang"), (exempting.ignore, "lu"), (exempting.let_through, "lin")],
)
def test_a_draft_is_its_unit_s_alone(draft, cast, act, name):
    with pytest.raises(Refused):
        act(draft, KEY, "引文", by=getattr(cast, name))


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (exempting.ignore, "lin"),
        (exempting.let_through, "lin"),
        (exempting.let_through, "fang"),
        (exempting.ignore, "zhao"),
    ],
)
def test_what_was_handed_in_is_the_office_s(submitted, cast, act, name):
    with pytest.raises(Refused):
        act(submitted, KEY, "引文", by=getattr(cast, name))


def test_nobody_lets_an_error_of_their_own_article_through(cast, units):
    article = factories.make_article(cast.lu, unit=units.qingpu, body=BODY)
    Article.objects.filter(pk=article.pk).update(status=Status.DRAFT)
    factories.proofread(article, findings=DOUBLED)
    article.apply(Article.SUBMIT, by=cast.lin)

    with pytest.raises(Refused):
        exempting.let_through(article, KEY, "引文", by=cast.lu)


@pytest.mark.parametrize(("reason", "words"), [("  ", "请写明"), ("长" * 201, "200 字以内")])
def test_a_reason_is_needed(as_user, submitted, cast, reason, words):
    there = reverse("articles:finding", args=[submitted.pk, "let-through"])

    answer = as_user(cast.lu).post(there, {"rule": KEY[0], "quote": KEY[1], "reason": reason}, follow=True)

    assert words in answer.text
    assert not Exemption.objects.exists()


def test_only_what_was_found_is_let_stand(submitted, cast):
    with pytest.raises(Refused, match="已经不在了"):
        exempting.let_through(submitted, ("doubled-word", "别的"), "引文", by=cast.lu)


def test_another_unit_does_not_find_it(as_user, draft, cast):
    client = as_user(cast.zhao)

    assert client.get(reverse("articles:proofreading", args=[draft.pk])).status_code == 404
    assert client.post(reverse("articles:finding", args=[draft.pk, "ignore"])).status_code == 404


def test_a_suggestion_is_a_new_version_by_the_office(as_user, submitted, cast):
    there, seen = reverse("articles:finding", args=[submitted.pk, "take"]), submitted.current_version_id
    fields = {"rule": KEY[0], "quote": KEY[1], "number": 1, "version": seen}

    as_user(cast.lu).post(there, fields)

    submitted.refresh_from_db()
    assert submitted.body.startswith("<p>部门<strong>协商，部门部门</strong>核对。</p>")
    assert submitted.current_version.number == 2
    assert submitted.current_version.created_by == cast.lu


def test_all_alike_are_taken_as_one_version(submitted, cast):
    exempting.take(submitted, 2, KEY, by=cast.lu, seen=submitted.current_version_id, every=True)

    submitted.refresh_from_db()
    assert submitted.body.startswith("<p>部门<strong>协商，部门</strong>核对。</p>")
    assert submitted.current_version.number == 2


def test_a_suggestion_for_another_version_is_refused(submitted, cast):
    seen = submitted.current_version_id
    exempting.take(submitted, 1, KEY, by=cast.lu, seen=seen)
    submitted.refresh_from_db()

    with pytest.raises(Refused, match="已经不在了"):
        exempting.take(submitted, 1, KEY, by=cast.lu, seen=seen)


def test_who_took_another_step_takes_no_suggestion(three_reviews, submitted, cast):
    Article.objects.filter(pk=submitted.pk).update(review_steps=3)
    submitted.refresh_from_db()
    submitted.apply(Article.PASS_FIRST, by=cast.lu)

    with pytest.raises(Refused):
        exempting.take(submitted, 1, KEY, by=cast.lu, seen=submitted.current_version_id)


@pytest.mark.parametrize(
    ("html", "number", "start", "quote", "text", "wanted"),
    [
        ("<p>甲乙</p><p>丙,丁</p>", 2, 1, ",", "，", "<p>甲乙</p><p>丙，丁</p>"),
        ("<p>甲<strong>乙乙</strong>丙</p>", 1, 1, "乙乙", "乙", "<p>甲<strong>乙</strong>丙</p>"),
        ("<p>甲<strong>乙</strong>乙丙</p>", 1, 1, "乙乙", "乙", "<p>甲<strong>乙</strong>丙</p>"),
        ("<p>A&amp;B的的</p>", 1, 3, "的的", "<的>", "<p>A&amp;B&lt;的&gt;</p>"),
        ("<p> </p><p>  甲甲<br>乙</p>", 1, 0, "甲甲\n乙", "", "<p> </p><p>  </p>"),
        ("<ul><li>一</li><li>二二</li></ul>", 2, 0, "二二", "二", "<ul><li>一</li><li>二</li></ul>"),
    ],
)
def test_words_are_replaced_where_they_stand(html, number, start, quote, text, wanted):
    assert richtext.replace(html, number, start, quote, text) == wanted


@pytest.mark.parametrize(
    ("number", "start", "quote"), [(1, 1, "甲"), (2, 0, "甲"), (0, 0, "甲"), (1, 5, "甲"), (1, 0, "")]
)
def test_words_that_stand_elsewhere_are_not_replaced(number, start, quote):
    with pytest.raises(richtext.NotThere):
        richtext.replace("<p>甲乙</p>", number, start, quote, "丙")


def test_more_findings_need_no_more_queries(as_user, submitted, cast, django_assert_num_queries):
    client, there = as_user(cast.lu), reverse("articles:proofreading", args=[submitted.pk])
    client.get(there)
    factories.proofread(submitted, findings=DOUBLED[:1])
    with django_assert_num_queries(11) as few:
        client.get(there)
    factories.proofread(submitted, findings=DOUBLED * 20)
    for n in range(5):
        factories.make_exemption(submitted, cast.lu, f"词{n}")

    with django_assert_num_queries(len(few)):
        client.get(there)
