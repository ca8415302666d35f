"""Which texts of an article are kept, what they are called, and how one stands again."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import restoring, revision
from articles.models import Article, ArticleEvent, Kind, Photo, Status
from tests.factories import accepted, make_article, make_photo, submitted
from tests.scenes import scene
from workflow.refusals import Refused

from .test_submit import form_of

BODY = "<p>第一段。</p>"


def write(client, article, body, **fields):
    """One save of the page that shows the present state."""
    article.refresh_from_db()
    sent = form_of(article, title=article.title, body=body, **fields)
    answer = client.post(reverse("articles:autosave", args=[article.pk]), sent)
    assert answer.status_code == 200


def rest(article, minutes):
    """So long ago was what was done until now."""
    past = timedelta(minutes=minutes)
    Article.objects.filter(pk=article.pk).update(updated_at=timezone.now() - past)


def kept(article):
    return [(version.body, str(version.created_by)) for version in article.versions.all()]


@scene
def article(cast):
    return make_article(cast.lin, title="题", body=BODY)


# --- sittings --------------------------------------------------------------------------------------------------------
def test_the_saves_of_a_sitting_make_no_version(article, cast, client_of):
    for n in range(3):
        rest(article, 29)
        write(client_of(cast.lin), article, f"<p>第{n}稿。</p>")

    assert kept(article) == []


def test_after_a_pause_what_was_left_is_kept_once(article, cast, client_of):
    rest(article, 31)
    left_at = Article.objects.get().updated_at
    write(client_of(cast.lin), article, "<p>下午改。</p>")
    write(client_of(cast.lin), article, "<p>下午又改。</p>")

    assert kept(article) == [(BODY, "林向晚")]
    assert article.versions.get().created_at == left_at


def test_what_another_person_left_is_kept(article, cast, client_of):
    write(client_of(cast.he), article, "<p>贺改。</p>")

    assert kept(article) == [(BODY, "林向晚")]


def test_two_who_write_at_once_make_a_version_every_ten_minutes_at_most(article, cast, client_of, monkeypatch):
    for n in range(4):
        write(client_of((cast.he, cast.lin)[n % 2]), article, f"<p>第{n}次。</p>")
    assert kept(article) == [(BODY, "林向晚")]

    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    write(client_of(cast.he), article, "<p>再改。</p>")

    assert kept(article)[1:] == [("<p>第3次。</p>", "林向晚")]


def test_what_is_among_the_versions_already_is_not_kept_again(cast, client_of):
    article = submitted(cast.lin, title="题", body=BODY)
    article.apply(Article.RETURN, by=cast.lu, note="请补")
    rest(article, 60)

    write(client_of(cast.he), article, "<p>按要求改。</p>")

    assert article.versions.count() == 1


def test_nothing_is_kept_of_an_empty_draft(cast, client_of):
    article = Article.objects.create(created_by=cast.lin, unit=cast.lin.unit)
    rest(article, 60)

    write(client_of(cast.lin), article, BODY)

    assert kept(article) == []


def test_the_office_does_not_see_what_a_sitting_left(article, cast, client_of):
    write(client_of(cast.he), article, "<p>贺改。</p>")
    article.refresh_from_db()
    article.apply(Article.SUBMIT, by=cast.he)
    page = reverse("articles:version", args=[article.pk, 1])

    assert client_of(cast.lin).get(page).status_code == 200
    assert client_of(cast.lu).get(page).status_code == 404


# --- names -----------------------------------------------------------------------------------------------------------
def test_each_version_says_what_made_it(article, cast, client_of):
    write(client_of(cast.he), article, "<p>贺改。</p>")
    article.refresh_from_db()
    article.apply(Article.SUBMIT, by=cast.he)
    wording = revision.Wording({"title": "编辑的题"}, {})
    revision.revise(article, wording, by=cast.lu, seen=article.current_version_id)
    restoring.restore(article.versions.get(number=2), by=cast.gu)

    names = [version.made_by for version in article.versions.named().order_by("number")]

    assert names == ["写稿", "报送", "编辑改稿", "恢复第2版"]
    page = client_of(cast.lin).get(reverse("articles:detail", args=[article.pk])).text
    assert "第1版 · " in page
    assert "日 写稿" in page
    assert "日 恢复第2版" in page


def test_the_names_take_no_query_each(article, cast, client_of, django_assert_max_num_queries):
    for _n in range(3):
        article.add_version(by=cast.lin, restored_from=article.versions.first())

    with django_assert_max_num_queries(1):
        assert len([version.made_by for version in article.versions.named()]) == 3


# --- restoring -------------------------------------------------------------------------------------------------------
def address(article, number):
    return reverse("articles:version_restore", args=[article.pk, number])


def test_the_unit_restores_a_version_and_takes_it_back(cast, client_of):
    article = make_article(cast.lin, title="旧题", body=BODY)
    first, second = make_photo(article, caption="会场"), make_photo(article, caption="合影")
    article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.RETURN, by=cast.lu, note="请补")
    Article.objects.update(title="新题", body="<p>新写的。</p>", kind=Kind.BRIEF)
    Photo.objects.filter(pk=first.pk).update(is_removed=True)
    Photo.objects.filter(pk=second.pk).update(caption="全体合影")
    third = make_photo(article, caption="后加的")

    answer = client_of(cast.he).post(address(article, 1), follow=True)

    assert "已恢复第1版，存为第3版" in answer.text
    article.refresh_from_db()
    assert (article.title, article.body, article.kind, article.updated_by) == ("旧题", BODY, Kind.ARTICLE, cast.he)
    assert [(photo.pk, photo.caption) for photo in article.photos()] == [(first.pk, "会场"), (second.pk, "合影")]
    assert (article.status, article.current_version.number) == (Status.RETURNED, 1)
    assert article.versions.get(number=3).restored_from.number == 1

    assert f'action="{address(article, 2)}"' in answer.text  # 撤销
    client_of(cast.he).post(address(article, 2))

    article.refresh_from_db()
    assert (article.title, article.body, article.kind) == ("新题", "<p>新写的。</p>", Kind.BRIEF)
    assert [(photo.pk, photo.caption) for photo in article.photos()] == [(second.pk, "全体合影"), (third.pk, "后加的")]


def test_telephone_and_day_of_the_event_come_back_with_a_version(cast):
    article = make_article(cast.lin, contact="021-5500 0000", event_on=date(2026, 4, 1))
    article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.RETURN, by=cast.lu, note="请补")
    Article.objects.update(contact="", event_on=None)

    restoring.restore(article.versions.get(number=1), by=cast.he)

    article.refresh_from_db()
    assert (article.contact, article.event_on) == ("021-5500 0000", date(2026, 4, 1))


def test_a_version_of_the_time_before_they_were_kept_drops_neither(cast):
    article = make_article(cast.lin, contact="021-5500 0000", event_on=date(2026, 4, 1))
    old = article.versions.create(number=1, title="旧题", body=BODY, created_by=cast.lin)

    restoring.restore(old, by=cast.lin)

    article.refresh_from_db()
    assert (article.title, article.contact, article.event_on) == ("旧题", "021-5500 0000", date(2026, 4, 1))


@pytest.mark.parametrize(
    "make", [submitted, lambda by, **fields: accepted(by, by.office, **fields)], ids=["waits", "accepted"]
)
def test_the_office_restores_one_as_its_change(make, cast):
    cast.lin.office = cast.lu
    article = make(cast.lin, title="题", body=BODY)
    seen = article.current_version_id
    revision.revise(article, revision.Wording({"title": "编辑的题"}, {}), by=cast.lu, seen=seen)

    new, before = restoring.restore(article.versions.get(number=1), by=cast.gu)

    article.refresh_from_db()
    assert (article.title, article.current_version, new.number, before.number) == ("题", new, 3, 2)
    event = article.events.last()
    assert (event.transition, event.by, event.version) == (ArticleEvent.REVISE, cast.gu, new)


def test_a_page_that_is_open_meanwhile_loses_nothing(article, cast, client_of):
    write(client_of(cast.he), article, f"{BODY}<p>第二段。</p>")
    article.refresh_from_db()
    sent = form_of(article, title=article.title, body=f"{article.body}<p>第三段。</p>")
    restoring.restore(article.versions.get(number=1), by=cast.he)

    answer = client_of(cast.lin).post(reverse("articles:autosave", args=[article.pk]), sent)

    assert answer.status_code == 200
    article.refresh_from_db()
    assert article.body == f"{BODY}\n<p>第三段。</p>"


def test_what_the_article_says_already_is_not_restored(cast):
    article = submitted(cast.lin)
    with pytest.raises(Refused, match="就是现在的文字"):
        restoring.restore(article.current_version, by=cast.lu)
    assert article.versions.count() == 1


@pytest.mark.parametrize("status", [Status.PLACED, Status.ISSUED, Status.DISCARDED])
@pytest.mark.parametrize("who", ["lin", "lu"])
def test_what_is_not_to_be_changed_is_not_restored(status, who, cast):
    article = submitted(cast.lin)
    version = article.current_version
    article.apply(Article.ACCEPT, by=cast.gu)
    Article.objects.update(title="别的", status=status)

    with pytest.raises(Refused, match="不能在这里改稿"):
        restoring.restore(version, by=getattr(cast, who))


@pytest.mark.parametrize(
    ("status", "who"), [("returned", "lu"), ("returned", "zhao"), ("submitted", "lin"), ("submitted", "fang")]
)
def test_only_who_may_change_it_now_restores(status, who, cast):
    article = submitted(cast.lin)
    version = article.current_version
    article.apply(Article.ACCEPT, by=cast.gu)
    Article.objects.update(title="别的", status=status)

    with pytest.raises(Refused):
        restoring.restore(version, by=getattr(cast, who))
    assert Article.objects.get().title == "别的"


@pytest.mark.parametrize(("status", "who", "offered"), [
    ("returned", "lin", True), ("returned", "lu", False), ("submitted", "lin", False),
    ("submitted", "lu", True), ("accepted", "gu", True), ("placed", "lu", False),
])  # fmt: skip
def test_the_page_offers_it_to_them(status, who, offered, cast, client_of):
    article = submitted(cast.lin)
    article.apply(Article.ACCEPT, by=cast.gu)
    Article.objects.update(status=status, title="别的")

    page = client_of(getattr(cast, who)).get(reverse("articles:version", args=[article.pk, 1])).text

    assert (address(article, 1) in page) == offered
    assert ("恢复为新版本" in page) == offered


def test_the_page_does_not_offer_what_the_article_says_already(cast, client_of):
    article = submitted(cast.lin)

    page = client_of(cast.lu).get(reverse("articles:version", args=[article.pk, 1])).text

    assert address(article, 1) not in page
