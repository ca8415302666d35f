"""What the file must be beside its pages: Chinese, tagged, PDF/A-3 with its source, its codes right, no foreign links."""

from django.utils.translation import gettext as _

from ..content import IssueContent, from_json
from .book import Book
from .expected import addresses
from .findings import Report
from .glyphs import taken_for_others
from .lines import plain_name
from .structure import EmbeddedFont, Structure

# Characters for which a font is known to draw another one: (beginning of its name, characters).
KNOWN_WRONG = (("Fandol", "￥"),)
ADDED_ACTS = {"Link", "Popup"}


def check_file(book: Book, structure: Structure, content: IssueContent | None, report: Report) -> None:
    language = book.reading.language
    report.check(language.startswith("zh"), "metadata", 1, language, _("The file does not say that it is Chinese."))
    words = _("The file has no title.")
    report.check(bool(book.reading.metadata.get("Title")), "metadata", 1, "", words)
    _check_archive(structure, report)
    _check_source(structure, content, report)
    _check_links(structure, content, report)
    for font in structure.fonts:
        _check_font(font, book, report)


def _check_archive(structure: Structure, report: Report) -> None:
    """ISO 19005-3 6.6 metadata, 6.2.3 output intent; tags are what the house asks for, as ISO 14289-1 does."""
    words = _("The file has lost its metadata (XMP): it can't be filed as PDF/A any more. Please set the pages again.")
    report.check(structure.has_metadata, "archive", 1, "", words)
    is_named = structure.archive.startswith("3") or structure.is_accessible
    words = _("The file does not call itself PDF/A-3. Please set the pages again.")
    report.check(is_named or not structure.has_metadata, "archive", 1, structure.archive, words)
    words = _(
        "The file has lost its colour profile (OutputIntent) and is no PDF/A any more. Please set the pages again."
    )
    is_complete = structure.has_colours or not structure.archive and structure.is_accessible
    report.check_all("archive", 1, [] if is_complete else [("", words, "6.2.3")])
    words = _("The file has lost its tags: it can't be read aloud. Please set the pages again.")
    report.check(structure.is_tagged, "archive", 1, "", words)


def _check_source(structure: Structure, content: IssueContent | None, report: Report) -> None:
    words = _("The file does not carry the text that it was made from (issue.json). Please set the pages again.")
    report.check(structure.source is not None, "source", 1, "", words)
    if structure.source is not None and content:
        words = _("The text that the file carries (issue.json) is not the record's. Please set the pages again.")
        report.check(_content_in(structure.source) == content, "source", 1, "", words)


def _content_in(source: bytes) -> IssueContent | None:
    try:
        return from_json(source.decode())
    except ValueError:
        return None


def _check_links(structure: Structure, content: IssueContent | None, report: Report) -> None:
    """A link leads to a place in the file or to an address that the record names; nothing else is laid on a page."""
    known = addresses(content) if content else set()
    report.check(not structure.acts, "links", 1, "", _("The file does something by itself when it is opened."))
    for note in structure.notes:
        is_known = not note.address or content is None or note.address in known
        words = _("A link leads out of the file to an address that is not in the record.")
        report.check(is_known, "links", note.page, note.address, words)
        words = _("An annotation (%(kind)s) was laid on the page.") % {"kind": note.kind}
        report.check(note.kind in ADDED_ACTS, "links", note.page, note.kind, words)


def _check_font(font: EmbeddedFont, book: Book, report: Report) -> None:
    name = plain_name(font.name)
    words = _("Readers that follow the standard draw other characters with this font (%(name)s), or none.")
    report.check(font.is_identity, "codes", 1, name, words % {"name": name})
    known = "".join(characters for start, characters in KNOWN_WRONG if name.startswith(start))
    drawn = {c.text for sheet in book.sheets for c in sheet.characters if c.font == font.name} if known else set()
    wrong = taken_for_others(font) + "".join(sorted(drawn & set(known)))
    words = _("The font %(name)s draws other characters in the place of these: %(characters)s")
    report.check(not wrong, "glyph", _page_of(book, font, wrong), wrong, words % {"name": name, "characters": wrong})


def _page_of(book: Book, font: EmbeddedFont, characters: str) -> int:
    """The first page that has one of them."""
    found = (
        sheet.number
        for sheet in book.sheets
        if any(c.text in characters and c.font == font.name for c in sheet.characters)
    )
    return next(found, 1) if characters else 1
