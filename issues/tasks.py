import logging
import time
from collections.abc import Callable, Iterable

from celery import shared_task
from django.db.models import Model

from . import across, previews, proofs, redlines, setting
from .models import ArticlePreview, Paper, Proof, RedlinePdf
from .papers import making, requests
from .past import intake

PAST_FILES_SECONDS = 4
SWEEP_SECONDS = 60  # after which a sweep begins nothing more: the next one follows it, and a task has its time limit

logger = logging.getLogger(__name__)


@shared_task
def render_proof(*, proof_id):
    for proof in Proof.objects.filter(pk=proof_id).select_related("issue__bulletin"):
        setting.render_proof(proof)


@shared_task
def compare_texts(*, issue_id):
    across.make(issue_id)


@shared_task
def render_preview(*, preview_id):
    for preview in ArticlePreview.objects.filter(pk=preview_id).select_related("article__unit"):
        setting.render_preview(preview)


@shared_task
def render_redline(*, redline_id):
    for redline in RedlinePdf.objects.filter(pk=redline_id):
        setting.render_redline(redline)


@shared_task
def render_waiting_proofs():
    """What a lost message or a worker that died left behind."""
    Proof.objects.release_claims_of_the_dead()
    _each(Proof.objects.waiting().select_related("issue__bulletin")[:10], setting.render_proof)


@shared_task
def render_waiting_previews():
    ArticlePreview.objects.release_claims_of_the_dead()
    _each(ArticlePreview.objects.waiting().select_related("article__unit")[:10], setting.render_preview)
    previews.forget_idle()


@shared_task
def render_waiting_redlines():
    RedlinePdf.objects.release_claims_of_the_dead()
    _each(RedlinePdf.objects.waiting()[:10], setting.render_redline)
    redlines.forget_old()


@shared_task
def make_paper(*, paper_id):
    for paper in Paper.objects.filter(pk=paper_id).select_related("issue__frozen"):
        making.make(paper)


@shared_task
def make_waiting_papers():
    """What an issued issue does not have yet, and what a lost message or a worker that died left behind."""
    Paper.objects.release_claims_of_the_dead()
    requests.request_missing()
    _each(Paper.objects.waiting().select_related("issue__frozen")[:20], making.make)


@shared_task
def take_in_past_files():
    """For some seconds: the sweep comes again, and other work waits no longer for hundreds of files."""
    until = time.monotonic() + PAST_FILES_SECONDS
    while intake.take_in_next() and time.monotonic() < until:
        pass


@shared_task
def request_missing_proofs():
    _each(proofs.without_asking(), proofs.look_at)


def _each(rows: Iterable[Model], act: Callable) -> None:
    """A fault at one row is logged and stops none of the others."""
    until = time.monotonic() + SWEEP_SECONDS
    for row in rows:
        if time.monotonic() > until:
            return
        try:
            act(row)
        except Exception:
            logger.exception("%s failed for %r", act.__name__, row)
