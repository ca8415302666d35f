"""Makes the forms, in a worker or for the command: nothing is kept that is not proven to say what was signed."""

import hashlib
import logging
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from typesetting.ofd.door import CannotCarry
from typesetting.press.door import PdfError
from typesetting.reading import UnreadablePdf
from typesetting.rendering import RenderingError
from workflow.refusals import Refused

from ..models import MOST_ATTEMPTS, Issue, Paper
from .forms import FORMS, Proof
from .kinds import KINDS, Kind
from .source import source_of

LEASE_SECONDS = 300

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    data: bytes
    proof: Proof
    made_from: str  # the SHA-256 of the signed PDF

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def sm3(self) -> str:
        return hashlib.new("sm3", self.data).hexdigest()


def made(issue: Issue, kind: Kind) -> Made:
    """The form with its proof. Refused when it can't be made, or does not say what was signed."""
    source = source_of(issue)
    try:
        data = FORMS[kind.code].make(source)
        proof = FORMS[kind.code].prove(source, data)
    except (CannotCarry, PdfError, RenderingError, UnreadablePdf) as error:
        raise Refused(str(error)) from error
    if not proof.holds:
        raise Refused(_("It is not offered, for %(why)s.") % {"why": proof.fault or _("it says nothing")})
    return Made(data, proof, issue.pdf_sha256)


def make(asked: Paper) -> None:
    """Make what was asked for, if no other worker does. Why it could not be made is said in the row."""
    if not asked.claim(LEASE_SECONDS):
        return
    try:
        if asked.attempts > MOST_ATTEMPTS:
            raise Refused(_("Making it ended the worker %(times)s times.") % {"times": MOST_ATTEMPTS})
        _keep(asked, made(asked.issue, KINDS[asked.kind]))
    except Refused as refused:
        asked.settle(state=Paper.State.FAILED, error=str(refused))
    except Exception:
        logger.exception("%s could not be made", asked)
        words = _("a fault, which the log describes. Please tell the administrator.")
        asked.settle(state=Paper.State.FAILED, error=words)


def _keep(asked: Paper, result: Made) -> None:
    storage = asked.file.storage
    ending = KINDS[asked.kind].suffix.rpartition(".")[2]
    name = asked.file.field.generate_filename(asked, f"{result.sha256}.{ending}")
    name = storage.save(name, ContentFile(result.data))
    is_kept = asked.settle(
        state=Paper.State.READY,
        error="",
        file=name,
        size=len(result.data),
        sha256=result.sha256,
        sm3=result.sm3,
        characters=result.proof.characters,
        ink=result.proof.ink,
        made_from=result.made_from,
        ready_at=timezone.now(),
    )
    if not is_kept:
        storage.delete(name)
