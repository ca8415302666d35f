"""What files are taken, and what a person reads of one that isn't."""

import re
import zipfile
from datetime import date, datetime
from io import BytesIO
from struct import pack

import pytest

from accounts.tables import package, reading
from accounts.tables.columns import Column, Day
from tests import excel_files
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

COLUMNS = [Column("name", "全称", is_required=True, example="示例"), Column("short", "简称"), Day("day", "起用日")]
HEADERS = ["全称", "简称", "起用日"]


def read(*lines, change=None):
    return reading.read(excel_files.book(*lines, change=change), "表.xlsx", COLUMNS)


def texts(*lines, change=None):
    return [row["c"] for row in read(*lines, change=change).rows]


def refusal(data, name="表.xlsx"):
    with pytest.raises(Refused) as refused:
        reading.read(data, name, COLUMNS)
    return str(refused.value)


def packed(parts, base=None):
    """A zip of these parts, with those of a real table that are not given."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(base or excel_files.book(HEADERS, ["甲"]))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def ole(*words):
    return package.OLE + b"".join(word.encode("utf-16-le") for word in words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"name,short\n", "不是 Excel 表格。请在 WPS 或 Excel 里“另存为”.xlsx"),
        (b"", "不是 Excel 表格"),
        (ole("Workbook"), "旧格式（.xls）。请在 WPS 或 Excel 里“另存为”.xlsx"),
        (ole("EncryptedPackage"), "加了密码，打不开。请去掉密码"),
        (excel_files.book(HEADERS, ["甲"])[:-200], "已损坏"),
        (packed({"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"}), "已损坏"),
        (packed({"xl/workbook.xml": "<nothing/>"}), "已损坏"),
        (packed({"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "已损坏"),
        (packed({"xl/workbook.xml": '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'}), "Strict"),
        (b"PK" + b"\0" * (package.LARGEST_FILE + 1), "过大"),
        (packed({"xl/big.bin": b"\0" * (package.LARGEST_WHOLE + 1)}), "过大"),
        (packed({"xl/tight.bin": b"\0" * (package.RATIO_COUNTS_FROM + 1)}), "过大"),
        (packed({f"xl/{n}.xml": "" for n in range(package.MOST_PARTS)}), "过大"),
        (
            packed({"xl/worksheets/sheet1.xml": "<a><row>" + "<c/>" * package.MOST_MARKS_IN_A_ROW + "</row></a>"}),
            "过大",
        ),
        (packed({"xl/worksheets/sheet1.xml": "<a>" + "<row/>" * (package.MOST_MARKS + 1) + "</a>"}), "过大"),
        (
            packed(
                {"xl/worksheets/sheet1.xml": "<a>" + '<mergeCell ref="A1:B2"/>' * (package.MOST_MERGED + 1) + "</a>"}
            ),
            "过大",
        ),
        (packed({"xl/styles.xml": "<a>" + "<b/>" * package.MOST_OTHER_MARKS + "</a>"}), "过大"),
    ],
    ids=[
        "csv",
        "empty",
        "xls",
        "encrypted",
        "cut",
        "broken-sheet",
        "broken-book",
        "entities",
        "strict",
        "large",
        "bomb",
        "ratio",
        "parts",
        "row",
        "sheet",
        "merged",
        "styles",
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(data, words):
    assert words in refusal(data)


def test_a_directory_that_lies_of_its_sizes_is_refused():
    data = packed({"xl/big.bin": b"\0" * 5_000_000})
    size = pack("<I", 5_000_000)
    assert data.count(size) == 2

    assert "已损坏" in refusal(data.replace(size, pack("<I", 100)))


def test_a_word_file_is_no_table():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")

    assert "不是 Excel 表格" in refusal(file.getvalue())


def test_two_thousand_rows_are_read_and_one_more_is_refused():
    lines = [[f"第{n}局", "局"] for n in range(package.MOST_ROWS + 1)]

    assert len(read(HEADERS, *lines[1:]).rows) == package.MOST_ROWS
    assert "超过 2000 行" in refusal(excel_files.book(HEADERS, *lines))


def test_twenty_thousand_rows_are_refused_before_they_are_all_read():
    sheet = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n}</t></is></c></row>' for n in range(2, 20_002))
    base = excel_files.book(HEADERS)
    with zipfile.ZipFile(BytesIO(base)) as archive:
        whole = archive.read("xl/worksheets/sheet1.xml").decode().replace("</sheetData>", f"{sheet}</sheetData>")

    assert "超过 2000 行" in refusal(packed({"xl/worksheets/sheet1.xml": whole}, base=base))


def test_a_row_far_below_empty_ones_is_not_overlooked():
    data = excel_files.book(HEADERS, ["甲"], change=lambda sheet: sheet.cell(reading.MOST_LINES + 2, 1, "乙"))

    assert "有大量空行" in refusal(data)


def test_a_size_that_the_file_states_too_small_hides_no_rows():
    data = excel_files.book(HEADERS, ["甲"], ["乙"])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'ref="A1:C3"' in sheet
    smaller = packed({"xl/worksheets/sheet1.xml": sheet.replace('ref="A1:C3"', 'ref="A1:A1"')}, base=data)

    assert [row["c"]["name"] for row in reading.read(smaller, "表.xlsx", COLUMNS).rows] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (["简称", "起用日", "备注"], "缺少这一列：全称。请按模板写好表头再传。没有认出的表头：备注。"),
        (["简称", "起用日"], "缺少这一列：全称"),
        (["全称", "简称", "简称"], "有两列：简称"),
        (["甲", "乙"], "没有找到表头。表头应为：全称、简称、起用日"),
    ],
)
def test_headers_that_are_not_right_are_named(headers, words):
    assert words in refusal(excel_files.book(headers, ["青浦邮政管理局", "青浦局"]))


def test_columns_are_found_by_their_headers_in_any_order():
    found = read(
        ["关于单位的表"], [], ["起 用 日", "备注", " 简　称", "全称*"], ["2026-04-08", "无", "青浦局", "青浦邮政管理局"]
    )

    assert [row["c"] for row in found.rows] == [{"name": "青浦邮政管理局", "short": "青浦局", "day": "2026-04-08"}]
    assert (found.rows[0]["n"], found.unused) == (4, ["备注"])


def test_only_headers_are_refused():
    assert "表头下面没有内容" in refusal(excel_files.book(HEADERS))


def test_the_table_is_looked_for_on_every_sheet_that_shows():
    def change(sheet):
        hidden, other = sheet.parent.create_sheet("选项"), sheet.parent.create_sheet("二")
        hidden.sheet_state = "hidden"
        for each, name in ((hidden, "隐藏的"), (other, "乙")):
            each.append(HEADERS)
            each.append([name])

    assert [row["name"] for row in texts(["说明"], change=change)] == ["乙"]


def test_empty_rows_are_skipped_and_the_others_keep_their_numbers():
    rows = read(HEADERS, [], ["甲"], [" ", "　"], ["乙"], [], []).rows

    assert [(row["n"], row["c"]["name"]) for row in rows] == [(3, "甲"), (5, "乙")]


def test_the_example_of_the_template_is_left_out():
    assert [row["name"] for row in texts(HEADERS, ["示例"], ["甲"])] == ["甲"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13812345678, "13812345678"),
        (13812345678.0, "13812345678"),
        (1.5, "1.5"),
        (True, "是"),
        (date(2026, 4, 8), "2026-04-08"),
        (datetime(2026, 4, 8, 9, 30), "2026-04-08 09:30"),
        ("　青浦\n局\xa0", "青浦 局"),
    ],
)
def test_numbers_days_and_blanks_are_read_as_people_see_them(value, text):
    assert texts(HEADERS, ["甲", value])[0]["short"] == text


def test_a_formula_gives_what_it_gave_when_the_file_was_saved():
    data = excel_files.book(HEADERS, ["甲", "=1+1"])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>1+1</f><v" in sheet
    counted = re.sub(r"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", "<f>1+1</f><v>2</v>", sheet)

    [row] = reading.read(packed({"xl/worksheets/sheet1.xml": counted}, base=data), "表.xlsx", COLUMNS).rows

    assert (row["c"]["short"], row["f"]) == ("2", {})


def test_a_formula_without_result_and_an_error_are_faults_of_their_cells():
    def change(sheet):
        sheet.cell(3, 2).value, sheet.cell(3, 2).data_type = "#N/A", "e"

    rows = read(HEADERS, ["甲", "=1+1"], ["乙"], change=change).rows

    assert [row["f"] for row in rows] == [
        {"short": "这个公式没有存下结果，请直接填结果。"},
        {"short": "这里是 Excel 的错误值 #N/A，请直接填内容。"},
    ]


def test_text_that_looks_like_a_formula_stays_text():
    def change(sheet):
        sheet.cell(2, 2).value, sheet.cell(2, 2).data_type = "=1+1", "s"

    assert texts(HEADERS, ["甲"], change=change)[0]["short"] == "=1+1"


def test_merged_cells_are_a_fault_of_each_of_their_rows():
    rows = read(HEADERS, ["甲"], ["", "乙"], ["丙"], change=lambda sheet: sheet.merge_cells("A2:A3")).rows

    assert [set(row["f"]) for row in rows] == [{"name"}, {"name"}, set()]


def test_a_merged_title_above_the_headers_is_no_fault():
    rows = read(["各单位"], HEADERS, ["甲"], change=lambda sheet: sheet.merge_cells("A1:C1")).rows

    assert [row["f"] for row in rows] == [{}]
