"""How documents move: a table of transitions on the model, and one door, `apply`, through which every move goes."""

from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .refusals import Refused


@dataclass(frozen=True)
class Transition:
    """A legal move. `label` is the word on the button; `permission` is a permission name of accounts/roles.py."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    needs_note: bool = False


class Document(models.Model):
    """A row with a status. Subclasses name their statuses, list `TRANSITIONS` and have related rows `events`."""

    TRANSITIONS: tuple[Transition, ...] = ()

    status = models.CharField(gettext_lazy("status"), max_length=20, editable=False)

    class Meta:
        abstract = True

    def may(self, transition: Transition, user) -> bool:
        """Whether this person may make this move on this row at all, whatever its status is now."""
        return user is not None and user.has_perm(transition.permission)

    def transitions_for(self, user) -> list[Transition]:
        return [move for move in self.TRANSITIONS if self.status in move.sources and self.may(move, user)]

    def require(self, transition: Transition, *, by) -> None:
        """Refuse the move to whoever may not make it, or when the row has moved on. The caller holds its lock."""
        if not self.may(transition, by):
            raise Refused(_("This is not yours to do: “%(act)s”.") % {"act": transition.label})
        if self.status not in transition.sources:
            raise Refused(
                _("It is now “%(status)s”, so “%(act)s” is no longer possible. The page shows the present state.")
                % {"status": self.get_status_display(), "act": transition.label}
            )

    def enter(self, transition: Transition, *, by) -> None:
        """What else changes with the status, on the locked row, before it is saved."""

    def event_details(self) -> dict:
        """Further fields of the event row."""
        return {}

    def apply(self, transition: Transition, *, by, note: str = ""):
        """Make the move: check the permission, lock, check the status, save, write the event; all or nothing.

        Returns the event. Raises Refused when the person may not, the status has moved on, or the reason
        that this move needs is missing.
        """
        note = note.strip()
        if transition.needs_note and not note:
            raise Refused(_("Please give the reason: it is shown to the people concerned."))
        with transaction.atomic():
            row = type(self).objects.select_for_update().get(pk=self.pk)
            row.require(transition, by=by)
            before, row.status = row.status, transition.target
            row.enter(transition, by=by)
            row.save()
            event = row.events.create(
                by=by,
                transition=transition.name,
                from_status=before,
                to_status=transition.target,
                note=note,
                **row.event_details(),
            )
        self.refresh_from_db()
        return event
