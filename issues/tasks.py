from celery import shared_task

from . import previews, proofs
from .models import ArticlePreview, Proof


@shared_task
def render_proof(*, proof_id):
    for proof in Proof.objects.filter(pk=proof_id).select_related("issue__bulletin"):
        proofs.render(proof)


@shared_task
def render_preview(*, preview_id):
    for preview in ArticlePreview.objects.filter(pk=preview_id).select_related("article__unit"):
        previews.render(preview)


@shared_task
def render_waiting_proofs():
    """What a lost message left behind."""
    for proof in Proof.objects.filter(state=Proof.State.QUEUED).select_related("issue__bulletin")[:10]:
        proofs.render(proof)
    waiting = ArticlePreview.objects.filter(state=ArticlePreview.State.QUEUED)
    for preview in waiting.select_related("article__unit")[:10]:
        previews.render(preview)
    previews.forget_idle()
