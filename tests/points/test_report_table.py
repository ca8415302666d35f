"""The Excel file of the report has the page's figures as numbers, and text that stays text."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import Unit
from points import report
from points.columns import columns
from points.ranges import Range

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def book(counted, cast, as_user):
    """As it is opened again."""
    Unit.objects.filter(short_name="韵达").update(name="=1+1")
    answer = as_user(cast.lu).get(f"{reverse('points:report_xlsx')}?month=2026-10")
    return openpyxl.load_workbook(BytesIO(answer.content))


def test_it_has_the_columns_and_the_figures_of_the_page(book, counted):
    found = report.report(Range.month(counted.issue.dated_on))
    head, *rows = book.active.iter_rows(values_only=True)

    assert head[2:5] == ("名次", "升降", "本月报送")
    for line, row in zip(found.lines, rows, strict=False):
        assert row[0] == line.unit.name
        for column, cell in zip(columns(found), row[2:], strict=True):
            value = column.of(line)
            assert cell == (pytest.approx(float(value)) if value is not None else None), column.key
    assert rows[-1][0] == "合计"
    assert rows[-1][4] == found.submitted == 4


def test_text_is_never_a_formula(book):
    cells = [cell for row in book.active.iter_rows() for cell in row]

    assert "=1+1" in [cell.value for cell in cells if cell.data_type == "s"]
    assert all(cell.data_type in ("s", "n") for cell in cells)


def test_numbers_are_written_as_what_they_are(book):
    sheet = book.active
    formats = {sheet.cell(1, cell.column).value: cell.number_format for cell in sheet[3]}  # 青浦, of which all is known

    assert (formats["采用率"], formats["本月分"], formats["答复天数"]) == ("0.0%", "0.00", "0.0")


def test_head_and_names_stay_in_sight(book):
    assert book.active.freeze_panes == "B2"
    assert book.active.title == "2026年10月采用通报"
