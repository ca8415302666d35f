"""How the states of an issue and of its proofs look."""

from django.utils.translation import pgettext_lazy

from workflow.states import State

STATES = {
    "issue.draft": State(pgettext_lazy("state of an issue", "being assembled"), "desk"),
    "issue.pending": State(pgettext_lazy("state of an issue", "waiting for sign-off"), "clock", "go"),
    "issue.signed": State(pgettext_lazy("state of an issue", "signed off"), "sign", "ok"),
    "issue.issued": State(pgettext_lazy("state of an issue", "issued"), "archive", "ok"),
    "issue.discarded": State(pgettext_lazy("state of an issue", "given up"), "cross", "stop"),
    "proof.queued": State(pgettext_lazy("state of a proof", "being set"), "clock", "go"),
    "proof.ready": State(pgettext_lazy("state of a proof", "ready"), "check", "ok"),
    "proof.failed": State(pgettext_lazy("state of a proof", "not set"), "stop", "stop"),
    "todo.assemble": State(pgettext_lazy("kind of to-do", "to assemble"), "desk", "you"),
    "todo.sign": State(pgettext_lazy("kind of to-do", "to sign off"), "sign", "you"),
    "todo.publish": State(pgettext_lazy("kind of to-do", "to issue"), "archive", "you"),
}
