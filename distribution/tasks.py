from celery import shared_task

from . import reminders, sending


@shared_task
def pump():
    """Send what is due. Beat runs it every few seconds too, so that a lost message costs no more than that."""
    sending.pump()


@shared_task
def remind():
    """What mailings are set to remind of by themselves."""
    reminders.remind_by_itself()
