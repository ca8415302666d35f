from celery import shared_task

from . import planning, posting, reminders, sending, trials
from .archiving import making, requests
from .bounces import mailbox, postfix
from .models import ArchivePackage


@shared_task
def pump():
    """Send what is due. Beat runs it every few seconds too, so that a lost message costs no more than that."""
    trials.send_waiting()
    sending.pump()


@shared_task
def post_to_systems():
    """Post what is due to units' systems: a task of its own, so that a slow system holds up no mail."""
    posting.post_trials()
    posting.pump()


@shared_task
def remind():
    """What mailings are set to remind of by themselves."""
    reminders.remind_by_itself()


@shared_task
def start_planned():
    """Start the mailings whose time has come."""
    planning.start_due()


@shared_task
def make_package(*, package_id):
    for asked in ArchivePackage.objects.filter(pk=package_id).select_related("issue__frozen", "asked_by"):
        making.make(asked)


@shared_task
def make_waiting_packages():
    """What a lost message or a worker that died left behind."""
    ArchivePackage.objects.release_claims_of_the_dead()
    for asked in ArchivePackage.objects.waiting().select_related("issue__frozen", "asked_by")[:1]:
        making.make(asked)
    requests.forget_old()


@shared_task
def read_returned_mail():
    """What came back since the last look."""
    mailbox.read_new()


@shared_task
def read_mail_log():
    """What the mail server has written down since the last look."""
    postfix.read_new()
