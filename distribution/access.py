"""Gives out the official PDF, as it was signed, and keeps the log of who opened or downloaded it."""

import hashlib

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from issues.models import Issue
from issues.papers import requests
from issues.papers.kinds import OFD
from workflow.refusals import Refused

from . import settling
from .models import AccessLog, Delivery

Kind = AccessLog.Kind


class PdfDamaged(Exception):
    """The file is missing or is not the one whose SHA-256 the issue keeps."""


def official_pdf(issue: Issue) -> bytes:
    """The official PDF's bytes, checked against the stored SHA-256."""
    try:
        with issue.pdf.open("rb") as file:
            pdf = file.read()
    except (OSError, ValueError) as error:
        raise PdfDamaged(f"{issue.reference}: {error}") from error
    if hashlib.sha256(pdf).hexdigest() != issue.pdf_sha256:
        raise PdfDamaged(f"{issue.reference}: the SHA-256 differs")
    return pdf


def ofd_problem(issue: Issue) -> str:
    """Why the OFD of the issue can't be sent now; empty when it can."""
    paper = issue.papers.filter(kind=OFD.code).first()
    if paper is not None and paper.is_ready:
        return ""
    if paper is not None and paper.is_failed:
        words = _("There is no OFD of %(issue)s, which some readers get: %(why)s See the forms of the issue.")
        return words % {"issue": issue, "why": paper.error}
    return _("The OFD of %(issue)s, which some readers get, is still being made. Please wait a moment.") % {
        "issue": issue
    }


def ofd_of(issue: Issue) -> bytes:
    """The OFD's bytes as they were proven. Refused where there is none."""
    if why := ofd_problem(issue):
        raise Refused(why)
    return requests.data_of(issue.papers.get(kind=OFD.code))


def log(issue: Issue, kind: str, *, delivery: Delivery | None = None, user=None, address: str = "") -> None:
    """Note an access. `address` is the network address; only its keyed hash is kept."""
    hashed = salted_hmac("distribution.access", address, algorithm="sha256").hexdigest()[:16] if address else ""
    AccessLog.objects.create(issue=issue, delivery=delivery, user=user, kind=kind, address_hash=hashed)
    if delivery is not None and delivery.opened_at is None:
        Delivery.objects.filter(pk=delivery.pk, opened_at=None).update(opened_at=timezone.now())
    if delivery is not None and delivery.is_unsure and user is None:
        # Only the mail holds the link; whoever is signed in finds the copy without it.
        settling.arrived(delivery, _("the reader opened the personal link"))
