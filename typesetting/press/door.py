"""The only door to WeasyPrint: turns our own HTML and CSS into a PDF, and lets nothing in but our own photos.

WeasyPrint follows http, ftp, file and data addresses and redirects by itself; here every address but `photo:<id>` stops
the rendering, and whatever WeasyPrint would only log (a missing glyph, a picture it can't read) is an error.
"""

import gc
import hashlib
import io
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib import import_module
from typing import Any
from xml.etree import ElementTree

import weasyprint
from cssselect2 import ElementWrapper
from django.utils.translation import gettext as _
from PIL import Image, ImageFile
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from ..fonts import roles
from . import finish

ARCHIVE, ACCESSIBLE = "pdf/a-3u", "pdf/ua-1"
TESTED = ("70.0",)  # the versions of WeasyPrint that speed.py was tested on
VARIANTS = {"archive": ARCHIVE, "accessible": ACCESSIBLE}
MOST_PHOTO_BYTES = 20 * 1024 * 1024
MOST_PHOTO_PIXELS = 50_000_000
PRINT_DPI, PRINT_QUALITY = 300, 88
MOST_REMEMBERED = 4096
PHOTO_KINDS = {b"\x89PNG\r\n\x1a\n": ("PNG", "image/png"), b"\xff\xd8\xff": ("JPEG", "image/jpeg")}

logger = logging.getLogger(__name__)
ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on: half a picture would be printed

_decoded: dict[bytes, bool] = {}  # by SHA-256: photos are decoded once, to see that they are sound
_rendering = threading.Lock()  # Pango's fonts are shared by the whole process


class PdfError(Exception):
    """The PDF can't be made; the message says why, for the editor."""


class MissingGlyph(PdfError):
    """No installed font has this character."""

    def __init__(self, character: str):
        self.character = character
        super().__init__(
            _("No font has the character “%(character)s” (U+%(code)s).")
            % {"character": character, "code": f"{ord(character):04X}"}
        )


@dataclass(frozen=True)
class Source:
    """What the PDF was made from, to be embedded in it (PDF/A-3, ISO 19005-3, relationship Source)."""

    name: str
    data: bytes
    at: datetime


class PhotoFetcher(URLFetcher):
    """Serves `photo:<id>` from our own store and refuses everything else, fatally. Never calls the fetcher it extends."""

    def __init__(self, photo_bytes: Callable[[int], bytes]):
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._photo_bytes = photo_bytes

    def fetch(self, url: str, headers: Any = None) -> Any:
        match = re.fullmatch(r"photo:([0-9]{1,18})", url)
        if not match:
            raise FatalURLFetchingError(_("This address may not be read: %(address)s") % {"address": url[:200]})
        try:
            data = self._photo_bytes(int(match[1]))
        except PdfError as error:
            raise FatalURLFetchingError(str(error)) from error
        except Exception as error:
            raise FatalURLFetchingError(_("Photo %(id)s can't be read.") % {"id": match[1]}) from error
        return URLFetcherResponse(url, data, {"Content-Type": _checked_kind(match[1], data)})


def _checked_kind(photo_id: str, data: bytes) -> str:
    """The content type of a photo, told from its content, after it was decoded once."""
    if len(data) > MOST_PHOTO_BYTES:
        raise FatalURLFetchingError(_("Photo %(id)s is too large.") % {"id": photo_id})
    for start, (image_format, content_type) in PHOTO_KINDS.items():
        if data.startswith(start) and _decodes(data, image_format):
            return content_type
    raise FatalURLFetchingError(
        _("Photo %(id)s is neither a JPEG nor a PNG picture, or it is damaged.") % {"id": photo_id}
    )


def _decodes(data: bytes, image_format: str) -> bool:
    digest = hashlib.sha256(data).digest()
    if digest not in _decoded:
        if len(_decoded) >= MOST_REMEMBERED:
            _decoded.clear()
        _decoded[digest] = _is_sound(data, image_format)
    return _decoded[digest]


def _is_sound(data: bytes, image_format: str) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=[image_format]) as image:
            if image.width * image.height > MOST_PHOTO_PIXELS:
                return False
            image.load()
    except Exception:  # whatever a decoder throws at a damaged file
        return False
    return True


class _Collector(logging.Handler):
    """Gathers what WeasyPrint logs while this thread renders."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.local = threading.local()
        logger = logging.getLogger("weasyprint")
        logger.addHandler(self)
        logging.getLogger("weasyprint.progress").disabled = True
        logger.propagate = False  # fontconfig and CSS warn of nothing that matters here; what does becomes an error

    def emit(self, record: logging.LogRecord) -> None:
        getattr(self.local, "records", []).append(record)

    @contextmanager
    def records(self) -> Iterator[list[logging.LogRecord]]:
        records: list[logging.LogRecord] = []
        self.local.records = records
        try:
            yield records
        finally:
            del self.local.records


_collector = _Collector()


@cache
def made_faster() -> bool:
    """Whether speed.py stands in for parts of WeasyPrint: only of a version it was tested on, with every name that it takes."""
    try:
        if weasyprint.__version__ not in TESTED:
            raise ImportError("speed.py was not tested on this version")
        import_module(".speed", __package__).install()
    except (ImportError, AttributeError) as error:
        logger.warning("WeasyPrint %s renders in twice the time: %s", weasyprint.__version__, error)
        return False
    return True


@cache
def font_configuration() -> FontConfiguration:
    """One for the process: it holds the fonts that were read."""
    made_faster()
    roles.fontconfig_file()
    return FontConfiguration()


@contextmanager
def uncollected() -> Iterator[None]:
    """Within, the garbage collector rests: a rendering makes much and throws little away before its end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def to_pdf(
    html: str,
    css: str,
    *,
    photo_bytes: Callable[[int], bytes],
    variant: str = ARCHIVE,
    source: Source | None = None,
    zoom: float = 1.0,
) -> bytes:
    """The PDF of `html` styled by `css`, both our own. Photos are `<img src="photo:ID">`. The same input gives the same bytes.

    `variant` is ARCHIVE (PDF/A-3u) or ACCESSIBLE (PDF/UA-1), tagged both; `source` is embedded; all is made larger by `zoom`.
    Raises MissingGlyph, or PdfError for anything refused or unreadable.
    """
    fetcher = PhotoFetcher(photo_bytes)
    with _rendering, uncollected(), _collector.records() as records:
        try:
            pdf = _write(html, css, fetcher, variant, source, zoom)
        except FatalURLFetchingError as error:
            raise PdfError(str(error)) from error
        except MemoryError:
            raise
        except Exception as error:
            logger.exception("WeasyPrint failed")
            raise PdfError(_("The pages could not be set: %(why)s") % {"why": error}) from error
    _check(records)
    return pdf


def _write(html: str, css: str, fetcher: PhotoFetcher, variant: str, source: Source | None, zoom: float) -> bytes:
    configuration = font_configuration()
    style = _stylesheet(css) if "url(" not in css and "@import" not in css else None
    style = style or CSS(string=css, font_config=configuration, url_fetcher=fetcher)
    pdf: bytes = _document(html, fetcher).write_pdf(
        zoom=zoom,
        finisher=finish.finish,
        stylesheets=[style],
        font_config=configuration,
        pdf_variant=variant,
        pdf_tags=True,
        attachments=[_attachment(source, fetcher)] if source else None,
        pdf_identifier=hashlib.sha256(html.encode() + css.encode()).hexdigest()[:32].encode(),
        dpi=PRINT_DPI,
        jpeg_quality=PRINT_QUALITY,
    )
    return pdf


class _ParsedPage(HTML):
    """A document out of its tree of elements."""

    def __init__(self, tree: ElementTree.Element, fetcher: PhotoFetcher):
        self.base_url, self.url_fetcher, self.media_type = None, fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def _document(html: str, fetcher: PhotoFetcher) -> HTML:
    """Our own pages are well-formed, which is read in a twentieth of the time; anything else is read as HTML."""
    try:
        tree = ElementTree.fromstring(html)  # noqa: S314 - written by our own templates
    except ElementTree.ParseError:
        tree = None
    if tree is None or tree.tag != "html":
        return HTML(string=html, url_fetcher=fetcher)
    return _ParsedPage(tree, fetcher)


def _attachment(source: Source, fetcher: PhotoFetcher) -> Attachment:
    return Attachment(
        string=source.data,
        name=source.name,
        relationship="Source",
        created=source.at,
        modified=source.at,
        url_fetcher=fetcher,
    )


@lru_cache(maxsize=8)
def _stylesheet(css: str) -> CSS:
    """A style sheet without any address in it, parsed once."""
    return CSS(string=css, font_config=font_configuration(), url_fetcher=PhotoFetcher(_no_photo))


def _no_photo(photo_id: int) -> bytes:
    raise LookupError(photo_id)


def _check(records: list[logging.LogRecord]) -> None:
    """Anything that WeasyPrint could not do is an error: an official document must not lack a piece in silence."""
    for record in records:
        if ".notdef" in str(record.msg):
            assert isinstance(record.args, tuple)
            raise MissingGlyph(str(record.args[0]))
    for record in records:
        if record.levelno >= logging.ERROR:
            raise PdfError(record.getMessage())
