"""The receipts of an issue are taken away whole: on paper and in Excel, as the filter of the list says."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from distribution import mailing, receipts, sheets
from distribution.models import Delivery, Reader
from issues import setting
from issues.models import RedlinePdf
from tests import factories
from tests.scenes import scene
from typesetting import reading

pytestmark = pytest.mark.django_db
XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(content):
    """The rows of an Excel file as text, and all its formulas."""
    with ZipFile(BytesIO(content)) as book:
        strings = ["".join(node.itertext()) for node in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{XML}row"):
        found = {}
        for cell in row.iter(f"{XML}c"):
            value = cell.findtext(f"{XML}v")
            column = re.match("[A-Z]+", cell.get("r"))[0]
            found[column] = strings[int(value)] if cell.get("t") == "s" else value
        rows.append(found)
    return rows, list(sheet.iter(f"{XML}f"))


def address(name, sent_out):
    return reverse(f"distribution:{name}", args=[sent_out.pk])


@scene
def thirty_five(issue, cast):
    factories.make_readers(35)
    started = mailing.start(issue, by=cast.tang)
    receipts.confirm(started.deliveries.first(), "林向晚")
    return started


def test_the_printed_page_has_all_rows_and_not_thirty(thirty_five, cast, as_user):
    page = as_user(cast.lu).get(address("receipts_print", thirty_five))

    assert len(page.context["object_list"]) == 35
    assert page.text.count("党群工作部") == 35


def test_the_printed_page_keeps_to_the_filter(thirty_five, cast, as_user):
    page = as_user(cast.lu).get(address("receipts_print", thirty_five), {"show": "confirmed"})

    assert [copy.receipt.name for copy in page.context["object_list"]] == ["林向晚"]


def test_the_excel_file_has_all_rows_with_who_confirmed(thirty_five, cast, as_user):
    answer = as_user(cast.lu).get(address("receipts_xlsx", thirty_five))
    rows, _formulas = cells(answer.content)

    assert ".xlsx" in answer["Content-Disposition"]
    assert len(rows) == 36
    assert rows[0]["A"] == "收件人"
    assert rows[-1]["O"] == "林向晚"
    assert float(rows[-1]["N"]) > 40_000  # a moment that Excel can sort by


def test_what_looks_like_a_formula_stays_text(issue, cast, as_user):
    factories.make_reader("=1+1", "@办公室", "a@example.cn")
    started = mailing.start(issue, by=cast.tang)

    rows, formulas = cells(as_user(cast.lu).get(address("receipts_xlsx", started)).content)

    assert formulas == []
    assert (rows[1]["A"], rows[1]["B"]) == ("=1+1", "@办公室")


def test_a_sheets_name_is_one_that_excel_takes():
    assert sheets.xlsx("2026年[第10期]/签收:" * 5, [("A", 5)], [])


@pytest.mark.sqlite
def test_the_pdf_has_all_rows(thirty_five, cast, as_user):
    answer = as_user(cast.lu).post(address("receipts_pdf", thirty_five))
    setting.render_redline(RedlinePdf.objects.get())
    file = as_user(cast.lu).get(f"{answer.url.rstrip('/')}.pdf")

    text = "".join(line.text for line in reading.lines_of(file.getvalue()))
    assert "第35快递服务公司" in text
    assert "林向晚" in text


@pytest.mark.parametrize("name", ["receipts", "receipts_print", "receipts_xlsx"])
def test_its_queries_do_not_grow_with_the_rows(name, issue, cast, units, as_user):
    factories.make_readers(3, unit=units.yunda)
    started = mailing.start(issue, by=cast.tang)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            as_user(cast.tang).get(address(name, started))
        return len(captured)

    queries()
    few = queries()
    Reader.objects.bulk_create(
        Reader(organisation=f"第{n}分公司", name="办公室", email=f"more{n}@example.cn", unit=units.qingpu)
        for n in range(40)
    )
    mailing.add(started, Reader.objects.all(), by=cast.tang)
    for copy in Delivery.objects.all()[:20]:
        receipts.confirm(copy, "某人")
    assert queries() == few
