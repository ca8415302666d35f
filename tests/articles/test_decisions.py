"""不采用 with a reason of the office's table, 待用 until a day, and the ways back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Status
from bulletin_cms import todo
from issues import assembly
from tests import factories
from workflow.refusals import Refused

PEOPLE = ("lin", "zhao", "he", "lu", "gu", "fang", "tang", "shen", "admin")


def decide(client, article, name, **fields):
    fields = {"version": article.current_version_id} | fields
    return client.post(reverse("articles:transition", args=[article.pk, name]), fields, follow=True)


def page(client, article):
    return client.get(reverse("articles:detail", args=[article.pk])).text


def day(days):
    return timezone.localdate() + timedelta(days=days)


def come_due(article):
    """Its day has come."""
    Article.objects.filter(pk=article.pk).update(held_until=timezone.localdate())
    article.refresh_from_db()


# --- 不采用 ----------------------------------------------------------------------------------------------------------
def test_declining_needs_a_reason_of_the_table(as_user, cast):
    article = factories.submitted(cast.lin)

    answer = decide(as_user(cast.lu), article, "decline", note="写得不好")

    assert "请选理由" in answer.text
    assert Article.objects.get().status == Status.SUBMITTED


@pytest.mark.parametrize("wrong", ["for another act", "out of use"])
def test_only_a_reason_that_is_offered_counts(as_user, cast, wrong):
    article = factories.submitted(cast.lin)
    fields = {"act": "return"} if wrong == "for another act" else {"is_used": False}
    reason = factories.make_reason(**fields)

    answer = decide(as_user(cast.lu), article, "decline", reason=reason.pk)
    with pytest.raises(Refused, match="请选理由"):
        article.apply(Article.DECLINE, by=cast.lu, reason=reason)

    assert "这条理由已停用" in answer.text
    assert Article.objects.get().status == Status.SUBMITTED


def test_the_event_keeps_code_and_label_as_they_were(as_user, cast):
    article, reason = factories.submitted(cast.lin), factories.make_reason(label="时效早已过", code="B90")

    decide(as_user(cast.lu), article, "decline", reason=reason.pk, note="活动是去年的")
    reason.label = "不及时"
    reason.save()

    event = article.events.last()
    assert (event.reason_code, event.reason_label) == ("B90", "时效早已过")
    assert event.note == "时效早已过：活动是去年的"


def test_the_unit_reads_what_was_decided_why_and_whom_to_ask(as_user, cast):
    cast.lu.mobile = "021-12345678"
    cast.lu.save()
    article = factories.declined(cast.lin, cast.lu, note="与上月一篇相同", title="重复的稿")

    own = page(as_user(cast.lin), article)
    listed = as_user(cast.lin).get(reverse("articles:list")).text

    for words in ("不采用：", "内容重复：与上月一篇相同", "陆一鸣", "021-12345678"):
        assert words in own
    assert "不采用：内容重复：与上月一篇相同（有疑问请问编辑部 陆一鸣）" in listed
    assert "不采用：内容重复" in as_user(cast.lin).get("/").text
    assert todo.tasks(cast.lin) == []


def test_a_declined_article_is_taken_back_into_review(as_user, cast):
    article = factories.declined(cast.lin, cast.lu)

    answer = decide(as_user(cast.gu), article, "reconsider")

    article.refresh_from_db()
    assert (article.status, article.decided_at) == (Status.SUBMITTED, None)
    assert answer.redirect_chain[-1][0] == reverse("articles:detail", args=[article.pk])
    assert article.pk in [row.pk for row in Article.objects.awaiting(cast.lu)]


def test_a_declined_article_is_its_units_no_more(as_user, cast):
    article = factories.declined(cast.lin, cast.lu)

    assert article.transitions_for(cast.lin) == []
    assert as_user(cast.lin).get(reverse("articles:edit", args=[article.pk])).status_code == 302
    assert not article.is_revisable


def test_a_kept_article_is_declined_too(as_user, cast):
    reason = factories.make_reason()
    article = factories.held(factories.submitted(cast.lin), cast.lu)
    assert f'<option value="{reason.pk}">' in page(as_user(cast.lu), article)

    decide(as_user(cast.lu), article, "decline", reason=reason.pk)

    article.refresh_from_db()
    assert (article.status, article.held_until, article.held_from) == (Status.DECLINED, None, "")


def test_a_version_that_came_in_meanwhile_is_not_declined(as_user, cast):
    article = factories.submitted(cast.lin)
    on_the_screen = article.current_version_id
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.apply(Article.SUBMIT, by=cast.lin)

    decide(as_user(cast.lu), article, "decline", reason=factories.make_reason().pk, version=on_the_screen)

    assert Article.objects.get().status == Status.SUBMITTED


def test_a_returned_article_keeps_the_chosen_reason_as_its_words(as_user, cast):
    article, reason = factories.submitted(cast.lin), factories.make_reason("return", "篇幅过长", code="T90")

    decide(as_user(cast.lu), article, "return", reason=reason.pk)

    event = article.events.last()
    assert (event.to_status, event.note, event.reason_code) == ("returned", "篇幅过长", "T90")


def test_words_of_ones_own_go_before_the_chosen_reason_when_returning(as_user, cast):
    article, reason = factories.submitted(cast.lin), factories.make_reason("return", "篇幅过长")

    decide(as_user(cast.lu), article, "return", reason=reason.pk, note="篇幅过长，请压到 800 字")

    assert article.events.last().note == "篇幅过长，请压到 800 字"


# --- 待用 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("until", ["", "不知道", "2026-02-30", 0, -1])
def test_keeping_for_later_needs_a_day_that_comes(as_user, cast, until):
    article = factories.submitted(cast.lin)

    decide(as_user(cast.lu), article, "hold", until=day(until).isoformat() if isinstance(until, int) else until)

    assert Article.objects.get().status == Status.SUBMITTED


def test_the_unit_reads_until_when_it_is_kept(as_user, cast):
    article = factories.held(factories.submitted(cast.lin), cast.lu, note="下期专题一并刊用")

    own = page(as_user(cast.lin), article)

    for words in ("待用：留到", "下期专题一并刊用", "您不必处理", "陆一鸣"):
        assert words in own
    assert "不必处理" in as_user(cast.lin).get(reverse("articles:list")).text


def test_what_is_kept_for_later_is_on_no_list_until_its_day_and_first_then(cast, bulletin):
    article = factories.held(factories.submitted(cast.lin), cast.lu)
    factories.make_issue(bulletin, cast.gu, dated_on=day(-3))
    assert [task.kind for task in todo.tasks(cast.lu)] == ["assemble"]
    assert todo.counts(cast.lu)["held"] == 0

    come_due(article)

    assert [task.kind for task in todo.tasks(cast.lu)] == ["held", "assemble"]
    assert todo.counts(cast.lu)["held"] == 1


def test_what_has_come_due_stands_above_the_queue(as_user, cast):
    article = factories.held(factories.submitted(cast.lin, title="留着的稿"), cast.lu)
    assert "留着的稿" not in as_user(cast.lu).get(reverse("articles:queue")).text

    come_due(article)

    assert "留着的稿" in as_user(cast.lu).get(reverse("articles:queue")).text
    assert Article.objects.get().status == Status.HELD


def test_nobody_is_asked_to_take_up_their_own_article(cast, units):
    both = factories.make_user("both", "双任", "editor", "contributor", unit=units.bureau)
    article = factories.held(factories.submitted(both), cast.lu)
    come_due(article)

    assert "held" not in [task.kind for task in todo.tasks(both)]
    assert todo.counts(both)["held"] == 0
    assert article.transitions_for(both) == []


def test_an_article_goes_back_to_where_it_was_put_aside(cast):
    in_review = factories.held(factories.submitted(cast.lin), cast.lu)
    accepted = factories.held(factories.accepted(cast.lin, cast.lu), cast.lu)

    with pytest.raises(Refused):
        in_review.apply(Article.RELEASE, by=cast.lu)
    with pytest.raises(Refused):
        accepted.apply(Article.RESUME, by=cast.lu)
    in_review.apply(Article.RESUME, by=cast.lu)
    accepted.apply(Article.RELEASE, by=cast.lu)

    assert (in_review.status, accepted.status) == (Status.SUBMITTED, Status.ACCEPTED)
    assert (in_review.held_until, in_review.held_from, accepted.held_until) == (None, "", None)


def test_what_was_put_aside_in_review_goes_into_no_issue(as_user, cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu)
    article = factories.held(factories.submitted(cast.lin), cast.lu)

    with pytest.raises(Refused):
        assembly.place(issue, article, by=cast.lu)
    assert assembly.place_all(issue, [article], by=cast.lu) == []
    as_user(cast.lu).post(reverse("issues:place", args=[issue.pk, article.pk]))

    assert Article.objects.get().status == Status.HELD


def test_the_desk_lists_what_is_kept_and_puts_in_what_was_accepted(as_user, cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu)
    accepted = factories.held(factories.accepted(cast.lin, cast.lu, title="已审定的待用稿"), cast.lu)
    factories.held(factories.submitted(cast.lin, title="没审完的待用稿"), cast.lu)
    client = as_user(cast.lu)

    desk = client.get(reverse("issues:desk", args=[issue.pk]))
    assert [article.title for article in desk.context["held"]] == ["已审定的待用稿", "没审完的待用稿"]
    assert desk.context["pool_count"] == 0
    assert "还没有审定" in desk.text
    client.post(reverse("issues:place", args=[issue.pk, accepted.pk]))

    accepted.refresh_from_db()
    assert (accepted.status, accepted.held_until, accepted.held_from) == (Status.PLACED, None, "")


def test_the_database_knows_no_article_that_is_kept_without_a_day(cast):
    article = factories.submitted(cast.lin)

    for change in ({"status": "held"}, {"held_until": day(3)}, {"status": "held", "held_until": day(3)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**change)


def test_the_filters_of_the_lists_show_both_states(as_user, cast):
    factories.held(factories.submitted(cast.lin, title="留着的稿"), cast.lu)
    factories.declined(cast.lin, cast.lu, title="不用的稿")

    for who, name, more in (("lin", "list", ""), ("lu", "queue", "&show=all")):
        for status, shown, hidden in (("held", "留着的稿", "不用的稿"), ("declined", "不用的稿", "留着的稿")):
            answer = as_user(getattr(cast, who)).get(reverse(f"articles:{name}") + f"?status={status}{more}").text
            assert shown in answer
            assert hidden not in answer
    assert ">待用</option>" in answer
    assert ">不采用</option>" in answer
