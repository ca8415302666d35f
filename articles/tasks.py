from celery import shared_task

from .duplicates import keeping

SWEEP_SECONDS = 4  # the sweep comes again, and previews wait no longer for thousands of texts


@shared_task
def compare_article(*, article_id):
    keeping.compare_waiting([article_id])


@shared_task
def compare_waiting():
    """What a lost message left behind, and an archive that is compared for the first time."""
    keeping.compare_waiting(seconds=SWEEP_SECONDS)
