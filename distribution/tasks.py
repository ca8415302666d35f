from celery import shared_task
from django.db import transaction

from . import sending


@shared_task
def pump():
    """The doorbell: beat rings every few seconds, so that a lost ring costs no more than that."""
    sending.pump()


def ring() -> None:
    """Ring as soon as the transaction is committed. A broker that is away is logged, and beat rings instead."""
    transaction.on_commit(pump.delay, robust=True)
