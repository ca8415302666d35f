"""What the pages answer alike that show issues: PDFs and the pictures of pages."""

import base64
import io

from django.http import FileResponse, Http404, HttpResponse

from typesetting import reading

from .. import page_pictures


def number_in(mapping, name):
    value = mapping.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def pdf_response(opened, sha256, name, *, as_attachment=False):
    """The opened PDF under its Chinese name (RFC 5987), with its hash (RFC 9530)."""
    response = FileResponse(opened, as_attachment=as_attachment, filename=name, content_type="application/pdf")
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
    response["ETag"] = f'"{sha256}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


def attached(data, sha256, name, content_type):
    """A file to be kept, under its Chinese name, with its hash."""
    response = FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=content_type)
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


def page_picture_response(pdf, page_hashes, owner, page_hash, size):
    """The picture of the page that looks like this: the same bytes for ever, so that they are never sent again."""
    if size not in page_pictures.WIDTHS or not page_hashes:
        raise Http404
    number = page_hashes.index(page_hash) + 1 if page_hash in page_hashes else 0
    try:
        png = page_pictures.by_hash(pdf, owner, page_hash, number, size)
    except (IndexError, FileNotFoundError, reading.UnreadablePdf) as error:
        raise Http404 from error
    return _immutable(png)


def picture_response(pdf, sha256, number, size):
    if size not in page_pictures.WIDTHS:
        raise Http404
    try:
        png = page_pictures.picture(pdf, sha256, number, size)
    except (IndexError, reading.UnreadablePdf) as error:
        raise Http404 from error
    return _immutable(png)


def _immutable(png):
    response = HttpResponse(png, content_type="image/png")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
