from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import todo
from articles.commissions import answering
from articles.models import Answer, Article, Commission, Commissioned
from tests.factories import make_article, make_commission, make_unit, submitted

pytestmark = pytest.mark.sqlite
LIST = reverse("articles:commissions")


def page_of(row):
    return reverse("articles:commissioned", args=[row.pk])


def today(days=0):
    return timezone.localdate() + timedelta(days)


@pytest.fixture
def lu(as_user, cast):
    return as_user(cast.lu)


@pytest.fixture
def row(cast, units):
    return make_commission(cast.lu, units.qingpu, wording="写明循环箱的数量和周转次数")


def sent(units, **fields):
    given = {"title": "春节前安全检查", "wording": "", "due_on": str(today(5)), "units": [each.pk for each in units]}
    return given | {"is_binding": "on"} | fields


def test_a_single_commission_asks_each_unit_that_was_ticked(lu, units, cast):
    data = sent([units.qingpu, units.baoshan], length="800", wanted_year="2026", wanted_number="10")

    page = lu.post(reverse("articles:commission_create"), data, follow=True)

    commission = Commission.objects.get()
    assert (commission.kind, commission.length, commission.wanted_for) == ("single", 800, "2026年第10期")
    assert {row.unit for row in commission.asked.all()} == {units.qingpu, units.baoshan}
    assert "已向 2 个单位约稿" in page.content.decode()
    assert {notice.user for notice in cast.lin.notices.model.objects.filter(word="约稿")} == {
        cast.lin,
        cast.zhao,
        cast.he,
    }


def test_a_topic_for_all_asks_every_unit_in_use_and_binds_none(lu, units):
    make_unit("已撤销单位", "撤销", valid_to=today(-1))
    month = today().replace(day=1)
    data = sent([], is_for_all="on", month=f"{month:%Y-%m}")
    del data["is_binding"]

    lu.post(reverse("articles:commission_create") + "?kind=topic", data)

    commission = Commission.objects.get()
    assert (commission.kind, commission.month, commission.is_binding) == ("topic", month, False)
    assert commission.asked.count() == 5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "请写主题"),
        ({"due_on": "2020-01-01"}, "截止日期已过"),
        ({"due_on": "不知道"}, "没有这一天"),
        ({"units": []}, "请至少选一个单位"),
        ({"wanted_number": "10"}, "期号由年份和期数组成"),
        ({"units": ["999999"]}, "已停用"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(lu, units, wrong, words):
    page = lu.post(reverse("articles:commission_create"), sent([units.qingpu], wording="写明数量") | wrong)

    text = page.content.decode()
    assert words in text
    assert "写明数量" in text
    assert not Commission.objects.exists()


def test_the_list_counts_by_state_and_narrows_to_one(lu, cast, units):
    make_commission(cast.lu, units.qingpu, title="甲题", days=0)
    late = make_commission(cast.lu, units.baoshan, title="乙题", days=0)
    Commissioned.objects.filter(pk=late.pk).update(due_on=today(-2))
    Commission.objects.update(month=None, due_on=today())

    everything = lu.get(LIST).content.decode()
    overdue = lu.get(LIST, {"state": "overdue"}).content.decode()

    assert "甲题" in everything
    assert "过期 1" in everything
    assert "乙题" in overdue
    assert "甲题" not in overdue
    assert "已超 2 天" in overdue
    assert "甲题" in lu.get(LIST, {"unit": units.qingpu.pk}).content.decode()


def test_an_overdue_one_of_another_month_is_not_lost(lu, cast, units):
    make_commission(cast.lu, units.qingpu, days=-40)

    assert "其他月份有 1 件约稿过期未交" in lu.get(LIST).content.decode()
    assert "循环箱使用情况" in lu.get(LIST, {"month": "all", "state": "overdue"}).content.decode()


@pytest.mark.parametrize("query", [{"month": "2026-13"}, {"month": "x"}, {"state": "x"}, {"unit": "x"}, {"unit": "0"}])
def test_what_can_not_be_read_narrows_nothing(lu, row, query):
    assert lu.get(LIST, query).status_code == 200


@pytest.mark.parametrize("query", [{}, {"state": "asked"}])
def test_the_list_asks_as_often_for_many_as_for_few(
    lu, cast, units, query, django_assert_num_queries, django_assert_max_num_queries
):
    make_commission(cast.lu, units.qingpu, days=0)
    with django_assert_max_num_queries(20) as few:
        lu.get(LIST, query)
    for _ in range(6):
        answering.tie(make_commission(cast.lu, units.qingpu, units.baoshan, days=0), submitted(cast.lin), by=cast.lin)

    with django_assert_num_queries(len(few)):
        lu.get(LIST, query)


def test_the_units_of_one_commission_take_no_query_each(lu, cast, units, django_assert_max_num_queries):
    row = make_commission(cast.lu, *(getattr(units, name) for name in ("qingpu", "baoshan", "post", "yunda")))
    answering.tie(row, submitted(cast.lin), by=cast.lin)

    with django_assert_max_num_queries(16):
        page = lu.get(reverse("articles:commission", args=[row.commission_id]))

    assert page.content.decode().count("待应约") >= 3


def test_the_office_withdraws_it_from_those_who_have_not_answered(lu, cast, units):
    row = make_commission(cast.lu, units.qingpu, units.baoshan)
    answering.tie(row, submitted(cast.lin), by=cast.lin)

    lu.post(reverse("articles:commission_withdraw", args=[row.commission_id]), {"note": "改在下月"})

    states = dict(Commissioned.objects.values_list("unit__short_name", "status"))
    assert states == {"青浦局": Answer.ANSWERED, "宝山局": Answer.WITHDRAWN}
    assert "改在下月" in cast.zhao.notices.get(word="约稿已撤回").note


def test_more_time_is_given_with_a_reason_that_the_unit_reads(lu, cast, row):
    until = today(20)

    lu.post(reverse("articles:commissioned_extend", args=[row.pk]), {"until": str(until), "note": "材料未到"})

    row.refresh_from_db()
    assert row.due_on == until
    assert "材料未到" in cast.lin.notices.get(word="约稿延期").note
    assert "材料未到" in lu.get(page_of(row)).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"until": "", "note": "材料未到"}, "请选新的期限"),
        ({"until": "2020-01-01", "note": "材料未到"}, "新的期限要在"),
        ({"until": "2099-01-01", "note": " "}, "请写明理由"),
    ],
)
def test_a_deadline_that_can_not_be_moved_stays(lu, row, data, words):
    page = lu.post(reverse("articles:commissioned_extend", args=[row.pk]), data, follow=True)

    assert words in page.content.decode()
    assert Commissioned.objects.get(pk=row.pk).due_on == row.due_on


def test_a_unit_sees_its_own_and_nothing_of_others(client_of, cast, units):
    mine = make_commission(cast.lu, units.qingpu, units.baoshan, title="两家都写")
    theirs = make_commission(cast.lu, units.baoshan, title="只约宝山")
    lin = client_of(cast.lin)

    listed = lin.get(reverse("articles:my_commissions")).content.decode()
    own = lin.get(page_of(mine)).content.decode()

    assert "两家都写" in listed
    assert "只约宝山" not in listed
    assert "宝山" not in own
    assert lin.get(page_of(theirs)).status_code == 404
    assert lin.get(page_of(mine.commission.asked.get(unit=units.baoshan))).status_code == 404
    assert lin.post(reverse("articles:commissioned_begin", args=[theirs.pk])).status_code == 404


def test_home_takes_one_click_to_accept_and_one_to_begin(client_of, cast, row):
    lin, home = client_of(cast.lin), reverse("home")
    accept = reverse("articles:commissioned_transition", args=[row.pk, "accept"])
    begin = reverse("articles:commissioned_begin", args=[row.pk])

    assert accept in lin.get(home).content.decode()
    assert lin.post(accept, {"next": home}).url == home
    assert begin in lin.get(home).content.decode()
    edit = lin.post(begin).url

    article = Article.objects.get()
    assert edit == reverse("articles:edit", args=[article.pk])
    assert "写明循环箱的数量和周转次数" in lin.get(edit).content.decode()
    text = lin.get(home).content.decode()
    assert edit in text
    assert "1 件" in text  # the draft is not on the list a second time


def test_what_is_handed_in_leaves_the_list(client_of, cast, row):
    article = make_article(cast.lin)
    answering.tie(row, article, by=cast.lin)
    article.apply(Article.SUBMIT, by=cast.lin)

    assert "循环箱使用情况" not in client_of(cast.lin).get(reverse("home")).content.decode()


def test_a_topic_that_binds_nobody_is_offered_and_not_counted(client_of, cast, units):
    make_commission(cast.lu, units.qingpu, title="本月要点一", is_binding=False)

    page = client_of(cast.lin).get(reverse("home"))

    assert "本月要点一" in page.content.decode()
    assert todo.counts(cast.lin)["commission"] == 0


def test_the_reviewer_reads_what_was_commissioned(lu, cast, row):
    article = submitted(cast.lin)
    answering.tie(row, article, by=cast.lin)

    text = lu.get(reverse("articles:detail", args=[article.pk])).content.decode()

    assert "写明循环箱的数量和周转次数" in text
    assert page_of(row) in text


def test_the_office_does_not_read_a_draft_by_its_commission(lu, cast, row):
    article = make_article(cast.lin, title="没有交的稿件")
    answering.tie(row, article, by=cast.lin)

    for address in (page_of(row), reverse("articles:commission", args=[row.commission_id])):
        assert "没有交的稿件" not in lu.get(address).content.decode()


def test_a_draft_of_the_unit_is_chosen_as_the_story(client_of, cast, row):
    article = make_article(cast.he)

    page = client_of(cast.lin).post(
        reverse("articles:commissioned_tie", args=[row.pk]), {"article": article.pk}, follow=True
    )

    assert "就是“循环箱使用情况”的稿件" in page.content.decode()
    assert Commissioned.objects.get(pk=row.pk).article == article


@pytest.mark.parametrize("chosen", ["", "x", "999999999999999999999999"])
def test_no_story_chosen_is_said(client_of, cast, row, chosen):
    page = client_of(cast.lin).post(
        reverse("articles:commissioned_tie", args=[row.pk]), {"article": chosen}, follow=True
    )

    assert "请选稿件" in page.content.decode()
