"""The official PDF as it was signed, and its second check sum."""

import hashlib
from functools import lru_cache

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from workflow.refusals import Refused

from ..models import Issue


def signed_bytes(issue: Issue) -> bytes:
    """The official PDF. Refused when it is missing or changed."""
    return _checked(issue.pdf.name or "", issue.pdf_sha256)


def sm3_of(issue: Issue) -> str:
    """The SM3 (GB/T 32905-2016) of the official PDF, 64 hexadecimal digits; empty where the PDF is missing or changed, which
    is said where it is asked for."""
    try:
        return _sm3(issue.pdf.name or "", issue.pdf_sha256) if issue.pdf_sha256 else ""
    except Refused:
        return ""


@lru_cache(maxsize=512)
def _sm3(name: str, sha256: str) -> str:
    return hashlib.new("sm3", _checked(name, sha256)).hexdigest()


def _checked(name: str, sha256: str) -> bytes:
    try:
        with default_storage.open(name, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:  # ValueError: no file was ever kept
        raise Refused(_("The official PDF on the disk is missing or was changed.")) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused(_("The official PDF on the disk is missing or was changed."))
    return data
