"""How a state looks: one table from "model.status" to word, icon and colour.

Colours: "" grey, go blue (in progress), ok green (done), you amber (your turn), hold violet (put aside, uncertain),
stop red outline (refused, withdrawn).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class State:
    word: str
    icon: str
    colour: str = ""


STATES = {
    "article.draft": State(pgettext_lazy("state of an article", "draft"), "pen"),
    "article.submitted": State(pgettext_lazy("state of an article", "submitted"), "clock", "go"),
    "article.accepted": State(pgettext_lazy("state of an article", "accepted"), "check", "ok"),
    "article.returned": State(pgettext_lazy("state of an article", "returned"), "undo", "you"),
    "article.placed": State(pgettext_lazy("state of an article", "placed"), "desk", "ok"),
    "article.issued": State(pgettext_lazy("state of an article", "printed"), "archive", "ok"),
    "article.discarded": State(pgettext_lazy("state of an article", "deleted"), "cross", "stop"),
    "issue.draft": State(pgettext_lazy("state of an issue", "being assembled"), "desk"),
    "issue.pending": State(pgettext_lazy("state of an issue", "waiting for sign-off"), "clock", "go"),
    "issue.signed": State(pgettext_lazy("state of an issue", "signed off"), "sign", "ok"),
    "issue.issued": State(pgettext_lazy("state of an issue", "issued"), "archive", "ok"),
    "issue.discarded": State(pgettext_lazy("state of an issue", "given up"), "cross", "stop"),
    "mailing.sending": State(pgettext_lazy("state of a mailing", "sending"), "send", "go"),
    "mailing.paused": State(pgettext_lazy("state of a mailing", "paused"), "pause", "hold"),
    "mailing.done": State(pgettext_lazy("state of a mailing", "all sent"), "check", "ok"),
    "delivery.queued": State(pgettext_lazy("state of a delivery", "queued"), "clock"),
    "delivery.sending": State(pgettext_lazy("state of a delivery", "being sent"), "send", "go"),
    "delivery.sent": State(pgettext_lazy("state of a delivery", "sent"), "check", "ok"),
    "delivery.later": State(pgettext_lazy("state of a delivery", "later again"), "retry", "go"),
    "delivery.failed": State(pgettext_lazy("state of a delivery", "refused"), "stop", "stop"),
    "delivery.unsure": State(pgettext_lazy("state of a delivery", "unsure"), "question", "hold"),
    "delivery.paper": State(pgettext_lazy("state of a delivery", "on paper"), "print"),
    "delivery.revoked": State(pgettext_lazy("state of a delivery", "link revoked"), "cross", "stop"),
    "receipt.confirmed": State(_("confirmed"), "check", "ok"),
    "receipt.missing": State(_("not confirmed yet"), "clock", "you"),
    "proof.queued": State(pgettext_lazy("state of a proof", "being set"), "clock", "go"),
    "proof.ready": State(pgettext_lazy("state of a proof", "ready"), "check", "ok"),
    "proof.failed": State(pgettext_lazy("state of a proof", "not set"), "stop", "stop"),
    "todo.write": State(pgettext_lazy("kind of to-do", "draft"), "pen"),
    "todo.returned": State(pgettext_lazy("kind of to-do", "returned"), "undo", "you"),
    "todo.review": State(pgettext_lazy("kind of to-do", "to review"), "eye", "you"),
    "todo.assemble": State(pgettext_lazy("kind of to-do", "to assemble"), "desk", "you"),
    "todo.sign": State(pgettext_lazy("kind of to-do", "to sign off"), "sign", "you"),
    "todo.publish": State(pgettext_lazy("kind of to-do", "to issue"), "archive", "you"),
    "todo.send": State(pgettext_lazy("kind of to-do", "to send"), "send", "you"),
    "todo.trouble": State(pgettext_lazy("kind of to-do", "needs you"), "warn", "you"),
    "todo.read": State(pgettext_lazy("kind of to-do", "to confirm"), "mail", "you"),
}
