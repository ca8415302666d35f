from celery import shared_task

from . import planning, reminders, sending, trials


@shared_task
def pump():
    """Send what is due. Beat runs it every few seconds too, so that a lost message costs no more than that."""
    trials.send_waiting()
    sending.pump()


@shared_task
def remind():
    """What mailings are set to remind of by themselves."""
    reminders.remind_by_itself()


@shared_task
def start_planned():
    """Start the mailings whose time has come."""
    planning.start_due()
