from celery import shared_task

from . import mails


@shared_task
def send_mails():
    """Beat asks every five seconds; the mails themselves are rows."""
    mails.send_due()
