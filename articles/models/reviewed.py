"""What an article knows of its review: its steps, and who has which part in them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import notices
from workflow.documents import Document, Transition
from workflow.notices import Tell

from .events import ArticleEvent
from .reviews import WRITING, Ratification, ReviewPart


class Reviewed(Document):
    """A document that one to three persons review, none of whom wrote it. IN_REVIEW is in the order of the steps."""

    IN_REVIEW: ClassVar[tuple[str, ...]]
    OFFICE: ClassVar[tuple[str, ...]]  # the permissions of those who review, place and issue
    PASS_FIRST: ClassVar[Transition]
    PASS_SECOND: ClassVar[Transition]
    ACCEPT: ClassVar[Transition]
    STAND_INS: ClassVar[tuple[Transition, ...]]
    BEGIN_AGAIN: ClassVar[Transition]
    PLEASE_AGREE: ClassVar[Tell]
    PLEASE_RATIFY: ClassVar[Tell]
    LAST_PASSED = (_("Pass the second review"), _("Pass the final review"))
    STEPS = (_("First review"), _("Second review"), _("Final review"))

    review_steps = models.PositiveSmallIntegerField(
        _("steps of review"), default=1, editable=False, help_text=_("As its bulletins wanted when it was handed in.")
    )
    round = models.PositiveSmallIntegerField(default=0, editable=False, help_text=_("How many times it was handed in."))

    if TYPE_CHECKING:
        parts: models.Manager[ReviewPart]
        corrections: Any
        created_by_id: int | None

        @property
        def is_revisable(self) -> bool: ...

        @property
        def is_placed(self) -> bool: ...

    class Meta:
        abstract = True

    def event_details(self):
        return super().event_details() | {"round": self.round}

    @property
    def has_passes(self) -> bool:
        """Something of its review is passed, which an edit makes void."""
        return self.is_revisable and self.step != 1 or self.is_placed

    @property
    def is_in_review(self) -> bool:
        return self.status in self.IN_REVIEW

    @property
    def step(self) -> int:
        """The step of its review that it is in, from 1; 0 when it is in none."""
        return self.step_of(self.status)

    def step_of(self, status: str) -> int:
        return self.IN_REVIEW.index(status) + 1 if status in self.IN_REVIEW else 0

    def step_label(self, step: int) -> str:
        """How people call a step of its review."""
        return str(self.STEPS[step - 1] if self.review_steps > 1 else _("Reviewed"))

    @property
    def step_name(self) -> str:
        """The step that it is in, as people call it."""
        return self.step_label(self.step)

    @property
    def accept_label(self) -> str:
        """The word on the button of the last step: which review is passed, where there are several."""
        return str(self.ACCEPT.label if self.review_steps == 1 else self.LAST_PASSED[self.review_steps - 2])

    @property
    def review_acts(self) -> dict[str, str]:
        """What its history calls the moves of its review."""
        moves = (self.PASS_FIRST, self.PASS_SECOND, *self.STAND_INS, self.BEGIN_AGAIN)
        acts = {move.name: str(move.label) for move in moves}
        return acts | ({self.ACCEPT.name: self.accept_label} if self.review_steps > 1 else {})

    def path(self):
        """The steps of the review that it does not have are left out, and the last one has its own name."""
        left_out = (self.PASS_FIRST, self.PASS_SECOND)[self.review_steps - 1 :]
        path = [move for move in super().path() if move not in left_out]
        last = self.step_label(self.review_steps)
        return [replace(move, step=last) if move == self.ACCEPT else move for move in path]

    # --- who has which part -----------------------------------------------------------------------------------------
    def part_of(self, user) -> int | None:
        """What this person has done with it in the present round: WRITING, or a step of the review."""
        part = self.parts.filter(round=self.round, person=user).values_list("step", flat=True).first()
        return WRITING if part is None and self.created_by_id == user.pk else part

    def take_part(self, step: int, user) -> None:
        """Write down what this person does in the present round. The caller holds the row's lock and knows that they may."""
        if self.part_of(user) is None:
            self.parts.create(round=self.round, person=user, step=step)

    def begin_round(self, user) -> None:
        """All who wrote in it, in whatever round, or had it handed in take no step of its review."""
        self.round += 1
        office = {move.name for move in self.TRANSITIONS if move.permission in self.OFFICE} | {*ArticleEvent.ACTS}
        people = {self.created_by_id, user.pk, *self.parts.filter(step=WRITING).values_list("person", flat=True)}
        people |= set(self.events.exclude(transition__in=office).values_list("by", flat=True))
        rows = [ReviewPart(article_id=self.pk, round=self.round, person_id=pk, step=WRITING) for pk in people - {None}]
        ReviewPart.objects.bulk_create(rows, ignore_conflicts=True)

    def note_writer(self, user) -> None:
        """Whoever saves what is being written has written in it; its author and who hands it in are known anyway."""
        if user.pk != self.created_by_id:
            row = ReviewPart(article_id=self.pk, round=self.round + 1, person=user, step=WRITING)
            ReviewPart.objects.bulk_create([row], ignore_conflicts=True)

    # --- what others have yet to look at ----------------------------------------------------------------------------
    def agree_to_corrections(self, user) -> int:
        """Agree to those that others have made; returns how many. The caller holds the row's lock."""
        waiting = list(self.corrections.to_agree(user))
        for correction in waiting:
            correction.agreements.create(person=user)
        notices.settle(self, self.PLEASE_AGREE.apart, of=user if self.corrections.open().exists() else None)
        return len(waiting)

    def stand_ins(self) -> list[ArticleEvent]:
        """The steps of the present round that somebody took in another's absence, oldest first."""
        names = [move.name for move in self.STAND_INS]
        events = self.events.filter(transition__in=names, round=self.round)
        return list(events.select_related("by", "ratification__person"))

    def to_ratify(self, user) -> ArticleEvent | None:
        """The first step somebody stood in for that this person may take, and nobody has taken since."""
        part = self.part_of(user)
        open_ones = [event for event in self.stand_ins() if not hasattr(event, "ratification")]
        return next((event for event in open_ones if part in (None, self.step_of(event.from_status))), None)

    def ratify(self, event: ArticleEvent, user) -> None:
        """Take the step in which somebody had stood in. The caller holds the row's lock and knows that they may."""
        self.take_part(self.step_of(event.from_status), user)
        Ratification.objects.create(event=event, person=user)
        is_open = any(not hasattr(each, "ratification") for each in self.stand_ins())
        notices.settle(self, self.PLEASE_RATIFY.apart, of=user if is_open else None)

    def take_step(self, step: int, user) -> None:
        """Pass it: whoever does agrees to what others corrected, and confirms what somebody passed in their absence."""
        self.take_part(step, user)
        self.agree_to_corrections(user)
        for event in self.stand_ins():
            if self.step_of(event.from_status) == step and not hasattr(event, "ratification"):
                self.ratify(event, user)
