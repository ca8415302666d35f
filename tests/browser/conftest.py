import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import sync_playwright

from tests import factories
from tests.browser import office
from tests.scenes import scene

# Playwright's synchronous interface runs an event loop in this thread, beside which Django refuses its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The rules of WCAG 2.2 AA and axe's own good practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def settle(page):
    """Afterwards all is known that the page had asked for by now: its requests come in order."""
    page.evaluate("() => fetch(location.href, { method: 'HEAD' }).then(() => new Promise(requestAnimationFrame))")


def first_of(held, page):
    """The first request that a route holds back in this list: it may be a moment after the act that asks for it."""
    for _tenth in range(100):
        if held:
            return held[0]
        page.wait_for_timeout(100)
    pytest.fail("Not asked for within ten seconds")


@pytest.fixture(scope="session")
def chromium(scenery, django_db_blocker):
    """While Playwright's loop runs in this thread, Django has another connection there: no scene may stand across its ends."""
    # The one without windows draws the same pages and takes a third of the time less.
    programs = ("chromium-headless-shell", "chromium", "chromium-browser")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, programs)), None)
    if not program:
        # make test installs it: there nothing may pass because nothing was looked at.
        missing = pytest.fail if os.environ.get("TEST_PASS") else pytest.skip
        missing("Chromium is missing, so no page was looked at: install it, or name it in CHROMIUM.")
    with django_db_blocker.unblock():
        scenery.strike(0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        yield browser
        browser.close()
        with django_db_blocker.unblock():
            scenery.strike(0)
            connection.close()


@pytest.fixture(scope="session")
def axe_source():
    return (settings.NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@scene
def furnished(cast, bulletin):
    return office.furnish(cast, bulletin)


@pytest.fixture
def site(live_server, furnished):
    """A small office with something in every state, behind a real web server."""
    furnished.url = live_server.url
    return furnished


@pytest.fixture
def browse(chromium, live_server):
    """browse(cast.lin) gives a page on which this person is signed in; browse() one for a stranger."""
    contexts = []

    def open_page(user=None, size=DESKTOP, path=None):
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=live_server.url, reduced_motion="reduce")
        contexts.append(context)
        if user:
            client = Client()
            factories.sign_in(client, user)
            context.add_cookies(
                [
                    {"name": name, "value": cookie.value, "url": live_server.url}
                    for name, cookie in client.cookies.items()
                ]
            )
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda line: page.faults.append(line.text) if line.type == "error" else None)
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


# The editor marks its text as read-only or not before it calls it a text box.
_EDITORS_READY = "() => Object.values(window.CKEDITOR?.instances ?? {}).every(editor => editor.status === 'ready')"


@pytest.fixture
def axe(axe_source):
    """axe(page) gives the violations as readable lines; none for a page without fault."""

    def check(page):
        page.wait_for_function(_EDITORS_READY)
        if not page.evaluate("'axe' in window"):
            page.evaluate(f"() => {{ {axe_source} }}")
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", _RULES)
        return [f"{fault['id']}: {node['html'][:160]}" for fault in found["violations"] for node in fault["nodes"]]

    return check


@pytest.fixture
def shot():
    """shot(page, name) keeps a picture in the folder SHOTS, if one is given."""

    def keep(page, name):
        if folder := os.environ.get("SHOTS"):
            width = page.viewport_size["width"]
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=width < 768)

    return keep
