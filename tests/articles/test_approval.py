"""A second person of the unit approves an exact version before it is handed in (单位审签)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import RoleAssignment, Unit
from articles.models import Article, ArticleVersion, Photo, Status
from tests.articles.test_submit import form_of
from tests.factories import make_article, make_photo, make_user
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

REASON = "第二段的日期与通知不符，请核对"


@scene(autouse=True)
def approving(units):
    """The units ask for approvals where they have an approver, as they do by default."""
    for unit in vars(units).values():
        unit.approval = Unit.Approval.AUTO
        unit.save()


def awaiting(writer, **fields):
    article = make_article(writer, **fields)
    article.apply(Article.ASK_APPROVAL, by=writer)
    return article


def decide(client, article, name, **fields):
    fields = {"version": article.current_version_id} | fields
    return client.post(reverse("articles:transition", args=[article.pk, name]), fields, follow=True)


def page_of(client, article, name="detail"):
    return client.get(reverse(f"articles:{name}", args=[article.pk])).text


# --- whether it is needed ---------------------------------------------------------------------------------------------
def test_a_unit_asks_for_it_where_another_person_may_approve(cast):
    assert make_article(cast.lin).needs_approval()
    assert Unit().approval == Unit.Approval.AUTO


def test_a_unit_without_an_approver_hands_in_directly(cast):
    article = make_article(cast.zhao)

    assert article.handing_in() == Article.SUBMIT
    with pytest.raises(Refused):
        article.apply(Article.ASK_APPROVAL, by=cast.zhao)
    article.apply(Article.SUBMIT, by=cast.zhao)


def test_nobody_approves_their_own_so_an_only_approver_hands_in_directly(cast):
    assert make_article(cast.he).handing_in() == Article.SUBMIT


def test_a_unit_may_go_without(cast, units):
    Unit.objects.filter(pk=units.qingpu.pk).update(approval=Unit.Approval.NEVER)

    assert Article.objects.get(pk=make_article(cast.lin).pk).handing_in() == Article.SUBMIT


@pytest.mark.parametrize("change", ["switched off", "of another unit", "without the role"])
def test_who_cannot_approve_is_not_counted(cast, units, change):
    if change == "switched off":
        cast.he.is_active = False
    elif change == "of another unit":
        cast.he.unit = units.baoshan
    else:
        RoleAssignment.objects.filter(user=cast.he).update(role="contributor")
    cast.he.save()

    assert not make_article(cast.lin).needs_approval()


def test_the_administrator_switches_it_off(as_user, cast, units):
    url = reverse("admin:accounts_unit_change", args=[units.qingpu.pk])
    client = as_user(cast.admin)
    form = client.get(url).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None}

    assert client.post(url, data | {"approval": "never"}).status_code == 302
    assert Unit.objects.get(pk=units.qingpu.pk).approval == Unit.Approval.NEVER


def test_handing_in_directly_is_refused_where_it_is_needed(cast):
    article = make_article(cast.lin)

    with pytest.raises(Refused):
        article.apply(Article.SUBMIT, by=cast.lin)
    assert Article.objects.get().status == Status.DRAFT


# --- sending it -------------------------------------------------------------------------------------------------------
def test_the_writing_page_sends_it_to_the_approver(as_user, cast):
    article = make_article(cast.lin)

    page = page_of(as_user(cast.lin), article, "edit")
    as_user(cast.lin).post(reverse("articles:edit", args=[article.pk]), form_of(article, act="submit"))

    assert "送单位审签" in page
    assert "贺思齐" in page
    article.refresh_from_db()
    assert (article.status, article.current_version.title) == (Status.AWAITING, "青浦局开展冬季安全检查")


def test_an_unfinished_one_is_not_sent(cast):
    article = make_article(cast.lin)
    article.body = ""
    article.save()

    with pytest.raises(Refused, match="请写正文"):
        article.apply(Article.ASK_APPROVAL, by=cast.lin)


def test_the_only_approver_lets_a_colleague_send_it(as_user, cast):
    article = make_article(cast.lin)

    page = page_of(as_user(cast.he), article, "edit")

    assert 'value="submit"' not in page
    assert "请林向晚" in page
    with pytest.raises(Refused):
        article.apply(Article.ASK_APPROVAL, by=cast.he)


def test_it_stands_on_the_approvers_list_and_in_the_menu(as_user, cast):
    article = awaiting(cast.lin)

    home = as_user(cast.he).get("/")

    assert "请审签" in home.text
    assert article.flat_title in home.text
    [entry] = [each for group in home.context["menu"] for each in group["items"] if each["label"] == "待我审签"]
    assert entry["badge"] == 1
    assert "请审签" not in as_user(cast.lin).get("/").text
    assert "请审签" not in as_user(cast.zhao).get("/").text


def test_the_approver_has_a_page_with_all_that_waits_the_oldest_first(as_user, cast, units):
    first, second, sent = awaiting(cast.lin), awaiting(cast.lin), make_article(cast.lin)
    make_user("xu", "许明远", "approver", unit=units.qingpu)
    sent.apply(Article.ASK_APPROVAL, by=cast.he)

    page = as_user(cast.he).get(reverse("articles:approvals"))

    assert list(page.context["page_obj"]) == [first, second]
    assert "林向晚" in page.text
    other = make_user("baoshan", "高远", "approver", unit=units.baoshan)
    assert "没有等您审签的稿件" in as_user(other).get(reverse("articles:approvals")).text


def test_the_page_asks_as_often_for_12_as_for_2(as_user, cast, django_assert_num_queries):
    client, url = as_user(cast.he), reverse("articles:approvals")
    for _n in range(2):
        awaiting(cast.lin)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _n in range(10):
        awaiting(cast.lin)

    with django_assert_num_queries(len(few)):
        assert len(client.get(url).context["page_obj"]) == 12


def test_who_decides_is_not_offered_to_withdraw_it(as_user, cast):
    article = awaiting(cast.lin)

    assert "撤回修改" in page_of(as_user(cast.lin), article)
    assert "撤回修改" not in page_of(as_user(cast.he), article)


def test_its_text_cannot_be_changed_without_withdrawing_it(as_user, cast):
    article = awaiting(cast.lin)
    photo = make_photo(article)
    client = as_user(cast.lin)
    before = article.body

    saved = client.post(reverse("articles:autosave", args=[article.pk]), form_of(article))
    assert saved.status_code == 409
    for name, pk in (("photo_add", article.pk), ("photo_remove", photo.pk), ("photo_move", photo.pk)):
        assert client.post(reverse(f"articles:{name}", args=[pk])).status_code == 404
    article.refresh_from_db()
    assert (article.status, article.body) == (Status.AWAITING, before)

    client.post(reverse("articles:transition", args=[article.pk, "withdraw"]))
    assert client.post(reverse("articles:autosave", args=[article.pk]), form_of(Article.objects.get())).json()["saved"]


# --- deciding ---------------------------------------------------------------------------------------------------------
def test_what_was_approved_is_what_the_office_gets(as_user, cast):
    article = awaiting(cast.lin)
    version = article.current_version

    answer = decide(as_user(cast.he), article, "approve")

    article.refresh_from_db()
    assert (article.status, article.current_version) == (Status.SUBMITTED, version)
    assert article.versions.count() == 1
    assert "已报送" in answer.text
    assert article.flat_title in as_user(cast.lu).get(reverse("articles:queue")).text


def test_who_approved_is_on_record(as_user, cast):
    article = awaiting(cast.lin)

    decide(as_user(cast.he), article, "approve")

    event = article.events.last()
    assert (event.transition, event.by, event.version) == ("approve", cast.he, article.current_version)
    for person in (cast.lin, cast.lu):
        page = page_of(as_user(person), article)
        assert "单位审签" in page
        assert "贺思齐" in page


def test_only_the_version_on_the_screen_is_approved(as_user, cast):
    article = awaiting(cast.lin)
    on_the_screen = article.current_version_id
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)

    for name in ("approve", "send_back"):
        answer = decide(as_user(cast.he), article, name, version=on_the_screen, note=REASON)
        assert "有了新版" in answer.text

    assert Article.objects.get().status == Status.AWAITING


def test_the_writer_approves_nothing_of_their_own(as_user, cast, units):
    RoleAssignment.objects.create(user=cast.lin, role="approver")
    article = awaiting(cast.lin)

    assert "同意报送" not in page_of(as_user(cast.lin), article)
    decide(as_user(cast.lin), article, "approve")

    assert Article.objects.get().status == Status.AWAITING


def test_who_sent_it_does_not_approve_it(as_user, cast, units):
    make_user("xu", "许明远", "approver", unit=units.qingpu)
    article = make_article(cast.lin)
    article.apply(Article.ASK_APPROVAL, by=cast.he)

    decide(as_user(cast.he), article, "approve")

    assert Article.objects.get().status == Status.AWAITING
    assert "请审签" not in as_user(cast.he).get("/").text
    assert "审签人：许明远" in page_of(as_user(cast.lin), article)


def test_an_approver_of_another_unit_does_not_find_it(as_user, cast, units):
    other = make_user("xu", "许明远", "approver", unit=units.baoshan)
    article = awaiting(cast.lin)

    answer = decide(as_user(other), article, "approve")

    assert answer.status_code == 404
    with pytest.raises(Refused):
        article.apply(Article.APPROVE, by=other)


def test_withdrawing_takes_the_approval_back(cast):
    article = awaiting(cast.lin)
    article.apply(Article.APPROVE, by=cast.he)
    article.apply(Article.WITHDRAW, by=cast.lin)

    with pytest.raises(Refused):
        article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    assert article.status == Status.AWAITING


def test_a_returned_article_is_approved_anew(cast):
    article = awaiting(cast.lin)
    article.apply(Article.APPROVE, by=cast.he)
    article.apply(Article.RETURN, by=cast.lu, note="请补充参加人数")

    assert article.handing_in() == Article.ASK_APPROVAL


# --- sending it back --------------------------------------------------------------------------------------------------
def test_the_writer_reads_the_reason_everywhere(as_user, cast):
    article = awaiting(cast.lin)

    decide(as_user(cast.he), article, "send_back", note=REASON)

    assert Article.objects.get().status == Status.SENT_BACK
    client = as_user(cast.lin)
    for page in ("/", reverse("articles:list")):
        assert REASON in client.get(page).text
    for name in ("detail", "edit"):
        assert REASON in page_of(client, article, name)


def test_sending_back_needs_a_reason(as_user, cast):
    article = awaiting(cast.lin)

    decide(as_user(cast.he), article, "send_back", note=" ")

    assert Article.objects.get().status == Status.AWAITING


def test_the_approver_sees_first_what_changed_since_it_was_sent_back(as_user, cast):
    article = awaiting(cast.lin, body="<p>青浦局公示检查结果。</p>")
    article.apply(Article.SEND_BACK, by=cast.he, note=REASON)
    article.body = "<p>青浦局公布检查结果。</p>"
    article.save()
    article.apply(Article.ASK_APPROVAL, by=cast.lin)

    page = page_of(as_user(cast.he), article)

    assert "<del>" in page
    assert "示</del>" in page


# --- what stays inside the unit ---------------------------------------------------------------------------------------
def test_the_office_does_not_see_it_before_it_is_approved(as_user, cast):
    article = awaiting(cast.lin)
    sent_back = awaiting(cast.lin)
    sent_back.apply(Article.SEND_BACK, by=cast.he, note=REASON)

    for person in (cast.lu, cast.gu, cast.admin, cast.zhao):
        for each in (article, sent_back):
            assert as_user(person).get(reverse("articles:detail", args=[each.pk])).status_code == 404
    queue = as_user(cast.lu).get(reverse("articles:queue") + "?show=all").text
    assert article.flat_title not in queue
    assert "单位审签中" not in queue


def test_the_office_sees_nothing_of_what_was_sent_back_inside_the_unit(as_user, cast):
    article = make_article(cast.lin, body="<p>只在单位里看过的初稿。</p>")
    photo = make_photo(article)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    article.apply(Article.SEND_BACK, by=cast.he, note=REASON)
    Photo.objects.filter(pk=photo.pk).update(is_removed=True)
    article.body = "<p>改好的稿子。</p>"
    article.save()
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    article.apply(Article.APPROVE, by=cast.he)

    assert [version.number for version in ArticleVersion.objects.visible_to(cast.lu)] == [2]
    assert [version.number for version in ArticleVersion.objects.visible_to(cast.lin)] == [1, 2]
    assert not Photo.objects.visible_to(cast.lu).exists()
    for show in ("text", "changes"):
        page = as_user(cast.lu).get(reverse("articles:detail", args=[article.pk]), {"show": show}).text
        assert "初稿" not in page
        assert REASON not in page
    assert REASON in page_of(as_user(cast.lin), article)


def test_a_version_of_a_deleted_draft_that_came_back_stays_inside_the_unit(cast):
    article = awaiting(cast.lin)
    for move in (Article.WITHDRAW, Article.DISCARD, Article.RESTORE, Article.ASK_APPROVAL):
        article.apply(move, by=cast.lin)
    article.apply(Article.APPROVE, by=cast.he)

    assert [version.number for version in ArticleVersion.objects.visible_to(cast.lu)] == [2]


def test_a_version_is_called_handed_in_once_it_is_approved(as_user, cast):
    article = awaiting(cast.lin)
    assert "最近报送" not in page_of(as_user(cast.lin), article)

    article.apply(Article.APPROVE, by=cast.he)
    assert "最近报送" in page_of(as_user(cast.lin), article)
