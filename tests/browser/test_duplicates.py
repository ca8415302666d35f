"""查重 in a real browser: from the writer's warning to one story with both units named."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.duplicates import keeping
from articles.models import Article
from tests.articles.duplicates.conftest import told
from tests.articles.duplicates.stories import DRILL, DRILL_BY_COMPANY
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import accepted, issued_issue, make_article, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_the_warning_to_one_story_of_both_units(live_server, cast, bulletin, browse, size, axe, shot):
    issued_issue(bulletin, cast, [told(accepted, cast.zhao, DRILL_BY_COMPANY, editor=cast.lu)])
    others = told(submitted, cast.zhao, DRILL)
    mine = told(make_article, cast.lin, DRILL)
    assert keeping.compare_waiting() == 0

    page = browse(cast.lin, path=reverse("articles:edit", args=[mine.pk]), size=size)
    warning = page.get_by_role("region", name="查重")
    expect(warning.get_by_role("link", name=DRILL_BY_COMPANY.title)).to_be_visible()
    expect(warning.get_by_role("link", name=others.flat_title)).to_have_count(0)
    assert axe(page) == []
    shot(page, "dups-writer")
    warning.get_by_role("link", name=DRILL_BY_COMPANY.title).click()
    expect(page.get_by_role("heading", name="宝山局")).to_be_visible()
    shot(page, "dups-writer-sides")
    mine.refresh_from_db()
    mine.apply(Article.SUBMIT, by=cast.lin)
    keeping.compare_waiting()

    office = browse(cast.lu, path=reverse("articles:queue"), size=size)
    family = office.get_by_role("button", name="2 个单位报来同一篇通稿")
    expect(family).to_have_attribute("aria-expanded", "false")
    assert axe(office) == []
    shot(office, "dups-queue")
    family.click()
    office.get_by_role("link", name="取一篇，答复其余…").click()
    expect(office.get_by_role("heading", name="刊用哪一篇？")).to_be_visible()
    assert axe(office) == []
    shot(office, "dups-family")
    office.get_by_role("link", name="以后再定").click()
    family.click()
    office.get_by_role("row").filter(has_text=cast.lin.name).get_by_role("link", name="查重").click()
    found = office.get_by_role("region", name="重复的稿件")
    found.get_by_role("link", name=others.flat_title).click()
    expect(office.get_by_text("两篇正文一字不差")).to_be_visible()
    assert axe(office) == []
    shot(office, "dups-sides")
    office.get_by_role("button", name="合并…").click()
    shot(office, "dups-merge")
    office.get_by_role("dialog").get_by_role("button", name="合并", exact=True).click()

    expect(office.get_by_text("青浦局、宝山局").first).to_be_visible()
    shot(office, "dups-merged")
    mine.refresh_from_db()
    others.refresh_from_db()
    assert others.merged_into == mine
    assert [unit.short_name for unit in mine.credited()] == ["青浦局", "宝山局"]
    assert page.faults == office.faults == []
