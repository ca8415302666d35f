from datetime import timedelta

from celery import shared_task
from django.utils import timezone

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
    """What a lost message left behind; what was asked for just now has a message of its own."""
    lost = {"state": Proof.State.QUEUED, "requested_at__lt": timezone.now() - timedelta(seconds=10)}
    for proof in Proof.objects.filter(**lost).select_related("issue__bulletin")[:10]:
        proofs.render(proof)
    for preview in ArticlePreview.objects.filter(**lost).select_related("article__unit")[:10]:
        previews.render(preview)
    previews.forget_idle()
