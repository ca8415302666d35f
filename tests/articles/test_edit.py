from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape

from articles import checks, dates
from articles.forms import base_of
from articles.models import Article, Photo, Status
from tests.factories import make_article, submitted

from .test_submit import form_of

TODAY = date(2026, 4, 8)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026年4月1日", date(2026, 4, 1)),
        (" 2026 年 4 月 1 日 ", date(2026, 4, 1)),
        ("4月1日", date(2026, 4, 1)),
        ("4月8号", date(2026, 4, 8)),
        ("12月30日", date(2025, 12, 30)),
        ("2026-04-01", date(2026, 4, 1)),
        ("2026.4.1", date(2026, 4, 1)),
        ("２０２６年４月１日", date(2026, 4, 1)),
        ("2月29日", date(2024, 2, 29)),
    ],
)
def test_it_reads_dates_as_the_office_writes_them(written, meant):
    assert dates.parse(written, TODAY) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("4月9日", date(2026, 4, 9)),
        ("4月8日", date(2026, 4, 8)),
        ("4月7日", date(2027, 4, 7)),
        ("2月29日", date(2028, 2, 29)),
        ("2026年4月7日", date(2026, 4, 7)),
    ],
)
def test_a_day_to_come_is_the_next_one_of_its_name(written, meant):
    assert dates.parse(written, TODAY, is_coming=True) == meant


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("4月31日", "4月没有 31 日，请改日期，例如 2026年4月30日"),
        ("2026-02-30", "2月没有 30 日，请改日期，例如 2026年2月28日"),
        ("13月1日", "没有 13 月，请改日期，例如 2026年4月8日"),
        ("上周三", "看不出是哪一天，请写成 2026年4月8日 这样"),
        ("0年1月1日", "看不出是哪一天，请写成 2026年4月8日 这样"),
        ("0000-01-01", "1月没有 1 日，请改日期，例如 1900年1月31日"),
    ],
)
def test_it_says_how_to_write_a_date_it_cannot_read(written, answer):
    with pytest.raises(ValidationError) as refused:
        dates.parse(written, TODAY)

    assert refused.value.messages == [answer]


def test_a_wrong_date_keeps_everything_else_and_comes_back_as_typed(as_user, cast):
    article = make_article(cast.lin)

    answer = as_user(cast.lin).post(
        reverse("articles:edit", args=[article.pk]), form_of(article, event_on="2026年4月31日", title="改过的标题")
    )

    assert answer.status_code == 422
    assert 'value="2026年4月31日"' in answer.text
    article.refresh_from_db()
    assert article.title == "改过的标题"
    # The page carries the new state, so that the next save is no conflict with the first half of this one.
    assert f'name="base" value="{escape(base_of(article))}"' in answer.text


def test_the_title_keeps_its_lines_without_empty_ones(as_user, cast):
    article = make_article(cast.lin)

    as_user(cast.lin).post(
        reverse("articles:edit", args=[article.pk]), form_of(article, title=" 青浦局召开\r\n\r\n 安全工作会 ")
    )

    article.refresh_from_db()
    assert article.title == "青浦局召开\n安全工作会"


def test_a_colleague_of_the_unit_may_go_on_writing(as_user, cast):
    article = make_article(cast.lin)

    as_user(cast.he).post(reverse("articles:edit", args=[article.pk]), form_of(article, title="同事续写的标题"))

    article.refresh_from_db()
    assert (article.title, article.updated_by) == ("同事续写的标题", cast.he)


def test_a_submitted_article_is_not_edited(as_user, cast):
    article = submitted(cast.lin)
    page = reverse("articles:edit", args=[article.pk])

    assert as_user(cast.lin).get(page).url == reverse("articles:detail", args=[article.pk])
    answer = as_user(cast.lin).post(page, form_of(article, title="偷偷改的标题"))

    assert answer.status_code == 409
    assert "偷偷改的标题" in answer.text
    assert Article.objects.get().title != "偷偷改的标题"


def test_only_this_page_has_the_looser_policy(as_user, cast):
    client = as_user(cast.lin)

    written = client.get(reverse("articles:create"))["Content-Security-Policy"].split("; ")  # in any order
    listed = client.get(reverse("articles:list"))["Content-Security-Policy"]

    assert "script-src 'self'" in written
    assert "script-src-attr 'unsafe-inline'" in written
    assert "unsafe" not in listed


def test_captions_are_saved_with_the_text(as_user, cast):
    article = make_article(cast.lin)
    photo = Photo.objects.create(
        article=article, file="x.jpg", width=4, height=3, content_type="image/jpeg", sha256="0"
    )

    as_user(cast.lin).post(
        reverse("articles:edit", args=[article.pk]), form_of(article) | {f"caption-{photo.pk}": "培训现场"}
    )

    photo.refresh_from_db()
    assert photo.caption == "培训现场"


def findings_of(cast, **fields):
    article = Article(unit=cast.lin.unit, created_by=cast.lin, **fields)
    return {finding.text: finding.level for finding in checks.check(article, [])}


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"title": ""}, "还没有标题"),
        ({"title": "一\n二\n三\n四"}, "标题有 4 行，印出时只能是 1–3 行"),
        ({"body": ""}, "还没有正文"),
        (
            {"body": "<p>前言。</p><p>一、加强领导</p><p>正文。</p>"},
            "“一、加强领导”像标题，却是普通正文：请把光标放在第 2 段，点编辑器上的“一、”按钮",
        ),
        (
            {"body": "<p>（二）狠抓落实</p><p>正文。</p>"},
            "“（二）狠抓落实”像标题，却是普通正文：请把光标放在第 1 段，点编辑器上的“（一）”按钮",
        ),
        ({"event_on": date(2999, 1, 1)}, "事件日期还没有到，请核对"),
    ],
)
def test_it_points_at_what_is_worth_a_look(cast, fields, finding):
    fields = {"title": "青浦局召开会议", "body": "<p>正文。</p>"} | fields

    assert finding in findings_of(cast, **fields)


@pytest.mark.parametrize(
    "body",
    [
        "<h3>一、加强领导</h3>",
        "<h4>（一）狠抓落实</h4>",
        "<p>一、加强领导。各网点逐项核对。</p>",
        "<p>1．走访站点</p>",
        "<ol><li>一、甲</li></ol>",
    ],
)
def test_it_takes_nothing_else_for_a_pasted_heading(cast, body):
    found = findings_of(cast, title="青浦局召开会议", body=body)

    assert not any("像标题" in text for text in found)


def test_a_returned_article_can_be_handed_in_again(as_user, cast):
    article = submitted(cast.lin)
    article.apply(Article.RETURN, by=cast.lu, note="请补充")

    as_user(cast.lin).post(reverse("articles:edit", args=[article.pk]), form_of(article, act="submit"))

    article.refresh_from_db()
    assert (article.status, article.current_version.number) == (Status.SUBMITTED, 2)


def test_handing_in_nothing_begins_no_article(as_user, cast):
    client, fields = as_user(cast.lin), form_of(title="", body="", act="submit")

    for _pressed in range(2):  # F5
        answer = client.post(reverse("articles:create"), fields)

    assert answer.status_code == 422
    assert "请写标题" in answer.text
    assert not Article.objects.exists()


def test_a_date_that_cannot_be_read_is_named_beside_what_was_saved(as_user, cast):
    article = make_article(cast.lin)
    fields = form_of(article) | {"event_on": "昨天", "title": "新标题"}

    answer = as_user(cast.lin).post(reverse("articles:autosave", args=[article.pk]), fields).json()

    article.refresh_from_db()
    assert article.title == "新标题"
    assert answer["refused"] == "事件日期"
    page = as_user(cast.lin).get(reverse("articles:edit", args=[article.pk])).text
    assert "，除了{fields}" in page


def test_the_counts_go_by_the_figures_of_the_layout(as_user, cast):
    page = as_user(cast.lin).get(reverse("articles:create")).text

    assert 'data-title-characters="18"' in page
    assert 'data-line-characters="26" data-page-lines="22" data-indent="2"' in page


def test_the_own_second_window_is_named_as_such(as_user, cast):
    article = make_article(cast.lin, updated_by=cast.lin)
    fields = form_of(article) | {"base": '{"title": "更早的"}', "title": "另一个窗口的"}

    html = as_user(cast.lin).post(reverse("articles:autosave", args=[article.pk]), fields).json()["html"]

    assert "您在另一个窗口也改了这篇" in html
    assert "林向晚" not in html.partition("</h2>")[0]


def test_a_draft_is_deleted_and_brought_back(as_user, cast):
    article, client = make_article(cast.lin, title="写错了的草稿"), as_user(cast.lin)
    answer = client.post(reverse("articles:transition", args=[article.pk, "discard"]), follow=True)
    undo = reverse("articles:transition", args=[article.pk, "restore"])
    assert f'action="{undo}"' in answer.text
    assert "写错了的草稿" not in client.get(reverse("articles:list") + "?q=").text
    assert client.get(reverse("articles:edit", args=[article.pk])).status_code == 404

    answer = client.post(undo)

    article.refresh_from_db()
    assert article.status == Status.DRAFT
    assert answer.url == reverse("articles:edit", args=[article.pk])


def test_nobody_deletes_the_draft_of_another(as_user, cast):
    article = make_article(cast.lin)

    as_user(cast.lu).post(reverse("articles:transition", args=[article.pk, "discard"]))

    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_what_was_handed_in_is_not_deleted(as_user, cast):
    article = submitted(cast.lin)

    as_user(cast.lin).post(reverse("articles:transition", args=[article.pk, "discard"]))

    article.refresh_from_db()
    assert article.status == Status.SUBMITTED
