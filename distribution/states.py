"""How the states of a mailing, of its copies and of their receipts look. A mailing's stand with its transitions."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.states import State

from .models import Mailing, ReturnedMail

_Outcome = ReturnedMail.Outcome
RETURNED = {
    _Outcome.FAILED: State(_Outcome.FAILED.label, "stop", "stop"),
    _Outcome.DELAYED: State(_Outcome.DELAYED.label, "clock", "go"),
    _Outcome.DELIVERED: State(_Outcome.DELIVERED.label, "check", "ok"),
    _Outcome.AUTOMATIC: State(_Outcome.AUTOMATIC.label, "comment"),
    _Outcome.UNKNOWN: State(_Outcome.UNKNOWN.label, "question", "hold"),
}
STATES = {
    **{f"mailing.{status}": look for status, look in Mailing.looks().items()},
    "delivery.queued": State(pgettext_lazy("state of a delivery", "queued"), "clock"),
    "delivery.sending": State(pgettext_lazy("state of a delivery", "being sent"), "send", "go"),
    "delivery.sent": State(pgettext_lazy("state of a delivery", "sent"), "check", "ok"),
    "delivery.later": State(pgettext_lazy("state of a delivery", "later again"), "retry", "go"),
    "delivery.failed": State(pgettext_lazy("state of a delivery", "refused"), "stop", "stop"),
    "delivery.unsure": State(pgettext_lazy("state of a delivery", "unsure"), "question", "hold"),
    "delivery.held": State(pgettext_lazy("state of a delivery", "address held"), "pause", "hold"),
    "delivery.paper": State(pgettext_lazy("state of a delivery", "to hand over"), "print", "you"),
    "delivery.handed": State(pgettext_lazy("state of a delivery", "handed over"), "check", "ok"),
    "delivery.account": State(pgettext_lazy("state of a delivery", "with an account"), "people"),
    "delivery.revoked": State(pgettext_lazy("state of a delivery", "link revoked"), "cross", "stop"),
    "reminder.queued": State(pgettext_lazy("state of a reminder", "reminder queued"), "clock"),
    "reminder.claimed": State(pgettext_lazy("state of a reminder", "reminder queued"), "clock"),
    "reminder.sending": State(pgettext_lazy("state of a reminder", "reminder being sent"), "send", "go"),
    "reminder.failed": State(pgettext_lazy("state of a reminder", "reminder refused"), "stop", "stop"),
    "reminder.unsure": State(pgettext_lazy("state of a reminder", "reminder unsure"), "question", "hold"),
    "receipt.confirmed": State(_("confirmed"), "check", "ok"),
    "receipt.missing": State(_("not confirmed yet"), "clock", "you"),
    "todo.send": State(pgettext_lazy("kind of to-do", "to send"), "send", "you"),
    "todo.trouble": State(pgettext_lazy("kind of to-do", "needs you"), "warn", "you"),
    **{f"returned.{outcome}": state for outcome, state in RETURNED.items()},
    "todo.returned_mail": State(pgettext_lazy("kind of to-do", "returned mail"), "mail", "you"),
    "todo.read": State(pgettext_lazy("kind of to-do", "to confirm"), "mail", "you"),
}
