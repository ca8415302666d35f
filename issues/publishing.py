"""Takes an issue from the desk to its official PDF: send for sign-off, sign, issue. Each step asks `problems` first."""

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.models import Status as ArticleStatus
from bulletin_cms.workflow import TransitionRefused

from . import numbering, proofs
from .content import content_of, digest
from .models import Issue, Proof, SignOff, Status

MOST_LISTED = 5  # findings of the layout check


@dataclass(frozen=True)
class Problem:
    """Why not: `code` names the cure for the page, `article` the story concerned. A warning does not block."""

    code: str
    text: str
    article: Article | None = None
    is_warning: bool = False


def problems(issue: Issue) -> list[Problem]:
    """What stands in the way of sending the issue for sign-off; warnings last."""
    found = []
    placements = list(issue.placements.select_related("article", "version"))
    if not any(placement.section != "brief" for placement in placements):
        found.append(Problem("empty", _("There is no article in it yet.")))
    for placement in placements:
        article = placement.article
        if article.status != ArticleStatus.PLACED:
            found.append(Problem("article", _("“%(title)s” is not ready.") % {"title": article.flat_title}, article))
        elif article.current_version_id != placement.version_id:
            text = _("“%(title)s” has a newer version than the one in the issue.") % {"title": article.flat_title}
            found.append(Problem("version", text, article))
    if not issue.recipients.exists():
        found.append(Problem("recipients", _("It has no recipients (报 / 送).")))
    elif numbering.has_outdated_recipients(issue):
        text = _("The recipient list valid on its day differs from the issue's.")
        found.append(Problem("outdated_recipients", text, is_warning=True))
    if issue.dated_on.year != issue.year:
        found.append(Problem("year", _("Its number is of another year than its date.")))
    earlier = numbering.earlier_open(issue)
    if earlier:
        found.append(Problem("order", _("%(issue)s is not issued yet.") % {"issue": earlier}, is_warning=True))
    proof = issue.proofs.filter(digest=digest(content_of(issue))).first()
    if proof and proof.state == Proof.State.FAILED:
        found.append(Problem("proof", _("It cannot be set: %(why)s") % {"why": proof.error}))
    elif proof:
        found += _layout_problems(proof.report)
    return sorted(found, key=lambda problem: problem.is_warning)


def _layout_problems(report: dict | None) -> list[Problem]:
    """What the layout check found: what would print something untrue blocks, other errors only warn."""
    errors = [finding for finding in (report or {}).get("findings", ()) if finding["level"] == "error"]
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


def blocking(found: list[Problem]) -> list[Problem]:
    return [problem for problem in found if not problem.is_warning]


def _refuse(found: list[Problem]) -> None:
    if blocking(found):
        raise TransitionRefused(" ".join(problem.text for problem in blocking(found)))


def send_for_sign_off(issue: Issue, *, by) -> Proof:
    """Freeze the issue and hand it to the signer. Returns the proof that the signer will see (perhaps still queued)."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        _refuse(problems(issue))
        issue.apply(Issue.SEND, by=by)
        return proof_to_sign(issue)


def proof_to_sign(issue: Issue) -> Proof:
    """The proof of the issue dated today: the date of an issue is the day on which it is signed."""
    return proofs.request(issue, content_of(issue, dated_on=timezone.localdate()))


def present_proof(issue: Issue) -> Proof:
    """The proof of what the issue says now: while it waits for the signature, dated today."""
    return proof_to_sign(issue) if issue.status == Status.PENDING else proofs.request(issue)


def sign(issue: Issue, *, by, expected_digest: str) -> SignOff:
    """Sign the content the signer saw, dated today. Refused if it is not what the issue says now, or not yet set."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        today = timezone.localdate()
        present = digest(content_of(issue, dated_on=today))
        if present != expected_digest:
            raise TransitionRefused(_("The issue is not what you saw any more. Please look at the present one."))
        if today.year != issue.year:
            raise TransitionRefused(_("Its number is of another year than today. Please return it to be renumbered."))
        if not issue.proofs.filter(digest=present, state=Proof.State.READY).exists():
            raise TransitionRefused(_("The pages are still being set. Please wait until you have seen them."))
        issue.dated_on = today
        issue.save()
        issue.apply(Issue.SIGN, by=by)
        return SignOff.objects.create(issue=issue, by=by, digest=present)


def withdraw_sign_off(issue: Issue, *, by, note: str) -> None:
    """Before it is issued the signer may take the signature back; the issue returns to the desk."""
    with transaction.atomic():
        issue.apply(Issue.UNSIGN, by=by, note=note)
        issue.sign_offs.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def publish(issue: Issue, *, by) -> Issue:
    """Issue it: the signed proof becomes the official PDF, its articles are issued, and nothing of it changes again."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        if issue.status != Status.SIGNED:
            raise TransitionRefused(_("%(issue)s is not signed off, so it can't be issued.") % {"issue": issue})
        pdf, proof = signed_pdf(issue)
        for placement in issue.placements.select_related("article"):
            placement.article.apply(Article.ISSUE, by=by, note=str(issue))
        issue.pdf.save(f"{issue.reference}.pdf", ContentFile(pdf), save=False)
        issue.pdf_sha256, issue.pdf_pages, issue.issued_at = proof.sha256, proof.pages, timezone.now()
        issue.save()
        issue.apply(Issue.PUBLISH, by=by)
    return issue


def signed_pdf(issue: Issue) -> tuple[bytes, Proof]:
    """The bytes that were signed, checked against the sign-off and the proof's hash."""
    sign_off = issue.sign_offs.get(withdrawn_at=None)
    proof = issue.proofs.filter(digest=sign_off.digest, state=Proof.State.READY).first()
    if sign_off.digest != digest(content_of(issue)) or proof is None:
        raise TransitionRefused(_("The issue is not what was signed. Please send it for sign-off again."))
    with proof.pdf.open("rb") as file:
        pdf = file.read()
    if hashlib.sha256(pdf).hexdigest() != proof.sha256:
        raise TransitionRefused(_("The signed PDF on disk was changed. Please send the issue for sign-off again."))
    return pdf, proof
