"""Sends what is due, copy by copy, and tells what surely went wrong from what may have arrived.

As long as the final dot of a mail has not gone out, no server may accept it: a broken connection is harmless and the copy
is tried again. After that only the server's answer tells: without one the copy is unsure.
"""

import logging
import time
import uuid

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from issues.models import Issue

from . import access, links, queue
from .channels.email.letter import Enclosure, Letter, compose
from .channels.email.smtp import NotConnected, Rejected, SmtpConnection, TryLater, Unsure
from .models import Delivery, Mailing, MailingStatus

log = logging.getLogger(__name__)

RUN_SECONDS = 5


def pump(seconds: float = RUN_SECONDS) -> int:
    """Send what is due, for some seconds; returns how many were sent. Any number of pumps may run at once."""
    until = time.monotonic() + seconds
    queue.sweep()
    count = 0
    worker = uuid.uuid4().hex
    with SmtpConnection() as connection:
        for mailing in Mailing.objects.filter(status=MailingStatus.SENDING).select_related(
            "issue__bulletin", "issue__frozen"
        ):
            try:
                count += _send_due(mailing, connection, worker, until)
            finally:
                queue.release(worker)
            queue.finish(mailing)
            if time.monotonic() >= until:
                break
    return count


def _send_due(mailing: Mailing, connection: SmtpConnection, worker: str, until: float) -> int:
    count, enclosure = 0, None
    while time.monotonic() < until and (batch := queue.claim(mailing, worker)):
        if Issue.objects.withdrawn().filter(pk=mailing.issue_id).exists():
            queue.stop(mailing, _("the issue is withdrawn; what was not sent stays here"))
            return count
        if enclosure is None:
            try:
                enclosure = Enclosure(mailing.issue, access.official_pdf(mailing.issue))
            except access.PdfDamaged as error:
                log.error("%s", error)
                queue.stop(mailing, _("The official PDF on the disk is missing or was changed."))
                return count
        for delivery in batch:
            if time.monotonic() >= until:
                return count
            try:
                count += _send_one(delivery, enclosure, connection, worker)
            except NotConnected as error:
                queue.later(delivery, worker, str(error))
                queue.count_connection_error(mailing, str(error))
                return count
    return count


def _send_one(delivery: Delivery, enclosure: Enclosure, connection: SmtpConnection, worker: str) -> bool:
    """Send one claimed copy and write down how it went. NotConnected is left to the caller."""
    letter = _letter(delivery, enclosure, worker)
    if letter is None:
        return False
    try:
        connection.open()
    except NotConnected:
        delivery.attempts += 1
        raise
    if not queue.begin(delivery, worker, links.hash_of(links.token_of(delivery))):
        return False
    try:
        reply = connection.send(letter)
    except TryLater as error:
        queue.later(delivery, worker, str(error))
    except Rejected as error:
        queue.refused(delivery, worker, str(error))
        queue.count_refusal(delivery.mailing, str(error))
    except Unsure as error:
        queue.unsure(delivery, worker, str(error))
        queue.count_unsure(delivery.mailing, str(error))
    else:
        queue.reset_counts(delivery.mailing)
        return queue.sent(delivery, worker, reply)
    return False


def _letter(delivery: Delivery, enclosure: Enclosure, worker: str) -> Letter | None:
    """A copy that can't be written is set aside for a person, so that it doesn't hold up the others."""
    try:
        return compose(delivery, enclosure)
    except (ValidationError, UnicodeEncodeError):
        queue.refused(delivery, worker, _("This is no complete e-mail address."))
    except Exception:
        log.exception("the letter of delivery %s can't be written", delivery.pk)
        queue.refused(delivery, worker, _("The letter could not be written; the log says why."))
    return None
