"""The door to Word: an issue, or one of its articles, as a .docx for those who edit on; all articles apart in a zip.

Made by python-docx from the frozen content, the same bytes for the same content. It is no official document, and says so at
the head of each page: where Word breaks lines and pages differs from the PDF that was signed. It has no code for verifying,
since whoever edits it could have anything verified.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

from docx import Document

from .. import reading as pdf_reading
from .. import rendering, wording
from ..content import ArticleContent, IssueContent
from ..packing import packed, repacked
from . import frame, styles
from .writer import Photos, Writer

REMARK = "可编辑稿，页码以 PDF 为准"
LONGEST_NAME = 60  # characters of a file's name
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def issue_document(content: IssueContent, *, photo_bytes: Photos, pages: Sequence[int] = ()) -> bytes:
    """The whole issue. `photo_bytes` gives a photo by its id; `pages` are those of the entries of the contents in the PDF,
    which stand there until Word brings the field up to date. Raises rendering.RenderingError."""
    return _document(content, REMARK, content, photo_bytes, pages)


def article_document(content: IssueContent, article: ArticleContent, *, photo_bytes: Photos) -> bytes:
    """One article of the issue, which the head of each page names. Raises rendering.RenderingError."""
    remark = f"摘自{wording.full_title(content)}。{REMARK}"
    return _document(alone(content, article), remark, content, photo_bytes)


def article_documents(content: IssueContent, *, photo_bytes: Photos) -> bytes:
    """A zip of all articles and briefs, a file each, named by number and title. Raises rendering.RenderingError."""
    files: dict[str, bytes | str] = {}
    for number, article in enumerate((*content.articles, *content.briefs), 1):
        title = NOT_IN_NAMES.sub(" ", wording.flat(article.title)).strip()[:LONGEST_NAME]
        name = f"{number:02}　{title or '简讯'}.docx"
        files[name] = article_document(content, article, photo_bytes=photo_bytes)
    return packed(files)


def contents_pages(pdf: bytes, content: IssueContent) -> list[int]:
    """The page of each entry of the contents in the PDF, by its outline; none where the outline has other entries."""
    with pdf_reading.opened(pdf) as document:
        found = [mark.page for mark in pdf_reading.bookmarks(document)]
    return found if len(found) == len(wording.contents_entries(content)) else []


def alone(content: IssueContent, article: ArticleContent) -> IssueContent:
    """The issue's content without all but this article: no head, no end matter."""
    is_brief = article in content.briefs
    return IssueContent(
        name_lines=(),
        publisher="",
        kind=content.kind,
        year=None,
        number=None,
        total_number=None,
        dated_on=None,
        editor_note="",
        has_contents=False,
        print_run=0,
        layout=content.layout,
        articles=() if is_brief else (article,),
        briefs=(article,) if is_brief else (),
        report_to=(),
        send_to=(),
        issue_to=(),
        measures=content.measures,
    )


def _document(
    content: IssueContent, remark: str, issue: IssueContent, photo_bytes: Photos, pages: Sequence[int] = ()
) -> bytes:
    rendering.refuse_unprintable(content)
    preset = rendering.preset_of(content)
    document = Document()
    styles.define(document, preset)
    frame.set_page(document, preset, remark)
    writer = Writer(document, content, preset, photo_bytes)
    frame.write_head(writer)
    writer.contents(pages)
    writer.note()
    for number, article in enumerate(content.articles, 1):
        writer.story(article, f"article-{number}")
    writer.briefs()
    frame.write_end(writer)
    about = document.core_properties
    about.title, about.author, about.subject = wording.full_title(issue), issue.publisher[:255], REMARK
    about.last_modified_by, about.comments, about.language, about.revision = about.author, "", "zh-CN", 1
    about.created = about.modified = datetime.combine(issue.dated_on or date(2000, 1, 1), time())
    out = BytesIO()
    document.save(out)
    return repacked(out.getvalue())
