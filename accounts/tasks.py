from celery import shared_task

from . import notices


@shared_task
def send_notices():
    """Beat asks every five seconds; the mails themselves are rows."""
    notices.send_due()
