"""The 采用通报 is drafted from the office's wording, handed in as the office's article, and goes the way of every article."""

import pytest
from django.urls import reverse

from articles.models import Article, Status
from issues import assembly
from points import announcing, ledger, report
from points.models import Announcement, Entry, Wording
from points.ranges import Range
from tests import factories
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ADDRESS = "/points/report/announcement/?month=2026-10"


@pytest.fixture
def october(counted):
    return report.report(Range.month(counted.issue.dated_on))


def hand_in(client, title="十月通报", text="一、得分情况\n青浦局第一。\n{排名表}"):
    return client.post(ADDRESS, {"title": title, "text": text})


def test_the_draft_says_what_the_report_says(october, counted, cast, as_user):
    page = as_user(cast.lu).get(ADDRESS)

    assert page.context["title"] == "2026年10月信息报送和采用情况的通报"
    text = page.context["text"]
    assert "共报送稿件4篇，采用2篇，采用率50.0%" in text
    assert "青浦局（40分，采用2篇）" in text
    assert f"《{counted.long.flat_title}》（青浦局，30分）、《{counted.short.flat_title}》（青浦局，10分）" in text
    assert "宝山局" in next(line for line in text.splitlines() if line.startswith("没有稿件被采用"))
    assert "约稿" not in text


def test_the_office_edits_the_wording_and_the_next_draft_has_it(october, cast, as_user):
    client = as_user(cast.gu)
    client.post(reverse("points:wording"), {"title": "{时段}通报", "text": "采用{采用}篇。"})

    assert (Wording.objects.get().by, client.get(ADDRESS).context["text"]) == (cast.gu, "采用2篇。")


def test_a_wording_with_an_unknown_name_is_refused_and_stays_on_the_page(october, cast, as_user):
    page = as_user(cast.gu).post(reverse("points:wording"), {"title": "通报", "text": "共{单位数}个单位"})

    assert (page.status_code, page.context["text"]) == (422, "共{单位数}个单位")
    assert "{单位数}没有对应的内容" in page.text


def test_it_is_handed_in_as_the_offices_article_with_the_table(october, cast, as_user):
    answer = hand_in(as_user(cast.lu))
    article = Announcement.objects.get().article

    assert answer.url == reverse("articles:detail", args=[article.pk])
    assert (article.status, article.created_by, article.unit) == (Status.SUBMITTED, cast.lu, cast.lu.unit)
    assert article.body.startswith("<h3>一、得分情况</h3>\n<p>青浦局第一。</p>\n<table>")
    assert "<td>青浦局</td><td>3</td><td>2</td><td>40</td><td>1</td>" in article.body


def test_another_person_reviews_it_and_it_is_placed_in_an_issue(october, bulletin, cast, as_user):
    hand_in(as_user(cast.lu))
    article = Announcement.objects.get().article
    with pytest.raises(Refused):
        article.apply(Article.ACCEPT, by=cast.lu)
    article.apply(Article.ACCEPT, by=cast.gu)
    placement = assembly.place(factories.make_issue(bulletin, cast.gu), article, by=cast.gu)

    assert placement.version.title == "十月通报"


def test_what_the_office_announces_gives_nobody_points(october, bulletin, cast, as_user):
    hand_in(as_user(cast.lu))
    article = Announcement.objects.get().article
    article.apply(Article.ACCEPT, by=cast.gu)
    factories.issued_issue(bulletin, cast, [article])
    ledger.bring_up_to_date()

    assert not Entry.objects.filter(article=article).exists()


def test_it_is_handed_in_once(october, cast, as_user):
    hand_in(as_user(cast.lu))
    page = hand_in(as_user(cast.gu), title="又一份")

    assert "已经报送过了" in page.text
    assert page.context["title"] == "又一份"
    assert Announcement.objects.count() == 1


def test_what_came_back_is_changed_and_handed_in_again(october, cast, as_user):
    hand_in(as_user(cast.lu))
    article = Announcement.objects.get().article
    article.apply(Article.RETURN, by=cast.gu, note="写明时段")
    client = as_user(cast.lu)

    told = client.get(reverse("articles:edit", args=[article.pk]), follow=True)  # where the notice leads
    assert told.status_code == 200
    assert f'href="{ADDRESS}"' in told.text
    assert client.get(ADDRESS).context["text"].startswith("一、得分情况")
    hand_in(client, title="十月份通报")
    article.refresh_from_db()
    assert (article.status, article.title, article.versions.count()) == (Status.SUBMITTED, "十月份通报", 2)


@pytest.mark.parametrize(("title", "text"), [("", "正文"), ("标题", " \n "), ("长" * 201, "正文")])
def test_what_is_no_text_is_refused_and_stays_on_the_page(october, cast, as_user, title, text):
    page = hand_in(as_user(cast.lu), title, text)

    assert (page.status_code, page.context["title"], page.context["text"]) == (422, title, text)
    assert not Announcement.objects.exists()


def test_whoever_is_of_no_unit_is_told_what_is_missing(october, cast):
    cast.lu.unit = None
    with pytest.raises(Refused, match="单位"):
        announcing.hand_in(october, "通报", "正文", by=cast.lu)


def test_a_contributor_neither_drafts_nor_words_it(october, cast, as_user):
    assert as_user(cast.lin).get(ADDRESS).status_code == 403
    assert as_user(cast.lu).get(reverse("points:wording")).status_code == 403
    with pytest.raises(Refused):
        announcing.hand_in(october, "通报", "正文", by=cast.lin)
