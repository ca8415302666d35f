"""Makes a package, in a worker or for the command, and writes its check codes into the history of its issue."""

import logging
from tempfile import TemporaryFile
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import MOST_ATTEMPTS, Issue
from workflow.refusals import Refused

from ..models import ArchivePackage
from . import contents, sheets
from .package import Codes, write

LEASE_SECONDS = 300

logger = logging.getLogger(__name__)


def write_package(issue: Issue, file: BinaryIO) -> Codes:
    """Refused when something of it is missing or is not what was signed. Nothing is logged yet: see `record`."""
    record = contents.record_of(issue)
    return write(file, contents.papers_of(issue, record), record)


def record(issue: Issue, codes: Codes, *, by) -> None:
    """The codes in a table that is only added to: by them a package is known again, whoever has had it in hand."""
    note = _("check code of 清单.txt: SHA-256 %(sha256)s, SM3 %(sm3)s") % {"sha256": codes.sha256, "sm3": codes.sm3}
    issue.record(sheets.MADE, by=by, note=note)


def make(asked: ArchivePackage) -> None:
    """Make what was asked for, if no other worker does. Why it could not be made is said in the row."""
    if not asked.claim(LEASE_SECONDS):
        return
    try:
        if asked.attempts > MOST_ATTEMPTS:
            raise Refused(_("Making the package ended the worker %(times)s times.") % {"times": MOST_ATTEMPTS})
        _make(asked)
    except Refused as refused:
        asked.settle(state=ArchivePackage.State.FAILED, error=str(refused))
    except Exception:
        logger.exception("The package %s could not be made", asked.pk)
        words = _("a fault, which the log describes. Please tell the administrator.")
        asked.settle(state=ArchivePackage.State.FAILED, error=words)


def _make(asked: ArchivePackage) -> None:
    storage = asked.file.storage
    with TemporaryFile() as file:
        codes = write_package(asked.issue, file)
        file.seek(0)
        name = asked.file.field.generate_filename(asked, f"{codes.sha256}.zip")
        name = storage.save(name, File(file))
    with transaction.atomic():
        values = {"file": name, "sha256": codes.sha256, "sm3": codes.sm3, "ready_at": timezone.now()}
        is_kept = asked.settle(state=ArchivePackage.State.READY, error="", **values)
        if is_kept:
            record(asked.issue, codes, by=asked.asked_by)
    if not is_kept:
        storage.delete(name)
