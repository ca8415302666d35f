"""How the states of an issue and of its proofs look, and what is to do with them. An issue's stand with its transitions."""

from django.utils.translation import pgettext_lazy

from workflow.states import State

from .models import Issue

STATES = {
    **{f"issue.{status}": look for status, look in Issue.looks().items()},
    "proof.queued": State(pgettext_lazy("state of a proof", "being set"), "clock", "go"),
    "proof.ready": State(pgettext_lazy("state of a proof", "ready"), "check", "ok"),
    "proof.failed": State(pgettext_lazy("state of a proof", "not set"), "stop", "stop"),
    "amended.correction": State(pgettext_lazy("state of an issue", "corrected"), "warn", "hold"),
    "amended.revision": State(pgettext_lazy("state of an issue", "corrected edition"), "warn", "hold"),
    "amended.withdrawal": State(pgettext_lazy("state of an issue", "withdrawn"), "stop", "stop"),
    "past.queued": State(pgettext_lazy("state of a file", "being read"), "clock", "go"),
    "past.failed": State(pgettext_lazy("state of a file", "not read"), "stop", "stop"),
    "past.unsure": State(pgettext_lazy("state of a file", "to be checked"), "eye", "you"),
    "past.sure": State(pgettext_lazy("state of a file", "ready to be stored"), "check", "ok"),
    "past.storing": State(pgettext_lazy("state of a file", "being stored"), "clock", "go"),
    "past.stored": State(pgettext_lazy("state of a file", "in the archive"), "archive", "ok"),
    "todo.assemble": State(pgettext_lazy("kind of to-do", "to assemble"), "desk", "you"),
    "todo.sign": State(pgettext_lazy("kind of to-do", "to sign off"), "sign", "you"),
    "todo.publish": State(pgettext_lazy("kind of to-do", "to issue"), "archive", "you"),
}
