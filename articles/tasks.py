import logging

from celery import shared_task

from . import proofing

logger = logging.getLogger(__name__)


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
