"""The unit says whether the text that the office has changed is right (确认无异议, 提意见)."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts import links
from articles import confirming, revision
from articles.models import Article, UnitConfirmation
from articles.revision import Wording
from tests.factories import make_issue, make_photo, make_user, submitted
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

BODY = "<p>4月1日，青浦局公示检查结果。</p><p>下一步，青浦局将继续跟进。</p>"
REMARK = "检查结果尚未公布，应为公示"


def revise(article, editor, body="<p>4月1日，青浦局公布检查结果。</p><p>下一步，青浦局将继续跟进。</p>"):
    fields = {"title": article.title, "subtitle": "", "authors": "", "body": body}
    version = revision.revise(article, Wording(fields, {}), by=editor, seen=article.current_version_id)
    article.refresh_from_db()
    return version


@scene
def article(cast):
    article = submitted(cast.lin, title="青浦局公示检查结果", body=BODY)
    revise(article, cast.lu)
    return article


@scene
def asked(article, cast):
    return confirming.ask(article, by=cast.lu, seen=article.current_version_id)


def detail(client, article):
    return client.get(reverse("articles:detail", args=[article.pk])).text


def answer(client, asked, act="agree", **remarks):
    fields = {"act": act} | {name.replace("_", "-"): text for name, text in remarks.items()}
    return client.post(reverse("articles:confirmation", args=[asked.pk]), fields, follow=True)


# --- asking -----------------------------------------------------------------------------------------------------------
def test_an_editor_asks_about_the_version_on_the_screen(as_user, cast, article):
    client = as_user(cast.lu)
    assert "请单位确认" in detail(client, article)

    client.post(reverse("articles:ask_unit", args=[article.pk]), {"version": article.current_version_id})

    asked = UnitConfirmation.objects.get()
    assert (asked.version, asked.asked_by) == (article.current_version, cast.lu)
    assert "等单位确认" in detail(client, article)


@pytest.mark.parametrize("version", ["", "0", "x"])
def test_another_version_is_not_asked_about(as_user, cast, article, version):
    as_user(cast.lu).post(reverse("articles:ask_unit", args=[article.pk]), {"version": version})

    assert not UnitConfirmation.objects.exists()


def test_only_a_text_that_the_office_changed_is_asked_about(as_user, cast):
    article = submitted(cast.lin)

    assert "请单位确认" not in detail(as_user(cast.lu), article)
    with pytest.raises(Refused):
        confirming.ask(article, by=cast.lu, seen=article.current_version_id)


def test_each_version_is_asked_about_once(cast, article, asked):
    with pytest.raises(Refused):
        confirming.ask(article, by=cast.gu, seen=article.current_version_id)


def test_a_unit_without_anybody_is_not_asked(cast, article):
    for person in (cast.lin, cast.he):
        person.is_active = False
        person.save()

    with pytest.raises(Refused, match="没有"):
        confirming.ask(article, by=cast.lu, seen=article.current_version_id)


def test_only_the_office_asks(as_user, cast, article):
    for person in (cast.lin, cast.he, cast.zhao, cast.shen):
        answered = as_user(person).post(reverse("articles:ask_unit", args=[article.pk]))
        assert answered.status_code == 403
        with pytest.raises(Refused):
            confirming.ask(article, by=person, seen=article.current_version_id)


def test_a_text_that_is_printed_is_not_asked_about(cast, bulletin):
    article = submitted(cast.lin, body=BODY)
    revise(article, cast.lu)
    article.apply(Article.ACCEPT, by=cast.lu)
    make_issue(bulletin, cast.lu, [article])
    article.refresh_from_db()
    assert confirming.may_be_asked(article)

    article.apply(Article.ISSUE, by=cast.gu)
    assert not confirming.may_be_asked(article)


# --- answering --------------------------------------------------------------------------------------------------------
def test_it_stands_on_the_to_do_list_of_the_unit_alone(as_user, cast, asked):
    for person, is_asked in ((cast.lin, True), (cast.he, True), (cast.zhao, False), (cast.lu, False)):
        assert (reverse("articles:confirmation", args=[asked.pk]) in as_user(person).get("/").text) == is_asked


def test_the_unit_sees_by_character_what_the_office_changed(as_user, cast, asked):
    page = as_user(cast.lin).get(reverse("articles:confirmation", args=[asked.pk])).text

    assert "示</del>" in page
    assert "布</ins>" in page
    assert page.count('name="remark-') == 3


def test_no_objection_stands_on_the_articles_page(as_user, cast, article, asked):
    answer(as_user(cast.he), asked)

    asked.refresh_from_db()
    assert (asked.answered_by, asked.remarks) == (cast.he, [])
    for person in (cast.lin, cast.lu):
        page = detail(as_user(person), article)
        assert "无异议" in page
        assert "贺思齐" in page


def test_remarks_stand_beside_the_paragraph_and_the_editors_decision(as_user, cast, article, asked):
    answer(as_user(cast.lin), asked, "remark", remark_1=REMARK, remark_0="标题也请改")

    asked.refresh_from_db()
    assert asked.remarks == [{"paragraph": 0, "text": "标题也请改"}, {"paragraph": 1, "text": REMARK}]
    page = detail(as_user(cast.lu), article)
    assert page.count(REMARK) == 2  # among the confirmations, and beside the decision
    assert "第 1 段“4月1日，青浦局公布检查结果。”" in page


@pytest.mark.parametrize(("act", "remark"), [("agree", REMARK), ("remark", " "), ("", REMARK)])
def test_what_is_unclear_is_asked_again_and_what_was_typed_stays(as_user, cast, asked, act, remark):
    page = answer(as_user(cast.lin), asked, act, remark_1=remark)

    assert page.status_code == 422
    assert remark.strip() in page.text
    assert UnitConfirmation.objects.get().answered_at is None


def test_a_remark_of_more_than_five_hundred_characters_is_refused(as_user, cast, asked):
    assert answer(as_user(cast.lin), asked, "remark", remark_1="长" * 501).status_code == 422
    assert answer(as_user(cast.lin), asked, "remark", remark_1="长" * 500).status_code == 200


def test_the_first_answer_holds(as_user, cast, asked):
    answer(as_user(cast.lin), asked)

    with pytest.raises(Refused, match="林向晚"):
        confirming.answer(asked, by=cast.he, remarks={1: REMARK})
    assert UnitConfirmation.objects.get().remarks == []


def test_the_database_keeps_an_answer_as_it_is(cast, asked):
    with transaction.atomic():
        UnitConfirmation.objects.update(remarks=[])
    confirming.answer(asked, by=cast.lin, remarks={})

    for change in ({"remarks": [{"paragraph": 0, "text": REMARK}]}, {"answered_at": None, "answered_by": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            UnitConfirmation.objects.update(**change)


def test_another_unit_and_the_office_answer_nothing(as_user, cast, asked, units):
    url = reverse("articles:confirmation", args=[asked.pk])

    assert as_user(cast.zhao).get(url).status_code == 404
    assert as_user(cast.zhao).post(url, {"act": "agree"}).status_code == 404
    assert as_user(cast.lu).get(url).status_code == 403
    both = make_user("both", "双任", "editor", "contributor", unit=units.bureau)
    for person in (cast.zhao, cast.lu, both):
        with pytest.raises(Refused):
            confirming.answer(asked, by=person, remarks={})


def test_who_asked_does_not_answer(cast, article, units):
    editor = make_user("both", "双任", "editor", "contributor", unit=units.qingpu)
    asked = confirming.ask(article, by=editor, seen=article.current_version_id)

    with pytest.raises(Refused):
        confirming.answer(asked, by=editor, remarks={})


# --- what a further change does ---------------------------------------------------------------------------------------
def test_a_further_change_makes_the_question_void(as_user, cast, article, asked):
    revise(article, cast.gu, "<p>4月1日，青浦局公布了检查结果。</p>")

    page = answer(as_user(cast.lin), asked)
    assert UnitConfirmation.objects.get().answered_at is None
    assert "已作废" in page.text
    with pytest.raises(Refused):
        confirming.answer(asked, by=cast.lin, remarks={})
    assert "请单位确认" in detail(as_user(cast.lu), article)


def test_a_further_change_makes_the_answer_void_and_says_so(as_user, cast, article, asked):
    answer(as_user(cast.lin), asked, "remark", remark_1=REMARK)
    revise(article, cast.gu, "<p>4月1日，青浦局公示了检查结果。</p>")

    for person in (cast.lin, cast.lu):
        page = detail(as_user(person), article)
        assert page.count(REMARK) == 1
        assert "文字后来又改了" in page


def test_a_returned_article_waits_for_no_answer(as_user, cast, article, asked):
    article.apply(Article.RETURN, by=cast.lu, note="请补充参加人数")

    assert reverse("articles:confirmation", args=[asked.pk]) not in as_user(cast.lin).get("/").text
    with pytest.raises(Refused):
        confirming.answer(asked, by=cast.lin, remarks={})


# --- by the link ------------------------------------------------------------------------------------------------------
@scene
def token(cast, asked):
    return links.token_of(links.make(cast.he, confirming.PAGE, asked.pk))


def page_of(token):
    return reverse("articles:confirmation_by_link", args=[token])


def test_a_link_answers_without_an_account(client, cast, asked, token):
    assert "示</del>" in client.get(page_of(token)).text
    assert client.post(page_of(token), {"act": "remark", "remark-2": REMARK}).status_code == 200

    asked.refresh_from_db()
    assert (asked.answered_by, asked.remarks) == (cast.he, [{"paragraph": 2, "text": REMARK}])
    assert client.get(page_of(token)).status_code == 404


def test_looking_at_a_link_answers_nothing(client, token):
    for _n in range(50):
        client.get(page_of(token))
        client.head(page_of(token))

    assert UnitConfirmation.objects.get().answered_at is None


def test_a_link_shows_the_photos_of_its_version_alone(client, cast):
    article = submitted(cast.lin, body=BODY)
    photo = make_photo(article, after=1)
    revise(article, cast.lu)
    asked = confirming.ask(article, by=cast.lu, seen=article.current_version_id)
    token = links.token_of(links.make(cast.he, confirming.PAGE, asked.pk))

    page, address = client.get(page_of(token)).text, reverse("articles:confirmation_photo", args=[token, photo.pk])
    assert page.index("青浦局公") < page.index(address) < page.index("下一步，青浦局")
    assert client.get(address).status_code == 200
    late = make_photo(article)
    assert client.get(reverse("articles:confirmation_photo", args=[token, late.pk])).status_code == 404


def test_an_unclear_answer_leaves_a_link_valid(client, token):
    assert client.post(page_of(token), {"act": "remark"}).status_code == 422
    assert client.post(page_of(token), {"act": "agree"}).status_code == 200


@pytest.mark.parametrize("end", ["changed", "answered", "moved", "switched off"])
def test_a_link_is_dead_with_its_question(client, cast, article, asked, token, end):
    if end == "changed":
        revise(article, cast.gu, "<p>4月1日，青浦局公示了检查结果。</p>")
    elif end == "answered":
        confirming.answer(asked, by=cast.lin, remarks={})
    elif end == "moved":
        cast.he.unit = cast.zhao.unit
        cast.he.save()
    else:
        cast.he.is_active = False
        cast.he.save()

    assert client.get(page_of(token)).status_code == 404
    assert client.post(page_of(token), {"act": "agree"}).status_code == 404


def test_no_other_site_learns_the_link(client, token):
    answered = client.get(page_of(token))

    assert answered["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answered["Cache-Control"]
    assert "noindex" in answered["X-Robots-Tag"]


# --- who is told ------------------------------------------------------------------------------------------------------
def asking(user):
    return [str(notice) for notice in user.notices.unread().filter(word="请确认")]


def test_the_people_of_the_unit_are_told_and_their_mail_opens_without_signing_in(cast, client, article, asked):
    assert asking(cast.lin) == asking(cast.he) == [f"【请确认】{asked.version}"]
    assert asking(cast.zhao) == []

    notice = cast.he.notices.get(word="请确认")
    assert notice.url == reverse("articles:confirmation", args=[asked.pk])
    assert client.get(links.url_of(notice.link)).status_code == 200


@pytest.mark.parametrize(("remarks", "word"), [({}, "单位无异议"), ({1: REMARK}, "单位有意见")])
def test_the_answer_settles_it_for_all_and_is_told_to_who_asked(cast, asked, remarks, word):
    confirming.answer(asked, by=cast.he, remarks=remarks)

    assert asking(cast.lin) == asking(cast.he) == []
    assert [notice.word for notice in cast.lu.notices.all()][0] == word
    assert not cast.gu.notices.filter(word=word).exists()


def test_a_further_change_makes_the_notice_void(cast, article, asked):
    revise(article, cast.gu, BODY)

    assert asking(cast.lin) == []


def test_accepting_leaves_the_question_and_returning_ends_it(cast, article, asked):
    article.apply(Article.ACCEPT, by=cast.lu)
    assert asking(cast.lin) == [f"【请确认】{asked.version}"]

    article.apply(Article.RETURN, by=cast.lu, note="请补充")
    assert asking(cast.lin) == []
