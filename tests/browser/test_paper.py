"""What people put on paper from the site: the sign-off sheet and the table of receipts, on A4."""

import pytest

from distribution import mailing
from tests import factories
from tests.browser.conftest import DESKTOP
from typesetting import reading
from typesetting.page.presets import MM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_sign_off_sheet_and_the_receipts_print_on_a4(bulletin, cast, browse):
    factories.make_readers(35)
    sent_out = mailing.start(factories.issued_issue(bulletin, cast), by=cast.tang)
    for who, address, words in (
        (cast.fang, f"/issues/sign-offs/{sent_out.issue.pk}/", "签发"),
        (cast.tang, f"/distribution/{sent_out.pk}/receipts/print/", "35"),
    ):
        page = browse(who, size=DESKTOP, path=address)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": round(180 * 96 / 25.4), "height": 1000})  # the paper less its margins
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        paper = page.pdf(prefer_css_page_size=True)
        sheets = reading.read(paper).sheets

        assert {(round(sheet.width / MM), round(sheet.height / MM)) for sheet in sheets} == {(210, 297)}
        edges = [(one.left, one.right) for sheet in sheets for one in sheet.characters]
        assert min(left for left, _right in edges) > 10 * MM
        assert max(right for _left, right in edges) < (210 - 10) * MM
        assert words in "".join(one.text for sheet in sheets for one in sheet.characters)
        page.close()
