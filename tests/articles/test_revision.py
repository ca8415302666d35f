"""The office changes a text that was handed in: each time a new version, which the unit sees."""

import re

import pytest
from django.urls import reverse

from articles import revision
from articles.models import Article, ArticleEvent, Kind, Photo, Status
from articles.revision import Superseded, Wording
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite


@scene
def article(cast):
    return factories.submitted(cast.lin, title="青浦局召开座谈会", body="<p>会上形成公示。</p><p>快递员到场。</p>")


def revised(article, by, *, seen=None, photos=(), is_correction=False, **fields):
    wording, seen = Wording(fields, dict(photos)), seen or article.current_version_id
    return revision.revise(article, wording, by=by, seen=seen, is_correction=is_correction)


def address(article, name="revise"):
    return reverse(f"articles:{name}", args=[article.pk])


def fields_of(article, **changed):
    fields = {"kind": article.kind, "title": article.title, "subtitle": "", "authors": article.authors}
    return fields | {"body": article.body, "seen": article.current_version_id} | changed


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_a_change_is_a_new_version_under_the_editors_name(state, article, cast):
    if state == "accepted":
        article.apply(Article.ACCEPT, by=cast.gu)

    body = article.body.replace("公示", "共识")
    version = revised(article, cast.lu, body=body, is_correction=state == "accepted")

    article.refresh_from_db()
    assert (article.status, article.current_version, version.number) == (state, version, 2)
    assert (version.created_by, version.title) == (cast.lu, article.title)
    assert "共识" in article.body
    assert "公示" in article.versions.get(number=1).body
    event = article.events.last()
    assert (event.transition, event.by, event.version) == (ArticleEvent.REVISE, cast.lu, version)


def test_what_is_not_changed_makes_no_version(article, cast):
    body = article.body.replace("</p><p>", "</p>\n<p>")

    assert revised(article, cast.lu, title=article.title, body=body).number == 1
    assert article.versions.count() == 1
    assert not article.events.filter(transition=ArticleEvent.REVISE).exists()


def test_the_captions_and_the_order_of_photos_are_changed(cast):
    draft = factories.make_article(cast.lin)
    first, second = factories.make_photo(draft, caption="会场"), factories.make_photo(draft, caption="合影")
    draft.apply(Article.SUBMIT, by=cast.lin)
    swapped = {first.pk: {"position": 2}, second.pk: {"position": 1, "caption": "全体合影"}}

    version = revised(draft, cast.lu, photos=swapped)

    assert [(entry["photo"], entry["caption"]) for entry in version.photos] == [
        (second.pk, "全体合影"),
        (first.pk, "会场"),
    ]
    assert [photo.caption for photo in draft.versions.get(number=1).pictures()] == ["会场", "合影"]


@scene
def with_photo(cast):
    """Handed in with three paragraphs and a photo behind the first."""
    draft = factories.make_article(
        cast.lin, title="青浦局召开座谈会", body="<p>会上形成公示。</p><p>快递员到场。</p><p>散会。</p>"
    )
    factories.make_photo(draft, caption="会场", after=1)
    draft.apply(Article.SUBMIT, by=cast.lin)
    return draft


def placed(article, after, by, **fields):
    """Revised with a photo behind this block of the text that was sent."""
    return revised(article, by, photos={article.photos()[0].pk: {"after": after}}, **{"body": article.body} | fields)


@pytest.mark.parametrize(("chosen", "kept"), [(2, 2), (9, 3), (None, None)])
def test_a_photo_is_put_elsewhere_in_the_text(with_photo, cast, chosen, kept):
    version = placed(with_photo, chosen, cast.lu)

    assert version.number == 2
    assert [photo.after for photo in version.pictures()] == [kept]
    assert [photo.after for photo in with_photo.versions.get(number=1).pictures()] == [1]


def test_a_photo_that_nobody_moves_follows_its_paragraph(with_photo, cast):
    body = "<p>新的第一段。</p>" + with_photo.body

    assert placed(with_photo, 2, cast.lu, body=body).pictures()[0].after == 2
    assert placed(with_photo, 2, cast.lu, body=body).number == 2  # nothing new: it stands where it stood


def test_a_photo_stands_where_it_was_put_when_others_have_changed_the_text(with_photo, cast):
    opened, typed = with_photo.current_version_id, with_photo.body
    revised(with_photo, cast.lu, body="<p>新的第一段。</p>" + typed)

    version = revised(with_photo, cast.gu, seen=opened, body=typed, photos={with_photo.photos()[0].pk: {"after": 2}})

    assert (version.number, version.pictures()[0].after) == (3, 3)


@pytest.mark.parametrize("who", ["lin", "he", "fang", "tang", "shen"])
def test_it_is_the_offices_to_do(who, article, cast):
    with pytest.raises(Refused, match="不归您办"):
        revised(article, getattr(cast, who), title="别的标题")
    assert article.versions.count() == 1


def test_nobody_of_the_office_changes_the_own_article(cast):
    author = factories.make_user("both", "陈双角", "contributor", "editor", unit=cast.lin.unit)
    article = factories.submitted(author)

    with pytest.raises(Refused, match="另一人改"):
        revised(article, author, title="别的标题")


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED, Status.PLACED, Status.ISSUED, Status.DISCARDED])
def test_only_what_waits_is_changed_here(status, article, cast):
    article.apply(Article.ACCEPT, by=cast.gu)
    Article.objects.filter(pk=article.pk).update(status=status)

    with pytest.raises(Refused, match="不能在这里改稿"):
        revised(article, cast.lu, title="别的标题")


def test_a_text_that_lacks_its_title_is_refused(article, cast):
    with pytest.raises(Refused, match="标题"):
        revised(article, cast.lu, title="")
    article.refresh_from_db()
    assert article.title


def test_a_brief_is_made_of_an_article_and_back(article, cast):
    revised(article, cast.lu, kind=Kind.BRIEF)
    article.refresh_from_db()
    assert article.kind == Kind.BRIEF

    revised(article, cast.gu, kind=Kind.ARTICLE)
    article.refresh_from_db()
    assert article.kind == Kind.ARTICLE


def test_a_second_editor_is_told_of_the_first(article, cast):
    opened = article.current_version_id
    first = revised(article, cast.lu, title="第一次改")
    article.refresh_from_db()

    with pytest.raises(Superseded) as caught:
        revised(article, cast.gu, seen=opened, title="第二次改")

    assert caught.value.theirs == first
    (clash,) = caught.value.clashes
    assert (clash.mine, clash.theirs) == ("第二次改", "第一次改")


def test_what_two_editors_changed_in_different_places_is_put_together(cast):
    draft = factories.make_article(cast.lin, title="原题", body="<p>会上形成公示。</p><p>快递员到场。</p>")
    first, second = factories.make_photo(draft, caption="会场"), factories.make_photo(draft, caption="合影")
    draft.apply(Article.SUBMIT, by=cast.lin)
    opened = draft.current_version_id
    swapped = {first.pk: {"position": 2}, second.pk: {"position": 1}}
    revised(draft, cast.lu, photos=swapped, body=draft.body.replace("公示", "共识"), kind=Kind.BRIEF)

    version = revised(
        draft,
        cast.gu,
        seen=opened,
        title="新题",
        kind=Kind.ARTICLE,
        body=draft.body.replace("快递员", "快递小哥"),
        photos={first.pk: {"position": 1, "caption": "主会场"}, second.pk: {"position": 2}},
    )

    assert (version.number, version.title, version.kind) == (3, "新题", Kind.BRIEF)
    assert version.body == "<p>会上形成共识。</p>\n<p>快递小哥到场。</p>"
    assert [entry["caption"] for entry in version.photos] == ["合影", "主会场"]


def test_two_orders_of_the_photos_are_one_question(cast):
    draft = factories.make_article(cast.lin)
    photos = [factories.make_photo(draft, caption=str(n)) for n in range(3)]
    draft.apply(Article.SUBMIT, by=cast.lin)
    opened = draft.current_version_id
    first, second, third = (photo.pk for photo in photos)
    revised(draft, cast.lu, photos={first: {"position": 2}, second: {"position": 1}})

    with pytest.raises(Superseded) as caught:
        revised(
            draft,
            cast.gu,
            seen=opened,
            photos={third: {"position": 1}, first: {"position": 2}, second: {"position": 3}},
        )

    (clash,) = caught.value.clashes
    assert (clash.name, clash.mine) == ("order", f"{third},{first},{second}")


def test_after_a_change_the_same_person_may_accept_it(article, cast):
    revised(article, cast.lu, title="改过的标题")
    article.refresh_from_db()

    article.apply(Article.ACCEPT, by=cast.lu)

    assert article.status == Status.ACCEPTED


def test_a_returned_article_goes_on_from_the_changed_text(article, cast):
    revised(article, cast.lu, title="改过的标题")
    article.refresh_from_db()

    article.apply(Article.RETURN, by=cast.lu, note="请补照片")

    assert Article.objects.get().title == "改过的标题"


# --- the page --------------------------------------------------------------------------------------------------------
def test_the_page_saves_and_leads_back(as_user, cast, article):
    client = as_user(cast.lu)
    assert address(article) in client.get(address(article, "detail")).text

    answer = client.post(address(article), fields_of(article, title="新标题"), follow=True)

    assert answer.redirect_chain[-1][0] == address(article, "detail")
    assert "“新标题”已改，存为第2版" in answer.text
    assert "编辑改稿" in answer.text


def test_the_unit_sees_that_the_office_changed_it(as_user, cast, article):
    revised(article, cast.lu, title="改过的标题")

    page = as_user(cast.lin).get(address(article, "detail")).text

    assert "编辑改稿" in page
    assert reverse("articles:version", args=[article.pk, 1]) in page
    assert address(article) not in page


def test_the_page_is_not_for_the_unit(as_user, cast, article):
    assert as_user(cast.lin).get(address(article)).status_code == 403
    assert as_user(cast.lin).post(address(article), fields_of(article, title="x")).status_code == 403


def test_a_refused_form_keeps_what_was_typed(as_user, cast, article):
    answer = as_user(cast.lu).post(address(article), fields_of(article, title="", subtitle="新的副题"))

    assert answer.status_code == 422
    assert "新的副题" in answer.text
    assert article.versions.count() == 1


def test_when_another_changed_the_same_both_texts_are_shown_and_one_is_chosen(as_user, cast, article):
    sent = fields_of(article, title="我的标题")
    theirs = revised(article, cast.gu, title="别人的标题", body=article.body.replace("公示", "共识"))

    answer = as_user(cast.lu).post(address(article), sent)

    assert answer.status_code == 409
    assert "顾文岚 也改了同一处，存为第2版" in answer.text
    assert "我的标题" in answer.text
    assert "别人的标题" in answer.text
    assert f'name="seen" value="{sent["seen"]}"' in answer.text

    (choice,) = set(re.findall("choice-[0-9a-f]+", answer.text))
    as_user(cast.lu).post(address(article), sent | {choice: "mine"})

    assert list(article.versions.values_list("title", flat=True)) == [article.title, "别人的标题", "我的标题"]
    assert article.versions.last().body == theirs.body


def test_the_page_knows_which_version_its_reader_saved_last(as_user, cast, article):
    """So that what this computer holds is not put back when it has arrived."""
    assert 'data-own-version="0"' in as_user(cast.lu).get(address(article)).text

    version = revised(article, cast.lu, title="改过的标题")

    assert f'data-own-version="{version.pk}"' in as_user(cast.lu).get(address(article)).text


def test_a_late_save_is_refused_and_keeps_the_text(as_user, cast, article):
    sent = fields_of(article, title="我的标题")
    article.apply(Article.RETURN, by=cast.gu, note="请补照片")

    answer = as_user(cast.lu).post(address(article), sent)

    assert answer.status_code == 409
    assert "不能在这里改稿" in answer.text
    assert "我的标题" in answer.text


def test_the_photos_come_with_the_form(as_user, cast):
    draft = factories.make_article(cast.lin)
    first, second = factories.make_photo(draft, caption="会场"), factories.make_photo(draft, caption="合影")
    draft.apply(Article.SUBMIT, by=cast.lin)
    photos = {f"position-{first.pk}": "2", f"position-{second.pk}": "1", f"caption-{first.pk}": "主会场"}

    as_user(cast.lu).post(address(draft), fields_of(draft, **photos))

    assert list(Photo.objects.order_by("position").values_list("caption", flat=True)) == ["合影", "主会场"]


@pytest.mark.parametrize(("sent", "kept"), [("2", 2), ("", None), ("x", 1), ("99999", 1)])
def test_the_place_of_a_photo_comes_with_the_form(as_user, cast, with_photo, sent, kept):
    photo = with_photo.photos()[0]

    as_user(cast.lu).post(address(with_photo), fields_of(with_photo, **{f"after-{photo.pk}": sent}))

    photo.refresh_from_db()
    assert photo.after == kept


def test_what_was_typed_about_photos_stays_on_a_page_that_is_refused(as_user, cast, with_photo):
    photo = with_photo.photos()[0]
    sent = fields_of(with_photo, title="", **{f"caption-{photo.pk}": "主会场", f"after-{photo.pk}": "3"})

    answer = as_user(cast.lu).post(address(with_photo), sent)

    assert answer.status_code == 422
    assert 'value="主会场"' in answer.text
    assert '<option value="3" selected>' in answer.text
