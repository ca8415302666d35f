from celery import shared_task

from . import proofs
from .models import Proof


@shared_task
def render_proof(*, proof_id):
    for proof in Proof.objects.filter(pk=proof_id).select_related("issue__bulletin"):
        proofs.render(proof)


@shared_task
def render_waiting_proofs():
    """What a lost message left behind."""
    for proof in Proof.objects.filter(state=Proof.State.QUEUED).select_related("issue__bulletin")[:10]:
        proofs.render(proof)
