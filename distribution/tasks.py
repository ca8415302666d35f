from celery import shared_task

from . import sending
from .archiving import making, requests
from .models import ArchivePackage


@shared_task
def pump():
    """Send what is due. Beat runs it every few seconds too, so that a lost message costs no more than that."""
    sending.pump()


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
