"""The desk without a mouse: everything is done by keys, and the focus is never lost."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from issues import assembly, desk
from tests import factories
from tests.browser.conftest import PHONE, first_of, settle
from tests.scenes import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@scene
def articles(cast):
    return [
        factories.accepted(by, cast.lu, title=title)
        for by, title in ((cast.lin, "青浦一"), (cast.zhao, "宝山一"), (cast.lin, "青浦二"))
    ]


@scene
def issue(bulletin, cast, articles):
    issue = factories.make_issue(bulletin, cast.lu, articles)
    factories.set_pages(issue, pdf=factories.blank_pdf(), pages=2, first_pages=[1, 1, 2])
    return issue


@pytest.fixture
def open_desk(browse, cast, issue):
    def open_page(**options):
        page = browse(cast.lu, **options)
        page.goto(reverse("issues:desk", args=[issue.pk]))
        page.wait_for_load_state("networkidle")
        return page

    return open_page


def titles(issue):
    return [row.article.title for section in desk.sections_of(issue) for row in section.rows]


def focus(page):
    return page.evaluate("document.activeElement.id")


def press(page, key):
    """Press a key that acts, and wait until the desk is swapped."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press(key)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def test_an_article_is_moved_by_keys_and_keeps_the_focus(open_desk, issue, articles):
    page = open_desk()
    first = f"t-{articles[0].pk}"
    page.focus(f"#{first}")

    press(page, "Alt+ArrowDown")

    assert titles(issue) == ["青浦二", "青浦一", "宝山一"]
    assert focus(page) == first
    assert page.inner_text("#live") == "已移到第 2 位，共 3 篇"
    press(page, "Alt+End")
    assert titles(issue) == ["青浦二", "宝山一", "青浦一"]
    assert focus(page) == first
    assert page.faults == []


def test_an_article_is_moved_to_a_number(open_desk, issue, articles):
    page = open_desk()
    page.focus(f"#t-{articles[0].pk}")

    page.keyboard.press("m")
    assert focus(page) == f"n-{articles[0].pk}"
    page.keyboard.type("3")
    press(page, "Enter")

    assert titles(issue) == ["青浦二", "宝山一", "青浦一"]
    assert page.evaluate("document.activeElement.closest('li').id") == f"p-{articles[0].pk}"


def test_an_article_is_taken_out_and_brought_back(open_desk, issue, articles):
    page = open_desk()
    page.focus(f"#t-{articles[2].pk}")

    press(page, "Delete")

    assert titles(issue) == ["青浦一", "宝山一"]
    assert focus(page) == f"t-{articles[1].pk}"
    assert "已把“青浦二”撤出" in page.inner_text("#toasts")
    press(page, "Control+z")
    assert titles(issue) == ["青浦一", "青浦二", "宝山一"]
    assert focus(page) == f"t-{articles[2].pk}"


def test_the_focus_stays_among_the_waiting_articles_while_they_are_put_in(open_desk, issue, cast):
    last = [factories.accepted(cast.zhao, cast.lu, title=title) for title in ("宝山二", "宝山三")]
    page = open_desk()
    page.focus(f"#wt-{last[1].pk}")

    press(page, "Enter")

    assert "宝山三" in titles(issue)
    assert focus(page) == f"wt-{last[0].pk}"
    press(page, "Enter")
    assert focus(page) == "pool-h"


def test_the_arrows_choose_an_article_and_turn_to_its_page(open_desk, articles):
    page = open_desk()
    page.focus(f"#t-{articles[0].pk}")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    assert focus(page) == f"t-{articles[1].pk}"
    assert page.locator("#issue-list li.sel").count() == 1
    assert page.locator("#page-2.sel").count() == 1
    page.keyboard.press("Tab")
    assert focus(page) == f"up-{articles[1].pk}"


def test_the_columns_follow_each_other(open_desk, articles):
    page = open_desk()
    page.focus(f"#t-{articles[0].pk}")

    page.keyboard.press("Control+F6")
    assert focus(page) == "pdf-h"
    page.keyboard.press("Control+F6")
    assert focus(page) == "pool-h"
    page.keyboard.press("Control+Shift+F6")
    assert focus(page) == "pdf-h"


def test_a_key_of_an_input_method_does_nothing(open_desk, issue, articles):
    page = open_desk()
    page.focus(f"#t-{articles[0].pk}")

    page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Delete', bubbles: true, isComposing: true}))"
    )
    settle(page)

    assert len(titles(issue)) == 3


def test_dragging_does_what_the_keys_do(open_desk, issue, articles):
    page = open_desk()

    with page.expect_response(lambda response: "/move/" in response.url):
        page.locator(f"#p-{articles[0].pk} .grip").drag_to(page.locator(f"#p-{articles[1].pk} .grip"))

    assert titles(issue) == ["青浦二", "宝山一", "青浦一"]
    assert page.faults == []


def test_a_phone_has_three_tabs_and_buttons(open_desk, issue, articles):
    page = open_desk(size=PHONE)
    assert page.locator("#col-issue").is_visible()
    assert not page.locator("#col-pool").is_visible()

    page.locator("a[data-column=pages]").click()
    assert page.locator("#col-pages").is_visible()
    page.locator("a[data-column=issue]").click()
    page.locator(f"#t-{articles[1].pk}").click()
    with page.expect_response(lambda response: "/move/" in response.url):
        page.locator(f"#up-{articles[1].pk}").click()

    assert titles(issue) == ["青浦一", "宝山一", "青浦二"]


def test_the_lines_of_a_list_are_changed_by_keys(browse, cast, bulletin):
    page = browse(cast.lu)
    page.goto(reverse("issues:recipient_list_edit", args=[bulletin.recipient_lists.get().pk]))
    page.focus("#l-up2")

    press(page, "Alt+ArrowUp")
    assert focus(page) == "l-up2"
    press(page, "Enter")
    page.keyboard.type("新的一家")
    page.get_by_role("button", name="保存条目").click()
    page.wait_for_load_state("networkidle")

    lines = bulletin.recipient_lists.get().lines.filter(direction="up").values_list("text", flat=True)
    assert list(lines[:3]) == [factories.UP[1], "新的一家", factories.UP[0]]
    assert page.faults == []


def test_the_desk_works_without_scripts(chromium, live_server, cast, issue, articles):
    client = Client()
    client.force_login(cast.lu)
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies([{"name": n, "value": c.value, "url": live_server.url} for n, c in client.cookies.items()])
    page = context.new_page()
    page.goto(reverse("issues:desk", args=[issue.pk]))

    page.click(f"#t-{articles[1].pk}")
    page.click(f"#up-{articles[1].pk}")
    assert titles(issue) == ["青浦一", "宝山一", "青浦二"]
    page.click(f"#out-{articles[1].pk}")
    assert titles(issue) == ["青浦一", "青浦二"]
    page.click(f"#wb-{articles[1].pk}")

    assert titles(issue) == ["青浦一", "青浦二", "宝山一"]
    context.close()


def test_a_key_pressed_while_a_move_is_under_way_moves_no_further(open_desk, issue, articles):
    page = open_desk()
    page.focus(f"#t-{articles[2].pk}")
    before = titles(issue)
    held = []
    page.route("**/move/", lambda route: held.append(route))

    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    first = first_of(held, page)
    settle(page)
    with page.expect_response("**/move/"):
        first.continue_()
    settle(page)

    assert len(held) == 1
    assert titles(issue) != before


# --- what an answer must not undo ------------------------------------------------------------------------------------
@pytest.fixture
def poll(browse, cast, issue, articles):
    """Opens the desk; the function that comes with it lets somebody else take the last article out, and the next poll tell so."""

    def open_page(**options):
        page = browse(cast.lu, **options)
        page.clock.install()
        page.goto(reverse("issues:desk", args=[issue.pk]))
        page.wait_for_load_state("networkidle")

        def tell():
            assembly.take_out(issue.placements.get(article=articles[1]), by=cast.gu)
            page.clock.fast_forward(11_000)
            expect(page.locator(f"#p-{articles[1].pk}")).to_have_count(0)

        return page, tell

    return open_page


def test_a_poll_keeps_what_is_typed_ticked_and_open(poll, cast, articles):
    waiting = factories.accepted(cast.zhao, cast.lu, title="宝山二")
    page, tell = poll()
    page.click(f"#t-{articles[0].pk}")
    page.click(f"#ms-{articles[0].pk}")
    page.fill(f"#n-{articles[0].pk}", "2")
    page.check(f"#wc-{waiting.pk}")
    page.fill("#pool-q", "没写完")
    page.evaluate("() => { window.field = document.activeElement; window.field.setSelectionRange(1, 2); }")

    tell()

    expect(page.locator("#pool-q")).to_have_value("没写完")
    assert page.evaluate("document.activeElement === window.field")
    assert page.evaluate("[window.field.selectionStart, window.field.selectionEnd]") == [1, 2]
    expect(page.locator(f"#n-{articles[0].pk}")).to_have_value("2")
    assert page.locator(f"#m-{articles[0].pk}").evaluate("details => details.open")
    expect(page.locator(f"#wc-{waiting.pk}")).to_be_checked()
    assert page.faults == []


def test_a_poll_keeps_the_chosen_article_and_the_focus(poll, articles):
    page, tell = poll()
    page.click(f"#t-{articles[2].pk}")
    page.focus(f"#out-{articles[2].pk}")

    tell()

    assert page.locator("#issue-list li.sel").all_inner_texts() == [page.inner_text(f"#p-{articles[2].pk}")]
    expect(page.locator("#issue-list a[aria-current]")).to_have_id(f"t-{articles[2].pk}")
    assert focus(page) == f"out-{articles[2].pk}"
    assert page.locator("#page-1.sel").count() == 1


def test_a_poll_on_a_phone_keeps_the_open_tab(poll):
    page, tell = poll(size=PHONE)
    page.locator("a[data-column=pool]").click()

    tell()

    expect(page.locator("#col-pool")).to_be_visible()
    expect(page.locator("#col-issue")).to_be_hidden()
    expect(page.locator(".tabs a[aria-current]")).to_have_attribute("data-column", "pool")


def test_dragging_after_a_move_is_sent_once(open_desk, issue, articles):
    page = open_desk()
    page.focus(f"#t-{articles[0].pk}")
    press(page, "Alt+ArrowDown")
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    with page.expect_response(lambda response: "/move/" in response.url):
        page.locator(f"#p-{articles[0].pk} .grip").drag_to(page.locator(f"#p-{articles[1].pk} .grip"))
    page.wait_for_load_state("networkidle")

    assert titles(issue) == ["青浦二", "宝山一", "青浦一"]
    assert len(posts) == 1
    assert page.faults == []


# --- from section to section -----------------------------------------------------------------------------------------
@scene
def leader(issue, cast, units):
    """An article of the first section, before those of the second."""
    office = factories.make_user("office", "局办公室", "contributor", unit=units.bureau)
    article = factories.accepted(office, cast.lu, title="上海局一")
    assembly.place(issue, article, by=cast.lu)
    return article


def test_an_article_is_dragged_into_another_section(open_desk, issue, articles, leader):
    page = open_desk()

    with page.expect_response(lambda response: "/move/" in response.url):
        page.locator(f"#p-{articles[0].pk} .grip").drag_to(page.locator(f"#p-{leader.pk} .grip"))

    page.wait_for_load_state("networkidle")
    assert set(titles(issue)[:2]) == {"青浦一", "上海局一"}
    assert page.locator(f"#p-{articles[0].pk}").get_by_text("人工调整").is_visible()
    with page.expect_response(lambda response: "/restore-order/" in response.url):
        page.locator("#restore").click()
    assert titles(issue) == ["上海局一", "青浦一", "青浦二", "宝山一"]
    assert page.faults == []


def test_an_article_goes_to_another_section_by_keys(open_desk, issue, articles, leader):
    page = open_desk()
    page.focus(f"#t-{leader.pk}")

    page.keyboard.press("m")
    assert focus(page) == f"s-{leader.pk}"
    page.locator(f"#s-{leader.pk}").select_option("快递企业")
    page.keyboard.press("Tab")
    press(page, "Enter")

    assert titles(issue)[-1] == "上海局一"
    assert page.faults == []


def test_a_word_is_mended_in_four_clicks(open_desk, issue, articles):
    page = open_desk()

    page.locator(f"#t-{articles[0].pk}").click()
    page.locator(f"#p-{articles[0].pk}").get_by_role("link", name="改稿").click()
    text = page.locator(".cke_wysiwyg_div")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("已办结。")
    page.get_by_role("button", name="保存改稿").first.click()

    expect(page.get_by_text("存为第2版")).to_be_visible()
    placement = issue.placements.get(article=articles[0])
    assert placement.version.body.endswith("已办结。</p>")
    assert placement.version.created_by.username == "lu"
    assert page.faults == []
