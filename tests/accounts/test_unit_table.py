"""Units come in and go out as a table of Excel."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts import units as acts
from accounts.models import Unit
from accounts.tables import importing, writing
from accounts.tables.table import find
from accounts.unit_table import unit_names
from tests import excel_files, factories

pytestmark = pytest.mark.django_db

HEADERS = excel_files.UNITS
JINSHAN = ["金山邮政管理局", "金山局", "派出机构", 30, "2026-01-01", "", ""]


def taken_in(cast, *lines):
    return excel_files.taken_in("units", HEADERS, *lines, by=cast.admin)


def checked(cast, *lines):
    wanted = excel_files.uploaded("units", HEADERS, *lines, by=cast.admin)
    return importing.check(wanted, by=cast.admin).checked


def test_a_new_unit_comes_in(cast):
    taken_in(cast, JINSHAN)

    unit = Unit.objects.get(name="金山邮政管理局")
    assert (unit.short_name, unit.tier, unit.position, unit.valid_from, unit.valid_to, unit.approval) == (
        "金山局",
        "branch",
        30,
        date(2026, 1, 1),
        None,
        "auto",
    )


def test_a_unit_is_found_again_by_its_name(cast):
    [row] = checked(cast, ["青浦邮政管理局", "青浦局", "其他", "", "2026-01-01", "2026年12月31日", "不用审签"])

    assert row.row == cast.lin.unit
    assert row.changes == {"tier": "other", "valid_from": "2026-01-01", "valid_to": "2026-12-31"}


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        (2, "处室", "这里不能填“处室”，可以填："),
        (3, "第一", "请填 0 至 32767 之间的整数。"),
        (3, "40000", "请填 0 至 32767 之间的整数。"),
        (4, "去年", "请填日期，例如 2026-04-08。"),
        (4, 45000, "请填日期，例如 2026-04-08。"),
        (4, "2026-02-30", "没有“2026-02-30”这一天"),
        (5, "2025-12-31", "停用日不能早于起用日"),
    ],
)
def test_what_can_not_be_is_a_fault_of_its_cell(place, text, words, cast):
    [row] = checked(cast, [*JINSHAN[:place], text, *JINSHAN[place + 1 :]])

    [said] = row.faults.values()
    assert words in said


def test_a_unit_in_use_is_not_renamed_by_a_table(cast, units):
    used, unused = checked(
        cast,
        ["青浦邮政管理局", "青浦分局", "派出机构", 10, "", "", "不用审签"],
        ["中国邮政集团有限公司上海市分公司", "沪邮", units.post.get_tier_display(), 50, "", "", "不用审签"],
    )

    assert used.faults == {"short_name": "这个单位已在使用。请到单位页面改名，旧名称会留存。"}
    assert unused.state == "changed"


def test_a_name_that_came_back_is_told_by_its_first_day(cast):
    day = timezone.localdate() - timedelta(days=30)
    unit = Unit.objects.get(pk=cast.lin.unit_id)
    unit.name, unit.valid_from = "青浦邮政快递管理局", day
    acts.save(unit)
    unit.name, unit.valid_from = "青浦邮政管理局", day + timedelta(days=10)
    acts.save(unit)

    data = writing.export(find("units"))

    wanted = importing.upload(find("units"), data, "单位.xlsx", by=cast.admin)
    assert set(excel_files.states(wanted, cast.admin)) == {"same"}
    assert len(wanted.rows) == Unit.objects.count() == 7
    assert unit_names().find("青浦邮政管理局") == unit.pk


def test_a_name_that_comes_back_after_its_last_day_is_a_new_row(cast):
    Unit.objects.filter(pk=cast.lin.unit_id).update(valid_to=date(2026, 3, 31))

    [back] = checked(cast, ["青浦邮政管理局", "青浦局", "派出机构", 10, "2026-06-01", "", ""])

    assert back.state == "new"


def test_two_units_with_one_short_name_are_told_by_their_full_names(cast):
    factories.make_unit("青浦第二邮政管理局", "青浦局")
    wanted = excel_files.uploaded(
        "users",
        excel_files.USERS,
        ["a", "甲", "青浦局", "", "a@example.cn", "", ""],
        ["b", "乙", "青浦第二邮政管理局", "", "b@example.cn", "", ""],
        by=cast.admin,
    )

    assert excel_files.faults(wanted, cast.admin) == [(2, "unit", "“青浦局”对应不止一个，请写全称。")]


def test_it_is_taken_back_as_far_as_nobody_uses_it(cast):
    second = ["嘉定邮政管理局", "嘉定局", "派出机构", 40, "", "", ""]
    wanted = taken_in(cast, JINSHAN, second, ["青浦邮政管理局", "青浦局", "其他", 10, "", "", "不用审签"])
    factories.make_user("qian", "钱有为", "contributor", unit=Unit.objects.get(short_name="金山局"))

    wanted = importing.undo(wanted, by=cast.admin)

    assert [(each["label"], each["why"]) for each in wanted.remains] == [("金山邮政管理局", "已经在使用。")]
    assert not Unit.objects.filter(short_name="嘉定局").exists()
    assert Unit.objects.get(short_name="青浦局").tier == "branch"


def test_the_template_says_what_is_needed_and_brings_nothing_in(cast):
    lines = excel_files.lines_of(writing.template(find("units")))

    assert "红色表头必填" in lines[0][0]
    assert lines[1] == HEADERS
    assert lines[2][0] == "示例邮政管理局"


@pytest.mark.parametrize("name", ["units", "users", "readers"])
def test_a_template_that_is_filled_in_comes_in_without_its_example(name, cast):
    book = load_workbook(BytesIO(writing.template(find(name))))
    sheet = book.worksheets[0]
    needed = {"units": ["甲局", "甲", "派出机构"], "users": ["jia", "甲"], "readers": ["甲公司", "办公室"]}[name]
    for place, text in enumerate(needed, 1):
        sheet.cell(4, place, text)
    file = BytesIO()
    book.save(file)

    wanted = importing.upload(find(name), file.getvalue(), "模板.xlsx", by=cast.admin)

    assert [row["n"] for row in wanted.rows] == [4]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation][0].startswith("选项!")
    assert book["选项"].sheet_state == "hidden"
