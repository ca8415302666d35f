"""Who holds which article, until when, and what that does to the lists of all."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from articles import assigning
from articles.models import Article, ArticleEvent, Assignment
from bulletin_cms import todo
from tests.factories import accepted, make_article, submitted
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

TODAY = timezone.localdate


@scene
def article(cast):
    return submitted(cast.lin, title="急救培训")


def give(article, to, by, days=None):
    due_on = None if days is None else TODAY() + timedelta(days=days)
    return assigning.assign([article.pk], to=to, due_on=due_on, by=by)


def waiting(user):
    return [article.title for article in Article.objects.waiting_for(user).by_due_day()]


def queue(client, **query):
    answer = client.get(reverse("articles:queue"), query)
    return [article.title for article in answer.context["page_obj"]]


def test_what_one_holds_waits_for_nobody_else(as_user, cast, article):
    give(article, cast.gu, by=cast.lu)

    assert (waiting(cast.gu), waiting(cast.lu), waiting(cast.admin)) == (["急救培训"], [], [])
    assert (todo.counts(cast.gu)["review"], todo.counts(cast.lu)["review"]) == (1, 0)
    assert [task.title for task in todo.tasks(cast.gu)] == ["急救培训"]
    assert todo.tasks(cast.lu) == []
    assert queue(as_user(cast.lu)) == []
    assert queue(as_user(cast.lu), show="all") == ["急救培训"]


def test_given_back_it_waits_for_everybody_again(cast, article):
    give(article, cast.gu, by=cast.lu)
    give(article, None, by=cast.gu)

    assert (waiting(cast.gu), waiting(cast.lu)) == (["急救培训"], ["急救培训"])


def test_who_holds_it_may_be_overtaken_by_nobody_needing_leave(cast, article):
    """An editor who is away blocks nothing: it says who reviews, it takes no right away."""
    give(article, cast.gu, by=cast.lu)
    article.apply(Article.ACCEPT, by=cast.lu)

    assert article.is_accepted


def test_it_ends_when_the_article_moves_on(cast, article):
    give(article, cast.gu, by=cast.lu)
    article.apply(Article.RETURN, by=cast.gu, note="请补充")
    article.apply(Article.SUBMIT, by=cast.lin)

    assert waiting(cast.lu) == ["急救培训"]
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("change", ["leaves", "reviews no longer"])
def test_what_somebody_held_who_is_gone_waits_for_everybody(as_user, cast, article, change):
    give(article, cast.gu, by=cast.lu, days=1)
    if change == "leaves":
        User.objects.filter(pk=cast.gu.pk).update(is_active=False)
    else:
        cast.gu.roles.all().delete()

    client = as_user(cast.lu)
    page = client.get(reverse("articles:queue"))
    assert [row.title for row in page.context["page_obj"]] == ["急救培训"]
    assert [(row["name"], row["count"]) for row in page.context["holders"]] == [(None, 1)]
    assert waiting(cast.lu) == ["急救培训"]
    assert queue(client, show="all", holder="nobody") == ["急救培训"]


def test_the_arrows_and_the_next_article_go_by_the_order_of_the_queue(as_user, cast):
    oldest, middle, due = (submitted(cast.lin, title=title) for title in ("最早", "居中", "明天要"))
    give(due, cast.lu, by=cast.gu, days=1)
    client = as_user(cast.lu)

    places = [client.get(reverse("articles:detail", args=[row.pk])).context["place"] for row in (due, oldest, middle)]
    assert [(place["position"], place["previous"], place["next"]) for place in places] == [
        (1, None, oldest.pk),
        (2, due.pk, middle.pk),
        (3, oldest.pk, due.pk),
    ]
    answer = client.post(reverse("articles:transition", args=[due.pk, "accept"]), {"version": due.current_version_id})
    assert answer.url == reverse("articles:detail", args=[oldest.pk])


def test_what_another_holds_has_no_place_among_ones_own(as_user, cast, article):
    give(article, cast.gu, by=cast.lu)
    other = submitted(cast.zhao)

    answer = as_user(cast.lu).get(reverse("articles:detail", args=[article.pk]))
    assert answer.context["place"] == {"position": None, "count": 1, "previous": None, "next": other.pk}


def test_the_overdue_come_first_then_the_due_then_the_longest_waiting(as_user, cast):
    days = {"最早报送": None, "下周要": 7, "明天要": 1, "过期了": 0, "最晚报送": None}
    for title, due in days.items():
        row = submitted(cast.lin, title=title)
        if due is not None:
            give(row, cast.lu, by=cast.gu, days=due)
    Assignment.objects.filter(article__title="过期了").update(due_on=TODAY() - timedelta(days=2))

    assert queue(as_user(cast.lu)) == ["过期了", "明天要", "下周要", "最早报送", "最晚报送"]
    assert todo.tasks(cast.lu)[0].days_late == 2
    page = as_user(cast.lu).get(reverse("articles:queue")).text
    assert "已超 2 天" in page
    assert page.index("过期了") < page.index("最早报送")


def test_the_queue_says_who_holds_how_many(as_user, cast, article):
    give(submitted(cast.lin), cast.gu, by=cast.lu)
    give(submitted(cast.zhao), cast.gu, by=cast.lu)
    over = submitted(cast.zhao)
    give(over, cast.gu, by=cast.lu)
    over.apply(Article.ACCEPT, by=cast.gu)

    client = as_user(cast.lu)
    holders = client.get(reverse("articles:queue")).context["holders"]

    assert [(row["name"], row["count"]) for row in holders] == [(None, 1), ("顾文岚", 2)]
    assert queue(client, show="all", holder="nobody") == ["急救培训"]
    assert len(queue(client, show="all", holder=cast.gu.pk)) == 2


def test_who_is_given_one_is_told_until_when_and_who_takes_one_is_not(cast, article):
    give(article, cast.gu, by=cast.lu, days=1)
    give(submitted(cast.zhao), cast.lu, by=cast.lu)

    [notice] = Notice.objects.filter(word="交您审稿")
    assert notice.user == cast.gu
    assert "前" in notice.note


def test_the_others_are_asked_no_longer(cast, article):
    assert cast.admin.notices.unread().count() == 1
    give(article, cast.gu, by=cast.lu)
    assert [person.notices.unread().count() for person in (cast.admin, cast.lu, cast.gu)] == [0, 0, 1]

    give(article, cast.lu, by=cast.admin)
    assert [person.notices.unread().count() for person in (cast.admin, cast.lu, cast.gu)] == [0, 1, 0]


def test_it_stands_in_the_history(cast, article):
    give(article, cast.gu, by=cast.lu)

    event = article.events.last()
    assert (event.transition, event.by, event.note) == (ArticleEvent.ASSIGN, cast.lu, "交给 顾文岚")
    assert event.act == "指派审稿"


@pytest.mark.parametrize("who", ["lin", "fang", "tang"])
def test_only_who_reviews_gives(cast, article, who):
    with pytest.raises(Refused):
        give(article, cast.gu, by=getattr(cast, who))


def test_nobody_is_given_what_they_may_not_review(cast):
    cast.lin.roles.create(role="editor")
    own = submitted(cast.lin, title="自己的稿")

    for person in (cast.lin, cast.fang):
        with pytest.raises(Refused, match="自己的稿"):
            give(own, person, by=cast.lu)


def test_what_is_decided_is_given_to_nobody_and_all_or_none_are_given(cast, article):
    decided = accepted(cast.zhao, cast.lu, title="已采用的")

    with pytest.raises(Refused, match="已采用的"):
        assigning.assign([article.pk, decided.pk], to=cast.gu, due_on=None, by=cast.lu)

    assert not Assignment.objects.exists()


@pytest.mark.parametrize("keys", [[], [999_999]])
def test_nothing_ticked_or_withdrawn_meanwhile_is_refused(cast, keys):
    with pytest.raises(Refused):
        assigning.assign(keys, to=cast.gu, due_on=None, by=cast.lu)


def test_anothers_draft_is_neither_given_nor_named(cast):
    draft = make_article(cast.lin, title="没交的稿")

    with pytest.raises(Refused) as refused:
        give(draft, cast.gu, by=cast.lu)
    assert "没交的稿" not in str(refused.value)


def test_a_day_that_is_over_is_refused(cast, article):
    with pytest.raises(Refused):
        give(article, cast.gu, by=cast.lu, days=-1)


def test_several_are_given_at_once_from_the_queue(as_user, cast, article):
    other = submitted(cast.zhao)
    client, due = as_user(cast.lu), (TODAY() + timedelta(days=3)).isoformat()
    sent = {"article": [article.pk, other.pk], "to": cast.gu.pk, "due_on": due, "next": "/articles/queue/?show=all"}

    answer = client.post(reverse("articles:assign"), sent)

    assert answer.url == "/articles/queue/?show=all"
    assert set(Assignment.objects.values_list("to__username", "due_on")) == {("gu", TODAY() + timedelta(days=3))}
    assert Assignment.objects.count() == 2


def test_an_editor_takes_one(as_user, cast, article):
    as_user(cast.lu).post(reverse("articles:assign"), {"article": article.pk, "to": "me"})

    assert Assignment.objects.get().to == cast.lu


@pytest.mark.parametrize(
    "sent",
    [{"to": "999999"}, {"to": ""}, {"to": "fang"}, {"to": "me", "due_on": "31.31."}, {"to": "me", "article": "x"}],
    ids=str,
)
def test_what_cannot_be_read_gives_nothing_and_says_so(as_user, cast, article, sent):
    client = as_user(cast.lu)
    answer = client.post(reverse("articles:assign"), {"article": article.pk} | sent, follow=True)

    assert not Assignment.objects.exists()
    assert list(answer.context["messages"])


def test_who_only_watches_has_no_boxes_to_tick(as_user, cast, article):
    """Each box has its name, and a row that waits for no review has none."""
    accepted(cast.zhao, cast.lu, title="已采用的")
    page = as_user(cast.lu).get(reverse("articles:queue"), {"show": "all"}).text

    assert page.count('type="checkbox" name="article"') == 1
    assert "勾选“急救培训”" in page


def test_an_editor_finds_what_they_have_decided_wherever_it_is_now(as_user, cast, article):
    returned, taken = submitted(cast.lin, title="退修过的"), submitted(cast.zhao, title="采用过的")
    returned.apply(Article.RETURN, by=cast.lu, note="请补充")
    returned.apply(Article.SUBMIT, by=cast.lin)
    taken.apply(Article.ACCEPT, by=cast.lu)
    accepted(cast.zhao, cast.gu, title="别人采用的")

    assert sorted(queue(as_user(cast.lu), show="mine")) == ["退修过的", "采用过的"]
    assert queue(as_user(cast.lu), show="mine", status="accepted") == ["采用过的"]


# --- reminders -----------------------------------------------------------------------------------------------------
def test_who_holds_one_is_reminded_at_once_and_it_stands_in_the_history(as_user, cast, article):
    give(article, cast.gu, by=cast.lu)
    answer = as_user(cast.lu).post(reverse("articles:remind"), {"article": article.pk}, follow=True)

    assert "已催办 1 篇" in answer.text
    [notice] = Notice.objects.filter(word="请抓紧审稿")
    assert (notice.user, notice.mail.address, notice.verb) == (cast.gu, "gu@example.cn", "去审稿")
    event = article.events.last()
    assert (event.act, event.by, event.note) == ("催办", cast.lu, "顾文岚")


def test_nobody_is_reminded_twice_a_day(cast, article):
    give(article, cast.gu, by=cast.lu)
    assigning.remind([article.pk], by=cast.lu)
    with pytest.raises(Refused, match="今天已就“急救培训”催过 顾文岚"):
        assigning.remind([article.pk], by=cast.admin)


@pytest.mark.parametrize(("holder", "words"), [(None, "没有指派"), ("lu", "在您自己手里")])
def test_where_nobody_is_to_be_reminded_none_is(cast, article, holder, words):
    held, other = submitted(cast.zhao), article
    give(held, cast.gu, by=cast.lu)
    if holder:
        give(other, getattr(cast, holder), by=cast.gu)

    with pytest.raises(Refused, match=words):
        assigning.remind([held.pk, other.pk], by=cast.lu)
    assert not Notice.objects.filter(word="请抓紧审稿").exists()


@pytest.mark.parametrize("who", ["lin", "fang", "tang"])
def test_only_who_reviews_reminds(cast, article, who):
    give(article, cast.gu, by=cast.lu)
    with pytest.raises(Refused):
        assigning.remind([article.pk], by=getattr(cast, who))


# --- kept for later ------------------------------------------------------------------------------------------------
def keep(client, *articles, until="", follow=False):
    sent = {"article": [article.pk for article in articles], "until": until}
    return client.post(reverse("articles:hold"), sent, follow=follow)


def test_several_are_kept_for_later_at_once(as_user, cast, article):
    other, day = submitted(cast.zhao), TODAY() + timedelta(days=9)
    answer = keep(as_user(cast.lu), article, other, until=day.isoformat(), follow=True)

    assert "2 篇已留作待用" in answer.text
    assert set(Article.objects.values_list("status", "held_until")) == {("held", day)}
    assert cast.lin.notices.filter(word="待用").count() == 1


@pytest.mark.parametrize("until", ["", "2月30日", "2020-01-01"])
def test_without_a_day_to_come_none_is_kept(as_user, cast, article, until):
    answer = keep(as_user(cast.lu), article, until=until, follow=True)

    assert list(answer.context["messages"])
    assert Article.objects.get().is_in_review


def test_all_or_none_are_kept(as_user, cast, article):
    decided = accepted(cast.zhao, cast.gu, title="已采用的")
    answer = keep(as_user(cast.lu), article, decided, until=(TODAY() + timedelta(days=9)).isoformat(), follow=True)

    assert "已采用的" in answer.text
    assert not Article.objects.filter(status="held").exists()
