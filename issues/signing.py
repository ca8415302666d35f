"""Takes an issue from the desk to its official PDF: send for sign-off, sign, issue.

Signing freezes the content, the PDF's SHA-256 and the verdict of the layout check in a row; issuing reads that row alone.
"""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from articles.models import Article, Correction
from typesetting.content import digest
from workflow import chain
from workflow.documents import Transition
from workflow.refusals import Problem, Refused, refuse_for

from . import amending, numbering, page_parts, proofs, recipients, remarks, reviews
from .content import content_of, freeze
from .models import BRIEFS, ArchiveEntry, Issue, Placement, Proof, SignOff

MOST_LISTED = 5  # findings of the layout check


def problems(issue: Issue, noted: remarks.Noted | None = None) -> list[Problem]:
    """What stands in the way of sending the issue for sign-off; warnings last. `noted` spares looking at the texts once more."""
    if issue.edition:
        found = [*amending.problems(issue), *_proof_problems(issue)]
        return sorted(found, key=lambda problem: problem.is_warning)
    found = []
    noted = noted or remarks.of_issue(issue)
    placements = noted.placements
    if not any(placement.section != BRIEFS for placement in placements):
        found.append(Problem("empty", _("There is no article in it yet.")))
    for placement in placements:
        article = placement.article
        if not article.is_placed:
            found.append(Problem("article", _("“%(title)s” is not ready.") % {"title": article.flat_title}, article))
    found += [_open(correction) for correction in reviews.open_corrections(placements)]
    found += remarks.problems(noted)
    if not issue.recipients.exists():
        found.append(Problem("recipients", _("It has no recipients (报 / 送).")))
    elif recipients.is_outdated(issue):
        text = _("The recipient list valid on its day differs from the issue's.")
        found.append(Problem("outdated_recipients", text, is_warning=True))
    if issue.is_classified:
        found.append(Problem("security", _("This system handles nothing classified. Write 内部, or leave it empty.")))
    if issue.dated_on.year != issue.year:
        found.append(Problem("year", _("Its number is of another year than its date.")))
    earlier = numbering.earlier_open(issue)
    if earlier:
        found.append(Problem("order", _("%(issue)s is not issued yet.") % {"issue": earlier}, is_warning=True))
    return sorted([*found, *_proof_problems(issue)], key=lambda problem: problem.is_warning)


def _proof_problems(issue: Issue) -> list[Problem]:
    proof = issue.proofs.filter(digest=digest(content_of(issue))).first()
    if proof and proof.is_failed:
        return [Problem("proof", _("It cannot be set: %(why)s") % {"why": proof.error})]
    return layout_problems(proof.report) if proof and proof.report else []


def _open(correction: Correction) -> Problem:
    words = _("“%(title)s”: %(name)s has changed it after its review; %(count)s other persons have yet to agree.")
    if correction.missing == 1:
        words = _("“%(title)s”: %(name)s has changed it after its review; another person has yet to agree.")
    article = correction.article
    values = {"title": article.flat_title, "name": correction.person, "count": correction.missing}
    return Problem("correction", words % values, article)


def layout_problems(report: dict | None) -> list[Problem]:
    """The verdict of the layout check: none, or what would print something untrue, blocks; other errors only warn."""
    if report is None:
        return [Problem("layout", _("The pages are not checked yet. Please wait a moment and look again."))]
    if why := report.get("did_not_run"):
        return [Problem("layout", _("The layout check did not run: %(why)s") % {"why": why})]
    errors = [finding for finding in report["findings"] if finding["level"] == "error"]
    untrue = [finding for finding in errors if finding["falsifies"]]
    words = _("Layout check, page %(page)s: %(words)s")
    found = [Problem("layout", words % finding) for finding in untrue[:MOST_LISTED]]
    if len(untrue) > MOST_LISTED:
        text = _("The layout check found %(count)s more things that differ from the record.")
        found.append(Problem("layout", text % {"count": len(untrue) - MOST_LISTED}))
    if len(errors) > len(untrue):
        text = _("The layout check found %(count)s faults of typesetting.") % {"count": len(errors) - len(untrue)}
        found.append(Problem("layout", text, is_warning=True))
    return found


def send_for_sign_off(issue: Issue, *, by) -> Proof:
    """Freeze the issue and hand it to the signer. Returns the proof that the signer will see (perhaps still queued)."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        refuse_for(problems(issue))
        issue.apply(Issue.SEND, by=by)
        freeze(proofs.present_content(issue))  # so that the next time can say what changed since
        return proofs.request(issue)


def back_to_the_desk(issue: Issue, move: Transition, *, by, note: str = "") -> None:
    """Taken back by the editors or returned by the signer: dated as planned again."""
    with transaction.atomic():
        issue.apply(move, by=by, note=note)
        proofs.request(issue)


def present_proof(issue: Issue) -> Proof:
    """The proof of what the issue says now: dated today while it waits for the signature, then the signed one."""
    return signed_proof(issue) or proofs.present(issue)


def signed_proof(issue: Issue) -> Proof | None:
    if not issue.frozen_id:
        return None
    signed = issue.sign_offs.filter(withdrawn_at=None).values("digest")
    return issue.proofs.filter(digest__in=signed).first()


def sign(issue: Issue, *, by, expected_digest: str, code: str) -> SignOff:
    """Sign the content the signer saw, dated today, with its PDF and the verdict on it.

    `code` is a new one of the signer's phone. Refused if that is not right, if the content is not what the issue says
    now, if it is not set, or if the layout check has not passed it.
    """
    second_factor.check(by, code)
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        issue.require(Issue.SIGN, by=by)
        today = timezone.localdate()
        content = content_of(issue, dated_on=today)
        present = digest(content)
        if present != expected_digest:
            raise Refused(_("The issue is not what you saw any more. Please look at the present one."))
        if today.year != issue.year and not issue.edition:
            raise Refused(_("Its number is of another year than today. Please return it to be renumbered."))
        proof = issue.proofs.filter(digest=present, state=Proof.State.READY).first()
        if proof is None:
            raise Refused(_("The pages are still being set. Please wait until you have seen them."))
        refuse_for(layout_problems(proof.report))
        noted = remarks.of_issue(issue)
        refuse_for(remarks.errors(noted))
        refuse_for(remarks.uncompared(noted))
        _bytes_of(proof, proof.sha256)
        _note_units(issue)
        issue.dated_on, issue.frozen = today, freeze(content)
        issue.save()
        issue.apply(Issue.SIGN, by=by)
        head = chain.head()
        return issue.sign_offs.create(
            by=by,
            digest=present,
            frozen=issue.frozen,
            pdf_sha256=proof.sha256,
            report=proof.report,
            proofread=remarks.record(noted, page_parts.spans_of(proof)),
            log_number=head.number,
            log_hash=head.hash,
        )


def _note_units(issue: Issue) -> None:
    """The units' short names as they are today, for the lists that show signed matter."""
    placements = list(issue.placements.select_related("article__unit").prefetch_related("article__merged__unit"))
    for placement in placements:
        placement.signed_unit = placement.short_names
    Placement.objects.bulk_update(placements, ["signed_unit"])


def withdraw_sign_off(issue: Issue, *, by, note: str) -> None:
    """Before it is issued the signer may take the signature back; the issue returns to the desk."""
    with transaction.atomic():
        issue.apply(Issue.UNSIGN, by=by, note=note)
        sign_off = issue.sign_offs.get(withdrawn_at=None)
        sign_off.withdrawn_at = timezone.now()
        sign_off.save(update_fields=["withdrawn_at"])
        proofs.request(issue)
        # A 印发 that was cut short may have left its copy.
        transaction.on_commit(lambda: issue.pdf.storage.delete(_official_name(issue, sign_off.pdf_sha256)))


def publish(issue: Issue, *, by) -> Issue:
    """Issue it: the signed proof becomes the official PDF, its articles are issued, and nothing of it changes again."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        if not issue.is_signed:
            raise Refused(_("%(issue)s is not signed off, so it can't be issued.") % {"issue": issue})
        issue.require(Issue.PUBLISH, by=by)
        pdf, proof = signed_pdf(issue)
        name = _copied(pdf, issue, proof.sha256)
        for placement in issue.placements.select_related("article"):
            placement.article.apply(Article.ISSUE, by=by, note=str(issue))
        issue.pdf, issue.pdf_sha256, issue.pdf_pages = name, proof.sha256, proof.pages
        issue.issued_at = timezone.now()
        issue.save()
        issue.apply(Issue.PUBLISH, by=by)
        ArchiveEntry.objects.enter(issue)
    return issue


def signed_pdf(issue: Issue) -> tuple[bytes, Proof]:
    """The bytes that were signed, by the hash that the sign-off keeps; what the tables say meanwhile is not asked."""
    sign_off = issue.sign_offs.get(withdrawn_at=None)
    proof = issue.proofs.filter(digest=sign_off.digest, sha256=sign_off.pdf_sha256, state=Proof.State.READY).first()
    if proof is None:
        raise Refused(_("The signed PDF is not known. Please send the issue for sign-off again."))
    if sign_off.report is None:  # signed before verdicts were kept
        raise Refused(_("It was signed without a layout check. Please send the issue for sign-off again."))
    refuse_for(layout_problems(sign_off.report))
    return _bytes_of(proof, sign_off.pdf_sha256), proof


def _bytes_of(proof: Proof, sha256: str) -> bytes:
    try:
        with proof.pdf.open("rb") as file:
            pdf = file.read()
    except (OSError, ValueError) as error:  # ValueError: no file was ever kept
        raise Refused(_("The PDF is missing on the disk. Please send the issue for sign-off again.")) from error
    if hashlib.sha256(pdf).hexdigest() != sha256:
        raise Refused(_("The signed PDF on disk was changed. Please send the issue for sign-off again."))
    return pdf


def _official_name(issue: Issue, sha256: str) -> str:
    """By its content: a second try finds the copy of one that was cut short. People see the issue's name."""
    return f"issues/{issue.year}/{sha256}.pdf"


def _copied(pdf: bytes, issue: Issue, sha256: str) -> str:
    """Copy the signed bytes to their official place, unless they are there whole; returns the file's name."""
    storage, name = issue.pdf.storage, _official_name(issue, sha256)
    if storage.exists(name) and not _holds(storage, name, sha256):
        storage.delete(name)
    if not storage.exists(name):
        storage.save(name, ContentFile(pdf))
    if not _holds(storage, name, sha256):
        raise Refused(_("The copy on the disk is not what was signed. Please tell the administrator."))
    return name


def _holds(storage, name: str, sha256: str) -> bool:
    with storage.open(name, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256
