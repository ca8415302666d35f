"""The reader's page on a phone, from the mailed link: read, download, confirm, without an account or a cookie."""

import re
from hashlib import sha256

import pytest
from django.core import mail

from distribution import sending
from distribution.models import AccessLog, Receipt
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link(site, settings):
    """The link as it stands in the mail."""
    settings.SITE_URL = site.url
    sending.pump()
    return re.search(r"https?://\S+", mail.outbox[0].body)[0]


def test_a_reader_opens_the_link_downloads_and_confirms(site, link, browse, shot, tmp_path):
    page = browse(size=PHONE, path=link)
    assert page.locator("h1").inner_text().splitlines() == site.bulletin.name_lines.splitlines()
    assert page.locator("article.read").count() == 2
    shot(page, "reader-page")
    assert not Receipt.objects.exists()

    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    issue = site.mailing.issue
    assert download.value.suggested_filename == f"{issue}.pdf"
    download.value.save_as(tmp_path / "issue.pdf")
    assert sha256((tmp_path / "issue.pdf").read_bytes()).hexdigest() == issue.pdf_sha256
    assert AccessLog.objects.filter(kind="download", delivery=site.delivery).count() == 1

    page.get_by_role("link", name="确认签收").click()
    dialog = page.get_by_role("dialog")
    assert str(issue) in dialog.locator("h2").inner_text()
    dialog.get_by_label("签收人姓名").fill("沈读之")
    shot(page, "reader-confirm")
    dialog.get_by_role("button", name="签收", exact=True).click()
    page.get_by_text("已签收").wait_for()
    receipt = Receipt.objects.get()
    assert (receipt.name, receipt.how, receipt.delivery_id) == ("沈读之", "link", site.delivery.pk)
    assert page.get_by_role("link", name="确认签收").count() == 0
    assert page.faults == []


def test_the_name_is_filled_in_next_time_on_this_device(link, browse):
    page = browse(size=PHONE, path=link + "confirm/")
    page.get_by_label("签收人姓名").fill("沈读之")
    page.get_by_role("button", name="签收", exact=True).click()
    page.get_by_text("已签收").wait_for()
    page.goto(link + "confirm/")
    assert page.get_by_label("签收人姓名").input_value() == "沈读之"


def test_it_works_without_scripts(link, chromium):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("link", name="确认签收").click()
    page.get_by_label("签收人姓名").fill("沈读之")
    page.get_by_role("button", name="签收", exact=True).click()
    assert page.get_by_text("已签收").is_visible()
    context.close()


def test_the_dialog_has_no_fault_for_axe(link, browse, axe):
    page = browse(size=PHONE, path=link)
    page.get_by_role("link", name="确认签收").click()
    assert axe(page) == []
