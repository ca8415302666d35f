"""What the scripts of every page promise: keys, menus, dialogs, buttons, toasts, a session that ended."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(browse, cast, bulletin):
    """The contributor's home page, with room for a component to be tried."""
    page = browse(cast.lin, path="/")
    yield page
    assert page.faults == []


def put(page, html):
    """Adds markup to the page, as an htmx answer would."""
    page.evaluate(
        """html => {
            const main = document.querySelector("main");
            main.insertAdjacentHTML("beforeend", html);
            htmx.process(main);
        }""",
        html,
    )


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def test_the_menu_on_a_phone_opens_closes_and_gives_the_focus_back(browse, cast, bulletin):
    page = browse(cast.lin, size=PHONE, path="/")
    menu, button = page.locator("#menu"), page.locator("[data-menu]")
    expect(menu).to_be_hidden()

    button.click()
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")

    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_the_account_menu_closes_with_escape(home):
    home.click("[data-account] > summary")
    expect(home.get_by_role("link", name="我的资料")).to_be_visible()
    home.keyboard.press("Escape")

    expect(home.get_by_role("link", name="我的资料")).to_be_hidden()
    expect(home.locator("[data-account] > summary")).to_be_focused()


def test_slash_leads_to_the_search_but_not_while_typing(home):
    home.keyboard.press("/")
    assert focused(home) == "top-q"

    home.keyboard.press("/")
    expect(home.locator("#top-q")).to_have_value("/")


def test_no_key_acts_while_an_input_method_is_composing(home):
    home.evaluate(
        """() => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key: "/", isComposing: true, bubbles: true}))"""
    )

    assert focused(home) != "top-q"


def test_single_keys_can_be_switched_off_and_stay_off(home):
    home.click("[data-account] > summary")
    home.click("[data-single-keys]")
    home.reload()
    home.keyboard.press("/")

    assert focused(home) != "top-q"


def test_the_question_mark_shows_the_keys_and_gives_the_focus_back(home):
    home.keyboard.press("?")
    expect(home.locator("#help")).to_be_visible()
    expect(home.locator("#help [data-close]")).to_be_focused()
    home.keyboard.press("Escape")

    expect(home.locator("#help")).to_be_hidden()
    expect(home.locator("[data-account] > summary")).to_be_focused()


def test_a_dialog_starts_on_the_safe_button_and_gives_the_focus_back(home):
    put(
        home,
        """<button id="ask" type="button" data-dialog="question">签发…</button>
        <dialog class="dlg" id="question" aria-labelledby="q"><h2 id="q">签发 2026年第10期？</h2>
        <button id="sign" type="button">签发第10期</button>
        <button id="safe" type="button" data-close data-first-focus>再看看</button></dialog>""",
    )

    home.click("#ask")
    assert focused(home) == "safe"
    home.click("#safe")

    expect(home.locator("#question")).to_be_hidden()
    assert focused(home) == "ask"


def test_a_blocked_button_leads_to_its_reasons_and_sends_nothing(home):
    put(
        home,
        """<form method="post" action="/sent/"><button id="send" aria-disabled="true" aria-describedby="why"
        data-blocked-by="why">送签发</button></form><div id="why">第 6 篇还没有审完</div>""",
    )

    home.focus("#send")
    home.keyboard.press("Enter")

    assert focused(home) == "why"
    assert home.url.endswith("/")


@pytest.mark.parametrize("sending", ['action="/slow/"', 'hx-post="/slow/" hx-swap="none"'])
def test_a_button_says_that_it_is_busy_and_a_second_click_is_ignored(home, sending):
    sent = []
    # Answered at once with "nothing new": a request left open keeps the browser waiting for the page to leave.
    home.route("**/slow/", lambda route: (sent.append(route.request.url), route.fulfill(status=204)))
    put(home, f'<form method="post" {sending}><button id="send" data-busy="正在送审…">送审</button></form>')

    label = home.evaluate(
        """() => {
            const button = document.getElementById("send");
            button.click();
            button.click();
            return button.textContent;
        }"""
    )
    settle(home)

    assert label == "正在送审…"
    assert len(sent) == 1


def test_a_button_may_be_pressed_again_once_the_answer_is_there(home):
    home.route("**/slow/", lambda route: route.fulfill(status=204))
    put(home, '<form hx-post="/slow/"><button id="send" data-busy="正在送审…">送审</button></form>')

    home.click("#send")

    expect(home.locator("#send")).to_have_text("送审")
    expect(home.locator("#send")).not_to_have_attribute("aria-busy", "true")


def test_a_toast_goes_after_ten_seconds_unless_someone_is_at_it(browse, cast, bulletin):
    page = browse(cast.lin)
    page.clock.install()
    page.goto("/")
    page.evaluate(
        """() => {
            document.getElementById("toasts").innerHTML =
                '<div class="toast-x" data-toast><span>已撤出</span><button data-undo>撤销</button></div>';
            document.dispatchEvent(new Event("htmx:load"));
        }"""
    )
    toast = page.locator(".toast-x")

    page.clock.run_for(6_000)
    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_be_visible()
    page.mouse.move(800, 10)
    page.clock.run_for(11_000)

    expect(toast).to_have_count(0)


def test_a_refused_form_puts_the_focus_on_what_is_wrong(browse, bulletin):
    page = browse(path="/accounts/login/")
    page.get_by_role("button", name="登录").click()

    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="请填密码").click()
    expect(page.locator("#id_password")).to_be_focused()
    expect(page.locator("#id_password")).to_have_attribute("aria-invalid", "true")


def test_the_password_can_be_shown(browse, bulletin):
    page = browse(path="/accounts/login/")
    page.fill("#id_password", "夜航船")
    page.get_by_role("button", name="显示密码").click()

    expect(page.locator("#id_password")).to_have_attribute("type", "text")


def test_a_panel_never_gets_the_sign_in_page_when_the_session_has_ended(home):
    put(home, '<button id="load" hx-get="/accounts/profile/" hx-target="#panel">看</button><div id="panel">原文</div>')
    home.context.clear_cookies()

    home.click("#load")

    expect(home.get_by_role("dialog", name="登录过期了")).to_be_visible()
    expect(home.locator("#panel")).to_have_text("原文")
    home.faults.clear()  # the browser notes the 401


def test_a_step_that_failed_says_so_with_the_words_of_the_error_page(home):
    put(home, '<button id="load" hx-get="/no-such-page/" hx-target="#panel">看</button><div id="panel">原文</div>')

    home.click("#load")

    expect(home.get_by_role("alert")).to_contain_text("可能是地址不完整")
    expect(home.locator("#panel")).to_have_text("原文")
    home.faults.clear()  # the browser notes the 404


def test_polling_rests_while_the_page_is_hidden(home):
    asked = []
    home.clock.install()
    home.route("**/tick/", lambda route: (asked.append(1), route.fulfill(status=204)))
    home.evaluate("""() => Object.defineProperty(document, "hidden", {value: true, configurable: true})""")
    put(home, '<div hx-get="/tick/" hx-trigger="every 100ms"></div>')
    home.clock.run_for(500)
    settle(home)
    assert asked == []

    home.evaluate("""() => Object.defineProperty(document, "hidden", {value: false})""")
    home.clock.run_for(500)
    settle(home)
    assert asked


def test_the_skip_link_comes_first(home):
    home.keyboard.press("Tab")
    expect(home.get_by_role("link", name="跳到正文")).to_be_focused()
    home.keyboard.press("Enter")

    assert focused(home) == "main"
