from celery import shared_task

from . import mails, notices, robots


@shared_task
def send_mails():
    """Beat asks every five seconds; the mails themselves are rows."""
    mails.send_due()


@shared_task
def write_daily_mails():
    """Beat asks every minute; the hour of the mail is asked of the rows."""
    notices.write_daily_mails()


@shared_task
def post_to_robots():
    """Beat asks every five seconds; what they say is rows."""
    robots.post_due()
