"""A table of forty readers on its way in: dropped or chosen, looked over, taken in, taken back."""

import pytest
from django.urls import reverse

from distribution.models import Reader
from tests import excel_files, factories
from tests.browser.conftest import DESKTOP, NARROW, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = reverse("accounts:table", args=["readers"])


@pytest.fixture
def file(tmp_path):
    """Forty readers: 36 new ones, two changed, one the same, and one faulty."""
    factories.make_reader("第1快递服务公司", "党群工作部", "old1@example.cn")
    factories.make_reader("第2快递服务公司", "党群工作部", "old2@example.cn")
    unit = factories.make_unit()
    factories.make_reader("第3快递服务公司", "党群工作部", "reader3@example.cn", unit=unit)
    lines = excel_files.many_readers(40)
    lines[7][3] = "reader8.example.cn"
    path = tmp_path / "各单位收件人.xlsx"
    path.write_bytes(excel_files.book(excel_files.READERS, *lines))
    return path


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_forty_readers_come_in_and_are_taken_back(size, file, cast, browse, axe, shot):
    page = browse(cast.tang, path=reverse("distribution:readers"), size=size)
    page.get_by_role("link", name="表格导入导出").click()
    shot(page, "table")
    page.locator("#id_file").set_input_files(file)

    page.wait_for_url("**/accounts/imports/*/")
    shot(page, "table-check")
    assert page.get_by_role("button", name="导入").all_inner_texts() == ["不要有误的 1 行，导入其余 38 行"]
    assert [tab.split() for tab in page.locator(".tabs a").all_inner_texts()] == [
        ["全部40"], ["新增36"], ["修改2"], ["不变1"], ["有误1"],
    ]  # fmt: skip
    assert (axe(page), fits(page), Reader.objects.count()) == ([], True, 3)
    page.set_viewport_size(NARROW)
    assert fits(page)
    page.set_viewport_size(size)
    page.get_by_role("link", name="只看有误的").click()
    shot(page, "table-check-faulty")
    assert "这不是邮箱地址" in page.locator("td.faulty").inner_text()

    page.get_by_role("button", name="导入其余 38 行").click()
    page.get_by_text("新增 36 行，修改 2 行").wait_for()
    shot(page, "table-stored")
    assert (axe(page), fits(page), Reader.objects.count()) == ([], True, 39)

    page.get_by_role("button", name="撤销这次导入…").click()
    shot(page, "table-undo")
    page.get_by_role("button", name="撤销导入").click()
    page.get_by_text("这次导入已全部撤销").wait_for()
    assert set(Reader.objects.values_list("email", flat=True)) == {
        "old1@example.cn",
        "old2@example.cn",
        "reader3@example.cn",
    }
    assert page.faults == []


def test_a_table_is_dropped_on_the_page_and_one_that_is_none_is_told(file, tmp_path, cast, browse):
    page = browse(cast.tang, path=PAGE)
    drop = """text => {
        const data = new DataTransfer();
        data.items.add(new File([text], "收件人.xls"));
        document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: data }));
    }"""

    page.evaluate(drop, "nothing")

    page.get_by_text("“收件人.xls”不是 Excel 表格。").wait_for()
    assert page.url.endswith(PAGE)
    assert page.faults == []


def test_the_template_and_all_readers_are_downloaded(file, cast, browse):
    page = browse(cast.tang, path=PAGE)
    names, lines = [], []
    for link in ("下载模板", "导出全部"):
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        names.append(download.value.suggested_filename)
        with open(download.value.path(), "rb") as saved:
            lines.append(excel_files.lines_of(saved.read()))

    assert names[0] == "收件人（模板）.xlsx"
    assert names[1].startswith("收件人 20")
    *who, account, receives = excel_files.READERS
    template = [*who, "渠道", "邮件附件", account, receives, "分组"]
    assert [each[1] for each in lines] == [template, [*template, "地址暂停"]]
    assert len(lines[1]) == 2 + Reader.objects.count()
