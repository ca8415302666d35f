"""大字版: an issue set anew in large letters for those who read it better so, and proof that it says what was signed.

It is no official text and says so on every page, nor has it the code for verifying, which belongs to what was signed.
"""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from . import rendering
from .comparing import Comparison
from .content import IssueContent
from .inspection import book, findings, record
from .page.presets import LARGE_PRINT, MM
from .reading import Character, Sheet, read


def large_print(content: IssueContent, *, photo_bytes: Callable[[int], bytes], seconds: int | None = None) -> bytes:
    """The PDF, the same bytes for the same content. Raises rendering.RenderingError."""
    return rendering.render(of(content), photo_bytes=photo_bytes, layout=LARGE_PRINT, seconds=seconds)


def of(content: IssueContent) -> IssueContent:
    """What is printed of it."""
    return replace(content, measures=None, verify_link="")


def compare(pdf: bytes, content: IssueContent) -> Comparison:
    """Whether it says what the content says, as the layout check compares an official PDF. Raises reading.UnreadablePdf."""
    found = read(pdf)
    said = [_remark(sheet) for sheet in found.sheets]
    if said != [LARGE_PRINT.remark] * len(said):
        return Comparison(0, 0, _("A page lacks the remark “%(remark)s”.") % {"remark": LARGE_PRINT.remark})
    as_set = replace(found, sheets=tuple(map(_as_set, found.sheets)))
    beside, report = record.Record(book.Book(as_set, LARGE_PRINT), of(content)), findings.Report()
    record.check_record(beside, report)
    faults = [finding for finding in report.findings if finding.falsifies]
    equal = sum(end - begun for flow in beside.flows.values() for begun, end, _piece in flow.found)
    difference = f"{faults[0].words} {faults[0].quote}".strip() if faults else ""
    return Comparison(equal, sum(len(piece.text) for piece in beside.pieces), difference)


def _remark(sheet: Sheet) -> str:
    """What stands over the type area."""
    return "".join(character.text for character in sheet.characters if _is_over(character))


def _is_over(character: Character) -> bool:
    return character.baseline > (LARGE_PRINT.page_height_mm - LARGE_PRINT.top_mm) * MM * LARGE_PRINT.scale


def _as_set(sheet: Sheet) -> Sheet:
    """As small as it was set, as the layout check measures it, without what stands over the type area."""
    by = 1 / LARGE_PRINT.scale
    characters = (
        replace(
            one,
            left=one.left * by,
            right=one.right * by,
            baseline=one.baseline * by,
            size=one.size * by,
            low=one.low * by,
            high=one.high * by,
            inked_left=one.inked_left * by,
            inked_right=one.inked_right * by,
        )
        for one in sheet.characters
        if not _is_over(one)
    )
    return replace(
        sheet,
        width=sheet.width * by,
        height=sheet.height * by,
        characters=tuple(characters),
        pictures=tuple((left * by, low * by, right * by, high * by) for left, low, right, high in sheet.pictures),
        rules=tuple(
            replace(rule, left=rule.left * by, right=rule.right * by, bottom=rule.bottom * by, top=rule.top * by)
            for rule in sheet.rules
        ),
        unseen=frozenset(),
        covered=frozenset(),
    )
