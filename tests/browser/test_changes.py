"""What changed since the signer returned an issue, on the sheet and by character."""

import pytest
from django.urls import reverse

from articles import revision
from issues import assembly, signing
from issues.models import Issue
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "<p>广泛凝聚安全{}，压实全员安全责任。</p><p>演练模拟二层起火，值班人员立即启动预案。</p>"


@pytest.fixture
def issue(bulletin, cast):
    """Returned by the signer, corrected on the desk, sent again with one article less."""
    stories = [
        factories.accepted(cast.lin, cast.lu, title="青浦邮政管理局开展快递分拨中心消防演练", body=BODY.format("公示")),
        factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局走访网点"),
        factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局推进循环箱进网点"),
    ]
    issue = factories.pending_issue(bulletin, cast, stories, pdf=factories.blank_pdf(), pages=2, first_pages=[1, 2])
    signing.back_to_the_desk(issue, Issue.REFUSE, by=cast.fang, note="请改“公示”")
    placement = issue.placements.get(article=stories[0])
    wording = revision.Wording({"body": BODY.format("共识")}, {})
    assembly.revise(placement, wording, by=cast.lu, seen=placement.version_id)
    assembly.take_out(issue.placements.get(article=stories[1]), by=cast.lu)
    signing.send_for_sign_off(Issue.objects.get(pk=issue.pk), by=cast.lu)
    issue.refresh_from_db()
    factories.set_pages(issue, pdf=factories.blank_pdf(), pages=2, first_pages=[1, 2])
    return issue


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_signer_reads_the_changes_from_the_sheet(size, issue, browse, cast, axe, shot):
    page = browse(cast.fang, size, reverse("issues:sign_off", args=[issue.pk]))
    shot(page, "sign-off-again")
    faults = axe(page)

    page.get_by_role("link", name="逐字看改了什么").click()

    page.locator("del", has_text="公示").wait_for()
    assert page.locator("ins", has_text="共识").is_visible()
    shot(page, "sign-off-changes")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults + axe(page) + page.faults == []
