"""Whether a file is an official PDF, or a code that of an issue, and what became of the issue since.

Public: who asks has the file or a code, and is told nothing that does not stand on its first page.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from . import numbering
from .models import Issue, Proof, SignOff

SHA256 = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[0-9a-f]{8}")


class Standing(StrEnum):
    VALID = "valid"
    CORRECTED = "corrected"
    REPLACED = "replaced"  # a corrected edition stands in its place
    WITHDRAWN = "withdrawn"
    SET_AGAIN = "set_again"  # not the original print: a past issue whose text was set anew
    NOT_ISSUED = "not_issued"  # signed or printed for proof, and not issued or taken back since


@dataclass(frozen=True)
class Verified:
    issue: Issue
    standing: Standing
    code: str

    @property
    def is_valid(self) -> bool:
        return self.standing == Standing.VALID

    @property
    def is_void(self) -> bool:
        """Nobody should use it."""
        return self.standing in (Standing.WITHDRAWN, Standing.NOT_ISSUED)

    def is_official(self, sha256: str) -> bool:
        """Whether what was asked for, by this hash or by a code, is the official PDF of its issue."""
        return bool(self.issue.pdf_sha256) and sha256.strip().lower() in ("", self.issue.pdf_sha256)

    @property
    def amendments(self) -> list[Issue]:
        return self.issue.issued_amendments


def of_file(sha256: str) -> Verified | None:
    """The issue whose official PDF has this SHA-256 (64 hexadecimal digits)."""
    wanted = sha256.strip().lower()
    if not SHA256.fullmatch(wanted):
        return None
    issued = Issue.objects.issued().select_related("bulletin").with_amendments()
    if issue := issued.filter(pdf_sha256=wanted).first():
        return _verified(issue)
    if signed := SignOff.objects.filter(pdf_sha256=wanted).order_by("-at").values_list("issue", flat=True).first():
        return Verified(_of(signed), Standing.NOT_ISSUED, "")
    proofs = Proof.objects.filter(sha256=wanted, state=Proof.State.READY, issue__is_past=True)
    if again := proofs.values_list("issue", flat=True).first():
        return Verified(_of(again), Standing.SET_AGAIN, "")
    return None


def of_code(reference: str, code: str) -> Verified | None:
    """The issue of this number (2026-9) if this is its check code, in whatever way it is written."""
    wanted = "".join(code.split()).lower()
    named = numbering.find(reference) if CODE.fullmatch(wanted) else None
    if named is None or not named.is_issued:
        return None
    verified = _verified(_of(named.pk))
    return verified if "".join(verified.code.split()).lower() == wanted else None


def of_token(token: str) -> Verified | None:
    """The issue whose printed code has this token. The code says nothing of the paper that it stands on."""
    known = Issue.objects.select_related("bulletin").with_amendments()
    issue = known.filter(verify_token=token.lower()).first()
    if issue is None:
        return None
    return _verified(issue) if issue.is_issued else Verified(issue, Standing.NOT_ISSUED, "")


def _of(pk: int) -> Issue:
    return Issue.objects.select_related("bulletin").with_amendments().get(pk=pk)


def _verified(issue: Issue) -> Verified:
    kinds = {amendment.edition for amendment in issue.issued_amendments}
    sign_off = issue.sign_offs.filter(withdrawn_at=None).first()
    standing = next(
        (
            standing
            for edition, standing in (
                ("withdrawal", Standing.WITHDRAWN),
                ("revision", Standing.REPLACED),
                ("correction", Standing.CORRECTED),
            )
            if edition in kinds
        ),
        Standing.VALID,
    )
    return Verified(issue, standing, sign_off.code if sign_off else "")
