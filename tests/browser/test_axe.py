import pytest

from tests.browser.conftest import DESKTOP, NARROW, PHONE
from tests.browser.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)
def test_every_page_is_accessible_and_fits_its_screen(entry, site, browse, axe, shot):
    page = browse(getattr(site.cast, entry.who) if entry.who else None)
    path = entry.path(site)
    faults = []
    for size in (DESKTOP, PHONE, NARROW):
        page.set_viewport_size(size)
        response = page.goto(path)
        assert response.status == entry.status, path
        width = size["width"]
        shot(page, entry.name)
        if page.locator("[data-article-form]").count():
            page.wait_for_load_state("networkidle")  # the editor is made after the page has come
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            faults.append(f"{width}: scrolls sideways by {wide} px")
        faults += [f"{width}: {line}" for line in axe(page)]
    page.wait_for_load_state("networkidle")  # what the page asks for late may fail too
    if entry.status == 200:
        faults += page.faults
    assert faults == []
