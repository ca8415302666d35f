"""How each form is made of the signed source, and how what was made is proven to say the same."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from typesetting import large_print as large
from typesetting import reading as pdf_reading
from typesetting import said, wording
from typesetting.comparing import Comparison
from typesetting.ofd import door as ofd
from typesetting.ofd import signing
from typesetting.press import booklet
from typesetting.web import forms as web
from typesetting.web import reading
from typesetting.word import documents as word
from typesetting.word import reading as word_reading

from .kinds import ARTICLES, BOOKLET, DOCX, LARGE, OFD, PAGE, WECHAT
from .source import Source


@dataclass(frozen=True)
class Proof:
    """Of how many signed characters so many are the same and in their order; `ink` is the most pixels of a page that differ
    from the signed PDF at 100 dpi, None where pages are not compared. `fault` says what is wrong, empty when nothing is."""

    characters_equal: int
    characters: int
    ink: int | None = None
    fault: str = ""

    @property
    def holds(self) -> bool:
        return not self.fault and 0 < self.characters == self.characters_equal


@dataclass(frozen=True)
class Form:
    """`make` gives the file's bytes, the same for the same source unless it is signed as OFD."""

    make: Callable[[Source], bytes]
    prove: Callable[[Source, bytes], Proof]


def proof_of_text(signed: Iterable[str], made: Iterable[str]) -> Proof:
    return _proof(said.compare(signed, made))


def _proof(found: Comparison) -> Proof:
    if not found.difference:
        return Proof(found.equal, found.characters)
    words = _(
        "its text differs from the signed one at “%(place)s” (%(equal)s of %(characters)s characters are the same)"
    )
    fault = words % {"place": found.difference, "equal": found.equal, "characters": found.characters}
    return Proof(found.equal, found.characters, fault=fault)


# --- print ---------------------------------------------------------------------------------------------------------
def _booklet(source: Source) -> bytes:
    return booklet.booklet(source.pdf)


def _prove_booklet(source: Source, made: bytes) -> Proof:
    return _proof(booklet.compare(made, source.pdf))


def _large(source: Source) -> bytes:
    return large.large_print(source.content, photo_bytes=source.photo_bytes)


def _prove_large(source: Source, made: bytes) -> Proof:
    return _proof(large.compare(made, source.content))


# --- the web -------------------------------------------------------------------------------------------------------
def _page(source: Source) -> bytes:
    return web.page(source.content, photo_bytes=source.photo_bytes)


def _prove_page(source: Source, made: bytes) -> Proof:
    return proof_of_text(said.whole(source.content), reading.text(made))


def _wechat(source: Source) -> bytes:
    return web.wechat(source.content, photo_bytes=source.photo_bytes)


def _prove_wechat(source: Source, made: bytes) -> Proof:
    html = reading.pasted(made)
    if lost := reading.dropped(html):
        return Proof(0, 0, fault=_("it holds what is dropped there: %(names)s") % {"names": "、".join(sorted(lost))})
    signed = [photo.sha256 for story in source.stories for _text, photos in story.parts for photo in photos]
    if reading.photo_hashes(made) != signed:
        return Proof(0, 0, fault=_("its photos are not the signed ones"))
    return proof_of_text(said.for_pasting(source.content), reading.text(html))


# --- OFD -----------------------------------------------------------------------------------------------------------
def _ofd(source: Source) -> bytes:
    content = source.content
    made = ofd.write(
        source.pdf,
        title=wording.full_title(content),
        author=content.publisher,
        created=content.dated_on or timezone.localdate(source.signed.at),
    )
    by = signing.signer()
    return signing.signed(made, by, timezone.now()) if by else made


def _prove_ofd(source: Source, made: bytes) -> Proof:
    """Each page says what the page of the signed PDF says, and the file is whole."""
    if faults := ofd.check(made):
        return Proof(0, 0, fault=faults[0])
    sheets = ["".join(each.text for each in sheet.characters) for sheet in pdf_reading.read(source.pdf).sheets]
    texts = ofd.text(made)
    if len(texts) != len(sheets):
        return Proof(0, 0, fault=_("it has %(count)s pages") % {"count": len(texts)})
    pages = [said.compare([signed], [text]) for signed, text in zip(sheets, texts, strict=True)]
    return _proof(_sum(pages))


# --- Word ----------------------------------------------------------------------------------------------------------
def _docx(source: Source) -> bytes:
    return word.issue_document(source.content, photo_bytes=source.photo_bytes)


def _prove_docx(source: Source, made: bytes) -> Proof:
    return _proof(word_reading.compare(made, source.content))


def _articles(source: Source) -> bytes:
    return word.article_documents(source.content, photo_bytes=source.photo_bytes)


def _prove_articles(source: Source, made: bytes) -> Proof:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        files = [package.read(name) for name in package.namelist()]
    if len(files) != len(source.stories):
        return Proof(0, 0, fault=_("it has %(count)s articles") % {"count": len(files)})
    stories = zip(files, source.stories, strict=True)
    return _proof(_sum([word_reading.compare(file, word.alone(source.content, story)) for file, story in stories]))


def _sum(found: Sequence[Comparison]) -> Comparison:
    """The comparisons of the parts as one of the whole."""
    equal, characters = sum(each.equal for each in found), sum(each.characters for each in found)
    return Comparison(equal, characters, next((each.difference for each in found if each.difference), ""))


FORMS = {
    OFD.code: Form(_ofd, _prove_ofd),
    DOCX.code: Form(_docx, _prove_docx),
    ARTICLES.code: Form(_articles, _prove_articles),
    BOOKLET.code: Form(_booklet, _prove_booklet),
    LARGE.code: Form(_large, _prove_large),
    WECHAT.code: Form(_wechat, _prove_wechat),
    PAGE.code: Form(_page, _prove_page),
}
