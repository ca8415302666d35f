"""Pictures of a PDF's pages, kept on disk under the PDF's hash or under what the page
looks like, so that an unchanged page is drawn once."""

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from typesetting import reading

# Pixels wide: the thumbnail of a list, a column of the desk, the same at twice the density.
WIDTHS = {"s": 184, "m": 420, "l": 840}


def picture(pdf: FieldFile, sha256: str, number: int, size: str) -> bytes:
    """The PNG of one page, counted from 1. IndexError if the PDF hasn't so many pages."""
    return _drawn(f"pages/{sha256}/{number}-{size}.png", pdf, number, size)


def by_hash(pdf: FieldFile, owner: str, page_hash: str, number: int, size: str) -> bytes:
    """The PNG of the page that looks like this, kept for its owner whatever PDF it comes from next."""
    return _drawn(f"pages/{owner}/{page_hash}-{size}.png", pdf, number, size)


def _drawn(name: str, pdf: FieldFile, number: int, size: str) -> bytes:
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as file:
            return file.read()
    with pdf.open("rb") as file:
        png = reading.page_png(file.read(), number, width=WIDTHS[size])
    default_storage.save(name, ContentFile(png))
    return png


def keep_only(owner: str, page_hashes: Iterable[str]) -> None:
    """Forget the pictures of pages that the owner's PDFs don't have any more."""
    folder, kept = f"pages/{owner}", set(page_hashes)
    names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
    for name in names:
        if name.partition("-")[0] not in kept:
            default_storage.delete(f"{folder}/{name}")
    if names and not kept:
        default_storage.delete(folder)


def forget(sha256: str) -> None:
    """Remove the pictures of a PDF that is gone."""
    folder = f"pages/{sha256}"
    if sha256 and default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)
