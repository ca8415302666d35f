"""Tables of a Word document: as wide as the text, columns as in the PDF, the head again on every page. Sizes are in points."""

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.table import Table, _Cell

from ..fonts import roles
from ..page import body, columns
from ..page.presets import Preset
from ..page.tables import LEADING, MOST_CENTRED, ROW_PADDING
from ..rendering import RenderingError
from . import styles
from .elements import eighths, element, twips

SIZE = columns.SIZES[0]
LINE = 0.5  # how thick the lines are
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")

Fill = Callable[[_Cell, Iterable[body.BodyBlock], float], None]


def empty(document: Document, rows: int, widths: Sequence[float], *, padding: float = 0.0) -> Table:
    """A table in the middle, without lines."""
    table: Table = document.add_table(rows, len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    margins = (element(side, w=twips(padding), type="dxa") for side in ("left", "right"))
    properties = table._tbl.tblPr
    properties.append(element("tblCellMar", *margins))
    for old in properties.xpath("w:tblW | w:tblLook"):
        properties.remove(old)
    properties.insert(0, element("tblW", w=twips(sum(widths)), type="dxa"))
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Pt(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Pt(width)
    return table


def add(document: Document, source: body.Table, preset: Preset, *, fill: Fill) -> None:
    """`fill` puts blocks into a cell, in letters of a size. Raises RenderingError."""
    places = list(columns.places(source))
    count = max((place.column + place.columns for place in places), default=1)
    try:
        size, widths = columns.fitted(places, count, preset.measure)
    except columns.TooManyColumns as error:
        words = _("A table has %(count)s columns, more than the page can hold. Please part it into several tables.")
        raise RenderingError(words % {"count": error.count}) from error
    table = empty(document, len(source.rows), widths, padding=columns.CELL_PADDING)
    lines = (element(side, val="single", sz=eighths(LINE), space="0", color="auto") for side in SIDES)
    table._tbl.tblPr.xpath("w:tblCellMar")[0].addprevious(element("tblBorders", *lines))
    for place in places:
        cell = table.cell(place.row, place.column)
        last = table.cell(place.row + place.rows - 1, place.column + place.columns - 1)
        cell = cell.merge(last) if last._tc is not cell._tc else cell
        _write(cell, place, size, sum(widths[place.column : place.column + place.columns]), fill)
    for number, row in enumerate(table.rows):
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Pt(size * LEADING + 2 * ROW_PADDING)
        properties = row._tr.get_or_add_trPr()
        properties.insert(0, element("cantSplit"))
        if number < source.head_rows < len(source.rows):
            properties.append(element("tblHeader"))


def _write(cell: _Cell, place: columns.Place, size: float, width: float, fill: Fill) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    cell.paragraphs[0].style = styles.CELL
    fill(cell, place.cell.blocks, size)
    length = sum(columns.width_of(block, place.role) for block in place.cell.blocks) * size
    for paragraph in cell.paragraphs:
        paragraph.style = styles.CELL
        paragraph.paragraph_format.line_spacing = Pt(size * LEADING)
        if length > MOST_CENTRED * (width - 2 * columns.CELL_PADDING):
            paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        for run in paragraph.runs if place.role == roles.HEI else ():
            run.style = styles.HEI
