"""Pictures of a PDF's pages, kept on disk under the PDF's hash, so that an unchanged page is drawn once."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from . import pdf_pages

# Pixels wide: the thumbnail of a list, a column of the desk, the same at twice the density.
WIDTHS = {"s": 184, "m": 420, "l": 840}


def picture(pdf: FieldFile, sha256: str, number: int, size: str) -> bytes:
    """The PNG of one page, counted from 1. IndexError if the PDF hasn't so many pages."""
    name = f"pages/{sha256}/{number}-{size}.png"
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as file:
            return file.read()
    with pdf.open("rb") as file:
        png = pdf_pages.page_png(file.read(), number, width=WIDTHS[size])
    default_storage.save(name, ContentFile(png))
    return png


def forget(sha256: str) -> None:
    """Remove the pictures of a PDF that is gone."""
    folder = f"pages/{sha256}"
    if sha256 and default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)
