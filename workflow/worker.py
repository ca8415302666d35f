"""Tells a worker that there is work. The database is the queue of record: a message only spares the wait for the sweep."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def notify(task: str, **kwargs: Any) -> None:
    """Run a task of the own app in a worker once the transaction is committed: notify("issues.tasks.render_proof", …).

    The act that makes the work calls it, so that no view has to. The task goes by its name: its module imports the act,
    and the web process has no use for what it loads. Which queue it goes to stands in CELERY_TASK_ROUTES: callers
    needn't know. A broker that is away is logged and costs the page nothing, neither an error nor a wait; the next sweep
    finds the row.
    """

    def send() -> None:
        try:
            current_app.send_task(task, kwargs=kwargs, retry=False)
        except OperationalError as error:
            logger.warning("The broker is away, so %s waits for the next sweep: %s", task, error)

    transaction.on_commit(send, robust=True)
