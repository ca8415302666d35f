"""Past issues come in by the browser: dropped, looked over beside their lines, put right, stored, taken back."""

import random

import pytest
from django.urls import reverse

from issues.content import content_of
from issues.models import Issue, PastFile
from tests.browser.conftest import DESKTOP, PHONE, first_of
from tests.issues import stories
from tests.issues.test_import_issue import ISSUE
from tests.issues.word_issues import word_issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def files(tmp_path):
    """One that is sure, one that is not, one that is none."""
    parts = stories.parts(random.Random(4), briefs=False)
    parts |= {"year": 2023, "number": 4, "total_number": 434, "date": "2023-02-20"}
    parts["publisher"] = "上海市邮政管理局党建办、文明办"
    data = {"2023-4.docx": word_issue(parts), "2023-5.txt": ISSUE.encode(), "坏的.pdf": b"%PDF-1.7 broken"}
    for name, content in data.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in data]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_past_issues_come_in(size, files, cast, bulletin, browse, axe, shot):
    page = browse(cast.lu, path=reverse("issues:archive"), size=size)
    held = []
    page.route("**/article-word.js", lambda route: held.append(route), times=1)
    page.get_by_role("link", name="导入往期").click()
    page.locator("#id_files").set_input_files(files)  # faster than the script
    first_of(held, page).continue_()

    page.get_by_text("无法作为 PDF 打开").wait_for()
    shot(page, "past-files")
    assert (axe(page), fits(page), Issue.objects.count()) == ([], True, 0)

    page.get_by_role("row", name="2023-5.txt").get_by_role("link", name="去核对").click()
    shot(page, "past-file")
    assert (axe(page), fits(page)) == ([], True)
    unsure = page.locator(".past-rows .is-unsure").filter(has_text="街角的灯亮到深夜")
    assert "其他来源" in unsure.locator(".from").inner_text()
    unsure.locator("textarea").fill("宝山邮政管理局点亮街角的灯")
    unsure.get_by_role("combobox").nth(1).fill("宝山邮政管理局")
    with page.expect_event("dialog") as asked:  # whether to leave what was typed
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    page.get_by_role("button", name="入库").click()
    page.get_by_text("2023年第5期已入库").wait_for()
    assert "点亮街角的灯" in content_of(Issue.objects.get()).articles[2].title

    page.get_by_role("button", name="入库 1 期…").click()
    shot(page, "past-files-store")
    page.get_by_role("dialog").get_by_role("button", name="入库").click()
    page.get_by_text("1 期正在入库").wait_for()
    page.get_by_role("link", name="2023年第4期").click()
    shot(page, "past-issue")

    page.get_by_role("button", name="撤销入库…").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销入库", exact=True).click()
    page.get_by_text("2023年第4期已撤销入库").wait_for()
    assert PastFile.objects.get(name="2023-4.docx").issue is None
    assert page.faults == []
