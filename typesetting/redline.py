"""Sets a comparison (花脸稿) as a PDF: what was deleted stands struck on grey, what was added underlined, also without colour."""

from django.conf import settings
from django.template.loader import render_to_string

from . import limits
from .fonts import roles
from .press import door
from .rendering import UNPRINTABLE, RenderingError

MISSING = "〓"  # stands for a character that no font has, as in lead type


def render(page: str, *, seconds: int | None = None) -> bytes:
    """The PDF of a page of our own HTML, the same bytes for the same page. It may take RENDER_SECONDS if `seconds` is None.

    Raises RenderingError.
    """
    page = UNPRINTABLE.sub("", page)
    try:
        with limits.limits(seconds or settings.RENDER_SECONDS):
            return _set(page, stylesheet())
    except (door.PdfError, limits.OverLimit) as error:
        raise RenderingError(str(error)) from error


def _set(page: str, css: str) -> bytes:
    """A character without a glyph keeps no comparison back, for it may be the one that was deleted."""
    while True:
        try:
            return door.to_pdf(page, css, photo_bytes=_no_photo)
        except door.MissingGlyph as error:
            if error.character not in page or error.character == MISSING:
                raise
            page = page.replace(error.character, MISSING)


def stylesheet() -> str:
    stacks = {role: roles.css_stack(role) for role in roles.STACKS}
    return render_to_string("typesetting/redline.css", {"fonts": stacks, "weights": roles.WEIGHTS})


def _no_photo(photo_id: int) -> bytes:
    raise LookupError(photo_id)
