"""The way of a mistake: an editor marks it, another compares, the leader signs, and the reader's old link shows it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from distribution import links, mailing
from issues import amending, signing
from issues.models import Edition, Issue
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.scenes import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "<p>4月1日，青浦局组织快递员参加公示培训。</p><p>下一步，青浦局将督促企业补齐短板。</p>"
MARK = """(element) => {
  const text = element.firstChild, at = text.data.indexOf("公示");
  getSelection().setBaseAndExtent(text, at, text, at + 4);
}"""


@scene
def original(bulletin, cast):
    """Issued, and with one reader."""
    article = factories.accepted(cast.lin, cast.lu, title="青浦局开展培训", body=BODY)
    factories.make_reader("后勤公司", "办公室", email="office@example.cn")
    with factories.without_worker():
        issue = factories.issued_issue(bulletin, cast, [article], pdf=factories.blank_pdf(), pages=2)
        mailing.start(issue, by=cast.tang)
    return issue


def looked_at(page, axe, shot, name):
    shot(page, name)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_the_issue_to_the_readers_old_link(original, browse, cast, axe, shot):
    page = browse(cast.lu, DESKTOP, reverse("issues:detail", args=[original.pk]))
    page.get_by_role("link", name="更正、撤回…").click()
    looked_at(page, axe, shot, "amend-begin")
    page.get_by_role("button", name="起草").click()

    passage = page.locator("p[data-passage]", has_text="公示培训")
    passage.evaluate(MARK)
    expect(page.get_by_label("错处（照印出的原样）")).to_have_value("公示培训")
    page.get_by_label("应为").fill("共识培训")
    page.get_by_role("button", name="加入更正").click()
    expect(page.get_by_text("《青浦局开展培训》第1段“公示培训”应为“共识培训”。")).to_be_visible()
    expect(page.get_by_role("button", name="送签发")).to_have_attribute("aria-disabled", "true")
    looked_at(page, axe, shot, "amendment")

    other = browse(cast.gu, DESKTOP, page.url)
    other.get_by_role("button", name="已核对，无误").click()
    expect(other.get_by_role("button", name="已核对，无误")).to_have_count(0)
    page.reload()
    with factories.without_worker():
        page.get_by_role("button", name="送签发").click()
        expect(page.get_by_text("等 方维舟 签发。")).to_be_visible()
    issue = original.amendments.get()
    factories.set_pages(issue, pdf=factories.blank_pdf(1))

    phone = browse(cast.fang, PHONE, reverse("issues:sign_off", args=[issue.pk]))
    looked_at(phone, axe, shot, "amendment-sheet")
    phone.get_by_role("button", name="签发…").click()
    phone.get_by_label("手机动态码").fill(factories.code_of(cast.fang))
    phone.get_by_role("button", name="签发 2026年第10期更正").click()
    expect(phone.get_by_text("已签发").first).to_be_visible()

    other.reload()
    other.get_by_role("button", name="印发…").click()
    other.get_by_role("button", name="印发", exact=True).click()
    expect(other.get_by_role("heading", name="关于2026年第10期的更正")).to_be_visible()
    looked_at(other, axe, shot, "amendment-issued")

    delivery = original.mailing.deliveries.get()
    reader = browse(None, PHONE, reverse("distribution:reader_page", args=[links.token_of(delivery)]))
    expect(reader.get_by_text("本期已更正")).to_be_visible()
    looked_at(reader, axe, shot, "amendment-reader")
    assert page.faults + other.faults + phone.faults + reader.faults == []


def test_a_withdrawn_issue_on_every_page(original, browse, cast, axe, shot):
    withdrawal = amending.begin(original, Edition.WITHDRAWAL, by=cast.lu)
    amending.set_reason(withdrawal, "第1篇的人数有待核实。", by=cast.lu)
    amending.check(withdrawal, by=cast.gu)
    with factories.without_worker():
        signing.send_for_sign_off(withdrawal, by=cast.lu)
    withdrawal = Issue.objects.get(pk=withdrawal.pk)
    proof = factories.set_pages(withdrawal, pdf=factories.blank_pdf(1))
    signing.sign(withdrawal, by=cast.fang, expected_digest=proof.digest, code=factories.code_of(cast.fang))
    signing.publish(withdrawal, by=cast.gu)

    archive = browse(cast.shen, DESKTOP, reverse("issues:archive"))
    expect(archive.get_by_text("已撤回")).to_be_visible()
    looked_at(archive, axe, shot, "withdrawn-archive")
    archive.goto(reverse("issues:detail", args=[original.pk]))
    expect(archive.get_by_text("第1篇的人数有待核实。")).to_be_visible()
    looked_at(archive, axe, shot, "withdrawn-issue")

    token = links.token_of(original.mailing.deliveries.get())
    reader = browse(None, PHONE, reverse("distribution:reader_page", args=[token]))
    expect(reader.get_by_text("第1篇的人数有待核实。")).to_be_visible()
    looked_at(reader, axe, shot, "withdrawn-reader")
    assert archive.faults + reader.faults == []
