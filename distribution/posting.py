"""Posts what is due to units' own systems, as `sending` mails: through the same queue, by the same steps.

What could not be posted is tried again, and so is what may have arrived: it bears the same number every time, by which the
other side knows what it has. So nothing is lost when a connection or this program breaks off, at the price that a system
which does not look at the number may show a copy twice. Only what stays without an answer to the last is unsure.
"""

import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from . import links, queue, sending
from .channels.errors import DeliveryError, NotConnected, Rejected, TryLater, Unsure
from .channels.webhook import message, post
from .models import Delivery, Mailing, MailingStatus, WebhookTrial

RUN_SECONDS = 5
BATCH = 5  # so few that other workers find some, however slow these systems are
TRIAL_WAITS = timedelta(hours=1)


@dataclass
class Run:
    """One pump's name on the rows that it claims, and the time that it has."""

    until: float
    worker: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until


def pump(seconds: float = RUN_SECONDS) -> int:
    """Post what is due, for some seconds; returns how many were taken. Any number may run at once."""
    queue.sweep()
    run, count = Run(time.monotonic() + seconds), 0
    waiting = Delivery.objects.through(webhook=True).due(timezone.now()).values("mailing")
    for mailing in sending.mailings().filter(pk__in=waiting, status=MailingStatus.SENDING):
        try:
            count += _post_due(mailing, run)
        finally:
            queue.release(run.worker)
        queue.finish(mailing)
        if run.is_over:
            break
    return count


def _post_due(mailing: Mailing, run: Run) -> int:
    count = 0
    while not run.is_over and (batch := queue.claim(mailing, run.worker, BATCH, webhook=True)):
        if sending.stops_as_withdrawn(mailing):
            break
        for copy in batch:
            if run.is_over:
                break
            count += _post_one(copy, run.worker)
    return count


def _post_one(copy: Delivery, worker: str) -> bool:
    """Post one claimed copy and write down how it went. True when it was taken."""
    reader = copy.reader
    if not reader.webhook_url:
        queue.refused(copy, worker, _("The reader has no address of a system any more."))
        return False
    said = message.of_copy(copy)
    if not queue.begin(copy, worker, links.hash_of(links.token_of(copy))):
        return False
    try:
        answer = post.post(
            reader.webhook_url, said.body, message.headers(said, message.secret_of(reader), copy.attempts)
        )
    except (NotConnected, TryLater) as error:
        queue.later(copy, worker, str(error))
    except Rejected as error:
        queue.refused(copy, worker, str(error))
    except Unsure as error:
        (queue.unsure if queue.is_last_try(copy) else queue.later)(copy, worker, str(error))
    else:
        return queue.sent(copy, worker, answer)
    return False


def post_trials() -> None:
    """Post each that was asked for, once."""
    waiting = WebhookTrial.objects.filter(begun_at=None, asked_at__gt=timezone.now() - TRIAL_WAITS)
    for trial in waiting.select_related("reader").order_by("pk")[:10]:
        rows = WebhookTrial.objects.filter(pk=trial.pk)
        if rows.filter(begun_at=None).update(begun_at=timezone.now()):
            said, secret = message.of_trial(trial), message.secret_of(trial.reader)
            try:
                answer, error = post.post(trial.reader.webhook_url, said.body, message.headers(said, secret, 1)), ""
            except DeliveryError as refusal:
                answer, error = "", str(refusal)
            rows.update(answer=answer, error=error, answered_at=timezone.now())
