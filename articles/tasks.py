import logging

from celery import shared_task

from . import proofing
from .commissions import reminding
from .duplicates import keeping

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 4  # the sweep comes again, and previews wait no longer for thousands of texts


@shared_task
def proofread(*, article_id):
    proofing.make(article_id)


@shared_task
def proofread_waiting():
    """What a lost message, a new day, new tables or a rule that failed left behind. A fault at one stops none of the others."""
    proofing.ask_for_failed()
    for article in proofing.without_proof():
        proofing.request(article)
    for article in proofing.to_make():
        try:
            proofing.make(article.pk)
        except Exception:
            logger.exception("Proofreading failed for %r", article)


@shared_task
def compare_article(*, article_id):
    keeping.compare_waiting([article_id])


@shared_task
def compare_waiting():
    """What a lost message left behind, and an archive that is compared for the first time."""
    keeping.compare_waiting(seconds=SWEEP_SECONDS)


@shared_task
def remind_of_commissions():
    reminding.remind()
