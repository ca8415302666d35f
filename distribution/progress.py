"""How far a mailing is: its numbers, how fast it goes, and what to advise about a copy that needs a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .bounces.reasons import Kind, kind_of
from .models import Delivery, DeliveryEvent, DeliveryQuerySet, DeliveryStatus, Mailing, MailingStatus

# Tile -> (heading of the list below, word on the tile, colour of the bar's segment)
TILES = {
    "sent": (gettext_lazy("Sent"), "c-sent"),
    "sending": (gettext_lazy("Being sent"), "c-now"),
    "queued": (gettext_lazy("Queued"), "c-queue"),
    "later": (gettext_lazy("Tried again later"), "c-later"),
    "trouble": (gettext_lazy("Needs you"), ""),
    "opened": (gettext_lazy("of these opened"), ""),
    "confirmed": (gettext_lazy("of these confirmed"), ""),
}
HEADINGS = {
    "sent": gettext_lazy("Sent copies"),
    "sending": gettext_lazy("Copies being sent"),
    "queued": gettext_lazy("Queued copies"),
    "later": gettext_lazy("Copies that are tried again later"),
    "trouble": gettext_lazy("Copies that need you"),
    "opened": gettext_lazy("Opened copies"),
    "confirmed": gettext_lazy("Confirmed copies"),
    "paper": gettext_lazy("Copies on paper"),
    "waiting": gettext_lazy("Copies on paper, still to be handed over"),
    "handed": gettext_lazy("Copies on paper that were handed over"),
    "account": gettext_lazy("Copies to be read with an account"),
    "held": gettext_lazy("Copies whose address is held"),
    "all": gettext_lazy("All copies"),
}
What = DeliveryEvent.What
_SPEED_OVER = timedelta(seconds=10)


def add_numbers(mailings: Iterable[Mailing]) -> None:
    """Give each mailing of a page its `numbers`, as `DeliveryQuerySet.counts` names them, and `by_mail`. One query."""
    deliveries = Delivery.objects.filter(mailing__in=[mailing.pk for mailing in mailings]).order_by()
    counted = {row["mailing"]: row for row in deliveries.values("mailing").annotate(**DeliveryQuerySet.counts())}
    nothing = dict.fromkeys(DeliveryQuerySet.counts(), 0)
    for mailing in mailings:
        mailing.numbers = counted.get(mailing.pk, nothing)
        mailing.by_mail = sent_by_program(mailing.numbers)


def sent_by_program(numbers: dict[str, int]) -> int:
    """How many copies go out by themselves: all but those on paper and those that wait in an account."""
    return numbers["all"] - numbers["paper"] - numbers["account"]


@dataclass(frozen=True)
class Tile:
    name: str
    word: str | Promise
    count: int
    colour: str
    is_part: bool


@dataclass(frozen=True)
class Segment:
    """A piece of the bar, in copies from its left end."""

    x: int
    width: int
    colour: str


@dataclass(frozen=True)
class Progress:
    numbers: dict[str, int]
    status: str
    per_second: float
    at: datetime
    took: timedelta | None = None

    @property
    def total(self) -> int:
        """Copies that go out by themselves."""
        return sent_by_program(self.numbers)

    @property
    def version(self) -> str:
        """Differs when the page would show something else, the speed left aside."""
        return sha256(repr((sorted(self.numbers.items()), self.status)).encode()).hexdigest()[:16]

    @property
    def is_moving(self) -> bool:
        """The page asks again: until the mailing says that it is through, even when no copy is open any more."""
        return self.status == MailingStatus.SENDING

    @property
    def seconds_left(self) -> int | None:
        if self.status != MailingStatus.SENDING or not self.per_second or not self.numbers["queued"]:
            return None
        return max(1, round(self.numbers["queued"] / self.per_second))

    @property
    def outcome(self) -> str:
        """How it ended; empty while it has not. Never all sent while one copy is unsure or refused."""
        if self.status != MailingStatus.DONE or self.took is None:
            return ""
        seconds = round(self.took.total_seconds())
        time = _("%(n)s seconds") % {"n": seconds} if seconds < 120 else _("%(n)s minutes") % {"n": seconds // 60}
        numbers = self.numbers
        bad = (
            (_("%(n)s refused"), numbers["failed"]),
            (_("%(n)s unsure"), numbers["unsure"]),
            (_("%(n)s held"), numbers["held"]),
        )
        rest = [words % {"n": count} for words, count in bad if count]
        first = _("Through in %(time)s") if rest else _("All sent in %(time)s")
        return "，".join([first % {"time": time}, *rest])

    @property
    def tiles(self) -> list[Tile]:
        return [
            Tile(name, word, self.numbers[name], colour, name in ("opened", "confirmed"))
            for name, (word, colour) in TILES.items()
        ]

    @property
    def segments(self) -> list[Segment]:
        widths = [(name, TILES[name][1]) for name in ("sent", "sending", "queued", "later")]
        found, x = [], 0
        for name, colour in [*widths, ("failed", "c-fail"), ("unsure", "c-ask"), ("held", "c-ask")]:
            if self.numbers[name]:
                found.append(Segment(x, self.numbers[name], colour))
                x += self.numbers[name]
        return found

    @property
    def words(self) -> str:
        """The bar, for those who can't see it."""
        labels = {"failed": _("Refused"), "unsure": _("Unsure"), "held": _("Held")}
        names = ("sent", "sending", "queued", "later", "failed", "unsure", "held")
        parts = [f"{labels.get(name) or TILES[name][0]} {self.numbers[name]}" for name in names]
        return _("%(total)s copies: %(parts)s") % {"total": self.total, "parts": "，".join(parts)}


@dataclass(frozen=True)
class Advice:
    """Why a copy needs a person, in words, what to do first, and which acts make sense."""

    cause: str
    advice: str
    acts: tuple[str, ...]


def of(mailing: Mailing) -> Progress:
    now = timezone.now()
    recent = mailing.deliveries.filter(status=DeliveryStatus.SENT, sent_at__gt=now - _SPEED_OVER).count()
    speed = recent / _SPEED_OVER.total_seconds()
    took = mailing.finished_at - mailing.started_at if mailing.finished_at else None
    return Progress(mailing.deliveries.numbers(), mailing.status, speed, now, took)


def tile(wanted: str, progress: Progress) -> str:
    """The list to show: as asked for, else what needs a person, else all."""
    if wanted in HEADINGS:
        return wanted
    return "trouble" if progress.numbers["trouble"] else "all"


_READDRESS = gettext_lazy("Send it to another address")
# What a refusal means -> advice, and the acts that make sense.
_ADVICE: dict[Kind, tuple[str | Promise, tuple[str, ...]]] = {
    Kind.USER: (_READDRESS, ("readdress",)),
    Kind.DOMAIN: (_READDRESS, ("readdress",)),
    Kind.FULL: (gettext_lazy("Ask them to make room, or send the link only"), ("link-only", "resend")),
    Kind.SIZE: (gettext_lazy("Send the link only"), ("link-only",)),
    Kind.SPAM: (
        gettext_lazy("Ask them to let our address through, then send it again"),
        ("link-only", "resend"),
    ),
}


def found_out(events: Iterable[DeliveryEvent]) -> DeliveryEvent | None:
    """The last event, of a copy's in order, that told how it ended after the mail server's answer was open or yes."""
    ends = (What.SENDING, *DeliveryEvent.FOUND_OUT)
    last = next((event for event in reversed(list(events)) if event.reminder_id is None and event.what in ends), None)
    return last if last and last.what != What.SENDING else None


def _advice_of_post(delivery: Delivery) -> Advice | None:
    if delivery.is_unsure:
        return Advice(
            _("Handed to the unit's system, no answer came; it may have arrived"),
            _("First ask them whether it arrived"),
            ("received", "resend"),
        )
    if delivery.status != DeliveryStatus.FAILED:
        return None
    what_to_do = _("Have the unit put its system right, then send it again; or send it by mail")
    return Advice(
        _("The unit's system did not take it: %(why)s") % {"why": delivery.error}, what_to_do, ("resend", "readdress")
    )


def advice(delivery: Delivery) -> Advice | None:
    """None for a copy that needs nobody."""
    if delivery.is_by_webhook:
        return _advice_of_post(delivery)
    if delivery.is_unsure:
        return Advice(
            _("Handed to the mail server, no answer came; it may have arrived"),
            _("First ask them whether it arrived"),
            ("received", "resend"),
        )
    if delivery.status == DeliveryStatus.HELD:
        what_to_do = _("Send it to another address, or take this one off the list first")
        return Advice(delivery.error, what_to_do, ("readdress", "resend"))
    if delivery.status != DeliveryStatus.FAILED:
        return None
    answer, kind = delivery.error, kind_of(delivery.error)
    if kind in _ADVICE:
        words, acts = _ADVICE[kind]
        return Advice(str(kind.label), str(words), acts)
    if answer[:1].isdigit() or ":" not in answer:
        return Advice(delivery.error, _("Check the address, then send it again"), ("readdress", "resend"))
    return Advice(_("The mail server could not be reached, tried six times"), _("Send it again later"), ("resend",))
