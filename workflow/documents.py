"""How documents move: a table of transitions on the model, and one door, `apply`, through which every move goes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .notices import Tell
from .refusals import Refused
from .states import State
from .todo import Ask


def anybody(_document: Any, _user: Any) -> bool:
    return True


def nothing(_document: Any, *, by: Any) -> None:
    pass


@dataclass(frozen=True)
class Transition:
    """A legal move, and all that it means.

    `label` is the word on the button; `permission` is a permission name of accounts/roles.py, or empty for what the program
    does itself. `may` says who besides: (row, user) -> bool. `separate_from` names moves: who made one of them in this
    round may not make this one. `effect` changes what else changes with the status, on the locked row before it is saved,
    which knows as `moved_from` its former status; it may raise Refused, and return further fields of the event. `done` is
    what the page says afterwards, about %(title)s; empty where nothing is said, because the page itself shows it or the move
    is part of an act. A round begins with each move that `begins_round`.

    `look` is how the status looks that it leads to; `step` its word in the line of steps, which stands in the order of
    TRANSITIONS; `asks` how it stands on the lists of those who are asked to make it; `tells` who is told that it was made;
    `announces` what is said in public, about %(title)s, without names. `stands_for` names the move in whose place it is made:
    the step counts as taken by it.
    """

    name: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str
    permission: str
    needs_note: bool = False
    may: Callable[[Any, Any], bool] = anybody
    separate_from: tuple[str, ...] = ()
    effect: Callable[..., dict[str, Any] | None] = nothing
    done: str | Promise = ""
    begins_round: bool = False
    look: State | None = None
    step: str | Promise = ""
    asks: Ask | None = None
    tells: tuple[Tell, ...] = ()
    announces: str | Promise = ""
    stands_for: str = ""


class Document(models.Model):
    """A row with a status. Subclasses name their statuses, list `TRANSITIONS` and have related rows `events`.

    `FIRST_LOOK` is how the status looks that a row begins with.
    """

    TRANSITIONS: tuple[Transition, ...] = ()
    FIRST_LOOK: State
    moved_from = ""  # while an effect runs

    status = models.CharField(gettext_lazy("status"), max_length=20, editable=False)

    class Meta:
        abstract = True

    if TYPE_CHECKING:  # what each document has of its own
        objects: ClassVar[models.Manager[Self]]
        events: models.Manager[Any]

        def get_status_display(self) -> str: ...

    def may(self, transition: Transition, user: Any) -> bool:
        """Whether this person may make this move on this row at all, whatever its status is now. The program is no person."""
        if not transition.permission:
            return user is None
        if user is None or not user.has_perm(transition.permission) or not transition.may(self, user):
            return False
        if not transition.separate_from:
            return True
        part = self._own_part(user, transition.separate_from)
        return not type(self)._base_manager.filter(part, pk=self.pk).exists()

    @classmethod
    def _own_part(cls, user: Any, moves: tuple[str, ...]) -> Q:
        """The rows on which this person has made one of these moves in the present round."""
        relation = cast("models.ManyToOneRel", cls._meta.get_field("events"))
        rows = cast("type[models.Model]", relation.related_model)._base_manager
        events, row = rows.order_by(), relation.field.attname
        begun = events.filter(
            transition__in=[move.name for move in cls.TRANSITIONS if move.begins_round], **{row: OuterRef(row)}
        )
        last = Coalesce(Subquery(begun.order_by("-pk").values("pk")[:1]), 0)
        return Q(Exists(events.filter(by=user, transition__in=moves, pk__gte=last, **{row: OuterRef("pk")})))

    @classmethod
    def asked_of(cls, user: Any) -> list[Transition]:
        """The moves that are asked of people with this one's permissions."""
        return [move for move in cls.TRANSITIONS if move.asks and user.has_perm(move.permission)]

    @classmethod
    def awaiting(cls, move: Transition, user: Any) -> Q:
        """The rows that wait for this move by this person, who has the permission: as `may` says of one row."""
        assert move.asks, f"nobody is asked to {move.name}"
        rows = Q(status__in=move.sources) & move.asks.among(user)
        return rows & ~cls._own_part(user, move.separate_from) if move.separate_from else rows

    @classmethod
    def looks(cls) -> dict[str, State]:
        """How each status looks, by its value."""
        first = cast("models.Field[Any, Any]", cls._meta.get_field("status")).default
        looks = {first: cls.FIRST_LOOK}
        return looks | {move.target: move.look for move in cls.TRANSITIONS if move.look}

    def path(self) -> list[Transition]:
        """The steps that this row goes, in order."""
        return [move for move in self.TRANSITIONS if move.step]

    def transitions_for(self, user: Any) -> list[Transition]:
        return [move for move in self.TRANSITIONS if self.status in move.sources and self.may(move, user)]

    def require(self, transition: Transition, *, by: Any) -> None:
        """Refuse the move to whoever may not make it, or when the row has moved on. The caller holds its lock."""
        if not self.may(transition, by):
            raise Refused(_("This is not yours to do: “%(act)s”.") % {"act": transition.label})
        if self.status not in transition.sources:
            raise Refused(
                _("It is now “%(status)s”, so “%(act)s” is no longer possible. The page shows the present state.")
                % {"status": self.get_status_display(), "act": transition.label}
            )

    def event_details(self) -> dict[str, Any]:
        """Further fields of the event row."""
        return {}

    def follow_up(self, transition: Transition, event: Any) -> None:
        """What follows a move, within its transaction: those whom it `tells` are told here."""

    def apply(self, transition: Transition, *, by: Any, note: str = "", **details: Any) -> Any:
        """Make the move: check the permission, lock, check the status, save, write the event, follow up; all or nothing.

        `details` go to the move's `effect`. Returns the event. Raises Refused when the person may not, the status has moved
        on, or the reason that this move needs is missing.
        """
        note = note.strip()
        if transition.needs_note and not note:
            raise Refused(_("Please give the reason: it is shown to the people concerned."))
        with transaction.atomic():
            row = type(self).objects.select_for_update().get(pk=self.pk)
            row.require(transition, by=by)
            before, row.status = row.status, transition.target
            row.moved_from = before
            found = transition.effect(row, by=by, **details) or {}
            row.save()
            event = row.events.create(
                by=by,
                transition=transition.name,
                from_status=before,
                to_status=transition.target,
                note=note,
                **row.event_details(),
                **found,
            )
            row.follow_up(transition, event)
        self.refresh_from_db()
        return event
