from celery import shared_task

from . import ledger


@shared_task
def bring_up_to_date():
    """Beat asks every minute; the causes say whether there is something to do."""
    ledger.bring_up_to_date_if_due()
