"""The mailed letter is read on a phone as it stands, also in mail programs that leave out its styles."""

import re

import pytest

from distribution.channels.email import letter as emails
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What mail programs are known to take away: style sheets, all inline styles, and the head with the viewport in it.
DEPRIVED = {
    "whole": lambda html: html,
    "without styles": lambda html: re.sub(r' style="[^"]*"', "", html),
    "within another page": lambda html: re.sub(r"(?s)^.*<body[^>]*>|</body>.*$", "", html),
}
WRAPPER = '<!doctype html><meta name="viewport" content="width=device-width"><body style="margin:0">{}</body>'


@pytest.fixture
def letter(site):
    """The HTML of the letter, to a reader and under a name that are as long as may be."""
    delivery = site.delivery
    delivery.reader.organisation = "上海圆通速递（物流）有限公司浦东国际机场转运中心" + "Express" * 3
    return emails.compose(delivery, emails.Enclosure(site.mailing.issue, b"%PDF")).alternatives[0].content


@pytest.fixture
def show(chromium):
    """show(html, size) gives a page as a phone's mail program has it: it obeys the viewport."""
    contexts = []

    def open_page(html, size):
        context = chromium.new_context(viewport=size, is_mobile=size is PHONE, has_touch=size is PHONE, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_content(html)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("deprived", DEPRIVED)
def test_the_letter_is_read_on_a_phone_without_scrolling_sideways(deprived, letter, show, shot):
    html = DEPRIVED[deprived](letter)
    page = show(WRAPPER.format(html) if deprived == "within another page" else html, PHONE)
    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [390, 390]
    for paragraph in page.locator("p, td, a").all():
        box = paragraph.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    shot(page, f"letter-{deprived.replace(' ', '-')}")


def test_its_words_are_large_enough_and_its_button_is_as_large_as_a_finger(letter, show):
    page = show(letter, PHONE)
    sizes = page.evaluate("[...document.querySelectorAll('p, a')].map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert min(sizes) >= 14
    button = page.get_by_role("link").bounding_box()
    assert button["height"] >= 44
    assert button["width"] >= 200


def test_it_stays_narrow_on_a_wide_screen(letter, show, shot):
    page = show(letter, DESKTOP)
    assert page.locator("p").first.bounding_box()["width"] <= 640
    shot(page, "letter")
