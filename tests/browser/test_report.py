"""采用通报 in a browser: the table, what is behind a figure, the announcement on its way into an issue."""

import pytest

from articles.models import Status
from points.models import Announcement
from tests.browser.conftest import DESKTOP, PHONE
from tests.points.conftest import counted  # noqa: F401 - a scene that this file begins with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPORT = "/points/report/?month=2026-10"


def wide(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_a_figure_opens_to_its_stories_and_the_announcement_becomes_an_article(counted, cast, browse, axe, shot):  # noqa: F811
    page = browse(cast.lu, path=REPORT)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        page.goto(REPORT)
        shot(page, "report")
        assert (wide(page) <= 0, axe(page)) == (True, [])

    page.get_by_role("row", name="青浦局").get_by_role("link", name="66.7%").count()
    page.get_by_role("row", name="青浦局 派出机构").get_by_role("link", name="2", exact=True).click()
    page.get_by_role("heading", name="采用的稿件").wait_for()
    assert page.get_by_role("link", name=counted.long.flat_title).is_visible()
    shot(page, "report-figure")
    assert axe(page) == []

    page.goto(REPORT)
    page.get_by_role("link", name="起草通报…").click()
    shot(page, "report-draft")
    assert axe(page) == []
    page.get_by_role("button", name="作为稿件报送").click()
    page.wait_for_url("**/articles/*/")
    assert Announcement.objects.get().article.status == Status.SUBMITTED
    assert page.faults == []


def test_a_unit_sees_its_own_figures_on_a_phone(counted, cast, browse, axe, shot):  # noqa: F811
    page = browse(cast.lin, size=PHONE, path=REPORT)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        page.goto(REPORT)
        shot(page, "report-own")
        assert (wide(page) <= 0, axe(page)) == (True, [])

    page.emulate_media(media="print")
    shot(page, "report-own-print")
    assert page.locator("svg.chart").count() == 2
