"""Readers come in and go out as a table of Excel: looked over first, stored as a whole, taken back."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import TableImport, User
from accounts.tables import checking, importing, writing
from accounts.tables.table import find
from distribution import mailing
from distribution.models import Reader
from tests import excel_files, factories
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db

HEADERS = excel_files.READERS
OFFICE = ["青浦邮政管理局", "办公室", "青浦局", "office@example.cn", "", "是"]


def checked(by, *lines):
    return importing.check(excel_files.uploaded("readers", HEADERS, *lines, by=by), by=by).checked


def faults(by, *lines):
    return excel_files.faults(excel_files.uploaded("readers", HEADERS, *lines, by=by), by)


def test_a_row_is_new_changed_the_same_or_faulty(cast):
    factories.make_reader(unit=cast.lin.unit)
    factories.make_reader(name="党办", email="dang@example.cn")

    rows = checked(
        cast.tang,
        OFFICE,
        ["青浦邮政管理局", "党办", "", "new@example.cn", "", "是"],
        ["宝山邮政管理局", "办公室", "宝山局", "", "", ""],
        ["宝山邮政管理局", "党办", "无此单位", "", "", ""],
    )

    assert [each.state for each in rows] == ["same", "changed", "new", "faulty"]
    assert (rows[1].former, rows[1].changes) == ({"email": "dang@example.cn"}, {"email": "new@example.cn"})
    assert rows[2].values["is_active"] is True
    assert rows[3].faults == {"unit": "没有“无此单位”，请从下拉列表里选。"}


def test_a_reader_is_found_again_whatever_the_width_of_brackets_and_blanks(cast):
    reader = factories.make_reader("韵达（上海）公司", "办公室", "")

    [row] = checked(cast.tang, [" 韵达(上海)公司", "办 公室", "", "", "", ""])

    assert (row.row, row.changes) == (reader, {"organisation": "韵达(上海)公司", "name": "办 公室"})


def test_nothing_is_kept_of_a_stored_file_but_what_it_changed(cast):
    wanted = excel_files.taken_in(
        "readers", HEADERS, OFFICE, ["宝山邮政管理局", "", "", "", "", ""], by=cast.tang, without_faulty=True
    )

    wanted.refresh_from_db()
    assert (wanted.rows, [change["label"] for change in wanted.changes]) == ([], ["青浦邮政管理局 办公室"])


def test_looking_it_over_stores_nothing(cast):
    checked(cast.tang, OFFICE)

    assert not Reader.objects.exists()


def test_it_is_stored_as_a_whole(cast):
    wanted = excel_files.taken_in("readers", HEADERS, *excel_files.many_readers(3), by=cast.tang)

    assert [(reader.unit, reader.email) for reader in Reader.objects.order_by("email")] == [
        (cast.lin.unit, f"reader{n}@example.cn") for n in (1, 2, 3)
    ]
    assert (wanted.new_count, wanted.changed_count) == (3, 0)


def test_a_faulty_row_holds_all_back_unless_it_is_left_out(cast):
    wanted = excel_files.uploaded("readers", HEADERS, OFFICE, ["宝山邮政管理局", "", "", "", "", ""], by=cast.tang)

    with pytest.raises(Refused, match="有 1 行有误"):
        excel_files.store(wanted, by=cast.tang)
    assert not Reader.objects.exists()

    excel_files.store(wanted, by=cast.tang, without_faulty=True)
    assert [str(reader) for reader in Reader.objects.all()] == ["青浦邮政管理局 办公室"]


def test_what_somebody_changed_meanwhile_is_looked_over_once_more(cast):
    reader = factories.make_reader(email="old@example.cn", unit=cast.lin.unit)
    wanted = excel_files.uploaded("readers", HEADERS, OFFICE, by=cast.tang)
    seen = importing.check(wanted, by=cast.tang).digest
    Reader.objects.filter(pk=reader.pk).update(email="other@example.cn")

    with pytest.raises(Refused, match="有人改了数据"):
        importing.store(wanted, by=cast.tang, seen=seen)

    reader.refresh_from_db()
    assert reader.email == "other@example.cn"


def test_it_is_stored_once(cast):
    wanted = excel_files.taken_in("readers", HEADERS, OFFICE, by=cast.tang)

    with pytest.raises(Refused, match="已经导入过"):
        importing.store(wanted, by=cast.tang, seen="")


def test_one_address_gets_one_copy_within_the_file_and_beside_it(cast):
    factories.make_reader(name="党办", email="office@example.cn")

    found = faults(
        cast.tang,
        OFFICE,
        ["宝山邮政管理局", "办公室", "", "BAO@example.cn", "", ""],
        ["宝山邮政管理局", "党办", "", "bao@example.cn", "", ""],
        ["宝山邮政管理局", "停发的", "", "bao@example.cn", "", "否"],
    )

    assert [(line, name) for line, name, _words in found] == [(2, "email"), (3, "email"), (4, "email")]
    assert "“青浦邮政管理局 党办”已在用这个邮箱" in found[0][2]


def test_two_readers_may_exchange_their_addresses_and_accounts(cast):
    for name, address, user in (("甲", "a@example.cn", cast.shen), ("乙", "b@example.cn", cast.lin)):
        factories.make_reader("公司", name, address, user=user)

    excel_files.taken_in(
        "readers",
        HEADERS,
        ["公司", "甲", "", "b@example.cn", "lin", "是"],
        ["公司", "乙", "", "a@example.cn", "shen", "是"],
        by=cast.tang,
    )

    assert [(each.name, each.email, each.user) for each in Reader.objects.order_by("email")] == [
        ("乙", "a@example.cn", cast.shen),
        ("甲", "b@example.cn", cast.lin),
    ]


def test_a_row_that_is_left_out_keeps_its_address(cast):
    """甲 would take the address that 乙 gives up; but the row of 乙 is faulty, so that 乙 keeps it."""
    factories.make_reader("公司", "甲", "a@example.cn")
    factories.make_reader("公司", "乙", "b@example.cn")

    found = faults(
        cast.tang, ["公司", "甲", "", "b@example.cn", "", "是"], ["公司", "乙", "无此单位", "c@example.cn", "", "是"]
    )

    assert [(line, name) for line, name, _words in found] == [(2, "email"), (3, "unit")]


def test_addresses_that_slipped_by_one_row_are_faults_of_all_in_one_pass(cast):
    """Each would take the address of the next; the last one can't give its own up."""
    factories.make_readers(300)
    lines = [[f"第{n}快递服务公司", "党群工作部", f"reader{n + 1}@example.cn"] for n in range(1, 300)]
    stored = list(Reader.objects.all())
    wanted = excel_files.uploaded("readers", ["单位名称", "部门或姓名", "邮箱"], *lines, by=cast.tang)
    table = find("readers")

    rows = checking.check(table, wanted.rows, stored, table.known(), cast.tang)
    sound = [each for each in rows if not each.faults]

    assert (len(rows), sound) == (299, [])
    whole = list(table.faults([replace(each, faults={}) for each in rows], stored, cast.tang))
    assert len(whole) == 299


def test_it_is_taken_back(cast):
    kept = factories.make_reader(email="old@example.cn")
    wanted = excel_files.taken_in("readers", HEADERS, OFFICE, *excel_files.many_readers(2), by=cast.tang)

    importing.undo(wanted, by=cast.tang)

    [reader] = Reader.objects.all()
    assert (reader.pk, reader.email, reader.unit) == (kept.pk, "old@example.cn", None)


def test_what_was_used_or_changed_since_stays_with_its_reason(cast, issue):
    factories.make_reader("公司", "甲", "a@example.cn")
    wanted = excel_files.taken_in(
        "readers",
        HEADERS,
        ["公司", "甲", "", "new@example.cn", "", "是"],
        *[["公司", name, "", "", "", "是"] for name in ("用过", "改过", "没动")],
        by=cast.tang,
    )
    Reader.objects.filter(name="改过").update(email="x@example.cn")
    Reader.objects.exclude(name="用过").update(is_active=False)
    mailing.start(issue, by=cast.tang)
    Reader.objects.exclude(name="用过").update(is_active=True)
    factories.make_reader("公司", "后来的", "a@example.cn")

    wanted = importing.undo(wanted, by=cast.tang)

    assert {each["label"]: each["why"] for each in wanted.remains} == {
        "公司 甲": "“公司 后来的”已在用这个邮箱。一个邮箱只发一份，请换一个邮箱。",
        "公司 用过": "已有分发记录。",
        "公司 改过": "导入以后又改过。",
    }
    assert set(Reader.objects.values_list("name", flat=True)) == {"甲", "用过", "改过", "后来的"}
    assert Reader.objects.get(name="甲").email == "new@example.cn"


def test_it_is_taken_back_once(cast):
    wanted = excel_files.taken_in("readers", HEADERS, OFFICE, by=cast.tang)
    importing.undo(wanted, by=cast.tang)

    with pytest.raises(Refused, match="不用再撤"):
        importing.undo(wanted, by=cast.tang)


@pytest.mark.parametrize("act", ["upload", "store", "undo"])
def test_it_is_refused_to_who_keeps_no_readers(act, cast):
    wanted = excel_files.taken_in("readers", HEADERS, OFFICE, by=cast.tang) if act == "undo" else None
    wanted = wanted or excel_files.uploaded("readers", HEADERS, OFFICE, by=cast.tang)
    acts = {
        "upload": lambda: excel_files.uploaded("readers", HEADERS, OFFICE, by=cast.lu),
        "store": lambda: excel_files.store(wanted, by=cast.lu),
        "undo": lambda: importing.undo(wanted, by=cast.lu),
    }

    with pytest.raises(Refused, match="不归您办"):
        acts[act]()


def test_what_is_written_out_comes_in_unchanged(cast):
    factories.make_reader("=1+1", "@SUM(A1)", "", unit=cast.lin.unit)
    factories.make_reader(user=cast.shen, is_active=False)

    data = writing.export(find("readers"))

    assert excel_files.lines_of(data)[1:] == [
        [*HEADERS[:4], "渠道", "邮件附件", *HEADERS[4:], "分组", "地址暂停"],
        ["=1+1", "@SUM(A1)", "青浦邮政管理局", "", "邮件（附 PDF）", "PDF", "", "是", "", ""],
        ["青浦邮政管理局", "办公室", "", "office@example.cn", "邮件（附 PDF）", "PDF", "shen", "否", "", ""],
    ]
    wanted = importing.upload(find("readers"), data, "收件人.xlsx", by=cast.tang)
    assert excel_files.states(wanted, cast.tang) == ["same", "same"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({"file": SimpleUploadedFile("收件人.xls", b"nothing")}, "“收件人.xls”不是 Excel 表格"),
        ({}, "请先选 Excel 表格"),
    ],
)
def test_a_file_that_is_not_taken_is_told_on_the_page_where_it_was_chosen(file, words, as_user, cast):
    page = as_user(cast.tang).post(reverse("accounts:table_upload", args=["readers"]), file, follow=True)

    assert words in page.text
    assert page.redirect_chain == [(reverse("accounts:table", args=["readers"]), 302)]
    assert not TableImport.objects.exists()


def test_what_was_never_stored_is_kept_for_seven_days(cast):
    old, young = (excel_files.uploaded("readers", HEADERS, OFFICE, by=cast.tang) for _twice in range(2))
    stored = excel_files.taken_in("readers", HEADERS, OFFICE, by=cast.tang)
    week = timezone.now() - timedelta(days=7, minutes=1)
    TableImport.objects.filter(pk__in=[old.pk, stored.pk]).update(created_at=week)

    newest = excel_files.uploaded("readers", HEADERS, OFFICE, by=cast.tang)

    assert set(TableImport.objects.values_list("pk", flat=True)) == {young.pk, stored.pk, newest.pk}


def test_the_page_afterwards_names_the_former_and_the_new_values(as_user, cast):
    factories.make_reader(email="office@example.cn")
    wanted = excel_files.taken_in("readers", HEADERS, OFFICE, by=cast.tang)

    page = as_user(cast.tang).get(reverse("accounts:table_import", args=[wanted.pk]))

    assert page.context["lines"][0]["cells"] == [("所属单位", "", "青浦邮政管理局")]
    assert "<ins>青浦邮政管理局</ins>" in page.text


def whole_way(cast, start, count):
    lines = [HEADERS, *excel_files.many_readers(count, start)]
    wanted, uploading = excel_files.queries_of(lambda: excel_files.uploaded("readers", *lines, by=cast.tang))
    result, checking = excel_files.queries_of(lambda: importing.check(wanted, by=cast.tang))
    wanted, storing = excel_files.queries_of(lambda: importing.store(wanted, by=cast.tang, seen=result.digest))
    _wanted, undoing = excel_files.queries_of(lambda: importing.undo(wanted, by=cast.tang))
    return uploading, checking, storing, undoing


def test_more_rows_ask_no_more_queries(cast):
    cast.tang.has_perm("distribution.manage_mailing")  # asked once a person

    assert whole_way(cast, 1, 3) == whole_way(cast, 10, 60)


def test_the_pages_lead_from_the_file_to_the_result(as_user, cast):
    client = as_user(cast.tang)
    assert reverse("accounts:table", args=["readers"]) in client.get(reverse("distribution:readers")).text

    page = excel_files.post(client, "readers", excel_files.book(HEADERS, *excel_files.many_readers(2)))
    assert "确认导入 2 行" in page.text
    wanted = TableImport.objects.get()
    seen = page.context["result"].digest
    page = client.post(reverse("accounts:table_store", args=[wanted.pk]), {"seen": seen, "do": "all"}, follow=True)
    assert "新增 2 行，修改 0 行" in page.text
    assert Reader.objects.count() == 2

    page = client.post(reverse("accounts:table_undo", args=[wanted.pk]), follow=True)
    assert "这次导入已全部撤销" in page.text
    assert not Reader.objects.exists()


def test_the_check_page_shows_old_and_new_and_counts_each_outcome(as_user, cast):
    factories.make_reader(email="old@example.cn", unit=cast.lin.unit)
    client = as_user(cast.tang)
    page = excel_files.post(client, "readers", excel_files.book(HEADERS, OFFICE, ["甲公司", "", "", "", "", ""]))

    assert "old@example.cn</del>" in page.text
    assert "<ins>office@example.cn</ins>" in page.text
    assert "这一格必填。" in page.text
    assert "不要有误的 1 行，导入其余 1 行" in page.text
    assert [(look, count) for _state, look, count in page.context["tabs"]] == [("row.changed", 1), ("row.faulty", 1)]
    [(address, _status)] = page.redirect_chain
    assert [line.number for line in client.get(address, {"show": "faulty"}).context["lines"]] == [3]


def test_the_check_page_asks_the_same_queries_for_more_rows(as_user, cast):
    client = as_user(cast.tang)
    for count, start in ((3, 1), (60, 10)):
        excel_files.post(client, "readers", excel_files.book(HEADERS, *excel_files.many_readers(count, start)))
    first, second = TableImport.objects.order_by("pk")

    (_page, few), (_page, many) = (
        excel_files.queries_of(lambda each=each: client.get(reverse("accounts:table_import", args=[each.pk])))
        for each in (first, second)
    )

    assert few == many


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_store_it_at_once_one_is_refused():
    tang = User.objects.get(username="tang")
    wanted = excel_files.uploaded("readers", HEADERS, *excel_files.many_readers(3), by=tang)
    seen, start, said = importing.check(wanted, by=tang).digest, Barrier(2), []

    def store():
        start.wait(10)
        try:
            importing.store(TableImport.objects.get(pk=wanted.pk), by=tang, seen=seen)
            said.append("stored")
        except Refused as refused:
            said.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=store) for _twice in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(said) == ["stored", "这份表格已经导入过了。"]
    assert Reader.objects.count() == 3
