"""An issue on its way to its readers, and its moves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Topic, User
from issues.models import Issue
from workflow.documents import Document, Transition
from workflow.events import Event
from workflow.logged import Said
from workflow.notices import Tell
from workflow.states import State
from workflow.worker import notify

MANAGE = "distribution.manage_mailing"


class MailingStatus(models.TextChoices):
    SENDING = "sending", _("sending")
    PAUSED = "paused", _("paused")
    DONE = "done", _("all sent")


# --- what else changes when a mailing moves ------------------------------------------------------------------------
def _resume(mailing, *, by) -> None:
    mailing.paused_because = ""
    mailing.connection_errors = mailing.unsure_in_a_row = mailing.refusals_in_a_row = 0
    notify("distribution.tasks.pump")


def _finish(mailing, *, by) -> None:
    # One that was paused while it only reminded was through before.
    mailing.finished_at = mailing.finished_at or timezone.now()


def _reopen(mailing, *, by) -> None:
    mailing.finished_at = None


def _is_sending(mailing, _user) -> bool:
    """A mailing that is through can be paused while it reminds."""
    return mailing.status == MailingStatus.SENDING or mailing.reminders.open().exists()


# --- who is told ---------------------------------------------------------------------------------------------------
def _managers(_mailing):
    return User.objects.with_permission(MANAGE)


def _managers_of_trouble(mailing):
    is_troubled = mailing.deliveries.shown_as("trouble").exists()
    return _managers(mailing) if is_troubled else User.objects.none()


class Mailing(Document):
    """An issue on its way to its readers: frozen and counted at the start, later readers are added to it."""

    FIRST_LOOK = State(pgettext_lazy("state of a mailing", "sending"), "send", "go")
    _PAUSED = State(pgettext_lazy("state of a mailing", "paused"), "pause", "hold")
    _MOVING = (MailingStatus.SENDING, MailingStatus.DONE)
    PAUSE = Transition("pause", _("Pause"), _MOVING, MailingStatus.PAUSED, MANAGE, may=_is_sending, look=_PAUSED)
    RESUME = Transition("resume", _("Resume"), (MailingStatus.PAUSED,), MailingStatus.SENDING, MANAGE, effect=_resume)
    # Made by the program itself, never by a person:
    BREAK = Transition(
        "break",
        _("Paused by itself"),
        _MOVING,
        MailingStatus.PAUSED,
        "",
        tells=(
            Tell(
                Topic.WORK, _managers, pgettext_lazy("notice", "Sending has stopped"), _("Look"), "distribution:detail"
            ),
        ),
        announces=_("%(title)s has stopped and needs a person"),
    )
    FINISH = Transition(
        "finish",
        _("All sent"),
        (MailingStatus.SENDING,),
        MailingStatus.DONE,
        "",
        effect=_finish,
        look=State(pgettext_lazy("state of a mailing", "all sent"), "check", "ok"),
        announces=_("%(title)s has ended"),
        tells=(
            Tell(
                Topic.WORK,
                _managers_of_trouble,
                pgettext_lazy("notice", "Copies need a person"),
                _("Look"),
                "distribution:detail",
            ),
        ),
    )
    REOPEN = Transition("reopen", _("Sends again"), (MailingStatus.DONE,), MailingStatus.SENDING, "", effect=_reopen)
    TRANSITIONS = (PAUSE, RESUME, BREAK, FINISH, REOPEN)

    # Given by progress.add_numbers, where a page shows several.
    numbers: dict[str, int]
    by_mail: int

    issue = models.OneToOneField(Issue, models.PROTECT, related_name="mailing", verbose_name=_("issue"))
    subject = models.CharField(_("subject"), max_length=200)
    status = models.CharField(
        _("status"), max_length=20, choices=MailingStatus, default=MailingStatus.SENDING, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    confirm_by = models.DateField(_("to confirm by"), null=True)
    remind_days = models.PositiveSmallIntegerField(
        _("reminds by itself"), null=True, help_text=_("So many days before that day, and on it.")
    )
    reminded_itself_on = models.DateField(null=True, editable=False)
    paused_because = models.TextField(_("why it paused"), blank=True, editable=False)
    # In a row; a sent mail sets them back.
    connection_errors = models.PositiveSmallIntegerField(default=0, editable=False)
    unsure_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    refusals_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    last_refusal = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["-started_at"]), models.Index(fields=["status"])]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MailingStatus.values), name="mailing_status_is_known")
        ]

    def __str__(self):
        return gettext("Distribution of %(issue)s") % {"issue": self.issue}

    def follow_up(self, transition, event):
        notices.tell(self, transition, event)


class MailingEvent(Event):
    """A move of a mailing; or that it was started, readers were added, reminded, or given a day to confirm by."""

    ACTS = {
        "start": _("Distribution started"),
        "add": _("Readers added"),
        "remind": _("Readers reminded"),
        "deadline": _("Day to confirm by changed"),
    }
    SAID_WITH = ("by", "mailing__issue")

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="events", verbose_name=_("mailing"))

    class Meta(Event.Meta):
        verbose_name = _("mailing event")
        verbose_name_plural = _("mailing events")

    @property
    def act(self) -> str:
        labels = {move.name: move.label for move in Mailing.TRANSITIONS}
        return str(labels.get(self.transition) or self.ACTS.get(self.transition, self.transition))

    def said(self) -> Said:
        return self.told(self.mailing, self.act)
