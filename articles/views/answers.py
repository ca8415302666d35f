"""What pages answer alike that show comparisons: the comparison to take away."""

from io import BytesIO

from django.http import FileResponse

from ..docx.revisions import word_file
from ..redline import Redline

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_response(redline: Redline) -> FileResponse:
    """As a Word file under its Chinese name (RFC 5987)."""
    content = BytesIO(word_file(redline))
    return FileResponse(content, as_attachment=True, filename=redline.file_name("docx"), content_type=WORD)
