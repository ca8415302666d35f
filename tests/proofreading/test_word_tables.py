"""The words come in and go out as tables of Excel: shipped ones too, none rewritten, nothing stored before it was looked over."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import TableImport
from accounts.tables import importing, writing
from accounts.tables.table import find
from proofreading import reference
from proofreading.engine import Passage, proofread
from proofreading.models import Kind, Word
from proofreading.tables import shipped
from tests import excel_files
from workflow.models import Change
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

UNITS = ["全称", "简称", "常见误写", "以后的名称", "起用日", "停用日", "来源"]
NEW = ["示例快递管理局", "示例局、 示局", "示列快递管理局", "", "2026-01-01", "", "示例文件"]


def lines(table):
    _notes, headers, *rows = excel_files.lines_of(writing.export(find(table)))
    return headers, rows


def taken_in(cast, *rows, table="words-units", headers=UNITS):
    return excel_files.taken_in(table, headers, *rows, by=cast.lu)


def checked(cast, *rows, table="words-units", headers=UNITS):
    wanted = excel_files.uploaded(table, headers, *rows, by=cast.lu)
    return importing.check(wanted, by=cast.lu).checked


def found(text, day=date(2026, 3, 27)):
    proof = proofread([Passage("", (text,))], as_of=day, tables=reference.current())
    return {(each.quote, each.suggestion) for each in proof.findings}


@pytest.mark.parametrize("kind", Kind)
def test_what_goes_out_comes_back_as_the_same(kind, cast):
    headers, rows = lines(f"words-{kind}")
    assert len(rows) == len(shipped().of(kind))

    states = {each.state for each in checked(cast, *rows, table=f"words-{kind}", headers=headers)}

    assert states == {"same"}


@pytest.mark.parametrize("kind", Kind)
def test_the_template_says_what_is_needed_and_its_example_could_come_in(kind, cast):
    notes, headers, example = excel_files.lines_of(writing.template(find(f"words-{kind}")))
    assert "来源" in notes[0]

    row = [*example]
    row[0] = f"{row[0]}二"
    row[-1] = "另一来源"
    [each] = checked(cast, row, table=f"words-{kind}", headers=headers)

    assert (each.state, each.faults) == ("new", {})


def test_a_new_entry_holds_once_it_is_agreed_to(cast):
    wanted = excel_files.uploaded("words-units", UNITS, NEW, by=cast.lu)
    assert not Word.objects.exists()

    excel_files.store(wanted, by=cast.lu)

    word = Word.objects.get()
    assert (word.kind, word.other, word.since, word.by) == ("units", "示例局|示局", date(2026, 1, 1), cast.lu)
    assert ("示列快递管理局", "示例快递管理局") in found("示列快递管理局发文。")
    assert "示例文件" in Change.objects.get(about="proofreading.word").note


def test_an_import_is_taken_back(cast):
    importing.undo(taken_in(cast, NEW), by=cast.lu)

    assert not Word.objects.exists()


def test_a_shipped_entry_gets_its_last_day_and_loses_it_again(cast):
    headers, rows = lines("words-units")
    row = next(row for row in rows if row[0] == "国家数据局")
    row[headers.index("以后的名称")], row[headers.index("停用日")] = "国家数据总局", "2026-03-01"
    wanted = taken_in(cast, row, headers=headers)

    assert (wanted.new_count, wanted.changed_count) == (0, 1)
    assert ("国家数据局", "国家数据总局") in found("国家数据局发文。")
    assert [each.name for each in reference.current().of("units")].count("国家数据局") == 1
    assert len(lines("words-units")[1]) == len(rows)

    wanted = importing.undo(wanted, by=cast.lu)
    assert wanted.remains == []
    assert found("国家数据局发文。") == set()


@pytest.mark.parametrize(("place", "text"), [(2, "示例快递局"), (6, "另一来源")])
def test_an_entry_that_is_there_is_not_rewritten(place, text, cast):
    taken_in(cast, NEW)

    [row] = checked(cast, [*NEW[:place], text, *NEW[place + 1 :]])

    assert row.state == "faulty"
    assert "已在表里" in next(iter(row.faults.values()))


def test_a_last_day_is_not_moved(cast):
    taken_in(cast, [*NEW[:5], "2026-02-01", NEW[6]])

    [row] = checked(cast, [*NEW[:5], "2026-06-01", NEW[6]])

    assert row.faults.keys() == {"until"}


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [(6, "", "这一格必填"), (5, "2025-12-31", "不能早于"), (4, "去年", "请填日期"), (0, "示" * 101, "最多")],
)
def test_what_can_not_be_is_a_fault_of_its_cell(place, text, words, cast):
    [row] = checked(cast, [*NEW[:place], text, *NEW[place + 1 :]])

    assert words in next(iter(row.faults.values()))


@pytest.mark.parametrize(
    ("table", "values", "words"),
    [
        ("words-series", {"这一组的名称": "三个示例", "各部分，按次序": "甲"}, "至少"),
        ("words-confusions", {"正确的词": "公示", "误写的词": "公示"}, "一样"),
        ("words-persons", {"姓名": "张示例", "职务": "市长", "排列次序": "第一"}, "整数"),
    ],
)
def test_what_an_entry_lacks_is_said_as_on_its_page(table, values, words, cast):
    headers = [str(column.header) for column in find(table).columns]
    row = [values.get(header, "示例" if header == "来源" else "") for header in headers]

    [each] = checked(cast, row, table=table, headers=headers)

    assert words in next(iter(each.faults.values())), each.faults


def test_two_of_one_entry_in_a_file_are_both_named(cast):
    assert {each.state for each in checked(cast, NEW, NEW)} == {"faulty"}


def test_the_page_of_each_kind_leads_there_and_back(cast, as_user):
    client = as_user(cast.lu)
    for kind in Kind:
        there, here = reverse("accounts:table", args=[f"words-{kind}"]), reverse("proofreading:words_of", args=[kind])
        assert there in client.get(here).text
        assert f'href="{here}"' in client.get(there).text
        assert client.get(reverse("accounts:table_export", args=[f"words-{kind}"])).status_code == 200


def test_who_may_not_edit_words_gets_no_table(cast, as_user):
    taken_in(cast, NEW)
    client, wanted = as_user(cast.lin), TableImport.objects.get()

    assert client.get(reverse("accounts:table", args=["words-units"])).status_code == 403
    assert client.get(reverse("accounts:table_import", args=[wanted.pk])).status_code == 404
    with pytest.raises(Refused):
        importing.undo(wanted, by=cast.lin)
