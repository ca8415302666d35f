"""Reviewers remark on paragraphs; the unit and the office answer and close."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import remarks
from articles.models import Article, ArticleRemark
from articles.pieces import numbered, pieces_of
from articles.richtext import clean
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

BODY = "<h3>一、做法</h3><p>会上有 12 人发言。</p><ul><li>其一</li><li>其二</li></ul><table><tbody><tr><td>甲</td></tr></tbody></table>"
HTMX = {"HTTP_HX_REQUEST": "true"}


@scene
def article(cast):
    return factories.submitted(cast.lin, title="青浦局召开座谈会", body=BODY)


@scene
def remark(article, cast):
    return factories.make_remark(article, cast.lu, paragraph=2)


def page(client, article, name="detail", more=""):
    return client.get(reverse(f"articles:{name}", args=[article.pk]) + more).text


def test_it_keeps_the_version_the_paragraph_and_its_words(article, cast):
    remark = remarks.add(article, 2, " 人数与名单不符 ", by=cast.lu, version=article.current_version_id)

    assert (remark.version, remark.paragraph, remark.by) == (article.current_version, 2, cast.lu)
    assert (remark.quote, remark.text, remark.is_open) == ("会上有 12 人发言。", "人数与名单不符", True)


def test_paragraphs_are_counted_as_they_are_marked_in_the_text(article):
    html = clean(BODY)

    assert remarks.paragraphs_of(article.current_version) == [
        "青浦局召开座谈会", "一、做法", "会上有 12 人发言。", "其一", "其二", "甲",
    ]  # fmt: skip
    marked = numbered(html)
    assert '<p id="paragraph-2" data-paragraph="2">会上有' in marked
    assert '<table id="paragraph-5" data-paragraph="5">' in marked
    assert marked.count("data-paragraph") == len(pieces_of(html)) == 5


@pytest.mark.parametrize(
    "html",
    [
        "<p>一</p>\n<p></p>\n<p>二<br>三</p>",
        "<ul><li><p>一</p></li><li>二<ul><li>三</li></ul></li></ul>",
        "一<p>二</p>",
        "<table><tbody><tr><td><p>一</p><table><tbody><tr><td>二</td></tr></tbody></table></td></tr></tbody></table><p>三</p>",
        "",
    ],
)
def test_numbers_change_nothing_of_the_text(html):
    marked = numbered(html)

    assert [piece.text for piece in pieces_of(marked)] == [piece.text for piece in pieces_of(html)]
    assert clean(marked) == clean(html)


@pytest.mark.parametrize("who", ["lin", "zhao", "he", "fang", "tang", "shen"])
def test_it_is_the_reviewers_to_remark(article, cast, who):
    with pytest.raises(Refused):
        factories.make_remark(article, getattr(cast, who))
    assert not ArticleRemark.objects.exists()


def test_nobody_remarks_on_the_own_article(cast, units):
    both = factories.make_user("both", "双任", "editor", "contributor", unit=units.bureau)

    with pytest.raises(Refused, match="不是自己写的"):
        factories.make_remark(factories.submitted(both), both)


@pytest.mark.parametrize("paragraph", [-1, 6, 40_000])
def test_there_is_no_such_paragraph(article, cast, paragraph):
    with pytest.raises(Refused, match="请选"):
        factories.make_remark(article, cast.lu, paragraph=paragraph)


@pytest.mark.parametrize("text", ["", "  ", "字" * 1001])
def test_it_says_something_and_not_too_much(article, remark, cast, text):
    with pytest.raises(Refused):
        factories.make_remark(article, cast.lu, text)
    with pytest.raises(Refused):
        remarks.answer(remark, text, by=cast.lin)


def test_a_newer_version_is_read_first(article, cast):
    on_the_screen = article.current_version_id
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.apply(Article.SUBMIT, by=cast.lin)

    with pytest.raises(Refused, match="有了新版"):
        remarks.add(article, 1, "看法", by=cast.lu, version=on_the_screen)


def test_what_is_with_its_unit_gets_no_remarks(article, cast):
    article.apply(Article.RETURN, by=cast.lu, note="请补充")

    with pytest.raises(Refused, match="审稿"):
        factories.make_remark(article, cast.gu)


@pytest.mark.parametrize("who", ["lin", "he", "lu", "gu"])
def test_the_unit_and_the_office_answer_and_close(remark, cast, who):
    user = getattr(cast, who)

    remarks.answer(remark, "已核对", by=user)
    remarks.close(remark, by=user, text="改好了")

    remark.refresh_from_db()
    assert [answer.text for answer in remark.answers.all()] == ["已核对", "改好了"]
    assert (remark.closed_by, remark.is_open) == (user, False)


@pytest.mark.parametrize("who", ["zhao", "fang", "tang", "shen"])
def test_nobody_else_answers_or_closes(remark, cast, as_user, who):
    user = getattr(cast, who)
    for act in (lambda: remarks.answer(remark, "插话", by=user), lambda: remarks.close(remark, by=user)):
        with pytest.raises(Refused):
            act()

    answer = as_user(user).post(reverse("articles:remark", args=[remark.pk]), {"do": "close"})

    assert answer.status_code == 404
    assert ArticleRemark.objects.get().is_open


def test_a_closed_one_is_opened_again_before_it_is_answered(remark, cast):
    remarks.close(remark, by=cast.lin)
    with pytest.raises(Refused, match="已办结"):
        remarks.answer(remark, "还有一点", by=cast.lu)

    remarks.reopen(remark, by=cast.lu)
    remarks.answer(remark, "还有一点", by=cast.lu)

    remark.refresh_from_db()
    assert remark.is_open


def test_closing_it_twice_keeps_who_closed_it_first(remark, cast):
    remarks.close(remark, by=cast.lin)
    remarks.close(remark, by=cast.lu, text="我也来")

    remark.refresh_from_db()
    assert (remark.closed_by, remark.answers.count()) == (cast.lin, 0)


def test_the_database_knows_who_closed_it(remark):
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleRemark.objects.update(closed_at=timezone.now())


def test_the_review_page_lists_open_ones_beside_the_decision(article, remark, as_user, cast):
    closed = factories.make_remark(article, cast.gu, "这条已经说清", paragraph=0)
    remarks.close(closed, by=cast.lin)

    shown = page(as_user(cast.lu), article)

    assert "有 1 条批注未办结" in shown
    assert 'id="paragraph-2"' in shown
    assert shown.index("人数与第 4 段不符") < shown.index("这条已经说清")
    for words in ("“会上有 12 人发言。”", "已办结的批注", "第 5 段"):
        assert words in shown


def test_a_returned_article_is_written_beside_its_open_remarks(article, remark, as_user, cast):
    article.apply(Article.RETURN, by=cast.lu, note="见批注")
    client = as_user(cast.lin)

    assert "人数与第 4 段不符" in page(client, article, "edit")
    answer = client.post(reverse("articles:remark", args=[remark.pk]), {"do": "answer", "text": "已改为 12 人"}, **HTMX)

    assert answer.text.lstrip().startswith("<section")
    assert "已改为 12 人" in page(as_user(cast.lu), article)


def test_it_follows_its_paragraph_into_the_next_text(article, cast):
    rows = [factories.make_remark(article, cast.lu, str(number), paragraph=number) for number in range(6)]
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.title = "青浦局召开专题座谈会"
    article.body = "<p>新加的一段话。</p><p>会上有 15 人发言。</p><h3>一、做法</h3><ul><li>其二</li></ul><table><tbody><tr><td>甲</td></tr></tbody></table>"
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)

    places = [row.place for row in remarks.place_in(article.current_version, rows)]

    assert [place.number for place in places] == [0, 3, 2, None, 4, 5]
    assert [place.is_changed for place in places] == [True, False, True, True, False, False]


def test_the_reviewer_sees_of_which_remarks_the_text_was_changed(article, remark, as_user, cast):
    article.apply(Article.RETURN, by=cast.lu, note="见批注")
    assert "原文已改" not in page(as_user(cast.lin), article)

    article.body = "<p>新加的一段话。</p>" + BODY.replace("12 人", "15 人")
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)

    shown = page(as_user(cast.lu), article, more="?show=text")
    assert "原文已改" in shown
    assert '<a href="#paragraph-3">' in shown
    assert "“会上有 12 人发言。”" in shown
    assert 'data-paragraph="3"' in page(as_user(cast.lu), article, more="?show=changes")


def test_the_question_before_a_return_lists_what_the_unit_also_reads(article, remark, as_user, cast):
    remarks.close(factories.make_remark(article, cast.gu, "这条已经说清"), by=cast.lu)
    client = as_user(cast.lu)

    dialog = page(client, article).split('<dialog class="dlg" id="return"')[1].split("</dialog>")[0]
    answer = client.post(reverse("articles:remark", args=[remark.pk]), {"do": "close"}, **HTMX)

    assert "人数与第 4 段不符" in dialog
    assert "这条已经说清" not in dialog
    assert "人数与第 4 段不符" not in answer.text.split('id="return-remarks"')[1]


def test_the_page_adds_answers_closes_and_opens(article, as_user, cast):
    client = as_user(cast.lu)
    fields = {"paragraph": "2", "version": article.current_version_id, "text": "请核对人数"}
    client.post(reverse("articles:remark_add", args=[article.pk]), fields)
    remark = ArticleRemark.objects.get()

    for do, is_open in (("answer", True), ("close", False), ("reopen", True)):
        answer = client.post(reverse("articles:remark", args=[remark.pk]), {"do": do, "text": "说明"}, follow=True)
        remark.refresh_from_db()
        assert (do, remark.is_open) == (do, is_open)
        assert "请核对人数" in answer.text
    assert client.post(reverse("articles:remark", args=[remark.pk]), {"do": "burn"}).status_code == 404


def test_what_was_refused_is_not_taken_and_stays_with_the_version_on_the_screen(article, as_user, cast):
    client, there, on_the_screen = (
        as_user(cast.lu),
        reverse("articles:remark_add", args=[article.pk]),
        article.current_version_id,
    )
    fields = {"paragraph": "2", "version": on_the_screen, "text": "请核对人数"}
    assert "remark-taken" in client.post(there, fields, **HTMX).headers["HX-Trigger"]
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.apply(Article.SUBMIT, by=cast.lin)

    answer = client.post(there, fields, **HTMX)

    assert "HX-Trigger" not in answer.headers
    assert f'name="version" value="{on_the_screen}"' in answer.text
    assert ArticleRemark.objects.count() == 1


@pytest.mark.parametrize("paragraph", ["", "x", "-1", "99"])
def test_the_page_says_when_the_paragraph_is_missing(article, as_user, cast, paragraph):
    fields = {"paragraph": paragraph, "version": article.current_version_id, "text": "请核对人数"}
    answer = as_user(cast.lu).post(reverse("articles:remark_add", args=[article.pk]), fields, **HTMX)

    assert "请选" in answer.text
    assert not ArticleRemark.objects.exists()


def test_more_remarks_need_no_more_queries(article, remark, as_user, cast, django_assert_num_queries):
    client, address = as_user(cast.lin), reverse("articles:detail", args=[article.pk])
    remarks.answer(remark, "一", by=cast.lin)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(10):
        remarks.answer(factories.make_remark(article, cast.gu, f"第{number}条"), "二", by=cast.lu)

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(address)
