"""Random acts by random persons never bring an article into print that its writer reviewed, or nobody.

What is asked afterwards is read from the events and from what the run itself has seen done, not from the rows that keep it.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Unit
from articles import joining, review, revision
from articles.forms import ArticleForm, base_of
from articles.models import Article, ArticleEvent, Status
from articles.revision import Superseded, Wording
from issues import assembly, signing
from tests import factories
from workflow.refusals import Refused

ACTS = 100  # in each run
RUNS = {"sqlite": 100, "postgresql": 10}  # 10,000 acts in all on SQLite
BY_ISSUE = (Article.PLACE, Article.TAKE_OUT)  # a part of acts on an issue
MOVES = [move for move in Article.TRANSITIONS if move not in (*BY_ISSUE, Article.MERGE)]
HANDING_IN = {"submit", "ask_approval", "approve"}
BEGINNINGS = {"submit", "ask_approval"}
NEW_REVIEWS = BEGINNINGS | {"begin_again", "resume", "reconsider"}
STEPS = {"submitted": 1, "second_review": 2, "final_review": 3}
PASSES = {move.name for move in Article.PASSES}
STAND_INS = {move.name for move in Article.STAND_INS}
ONWARD = HANDING_IN | PASSES | STAND_INS
# How often each act is tried.
WEIGHTS = {
    "move": 40, "wild_move": 25, "edit": 8, "agree": 8, "ratify": 3, "place": 8, "take_out": 2, "save": 3, "send": 3, "merge": 2,
}  # fmt: skip

SELDOM = {"agree", "merge", "ratify"}  # by chance alone hardly ever in place


class Run:
    """What random persons do to two articles and an issue. `wrote` keeps after how many events each person began to write;
    `tried` and `done` count the acts, the latter those that were not refused."""

    def __init__(self, random: Random, people, issue, reason, tried: Counter, done: Counter):
        self.tried, self.done = tried, done
        self.random, self.people, self.issue, self.reason = random, people, issue, reason
        lin, zhao = people[0], people[2]
        self.articles = [factories.make_article(lin).pk, factories.make_article(zhao).pk]
        self.wrote = dict(zip(self.articles, ({lin.pk: 0}, {zhao.pk: 0}), strict=True))

    def act(self):
        name = self.random.choices(list(WEIGHTS), WEIGHTS.values())[0]
        article = Article.objects.get(pk=self.random.choice(self.articles))
        self.tried[name] += 1
        try:
            with transaction.atomic():
                getattr(self, name)(article, self.random.choice(self.people))
            self.done[name] += 1
        except (Refused, Superseded):
            pass  # as good as done: anything else is a fault

    def move(self, article, person):
        """One that this person may make, more often than not one that leads on: by chance alone hardly any story gets far."""
        allowed = [move for move in article.transitions_for(person) if move in MOVES] or MOVES
        onward = [move for move in allowed if move.name in ONWARD]
        self._apply(article, self.random.choice(onward if onward and self.random.random() < 0.7 else allowed), person)

    def wild_move(self, article, person):
        self._apply(article, self.random.choice(MOVES), person)

    def _apply(self, article, move, person):
        details = {"reason": self.reason} if move == Article.DECLINE else {}
        if move == Article.HOLD:
            details["until"] = timezone.localdate() + timedelta(days=1)
        article.apply(move, by=person, note="理由", **details)
        if move.name in HANDING_IN:
            self._note_writer(article, person)

    def merge(self, article, person):
        other = Article.objects.get(pk=next(key for key in self.articles if key != article.pk))
        joining.merge(article, {other.pk: other.current_version_id}, by=person)

    def _note_writer(self, article, person):
        self.wrote[article.pk].setdefault(person.pk, article.events.count())

    def save(self, article, person):
        if Article.objects.editable_by(person).filter(pk=article.pk).exists():
            fields = {"kind": article.kind, "title": f"{self.random.random()}", "body": article.body}
            form = ArticleForm(fields | {"base": base_of(article)}, instance=article, user=person)
            assert form.is_valid(), form.errors
            form.keep()
            self._note_writer(article, person)

    def edit(self, article, person):
        wording, placement = Wording({"subtitle": f"{self.random.random()}"}, {}), self._placement(article)
        options = {"by": person, "seen": article.current_version_id, "is_correction": self.random.random() < 0.5}
        if placement:
            assembly.revise(placement, wording, **options)
        else:
            revision.revise(article, wording, **options)

    def agree(self, article, person):
        review.agree(article, by=person, version=article.current_version_id)

    def ratify(self, article, person):
        review.ratify(article, by=person, version=article.current_version_id)

    def _placement(self, article):
        return self.issue.placements.filter(article=article).first()

    def place(self, article, person):
        assembly.place(self.issue, article, by=person)

    def take_out(self, article, person):
        if article.status == Status.PLACED:
            assembly.take_out(self._placement(article), by=person)

    def send(self, _article, person):
        """Sent, it holds nothing to which nobody agreed; then it is taken back, so that the run goes on."""
        if not self.issue.placements.exists():
            return
        factories.proofread_clean(self.issue)
        signing.send_for_sign_off(self.issue, by=person)
        for placement in self.issue.placements.select_related("article"):
            self.examine_agreements(placement.article)
        self.issue.refresh_from_db()
        signing.back_to_the_desk(self.issue, self.issue.RECALL, by=person)
        self.issue.refresh_from_db()

    # --- what is never so -------------------------------------------------------------------------------------------
    def examine(self, article):
        events = list(article.events.order_by("pk").select_related("ratification"))
        begun = [at for at, event in enumerate(events) if event.transition in BEGINNINGS]
        if not begun:
            assert article.status in (Status.DRAFT, Status.DISCARDED)
            return
        for first, last in zip(begun, [*begun[1:], len(events)], strict=True):
            self.examine_round(article, events, range(first, last))
        if article.status == Status.ISSUED:
            self.examine_agreements(article)

    def wrote_before(self, article, event_number, person) -> bool:
        return self.wrote[article.pk].get(person, event_number + 1) <= event_number

    def examine_round(self, article, events, numbers):
        """Nobody reviews what they wrote, or takes two steps unless they stand in for somebody with a reason."""
        steps, since = {}, []
        ratified = {events[at].ratification.person_id for at in numbers if hasattr(events[at], "ratification")}
        for number in numbers:
            event = events[number]
            is_edit = event.transition == ArticleEvent.REVISE and event.from_status in STEPS
            if event.transition in PASSES | STAND_INS or is_edit:
                assert not self.wrote_before(article, number, event.by_id), f"{event.by} reviewed what they wrote"
            if event.transition in PASSES or is_edit:
                assert steps.setdefault(event.by_id, event.from_status) == event.from_status, "somebody took two steps"
            if event.transition in STAND_INS:
                assert event.note
                assert event.by_id in {*steps, *ratified}, "who stands in has taken a step"
                self.examine_ratification(article, number, event)
            since = [] if event.transition in NEW_REVIEWS else [*since, event]
            if event.to_status in (Status.ACCEPTED, Status.PLACED, Status.ISSUED):
                self.examine_passes(article, since)

    def examine_ratification(self, article, number, event):
        if hasattr(event, "ratification"):
            assert event.ratification.person_id != event.by_id
            assert not self.wrote_before(article, number, event.ratification.person_id)

    def examine_passes(self, article, since):
        """All steps were passed since it was handed in, or since an edit made void what was passed."""
        passes = [event for event in since if event.transition in PASSES | STAND_INS]
        assert [STEPS[event.from_status] for event in passes] == list(range(1, article.review_steps + 1))
        own = [event.by_id for event in passes if event.transition in PASSES]
        assert len(own) == len(set(own))

    def examine_agreements(self, article):
        """Each change after a step was passed was seen by others, none of whom wrote or made it."""
        events = list(article.events.order_by("pk"))
        begun = max(at for at, event in enumerate(events) if event.transition in NEW_REVIEWS)
        for number, event in enumerate(events[begun:], begun):
            if event.transition == ArticleEvent.REVISE and event.from_status != Status.SUBMITTED:
                correction = event.version.correction
                agreed = set(correction.agreements.values_list("person", flat=True))
                assert event.by_id not in agreed
                assert not any(self.wrote_before(article, number, person) for person in agreed)
                assert len(agreed) >= (1 if correction.is_wording else article.review_steps - 1)


@pytest.fixture
def office(bulletin, cast, three_reviews):
    bulletin.review_steps = 3
    bulletin.save()
    Unit.objects.filter(pk=cast.lin.unit_id).update(approval=Unit.Approval.AUTO)
    approves = factories.make_user("approves", "审签者", "editor", "approver", unit=cast.lin.unit)
    writes = factories.make_user("writes", "撰稿者", "editor", "contributor", unit=cast.zhao.unit)
    mei = factories.make_user("mei", "梅映雪", "editor", unit=cast.lu.unit)
    return [cast.lin, cast.he, cast.zhao, approves, writes, cast.lu, mei, cast.gu, cast.admin, cast.fang]


@pytest.mark.slow
@pytest.mark.sqlite
def test_no_order_of_acts_prints_what_was_not_reviewed_by_others(office, bulletin, cast):
    issue, reason = factories.make_issue(bulletin, cast.lu), factories.make_reason()
    tried, done = Counter(), Counter()

    @settings(
        max_examples=RUNS[connection.vendor], deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.integers(0, 2**32 - 1))
    def run(seed):
        random = Random(seed)  # hypothesis' own draws mostly the first act
        with transaction.atomic():
            acts = Run(random, office, issue, reason, tried, done)
            for _ in range(ACTS):
                acts.act()
            for article in Article.objects.filter(pk__in=acts.articles):
                acts.examine(article)
            transaction.set_rollback(True)
        issue.refresh_from_db()

    run()

    assert set(done) >= set(WEIGHTS) - SELDOM, "each act was done"
    for name, weight in WEIGHTS.items():
        share = tried[name] / tried.total() / (weight / sum(WEIGHTS.values()))
        assert 0.5 < share < 2, f"{name} was tried too seldom or too often"
