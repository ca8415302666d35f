"""What a page must be: paper and type area, 22 rows on one grid, the page number, pictures, the end matter, the masthead."""

import re

from django.utils.translation import gettext as _

from ..page.presets import MM, PAGE_HEIGHT_MM, PAGE_WIDTH_MM
from ..reading import Sheet
from .book import BODY, END, FOOT, MASTHEAD, PAGE_NUMBER_SIZE, SUBTITLE, TABLE, TITLE, Book, PageLine, is_red
from .findings import Report

NEAR = 1.0  # points
MARGIN_GIVE = 1.0 * MM  # GB/T 9704-2012 5.2.1: 37 mm and 28 mm, give or take 1 mm
EM_BOX = 0.88  # of a character's em that stands over its baseline
DASH_UNDER_MM, DASH_GIVE_MM = 7.0, 0.5
TABLE_CLEARANCE = 12.0  # points between the last baseline of a table and where its own border may lie
DARK = 60  # of 255: what is printed black
THICK_MM, THIN_MM, RULE_GIVE_MM = 0.35, 0.25, 0.04


def check_pages(book: Book, report: Report) -> None:
    for sheet in book.sheets:
        _check_paper(book, sheet, report)
        _check_area(book, sheet, report)
        _check_pictures(book, sheet, report)
        _check_rows(book, sheet.number, report)
        _check_page_number(book, sheet.number, report)
    _check_top_margin(book, report)
    _check_colours(book, report)


def _check_paper(book: Book, sheet: Sheet, report: Report) -> None:
    size = f"{sheet.width / MM:.0f} × {sheet.height / MM:.0f} mm"
    is_a4 = abs(sheet.width - PAGE_WIDTH_MM * MM) < NEAR and abs(sheet.height - PAGE_HEIGHT_MM * MM) < NEAR
    report.check(is_a4, "paper", sheet.number, size, _("The paper is not A4 (210 × 297 mm)."))


def _check_area(book: Book, sheet: Sheet, report: Report) -> None:
    """No text beyond the edges of the type area; the blank half of a mark may stand outside."""
    wide, high = [], []
    for line in book.on(sheet.number):
        if line.kind == FOOT:
            continue
        over = 0.6 * line.size
        if line.left < book.left - (over if line.kind in (TITLE, SUBTITLE) else NEAR) or line.right > book.right + over:
            wide.append((line.text, _("It stands beyond the side of the type area.")))
        if line.baseline < book.bottom or line.baseline + EM_BOX * line.size > book.top + NEAR:
            high.append((line.text, _("It stands above or below the type area.")))
    report.check_all("area", sheet.number, wide)
    report.check_all("area", sheet.number, high)


def _check_pictures(book: Book, sheet: Sheet, report: Report) -> None:
    faults = []
    for left, bottom, right, top in sheet.pictures:
        is_inside = left > book.left - NEAR and right < book.right + NEAR
        if not (is_inside and bottom > book.bottom - NEAR and top < book.top + NEAR):
            place = f"{left / MM:.0f}–{right / MM:.0f} × {bottom / MM:.0f}–{top / MM:.0f} mm"
            faults.append((place, _("A picture stands beyond the type area.")))
    report.check_all("pictures", sheet.number, faults)


def _check_rows(book: Book, page: int, report: Report) -> None:
    """22 rows and no more, all of them on the one grid of the file."""
    lines = book.on(page, BODY)
    rows = len({round(line.baseline) for line in lines})
    report.check(
        rows <= book.preset.rows,
        "rows",
        page,
        lines[-1].text if lines else "",
        _("The page has %(rows)s rows instead of %(right)s.") % {"rows": rows, "right": book.preset.rows},
    )
    off = [line for line in lines if abs(book.row(line) - round(book.row(line))) * book.preset.row_height > NEAR]
    words = _("The line stands between two rows of the page's grid.")
    report.check_all("grid", page, [(line.text, words) for line in off])


def _check_top_margin(book: Book, report: Report) -> None:
    """The first row's characters stand in the middle of their row, so the grid begins at the upper edge of the type area."""
    preset = book.preset
    if not any(line.kind == BODY for line in book.lines):
        return
    expected = (preset.row_height - preset.body_size) / 2 + EM_BOX * preset.body_size
    off = (book.phase - expected + preset.row_height / 2) % preset.row_height - preset.row_height / 2
    words = _("The rows begin %(off)s mm from where the upper margin of %(margin)s mm puts them.")
    report.check(
        abs(off) < MARGIN_GIVE, "area", 1, "", words % {"off": f"{off / MM:+.1f}", "margin": f"{preset.top_mm:g}"}
    )


def _check_page_number(book: Book, page: int, report: Report) -> None:
    """GB/T 9704-2012 7.5: — 1 —, 14 pt, 7 mm under the type area; odd pages right, even pages left, one character in."""
    found = book.on(page, FOOT)
    report.check(len(found) == 1, "page-number", page, "", _("There is not one page number under the type area."))
    if len(found) != 1:
        return
    line = found[0]
    form = re.fullmatch("—([0-9]+)—", line.text)
    report.check(bool(form), "page-number", page, line.text, _("It is not written as — 1 —."))
    number = re.sub("[^0-9]", "", line.text)
    words = _("The page number is not that of the page, %(page)s.") % {"page": page}
    report.check(number == str(page), "page-number", page, line.text, words)
    _check_page_number_place(book, line, report)


def _check_page_number_place(book: Book, line: PageLine, report: Report) -> None:
    page, size = line.page, PAGE_NUMBER_SIZE
    report.check(
        all(abs(character.size - size) < 0.2 for character in line.characters),
        "page-number", page, line.text, _("The page number is not of size 四号 (14 pt)."),
    )  # fmt: skip
    is_odd = page % 2 == 1
    away = book.right - size - line.right if is_odd else line.left - book.left - size
    words = _("An odd page has its number at the right, one character in.")
    if not is_odd:
        words = _("An even page has its number at the left, one character in.")
    report.check(abs(away) < 2, "page-number", page, line.text, words)
    dash = line.characters[0]
    under = (book.bottom - (dash.low + dash.high) / 2) / MM
    words = _("The dashes of the page number are %(under)s mm under the type area instead of 7 mm.")
    is_right = abs(under - DASH_UNDER_MM) < DASH_GIVE_MM
    report.check(is_right, "page-number", page, line.text, words % {"under": f"{under:.1f}"})


def check_masthead(book: Book, report: Report) -> None:
    """The red rule under the masthead is as wide as the type area."""
    rule = book.red_rule
    words = _("There is no red rule as wide as the type area under the masthead.")
    is_there = rule is not None and abs(rule.left - book.left) < 2 and abs(rule.right - book.right) < 2
    report.check(is_there, "masthead", 1, "", words)
    names = [line for line in book.on(1, MASTHEAD) if line.size > book.preset.body_size + NEAR]
    words = _("The name in the masthead is not red.")
    black = [(line.text, words) for line in names if not all(is_red(character.color) for character in line.characters)]
    report.check_all("masthead", 1, black)


def _check_colours(book: Book, report: Report) -> None:
    """Only the masthead is red, all other text black."""
    for sheet in book.sheets:
        faults = []
        for line in book.on(sheet.number):
            may_be_red = line.kind == "masthead"
            odd = [c for c in line.characters if max(c.color) > DARK and not (may_be_red and is_red(c.color))]
            if odd:
                faults.append((line.text, _("Text that is neither black nor in the red masthead.")))
        report.check_all("colour", sheet.number, faults)


def check_end_matter(book: Book, report: Report, *, is_expected: bool) -> None:
    """版记: on the last page, its last rule on the lower edge of the type area, thick and thin rules, one character in."""
    lines, last = [line for line in book.lines if line.kind == END], book.last_page
    if not lines and not is_expected:
        return
    report.check(bool(lines), "end-missing", last, "", _("The end matter (报, 送) is missing."))
    if not lines:
        return
    words = _("The end matter does not stand on the last page.")
    report.check(all(line.page == last for line in lines), "end-matter", lines[0].page, lines[0].text, words)
    labels = [found[1] for line in lines if (found := re.match("(报|送|发)：", line.text))]
    words = _("The end matter is not in the order 报, 送, 发.")
    is_ordered = labels == sorted(labels, key="报送发".index) and len(labels) == len(set(labels))
    report.check(is_ordered, "end-matter", last, "、".join(labels), words)
    _check_end_indents(book, lines, report)
    _check_end_rules(book, lines, report)
    is_alone = not any(line.kind not in (END, FOOT) for line in book.on(last)) and not book.sheets[-1].pictures
    is_back = book.preset.mirrored and last % 2 == 0
    report.check(
        not is_alone or is_back, "stranded", last, lines[0].text, _("The end matter stands alone on its page.")
    )
    if book.preset.mirrored:
        words = _("It is printed on both sides, so the end matter belongs on an even page.")
        report.check(last % 2 == 0, "end-matter", last, lines[0].text, words)


def _check_end_indents(book: Book, lines: list[PageLine], report: Report) -> None:
    faults = []
    for line in lines:
        size = line.size
        first = book.left + size * (1 if re.match("(报|送|发|抄送)：", line.text) else 3)
        is_run = line.text.startswith("共印") and line is lines[-1]
        if not is_run and abs(line.left - first) > 0.1 * size:
            faults.append((line.text, _("It does not begin one character in, or turned lines after the colon.")))
        if line.right > book.right - size + 0.6 * size:
            faults.append((line.text, _("It does not end one character before the edge.")))
    report.check_all("end-matter", lines[0].page, faults)


def _check_end_rules(book: Book, lines: list[PageLine], report: Report) -> None:
    """GB/T 9704-2012 7.4.1: first and last rule 0.35 mm, the others 0.25 mm, as wide as the type area."""
    page, highest = lines[-1].page, lines[0].baseline + 2 * book.preset.row_height
    found = [
        rule
        for rule in book.sheets[page - 1].rules
        if rule.top < highest and rule.right - rule.left > book.preset.measure - 4 and max(rule.color) < DARK
    ]
    if any(line.kind == TABLE for line in book.on(page)):
        lowest_cell = min(line.baseline for line in book.on(page, TABLE))
        found = [rule for rule in found if rule.top < lowest_cell - TABLE_CLEARANCE]
    found.sort(key=lambda rule: -rule.bottom)
    is_at_foot = bool(found) and abs(found[-1].bottom - book.bottom) < 1.5 * MM
    words = _("The last rule of the end matter does not lie on the lower edge of the type area.")
    report.check(is_at_foot, "end-rules", page, lines[-1].text, words)
    for place, rule in enumerate(found):
        right = THICK_MM if place in (0, len(found) - 1) else THIN_MM
        thick = (rule.top - rule.bottom) / MM
        words = _("A rule of the end matter is %(thick)s mm thick instead of %(right)s mm.")
        is_right = abs(thick - right) < RULE_GIVE_MM
        report.check(is_right, "end-rules", page, "", words % {"thick": f"{thick:.2f}", "right": right})
