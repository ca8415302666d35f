"""A trial copy: the letter as it will go out, to the address of the one who asks, before anybody else gets it."""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import Issue
from workflow.refusals import Refused, permit, refuse_for
from workflow.worker import notify

from . import access, mailing
from .channels.email.letter import Enclosure, compose_trial
from .channels.email.smtp import SmtpConnection
from .channels.errors import DeliveryError
from .models import MANAGE, TrialCopy

WAITS = timedelta(hours=1)  # a letter that nobody sent by then is not wanted any more

log = logging.getLogger(__name__)


def request(issue: Issue, *, by) -> TrialCopy:
    """Ask for one. A second press while the first is under way brings no second mail."""
    permit(by, MANAGE)
    if not by.email:
        raise Refused(_("Your account has no e-mail address. Please have the administrator enter one, then try again."))
    refuse_for([problem for problem in mailing.problems(issue) if problem.code != "readers"])
    before = last(issue, by)
    if before and before.is_under_way:
        return before
    notify("distribution.tasks.pump")
    return TrialCopy.objects.create(issue=issue, user=by, address=by.email)


def last(issue: Issue, user) -> TrialCopy | None:
    return TrialCopy.objects.filter(issue=issue, user=user).order_by("-asked_at", "-pk").first()


def send_waiting() -> None:
    """Send each that was asked for, once: it is marked as begun before any mail server hears of it."""
    waiting = TrialCopy.objects.filter(begun_at=None, asked_at__gt=timezone.now() - WAITS)
    for trial in waiting.select_related("issue__bulletin", "issue__frozen", "user").order_by("pk")[:10]:
        rows = TrialCopy.objects.filter(pk=trial.pk)
        if rows.filter(begun_at=None).update(begun_at=timezone.now()):
            error = _send(trial)
            rows.update(error=error, sent_at=None if error else timezone.now())


def _send(trial: TrialCopy) -> str:
    """Why it did not go out; empty when it did."""
    try:
        enclosure = Enclosure(trial.issue, access.official_pdf(trial.issue))
        letter = compose_trial(trial, mailing.subject_of(trial.issue), enclosure)
        with SmtpConnection() as connection:
            connection.open()
            connection.send(letter)
    except access.PdfDamaged as error:
        log.error("%s", error)
        return _("The official PDF on the disk is missing or was changed.")
    except (ValidationError, UnicodeEncodeError):
        return _("This is no complete e-mail address.")
    except DeliveryError as error:
        return str(error)
    except Exception:
        log.exception("the trial copy %s can't be written", trial.pk)
        return _("The letter could not be written; the log says why.")
    return ""
