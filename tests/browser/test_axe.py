import pytest

from tests.browser.conftest import DESKTOP, NARROW, PHONE, settle
from tests.browser.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PEOPLE = sorted({entry.who or "" for entry in PAGES})


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who or "stranger")
def test_every_page_is_accessible_and_fits_its_screen(who, site, browse, axe, shot):
    page = browse(getattr(site.cast, who) if who else None)
    entries = [entry for entry in PAGES if (entry.who or "") == who]
    assert entries
    assert [f"{entry.name} {line}" for entry in entries for line in faults_of(entry, page, site, axe, shot)] == []


def faults_of(entry, page, site, axe, shot):
    """What is wrong with a page at the three widths. It is loaded as on a desk and as on a phone; the narrowest screen is the
    phone's page squeezed, and only has to hold it."""
    path = entry.path(site)
    for size in (DESKTOP, PHONE, NARROW):
        page.set_viewport_size(size)
        if size != NARROW:
            response = page.goto(path)
            assert response.status == entry.status, path
            if page.locator("[data-article-form], #revision").count():
                page.wait_for_load_state("networkidle")  # the editor is made after the page has come
        width = size["width"]
        shot(page, entry.name)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            yield f"{width}: scrolls sideways by {wide} px"
        if size != NARROW:
            for line in axe(page):
                yield f"{width}: {line}"
    settle(page)  # what the page asks for late may fail too
    if entry.status == 200:
        yield from page.faults
    page.faults.clear()
