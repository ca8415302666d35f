"""Looks whether everything that is kept is there, and is what it was: each check says how many it looked at."""

import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Photo
from issues.models import FrozenContent, Issue, IssueKind, PastFile, Proof, SignOff
from points import closing
from workflow import audit, frozen
from workflow.chain import Head

from . import backup, databases
from .databases import ask

SETTLED = 3600  # seconds: a younger file may belong to a row that is being written
PICTURES = "pages/"  # of pages, drawn anew when they are missing: no row names them (issues/page_pictures.py)

LOG = gettext_lazy("Log")

logger = logging.getLogger(__name__)


@dataclass
class Found:
    """What one check looked at, and one sentence for each fault."""

    label: str | Promise
    looked_at: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        words = {"what": self.label, "count": self.looked_at, "faults": len(self.faults)}
        if self.faults:
            return _("%(what)s: looked at %(count)s, %(faults)s wrong") % words
        if not self.looked_at:
            return _("%(what)s: there is none to look at") % words
        return _("%(what)s: looked at %(count)s, all in order") % words


# A check yields for each thing that it looked at an empty text, or what is wrong with it.
Check = Callable[[], Iterable[str]]


def everything() -> list[Found]:
    return [_result(label, check) for label, check in CHECKS]


def of_log() -> Found:
    """The log alone."""
    return _result(LOG, log)


def _result(label: str | Promise, check: Check) -> Found:
    """A check that can't be made is a fault, and stops none of the others."""
    found = Found(label)
    try:
        for fault in check():
            found.looked_at += 1
            found.faults += [fault] if fault else []
    except (OSError, DatabaseError, SuspiciousFileOperation) as error:
        logger.error("A check could not be made: %s", error)
        found.faults.append(_("This could not be looked at: %(fault)s") % {"fault": error})
    return found


# --- the database -------------------------------------------------------------------------------------------------
def tables() -> Iterator[str]:
    """Every table is read, and SQLite compares its pages and indexes."""
    if connection.vendor == "sqlite":
        yield from (row for (row,) in ask("PRAGMA integrity_check") if row != "ok")
        yield from (
            _("%(table)s, row %(row)s: what it belongs to is not there") % {"table": table, "row": row}
            for table, row, *_rest in ask("PRAGMA foreign_key_check")
        )
    for (table,) in ask(databases.of(connection).TABLES):
        ask(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608  # the database's own name of it
        yield ""


def triggers() -> Iterator[str]:
    missing = {rule.name for rule in frozen.missing(connection)}
    for rule in frozen.rules_of(connection):
        words = _(
            "%(table)s can be rewritten: its trigger %(name)s is missing. Run manage.py migrate, and find out why."
        )
        yield words % {"table": rule.table, "name": rule.name} if rule.name in missing else ""


# --- what was signed and issued -----------------------------------------------------------------------------------
def official_pdfs() -> Iterator[str]:
    """Of each issue that was issued here: the file, by its hash, which is also the hash that was signed."""
    signed = dict(SignOff.objects.filter(withdrawn_at=None).values_list("issue", "pdf_sha256"))
    for issue in Issue.objects.issued().exclude(pdf="", pdf_sha256="").order_by("pk"):
        if fault := _fault(issue.pdf.name, issue.pdf_sha256):
            yield _("%(issue)s: %(fault)s") % {"issue": issue, "fault": fault}
        elif signed.get(issue.pk) not in (None, "", issue.pdf_sha256):
            yield _("%(issue)s: the official PDF is not the one that was signed") % {"issue": issue}
        else:
            yield ""


def signed_proofs() -> Iterator[str]:
    sign_offs = SignOff.objects.filter(withdrawn_at=None).exclude(pdf_sha256="").select_related("issue")
    for sign_off in sign_offs.order_by("pk"):
        proof = Proof.objects.filter(issue=sign_off.issue, digest=sign_off.digest, sha256=sign_off.pdf_sha256).first()
        fault = _fault(proof.pdf.name, proof.sha256) if proof else _("its row is missing")
        yield _("%(issue)s, the signed proof: %(fault)s") % {"issue": sign_off.issue, "fault": fault} if fault else ""


def frozen_contents() -> Iterator[str]:
    for content in FrozenContent.objects.order_by("pk").iterator():
        is_whole = hashlib.sha256(content.text.encode()).hexdigest() == content.digest
        yield "" if is_whole else _("the frozen content %(code)s was changed") % {"code": content}


def log() -> Iterator[str]:
    """Each entry, each row that one is about, and the heads that stand on sign-off sheets."""
    yield from audit.faults(noted_heads())


def noted_heads() -> Iterator[tuple[str, Head]]:
    for signed in SignOff.objects.exclude(log_number=None).select_related("issue").order_by("pk"):
        if signed.head:
            yield _("the sign-off sheet of %(issue)s") % {"issue": signed.issue}, signed.head


def numbers() -> Iterator[str]:
    """The numbers given out here, in each year and in all: between the first and the last none is missing.

    A number whose empty issue was given up is no gap: the row tells who did it.
    """
    years, totals = defaultdict(set), defaultdict(set)
    for issue in Issue.objects.order_by("bulletin", "kind", "year"):
        name = (
            _("%(year)s supplement no. %(number)s")
            if issue.kind == IssueKind.SUPPLEMENT
            else _("%(year)s no. %(number)s")
        )
        years[issue.bulletin_id, name, issue.year].add((issue.number, issue.is_past))
        if issue.total_number:
            totals[issue.bulletin_id].add((issue.total_number, issue.is_past))
    for (_bulletin, name, year), series in years.items():
        yield from _gaps(series, name, year)
    for series in totals.values():
        yield from _gaps(series, _("total no. %(number)s"))


def _gaps(series: set[tuple[int, bool]], name: str, year: int = 0) -> Iterator[str]:
    present, ours = {number for number, _is_past in series}, [number for number, is_past in series if not is_past]
    for number in range(min(ours), max(ours) + 1) if ours else ():
        words = _("%(issue)s is missing: the numbers before and after it are there")
        yield "" if number in present else words % {"issue": name % {"year": year, "number": number}}


def closed_months() -> Iterator[str]:
    """The figures of each month that is closed, reckoned once more from the entries of the ledger."""
    for closed, wrong in closing.compared():
        words = _("%(month)s: the figures that were closed are not those of the ledger, for %(units)s")
        yield words % {"month": closed, "units": "、".join(wrong)} if wrong else ""


# --- files --------------------------------------------------------------------------------------------------------
def proofs() -> Iterator[str]:
    ready = Proof.objects.filter(state=Proof.State.READY).exclude(sha256="").select_related("issue").order_by("pk")
    for proof in ready:
        fault = _fault(proof.pdf.name, proof.sha256)
        fault = fault if Proof.objects.filter(pk=proof.pk).exists() else ""  # not when it was superseded just now
        yield _("%(issue)s, a proof: %(fault)s") % {"issue": proof.issue, "fault": fault} if fault else ""


def photos() -> Iterator[str]:
    for photo in Photo.objects.select_related("article").order_by("pk").iterator(1000):
        fault = _fault(photo.file.name, photo.sha256)
        yield _("“%(article)s”, a photo: %(fault)s") % {"article": photo.article, "fault": fault} if fault else ""


def originals() -> Iterator[str]:
    """The files that past issues were made of."""
    for original in (
        PastFile.objects.exclude(issue=None).defer("draft").select_related("issue").order_by("pk").iterator(1000)
    ):
        fault = _fault(original.file.name, original.sha256)
        yield _("%(issue)s, the original: %(fault)s") % {"issue": original.issue, "fault": fault} if fault else ""


def named_files() -> Iterator[str]:
    """Whatever any row names, also files without a hash: Word files, previews."""
    names = backup.named(ask)
    missing = {name for name in names if not default_storage.exists(name)}
    missing &= backup.named(ask)  # not those that were deleted just now, with their rows
    for name in sorted(names):
        yield _("the file %(name)s is missing") % {"name": name} if name in missing else ""


def orphans() -> Iterator[str]:
    """Files that no row names. The young ones may be in the making."""
    names, settled = backup.named(ask), time.time() - SETTLED
    for name, path in sorted(backup.stored()):
        is_expected = name in names or name.startswith(PICTURES) or path.stat().st_mtime > settled
        yield (
            ""
            if is_expected
            else _("the file %(name)s belongs to nothing: keep it elsewhere, or delete it") % {"name": name}
        )


def _fault(name: str, sha256: str) -> str:
    """What is wrong with a stored file, in words; empty when it is what it was."""
    if not name or not default_storage.exists(name):
        return _("the file %(name)s is missing") % {"name": name or "—"}
    with default_storage.open(name, "rb") as file:
        is_same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    return "" if is_same else _("the file %(name)s was changed") % {"name": name}


CHECKS: list[tuple[str | Promise, Check]] = [
    (gettext_lazy("Tables"), tables),
    (gettext_lazy("Triggers"), triggers),
    (gettext_lazy("Official PDFs"), official_pdfs),
    (gettext_lazy("Signed proofs"), signed_proofs),
    (gettext_lazy("Frozen contents"), frozen_contents),
    (LOG, log),
    (gettext_lazy("Issue numbers"), numbers),
    (gettext_lazy("Closed months of points"), closed_months),
    (gettext_lazy("Proofs"), proofs),
    (gettext_lazy("Photos"), photos),
    (gettext_lazy("Originals of past issues"), originals),
    (gettext_lazy("Files named by rows"), named_files),
    (gettext_lazy("Files belonging to nothing"), orphans),
]
