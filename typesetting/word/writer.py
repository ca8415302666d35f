"""Writes stories into a Word document: titles, paragraphs, photos, tables, the contents. Sizes are in points."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from docx.document import Document
from docx.image.exceptions import UnrecognizedImageError
from docx.shared import Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from .. import rendering, wording
from ..content import ArticleContent, IssueContent, PhotoContent
from ..fonts import roles
from ..lines.composer import Run
from ..page import body, parts, pictures
from ..page.presets import Preset
from . import styles, tables
from .elements import begin_field, bookmark, field, linked, mark, spaced

STYLES = {
    body.TEXT: styles.BODY,
    body.HEADING: styles.HEADING,
    body.SUBHEADING: styles.SUBHEADING,
    body.QUOTE: styles.QUOTE,
    body.CAPTION: styles.TABLE_CAPTION,
}
CHARACTERS = {roles.HEI: styles.HEI, roles.KAI: styles.KAI}
# Brought up to date it takes in what has these styles, with links and page numbers.
CONTENTS = rf'TOC \h \z \t "{styles.TITLE},1,{styles.SECTION},1"'
UNKNOWN_PAGE = "1"

Block = body.BodyBlock | body.Table
Photos = Callable[[int], bytes]


class Writer:
    """Adds to the end of a document. `photo_bytes` gives a photo by its id."""

    def __init__(self, document: Document, content: IssueContent, preset: Preset, photo_bytes: Photos):
        self.document, self.content, self.preset = document, content, preset
        self.photo_bytes = photo_bytes
        self.names = rendering.unit_names(content)
        self.bookmarks = 0

    def paragraph(self, style: str, text: str = "") -> Paragraph:
        return self.document.add_paragraph(text, style)

    # --- stories ---------------------------------------------------------------------------------------------------
    def note(self) -> None:
        """The editors' note, a row under the head."""
        for at, block in enumerate(parts.note_blocks(self.content.editor_note, wording.NOTE_LABEL)):
            paragraph = self.text(block)
            if not at:
                spaced(paragraph, before=self.preset.row_height)

    def story(self, article: ArticleContent, anchor: str) -> None:
        subtitle = parts.subtitle_text(article.subtitle)
        if article.title.strip():
            size, lines = parts.fitted_title(article.title, self.preset, self.names)
            title = self.paragraph(styles.TITLE, "\n".join(lines))
            self._sized(title, size, self.preset.title_size)
            if subtitle:
                spaced(title, after=0)
            self._anchor(title, anchor)
        if subtitle:
            self.paragraph(styles.SUBTITLE, subtitle)
        for text, photos in article.parts:
            self.blocks(body.read(text))
            self.photos(photos)

    def briefs(self) -> None:
        if not self.content.briefs:
            return
        self._anchor(self.paragraph(styles.SECTION, wording.BRIEFS_HEADING), "briefs")
        for number, article in enumerate(self.content.briefs, 1):
            for blocks, photos in rendering.brief_parts(article, number, self.preset):
                self.blocks(blocks)
                self.photos(photos)

    def blocks(self, blocks: Sequence[Block]) -> None:
        for block, following in zip(blocks, [*blocks[1:], None], strict=False):
            if isinstance(block, body.Table):
                if block.caption:
                    self.text(block.caption)
                tables.add(self.document, block, self.preset, fill=self._fill)
                continue
            paragraph = self.text(block)
            if following and body.leads(block, following):
                paragraph.paragraph_format.keep_with_next = True

    def text(self, block: body.BodyBlock) -> Paragraph:
        paragraph = self.paragraph(STYLES[block.kind])
        add_runs(paragraph, block.runs)
        return paragraph

    def _fill(self, cell: _Cell, blocks: Iterable[body.BodyBlock], size: float) -> None:
        """A cell's paragraphs; a cell has one at least."""
        paragraph: Paragraph | None = cell.paragraphs[0]
        for block in blocks:
            paragraph = paragraph or cell.add_paragraph(style=styles.CELL)
            add_runs(paragraph, block.runs)
            self._sized(paragraph, size, tables.SIZE)
            paragraph = None

    def _anchor(self, paragraph: Paragraph, anchor: str) -> None:
        self.bookmarks += 1
        bookmark(paragraph, _bookmark_name(anchor), self.bookmarks)

    @staticmethod
    def _sized(paragraph: Paragraph, size: float, usual: float) -> None:
        """Letters of another size than the style's."""
        for run in paragraph.runs if size != usual else ():
            run.font.size = Pt(size)

    # --- photos ----------------------------------------------------------------------------------------------------
    def photos(self, photos: Sequence[PhotoContent]) -> None:
        """As large as in the PDF; two side by side stand in a table without lines."""
        left = iter(photos)
        for group in pictures.arrange(photos, self.preset):
            pairs = [(picture, next(left)) for picture in group.pictures]
            if len(pairs) == 1:
                self._photo(self.paragraph(styles.PICTURE), *pairs[0])
                if caption := _caption(pairs[0][1]):
                    self.paragraph(styles.CAPTION, caption)
                else:
                    self.document.paragraphs[-1].paragraph_format.keep_with_next = False
                continue
            widths = [picture.cell_width + pictures.GUTTER for picture, _photo in pairs]
            table = tables.empty(self.document, 2, widths)
            for column, (picture, photo) in enumerate(pairs):
                above, under = table.cell(0, column).paragraphs[0], table.cell(1, column).paragraphs[0]
                above.style, under.style = styles.PICTURE, styles.CAPTION
                self._photo(above, picture, photo)
                under.add_run(_caption(photo))

    def _photo(self, paragraph: Paragraph, picture: pictures.Picture, photo: PhotoContent) -> None:
        data = BytesIO(self.photo_bytes(photo.photo_id))
        try:
            shape = paragraph.add_run().add_picture(data, Pt(picture.width), Pt(picture.height))
        except (UnrecognizedImageError, ValueError, KeyError) as error:
            words = _("The photo “%(photo)s” is of a kind that Word doesn't take.")
            raise rendering.RenderingError(words % {"photo": picture.alt}) from error
        shape._inline.docPr.set("descr", picture.alt)

    # --- the contents ----------------------------------------------------------------------------------------------
    def contents(self, pages: Sequence[int]) -> None:
        """目录 as a field. Until it is brought up to date it shows the pages given."""
        entries = wording.contents_entries(self.content) if self.content.has_contents else []
        if not entries:
            return
        self.paragraph(styles.CONTENTS, "目　录")
        for at, (anchor, text) in enumerate(entries):
            entry = self.paragraph(styles.ENTRY)
            if not at:
                begin_field(entry, CONTENTS)
            begun = len(entry.runs)
            entry.add_run(f"{text}\t")
            page = str(pages[at]) if at < len(pages) else UNKNOWN_PAGE
            field(entry, rf"PAGEREF {_bookmark_name(anchor)} \h", page)
            linked(entry.runs[begun:], _bookmark_name(anchor))
            if at == len(entries) - 1:
                mark(entry, "end")


def add_runs(paragraph: Paragraph, runs: Iterable[Run]) -> None:
    for each in runs:
        style = each.style
        assert isinstance(style, body.Style)
        run = paragraph.add_run(each.text, CHARACTERS.get(style.role))
        if style.shift:
            run.font.superscript, run.font.subscript = style.shift == "sup", style.shift == "sub"


def _caption(photo: PhotoContent) -> str:
    return " ".join(photo.caption.split())


def _bookmark_name(anchor: str) -> str:
    """Word hides bookmarks that begin so, as it does those of its own contents."""
    return "_Toc_" + anchor.replace("-", "_")
