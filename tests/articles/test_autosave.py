import json
import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from articles.forms import base_of
from articles.models import Article, Status
from tests.factories import make_article, make_photo, submitted

from .test_submit import form_of


def save(client, article, **fields):
    return client.post(reverse("articles:autosave", args=[article.pk]), form_of(article, **fields))


def test_the_first_save_makes_the_draft_and_says_where_it_is(as_user, cast):
    answer = as_user(cast.lin).post(reverse("articles:autosave"), form_of(title="刚开始写"))

    article = Article.objects.get()
    assert (article.title, article.status) == ("刚开始写", Status.DRAFT)
    assert answer.json()["edit_url"] == reverse("articles:edit", args=[article.pk])


def test_half_an_article_is_saved_too(as_user, cast):
    article = make_article(cast.lin)

    answer = save(as_user(cast.lin), article, title="", body="", event_on="4月31日")

    assert answer.status_code == 200
    assert list(answer.json()["errors"]) == ["event_on"]
    assert "还没有标题" in answer.json()["checks"]
    article.refresh_from_db()
    assert (article.title, article.body) == ("", "")


def test_saving_again_and_again_is_no_conflict(as_user, cast):
    article = make_article(cast.lin)
    base = base_of(article)

    for n in range(3):
        sent = form_of(title=f"标题{n}", base=base)
        answer = as_user(cast.lin).post(reverse("articles:autosave", args=[article.pk]), sent)
        assert answer.json()["taken_over"] == {}
        base = json.dumps(json.loads(base) | sent)

    article.refresh_from_db()
    assert article.title == "标题2"


FIRST, SECOND = "<p>第一段。</p>", "<p>第二段。</p>"


def two_texts(as_user, cast, mine, theirs):
    """Both opened the same; he saved first. The answer to lin's save, the article, and what lin's page sent."""
    article = make_article(cast.lin, title="题", body=f"{FIRST}\n{SECOND}")
    opened = {"title": "题", "body": article.body}
    sent = form_of(article, **opened | mine)
    assert save(as_user(cast.he), article, **opened | theirs).status_code == 200
    answer = as_user(cast.lin).post(reverse("articles:autosave", args=[article.pk]), sent)
    article.refresh_from_db()
    return answer, article, sent


def test_what_two_people_changed_in_different_places_is_put_together(as_user, cast):
    answer, article, _sent = two_texts(
        as_user,
        cast,
        {"title": "新题", "body": f"{FIRST}<p>第二段，林改。</p>"},
        {"body": f"<p>第一段，贺改。</p>{SECOND}"},
    )

    assert answer.status_code == 200
    assert (article.title, article.body) == ("新题", "<p>第一段，贺改。</p>\n<p>第二段，林改。</p>")
    assert answer.json()["taken_over"] == {"body": article.body}


def test_what_a_page_did_not_change_comes_back_as_others_left_it(as_user, cast):
    answer, article, _sent = two_texts(
        as_user, cast, {"title": "新题"}, {"event_on": "2026年4月1日", "contact": "021-1", "body": FIRST}
    )

    assert (article.title, article.contact, article.body) == ("新题", "021-1", FIRST)
    taken_over = {"event_on": "2026年4月1日", "contact": "021-1", "body": FIRST}
    assert answer.json()["taken_over"] == taken_over


def test_the_same_place_is_shown_in_both_texts_and_nothing_is_saved(as_user, cast):
    answer, article, _sent = two_texts(
        as_user, cast, {"body": f"<p>第一段，林改。</p>{SECOND}"}, {"body": f"<p>第一段，贺改。</p>{SECOND}"}
    )

    assert answer.status_code == 409
    html = answer.json()["html"]
    assert "贺思齐 也改了这篇" in html
    assert "第 1 段" in html
    assert "第一段，林改。" in html
    assert "第一段，贺改。" in html
    assert "第二段" not in html
    assert article.body == f"<p>第一段，贺改。</p>{SECOND}"


def test_the_texts_of_a_field_are_shown_as_they_were_typed(as_user, cast):
    answer, _article, _sent = two_texts(as_user, cast, {"title": "<b>林"}, {"title": "贺写的标题"})

    assert "<p>&lt;b&gt;林</p>" in answer.json()["html"]


def choose(html, choice):
    return dict.fromkeys(re.findall("choice-[0-9a-f]+", html), choice)


@pytest.mark.parametrize(
    ("choice", "title", "kept"),
    [("mine", "林写的标题", ("贺写的标题", "贺思齐")), ("theirs", "贺写的标题", ("林写的标题", "林向晚"))],
)
def test_what_a_choice_drops_stays_among_the_versions(choice, title, kept, as_user, cast):
    refused, article, sent = two_texts(as_user, cast, {"title": "林写的标题"}, {"title": "贺写的标题"})
    address = reverse("articles:autosave", args=[article.pk])

    answer = as_user(cast.lin).post(address, sent | choose(refused.json()["html"], choice))

    assert answer.status_code == 200
    article.refresh_from_db()
    version = article.versions.last()
    assert article.title == title
    assert (version.title, str(version.created_by)) == kept


@pytest.mark.parametrize(("choice", "dropped"), [("mine", "021-5500 0002"), ("theirs", "021-5500 0001")])
def test_a_telephone_and_a_day_that_a_choice_drops_stay_among_the_versions(choice, dropped, as_user, cast):
    mine = {"contact": "021-5500 0001", "event_on": "2026-04-01"}
    theirs = {"contact": "021-5500 0002", "event_on": "2026-04-02"}
    refused, article, sent = two_texts(as_user, cast, mine, theirs)

    as_user(cast.lin).post(
        reverse("articles:autosave", args=[article.pk]), sent | choose(refused.json()["html"], choice)
    )

    version = article.versions.last()
    assert (version.contact, version.event_on.isoformat()) in [tuple(each.values()) for each in (mine, theirs)]
    assert version.contact == dropped


def test_where_both_texts_are_kept_no_version_of_them_is_needed(as_user, cast):
    refused, article, sent = two_texts(
        as_user, cast, {"body": "<p>第一段，林改。</p>"}, {"body": f"<p>第一段，贺改。</p>{SECOND}"}
    )
    address = reverse("articles:autosave", args=[article.pk])

    as_user(cast.lin).post(address, sent | choose(refused.json()["html"], "both"))

    article.refresh_from_db()
    assert article.body == "<p>第一段，贺改。</p>\n<p>第一段，林改。</p>"
    assert [version.body for version in article.versions.all()] == [f"{FIRST}\n{SECOND}"]  # what both began with


def test_a_typed_caption_that_a_choice_drops_stays_among_the_versions(as_user, cast):
    article = make_article(cast.lin)
    photo = make_photo(article, caption="会场")
    name = f"caption-{photo.pk}"
    fields = {"title": article.title, "body": article.body}
    sent = form_of(article, **fields, **{name: "林写的说明"})
    save(as_user(cast.he), article, **fields, **{name: "贺写的说明"})
    address = reverse("articles:autosave", args=[article.pk])
    refused = as_user(cast.lin).post(address, sent).json()

    as_user(cast.lin).post(address, sent | choose(refused["html"], "theirs"))

    photo.refresh_from_db()
    assert photo.caption == "贺写的说明"
    assert [each["caption"] for each in article.versions.last().photos] == ["林写的说明"]


@pytest.mark.parametrize("base", ["", "[]", "{", '{"title": 5, "body": ["x"], "event_on": "x", "kind": "none"}'])
def test_a_base_that_cannot_be_read_loses_nothing(base, as_user, cast):
    article = make_article(cast.lin, title="题", body=FIRST)

    answer = save(as_user(cast.lin), article, title="新题", body="<p>完全不同的一句话。</p>", base=base)

    assert answer.status_code == 409
    article.refresh_from_db()
    assert (article.title, article.body) == ("题", FIRST)
    assert "新题" in answer.json()["html"]


def test_the_whole_form_meets_the_same_conflict_and_keeps_what_was_typed(as_user, cast):
    article = make_article(cast.lin)
    sent = form_of(article, title="林向晚写的标题", act="submit")
    save(as_user(cast.he), article, title="贺思齐写的标题")

    answer = as_user(cast.lin).post(reverse("articles:edit", args=[article.pk]), sent)

    assert answer.status_code == 409
    assert "林向晚写的标题" in answer.text
    assert "贺思齐写的标题" in answer.text
    assert escape(sent["base"]) in answer.text
    assert Article.objects.get().status == Status.DRAFT

    chosen = choose(answer.text, "mine")
    as_user(cast.lin).post(reverse("articles:edit", args=[article.pk]), sent | chosen)

    assert Article.objects.get().status == Status.SUBMITTED
    assert Article.objects.get().title == "林向晚写的标题"


def test_it_does_not_save_over_what_was_handed_in_meanwhile(as_user, cast):
    article = submitted(cast.lin)

    answer = save(as_user(cast.lin), article, title="晚了一步")

    assert answer.status_code == 409
    assert "这篇现在是“已报送”，不能改" in answer.json()["html"]
    assert Article.objects.get().title != "晚了一步"


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}])
def test_an_ended_session_is_401_and_no_sign_in_page(client, cast, headers):
    article = make_article(cast.lin)

    answer = client.post(reverse("articles:autosave", args=[article.pk]), form_of(article), headers=headers)

    assert answer.status_code == 401
    assert answer.content == b""


def test_readers_and_editors_write_no_articles(as_user, cast):
    for user in (cast.shen, cast.lu, cast.fang):
        assert as_user(user).post(reverse("articles:autosave"), form_of()).status_code == 403
    assert not Article.objects.exists()


def test_it_never_touches_the_state(as_user, cast):
    article = make_article(cast.lin)

    save(as_user(cast.lin), article, status="issued", unit="1", created_by=str(cast.zhao.pk))

    article.refresh_from_db()
    assert (article.status, article.unit, article.created_by) == (Status.DRAFT, cast.lin.unit, cast.lin)


def test_the_office_does_not_see_what_one_colleague_replaced_of_anothers(as_user, cast):
    article = make_article(cast.lin)
    article.add_version(by=cast.he)
    article.apply(Article.SUBMIT, by=cast.lin)
    pages = [reverse("articles:version", args=[article.pk, number]) for number in (1, 2)]

    assert [as_user(cast.lin).get(page).status_code for page in pages] == [200, 200]
    assert [as_user(cast.lu).get(page).status_code for page in pages] == [404, 200]
    assert pages[0] not in as_user(cast.lu).get(reverse("articles:detail", args=[article.pk])).text
