from celery import shared_task

from . import sending


@shared_task
def pump():
    """Send what is due. Beat runs it every few seconds too, so that a lost message costs no more than that."""
    sending.pump()
