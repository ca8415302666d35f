from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, Status
from issues import assembly, signing
from issues.models import Issue, Proof
from issues.models import Status as IssueStatus
from tests import factories

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def issue(bulletin, cast):
    """青浦一, 宝山一, in this order."""
    articles = [
        factories.accepted(cast.lin, cast.lu, title="青浦局新增夜间服务点"),
        factories.accepted(cast.zhao, cast.lu, title="宝山局推进循环箱进网点"),
    ]
    return factories.make_issue(bulletin, cast.lu, articles)


@pytest.fixture
def editor(as_user, cast):
    return as_user(cast.lu)


def url(name, issue, article=None):
    return reverse(f"issues:{name}", args=[issue.pk, article.pk] if article else [issue.pk])


def articles_of(issue):
    return [placement.article for placement in issue.placements.select_related("article").order_by("position")]


def test_the_desk_shows_what_waits_and_what_is_in(editor, issue, cast):
    waiting = factories.accepted(cast.lin, cast.lu, title="青浦局走访社区")
    factories.submitted(cast.lin, title="还没有采用的稿件")

    page = editor.get(url("desk", issue)).text

    assert "2026年第10期" in page
    assert "期号拟用" in page
    assert f"编入：{waiting.title}" in page
    assert "青浦局新增夜间服务点" in page
    assert "还没有采用的稿件" not in page


def test_an_article_is_put_in_without_scripts(editor, issue, cast):
    article = factories.accepted(cast.lin, cast.lu, title="青浦局走访社区")

    answer = editor.post(url("place", issue, article) + "?q=青浦&by=unit")

    assert answer.url.endswith(f"by=unit&sel={article.pk}#p-{article.pk}")
    assert [one.title for one in articles_of(issue)][1] == "青浦局走访社区"


def test_an_act_by_htmx_answers_with_the_desk_alone(editor, issue):
    first = articles_of(issue)[0]

    answer = editor.post(url("move", issue, first), {"to": "down"}, **HTMX)

    assert "<html" not in answer.text
    assert "已移到第 2 位，共 2 篇" in answer.text
    assert articles_of(issue)[1] == first


@pytest.mark.parametrize(
    ("fields", "place"),
    [({"to": "last"}, 2), ({"position": "2"}, 2), ({"number": "2"}, 2), ({"number": "99"}, 2), ({"to": "nowhere"}, 1)],
)
def test_an_article_is_moved_to_a_place(fields, place, editor, issue):
    first = articles_of(issue)[0]

    editor.post(url("move", issue, first), fields)

    assert articles_of(issue)[place - 1] == first


def test_what_was_taken_out_is_offered_back_at_its_place(editor, issue):
    first = articles_of(issue)[0]
    page = editor.post(url("take_out", issue, first), **HTMX).text
    undo = f"{url('place', issue, first)}?position=1"
    assert f'action="{undo}"' in page
    assert f"已把“{first.title}”撤出2026年第10期" in page

    editor.post(undo)

    assert articles_of(issue)[0] == first


def test_a_move_of_what_another_took_out_names_the_other(editor, issue, cast):
    article = articles_of(issue)[0]
    assembly.take_out(issue.placements.get(article=article), by=cast.gu)

    page = editor.post(url("move", issue, article), {"to": "down"}, **HTMX).text

    assert f"这一步没有做成：“{article.title}”刚被 顾文岚 撤出" in page


def test_two_editors_put_the_same_article_in_once(editor, issue, cast):
    article = factories.accepted(cast.lin, cast.lu)
    for _editor in range(2):
        answer = editor.post(url("place", issue, article), follow=True)

    assert "不能再“编入”" in answer.text
    assert issue.placements.filter(article=article).count() == 1


def test_the_default_order_is_restored(editor, issue):
    editor.post(url("move", issue, articles_of(issue)[0]), {"to": "down"})
    page = editor.get(url("desk", issue)).text
    assert "已手工排序" in page

    page = editor.post(url("restore_order", issue), follow=True).text

    assert "已手工排序" not in page
    assert [article.title for article in articles_of(issue)][0].startswith("青浦")


def test_the_waiting_articles_are_found_by_title_and_unit(editor, issue, cast):
    factories.accepted(cast.lin, cast.lu, title="新增暖蜂驿站")
    factories.accepted(cast.zhao, cast.lu, title="走访社区")

    def found(query):
        page = editor.get(url("desk", issue), {"q": query}).text
        return "编入：新增暖蜂驿站" in page, "编入：走访社区" in page

    assert [found("驿站"), found("宝山"), found("没有")] == [(True, False), (False, True), (False, False)]


def test_what_blocks_stands_beside_the_button_with_its_cure(editor, bulletin, cast):
    bulletin.recipient_lists.all().delete()
    empty = factories.make_issue(bulletin, cast.lu)

    page = editor.get(url("desk", empty)).text

    assert "还有 2 件事办完才能送签发" in page
    assert url("recipients", empty) in page
    assert 'aria-disabled="true"' in page
    assert "transition/send" not in page


def test_a_blocked_issue_is_not_sent_even_if_asked(editor, bulletin, cast):
    empty = factories.make_issue(bulletin, cast.lu)

    editor.post(reverse("issues:transition", args=[empty.pk, "send"]))

    empty.refresh_from_db()
    assert empty.status == IssueStatus.DRAFT


def test_a_poll_without_news_is_answered_by_nothing(editor, issue):
    have = editor.get(url("desk", issue)).context["board"].state

    assert editor.get(url("state", issue), {"have": have}).status_code == 204


@pytest.mark.parametrize("news", ["an article", "a proof"])
def test_a_poll_brings_what_is_new(news, editor, issue, cast):
    have = editor.get(url("desk", issue)).context["board"].state
    if news == "a proof":
        factories.set_pages(issue, pages=2, first_pages=[1, 2])
    else:
        assembly.place(issue, factories.accepted(cast.lin, cast.lu, title="别人编入的"), by=cast.gu)

    answer = editor.get(url("state", issue), {"have": have})

    assert ("别人编入的" if news == "an article" else "第 2 页版面：第 2 篇开头") in answer.text


def test_the_pages_of_an_earlier_order_say_so(editor, issue):
    factories.set_pages(issue, pages=2, first_pages=[1, 2])
    assert '<span class="wait">' not in editor.get(url("desk", issue)).text

    editor.post(url("move", issue, articles_of(issue)[0]), {"to": "down"})

    page = editor.get(url("desk", issue)).text
    assert '<span class="wait">正在排…</span>' in page
    assert "篇开头" not in page


def test_a_proof_that_failed_says_why_and_is_tried_again(editor, issue):
    proof = signing.present_proof(issue)
    proof.state, proof.error = Proof.State.FAILED, "第 2 篇有字库里没有的字"
    proof.save()
    assert "第 2 篇有字库里没有的字" in editor.get(url("desk", issue)).text

    editor.post(url("retry", issue))

    proof.refresh_from_db()
    assert proof.state == Proof.State.QUEUED


def test_an_issue_that_was_sent_off_is_read_only(editor, issue, cast):
    signing.send_for_sign_off(issue, by=cast.lu)

    page = editor.get(url("desk", issue)).text

    assert "待签发，在 方维舟 处" in page
    assert "撤回签发申请" in page
    assert "/move/" not in page
    assert "/take-out/" not in page


def test_the_editor_takes_it_back_from_sign_off(editor, issue, cast):
    signing.send_for_sign_off(issue, by=cast.lu)

    editor.post(reverse("issues:transition", args=[issue.pk, "recall"]))

    issue.refresh_from_db()
    assert issue.is_open


def test_the_settings_are_kept(editor, issue):
    fields = {"dated_on": "2026-04-17", "editor_note": "编者按。", "has_contents": "on", "print_run": "75"}

    editor.post(url("settings", issue), fields)

    issue.refresh_from_db()
    assert (issue.dated_on, issue.editor_note, issue.has_contents, issue.print_run) == (
        date(2026, 4, 17),
        "编者按。",
        True,
        75,
    )


def test_a_refused_form_keeps_the_entry_and_says_what_to_do(editor, issue):
    answer = editor.post(url("settings", issue), {"dated_on": "", "editor_note": "编者按。", "print_run": "60"})

    assert answer.status_code == 422
    assert "编者按。" in answer.text
    issue.refresh_from_db()
    assert issue.editor_note == ""


def test_a_new_issue_is_begun(editor, bulletin, cast):
    answer = editor.post(reverse("issues:create"), {"kind": "supplement", "dated_on": "2026-04-08"})

    assert answer.url == url("desk", Issue.objects.get())
    assert str(Issue.objects.get()) == "2026年增刊第1期"


def test_the_recipients_are_compared_and_updated(editor, issue, bulletin):
    factories.make_recipient_list(bulletin, date(2026, 4, 1), across=["上海市文明办", "上海市快递协会"])
    page = editor.get(url("desk", issue)).text
    assert "对照并更新" in page

    editor.post(url("update_recipients", issue))

    assert [line.text for line in issue.recipients.filter(direction="across")] == ["上海市文明办", "上海市快递协会"]


def test_the_issues_own_recipients_are_added(editor, issue):
    lines = {"key-down": ["n1"], "text-down": ["各区邮政管理局"]}

    editor.post(url("recipients", issue), lines)

    assert [(line.direction, line.text) for line in issue.recipients.all()] == [("down", "各区邮政管理局")]


def test_the_chief_editor_alone_issues(as_user, bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)
    assert "由主编印发" in as_user(cast.lu).get(url("desk", issue)).text
    assert as_user(cast.lu).post(url("publish", issue)).status_code == 403

    answer = as_user(cast.gu).post(url("publish", issue), follow=True)

    assert answer.redirect_chain[-1][0] == url("detail", issue)
    assert reverse("distribution:prepare", args=[issue.pk]) in answer.text


def test_the_proof_is_downloaded_under_its_name(editor, issue):
    factories.set_pages(issue)

    answer = editor.get(url("proof_pdf", issue))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.getvalue() == factories.PDF


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.PLACED])
def test_the_desk_asks_as_much_for_a_thousand_rows_as_for_ten(status, editor, bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu)
    into = issue if status == Status.PLACED else None
    factories.many_articles(cast.lin, 10, status=status, issue=into)
    few = queries_of(editor, url("desk", issue))
    issue.proofs.all().delete()  # one that waits for a minute makes the desk ask whether there is a worker at all
    issue.placements.all().delete()
    Article.objects.all().update(current_version=None, status=Status.DRAFT)

    factories.many_articles(cast.lin, 1000, status=status, issue=into)

    assert queries_of(editor, url("desk", issue)) == few


def test_the_list_of_issues_asks_as_much_for_many_as_for_few(editor, bulletin, cast):
    for n in range(1, 11):
        Issue.objects.create(bulletin=bulletin, year=2020, number=n, dated_on=date(2020, 1, 1))
    few = queries_of(editor, reverse("issues:list"))
    Issue.objects.bulk_create(
        Issue(bulletin=bulletin, year=2021 + n // 100, number=n, dated_on=date(2021, 1, 1)) for n in range(1, 991)
    )

    assert queries_of(editor, reverse("issues:list")) == few


COMMA = "<p>4月1日,青浦局走访社区。</p>"


@pytest.fixture
def warned(bulletin, cast):
    """One article with a half-width comma, one without."""
    articles = [
        factories.accepted(cast.lin, cast.lu, title="青浦局走访社区", body=COMMA),
        factories.accepted(cast.zhao, cast.lu, title="宝山局推进循环箱进网点"),
    ]
    return factories.make_issue(bulletin, cast.lu, articles)


def test_the_warnings_of_an_article_stand_on_the_desk_until_they_are_checked(editor, warned):
    article = articles_of(warned)[0]
    before = editor.get(url("desk", warned)).text
    assert "1 篇稿件有 1 处提醒未核对" in before
    assert "半角“,”" in before

    editor.post(url("settle", warned, article), {"note": "原稿如此，已改"})

    after = editor.get(url("desk", warned)).text
    assert "未核对" not in after
    assert "1 处提醒已由陆一鸣核对：原稿如此，已改" in after
    assert warned.events.last().act == "核对提醒"


def test_warnings_are_not_checked_without_a_word(editor, warned):
    editor.post(url("settle", warned, articles_of(warned)[0]), {"note": " "})

    assert "未核对" in editor.get(url("desk", warned)).text


def test_a_newer_version_has_warnings_of_its_own(editor, warned, cast):
    article = articles_of(warned)[0]
    editor.post(url("settle", warned, article), {"note": "原稿如此"})

    version = article.add_version(by=cast.lin)
    warned.placements.filter(article=article).update(version=version)

    assert "1 篇稿件有 1 处提醒未核对" in editor.get(url("desk", warned)).text


def test_only_those_who_assemble_check_warnings(as_user, warned, cast):
    article = articles_of(warned)[0]

    assert as_user(cast.lin).post(url("settle", warned, article), {"note": "好"}).status_code == 404
    assert not article.events.filter(transition="settle").exists()


def test_the_desk_asks_as_much_for_many_warnings_as_for_few(editor, warned, bulletin, cast):
    few = queries_of(editor, url("desk", warned))
    many = [factories.accepted(cast.lin, cast.lu, title=f"青浦局第{n}次走访", body=COMMA) for n in range(12)]
    for article in many:
        assembly.place(warned, article, by=cast.lu)

    assert queries_of(editor, url("desk", warned)) == few


# --- several at once ------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(cast):
    return [factories.accepted(cast.lin, cast.lu, title=title) for title in ("走访社区", "慰问站点", "检查网点")]


def test_the_ticked_articles_are_put_in(editor, issue, waiting):
    editor.post(url("place_many", issue), {"article": [waiting[2].pk, waiting[0].pk, "x"]})

    assert {article.title for article in articles_of(issue)} >= {"检查网点", "走访社区"}
    assert "慰问站点" not in {article.title for article in articles_of(issue)}


def test_all_that_the_search_shows_are_put_in(editor, issue, waiting):
    editor.post(url("place_many", issue) + "?q=网点", {"all": "1"})

    assert "检查网点" in {article.title for article in articles_of(issue)}
    assert Article.objects.ready_to_place().count() == 2


def test_they_come_in_the_default_order(editor, issue, waiting, cast):
    other = factories.accepted(cast.zhao, cast.lu, title="宝山的第二篇")

    editor.post(url("place_many", issue), {"article": [other.pk, *(article.pk for article in waiting)]})

    titles = ["青浦局新增夜间服务点", "走访社区", "慰问站点", "检查网点", "宝山局推进循环箱进网点", "宝山的第二篇"]
    assert [article.title for article in articles_of(issue)] == titles


def test_what_no_longer_waits_is_left_out_with_a_word(editor, issue, waiting, cast):
    assembly.place(issue, waiting[0], by=cast.gu)

    page = editor.post(url("place_many", issue), {"article": [article.pk for article in waiting]}, follow=True).text

    assert "2 篇稿件已编入2026年第10期。另有 1 篇已不在待编之列。" in page
    assert issue.placements.count() == 5


def test_they_are_taken_out_together_again(editor, issue, waiting):
    page = editor.post(url("place_many", issue), {"all": "1"}, follow=True)
    undo = next(str(m.extra_tags) for m in page.context["messages"]).partition("undo=")[2]

    page = editor.post(undo, follow=True).text

    assert "已撤出 3 篇稿件。" in page
    assert issue.placements.count() == 2
    assert Article.objects.ready_to_place().count() == 3


def test_without_a_tick_it_says_what_to_do(editor, issue, waiting):
    assert "请先勾选要编入的稿件" in editor.post(url("place_many", issue), follow=True).text
    assert issue.placements.count() == 2


def test_a_closed_issue_takes_no_more(editor, issue, waiting, cast):
    Issue.objects.filter(pk=issue.pk).update(status=IssueStatus.PENDING)

    editor.post(url("place_many", issue), {"article": [waiting[0].pk]})

    assert issue.placements.count() == 2


# --- the text is changed on the desk --------------------------------------------------------------------------------
def wording(article, **changed):
    fields = {"kind": article.kind, "title": article.title, "subtitle": article.subtitle, "authors": article.authors}
    return fields | {"body": article.body, "seen": article.current_version_id} | changed


def test_a_text_is_changed_in_its_place(editor, issue):
    second = articles_of(issue)[1]
    page = editor.get(url("desk", issue)).text
    assert url("revise", issue, second) in page
    assert editor.get(url("revise", issue, second)).status_code == 200

    answer = editor.post(url("revise", issue, second), wording(second, title="宝山局推进循环箱进各网点"))

    assert answer.url.endswith(f"?sel={second.pk}#p-{second.pk}")
    placement = issue.placements.get(article=second)
    assert (placement.version.title, placement.version.number) == ("宝山局推进循环箱进各网点", 2)
    assert articles_of(issue)[1] == second
    assert issue.events.last().transition == "revise"
    second.refresh_from_db()
    assert (second.status, second.current_version) == (Status.PLACED, placement.version)


def test_the_pages_follow_the_changed_text(editor, issue):
    first = articles_of(issue)[0]
    before = signing.present_proof(issue)

    editor.post(url("revise", issue, first), wording(first, body="<p>改过的正文。</p>"))

    assert signing.present_proof(Issue.objects.get(pk=issue.pk)) != before


def test_an_article_that_becomes_a_brief_goes_to_the_briefs(editor, issue):
    first = articles_of(issue)[0]

    editor.post(url("revise", issue, first), wording(first, kind="brief"))

    assert list(issue.placements.order_by("section").values_list("section", "position")) == [
        ("branch", 1),
        ("brief", 1),
    ]


def test_it_comes_behind_the_briefs_that_were_sorted_by_hand(editor, issue, cast):
    briefs = [factories.accepted(by, cast.lu, title=f"{by}简讯", kind="brief") for by in (cast.lin, cast.zhao)]
    for brief in briefs:
        assembly.place(issue, brief, by=cast.lu)
    assembly.move(issue.placements.get(article=briefs[1]), 1, by=cast.lu)
    last = issue.placements.filter(section="branch").order_by("position").last().article

    editor.post(url("revise", issue, last), wording(last, kind="brief"))

    order = issue.placements.filter(section="brief").order_by("position").values_list("article", flat=True)
    assert list(order) == [briefs[1].pk, last.pk, briefs[0].pk]


def test_nothing_is_changed_in_an_issue_that_waits_for_its_signature(editor, issue):
    first = articles_of(issue)[0]
    Issue.objects.filter(pk=issue.pk).update(status=IssueStatus.PENDING)

    assert editor.get(url("revise", issue, first)).status_code == 302
    editor.post(url("revise", issue, first), wording(first, title="别的标题"))

    assert first.versions.count() == 1
