"""Whatever happens in whatever order: the ledger says what the causes give, and a closed month stays as it was.

What is expected is reckoned here once more, in another way, from what the run itself has done.
"""

from collections import Counter, defaultdict
from datetime import date as Day
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, ArticleEvent, ArticleVersion, Status
from issues.models import ArchiveEntry, Placement
from points import by_hand, closing, ledger, rules, standing
from points.models import ClosedMonth, Entry, HandCause, RuleSet
from points.months import first_of, shifted
from tests import factories

ACTS = 20
RUNS = {"sqlite": 10, "postgresql": 4}
CENT = Decimal("0.01")
WEIGHTS = {"adopt": 30, "hand_in": 12, "join": 10, "leave": 3, "take_back": 4, "praise": 12, "blame": 6, "reverse": 6,
           "change_rules": 8, "go_on": 20, "close": 8, "reopen": 3}  # fmt: skip
TEXTS = {"short": "<p>短。</p>", "middle": f"<p>{'中' * 30}。</p>", "long": f"<p>{'长' * 90}。</p>"}


class Run:
    """`facts` is what holds now: key -> (day, kind, the units, what it is worth under a rule set, its story)."""

    def __init__(self, random: Random, cast, issue, units):
        self.random, self.cast, self.issue, self.units = random, cast, issue, units
        self.today = Day(2025, 11, 5)
        self.facts, self.sets, self.frozen = {}, [], {}
        self.printed, self.merged, self.by_hand = [], {}, {}
        self.change_rules()

    def now(self):
        return factories.noon_of(self.today)

    def any_day(self):
        return self.today - timedelta(self.random.randrange(70))

    def article(self, unit, **fields):
        return Article.objects.create(unit=unit, created_by=self.cast.lin, title="事", **fields)

    def adopt(self):
        length, is_brief, day = self.random.choice(list(TEXTS)), self.random.random() < 0.3, self.any_day()
        article = self.article(
            self.random.choice(self.units), body=TEXTS[length], kind="brief" if is_brief else "article"
        )
        article.current_version = version = ArticleVersion.objects.create(article=article, number=1, body=article.body)
        article.status = Status.ISSUED
        article.save()
        Placement.objects.create(issue=self.issue, article=article, version=version, section="branch", position=1)
        rank = self.random.randrange(3)
        ArchiveEntry.objects.create(
            article=article, issue=self.issue, dated_on=day, rank=rank, year=day.year, tier="branch", kind=article.kind
        )
        self.printed.append(article)
        self.facts[f"adopted {article.pk}"] = (day, "adopted", "brief" if is_brief else length, article)
        if rank == 0 and not is_brief:
            self.facts[f"first {article.pk}"] = (day, "first", "first", article)

    def hand_in(self):
        day = self.any_day()
        article = self.article(self.random.choice(self.units))
        version = ArticleVersion.objects.create(article=article, number=1)
        Article.objects.filter(pk=article.pk).update(status=Status.SUBMITTED, current_version=version)
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        for at in (noon, noon + timedelta(40)):
            ArticleEvent.objects.create(
                article=article,
                by=self.cast.lin,
                transition="submit",
                from_status="draft",
                to_status="submitted",
                at=at,
            )
        self.facts[f"submitted {article.pk}"] = (day, "submitted", "submitted", article)

    def join(self):
        if not self.printed:
            return
        other, article = self.article(self.random.choice(self.units)), self.random.choice(self.printed)
        version = ArticleVersion.objects.create(article=other, number=1)
        fields = {"status": Status.MERGED, "current_version": version, "merged_into": article}
        Article.objects.filter(pk=other.pk).update(**fields)
        self.merged[other.pk] = (article.pk, other.unit_id)

    def leave(self):
        if self.merged:
            key = self.random.choice(list(self.merged))
            Article.objects.filter(pk=key).update(status=Status.DECLINED, merged_into=None)
            del self.merged[key]

    def take_back(self):
        """As a past issue that was taken in by mistake."""
        if self.printed:
            article = self.printed.pop(self.random.randrange(len(self.printed)))
            ArchiveEntry.objects.filter(article=article).delete()
            self.facts.pop(f"adopted {article.pk}")
            self.facts.pop(f"first {article.pk}", None)

    def praise(self):
        if not self.printed:
            return
        article, day = self.random.choice(self.printed), self.any_day()
        kind, stem = self.random.choice([("passed_up", "passed"), ("praised", "praised")])
        level = self.random.choice(["city", "ministry", "state"])
        self._enter(HandCause(kind=kind, level=level, article=article, on=day), (day, kind, f"{stem}_{level}", article))

    def blame(self):
        unit, day = self.random.choice(self.units), self.any_day()
        fault = self.random.choice(["retracted", "corrected", "duplicate"])
        self._enter(HandCause(kind="deducted", fault=fault, unit=unit, on=day), (day, fault, fault, unit))

    def _enter(self, cause, fact):
        cause.source = f"{self.random.random()}"
        entered = by_hand.enter(cause, by=self.cast.lu)
        self.by_hand[entered.pk] = entered
        self.facts[f"hand {entered.pk}"] = fact

    def reverse(self):
        if self.by_hand:
            cause = self.by_hand.pop(self.random.choice(list(self.by_hand)))
            by_hand.reverse(cause, by=self.cast.lu, why="记错了")
            self.facts.pop(f"hand {cause.pk}")

    def change_rules(self):
        closed = ClosedMonth.objects.last()
        earliest = shifted(closed, 1) if closed else Day(2025, 8, 1)
        worth = {name: Decimal(self.random.randrange(1, 900)) / 10 for name in WORTH}
        fields = {"shared": self.random.choice(["full", "equal", "own"]), "highest_only": self.random.random() < 0.4}
        fields |= {"short_up_to": 10, "middle_up_to": 60, "monthly_cap": self.random.choice([None, Decimal(40)])}
        month = shifted(earliest, self.random.randrange(4))
        self.sets.append(rules.add(RuleSet(name="规则", valid_from=month, **worth, **fields), by=self.cast.gu))

    def go_on(self):
        self.today += timedelta(self.random.randrange(1, 45))

    def close(self):
        months = closing.open_months()
        if months:
            month = self.random.choice(months)
            ledger.bring_up_to_date()
            closing.close(month, by=self.cast.gu, as_seen=closing.seen(month))
            self.frozen = {row["id"]: row for row in Entry.objects.filter(month__lte=month).values()}
            assert standing.scores(month, month) == standing.from_entries(month)

    def reopen(self):
        if last := ClosedMonth.objects.standing().order_by("-month").first():
            closing.reopen(last, by=self.cast.gu, why="漏记")
            before = ClosedMonth.objects.last() or Day.min
            self.frozen = {pk: row for pk, row in self.frozen.items() if row["month"] <= before}

    # --- what is expected ---------------------------------------------------------------------------------------------
    def in_force(self, day):
        begun = [each for each in self.sets if each.valid_from <= day]
        return max(begun, key=lambda each: (each.valid_from, each.pk)) if begun else self.sets[0]

    def expected(self):
        """(key, unit) -> the points that all its entries make together, of those that make some."""
        found, best = defaultdict(Decimal), defaultdict(Decimal)
        order = ["submitted", "adopted", "first", "passed_up", "praised", "retracted", "corrected", "duplicate"]
        facts = sorted(self.facts.items(), key=lambda item: (item[1][0], order.index(item[1][1]), item[0]))
        for key, (day, kind, column, whose) in facts:
            in_force = self.in_force(day)
            worth = getattr(in_force, column)
            if kind in ("retracted", "corrected", "duplicate"):
                found[key, whose.pk] -= worth
                continue
            if kind in ("adopted", "passed_up", "praised"):
                had, best[whose.pk] = best[whose.pk], max(best[whose.pk], worth)
                worth = max(worth - had, 0) if in_force.highest_only else worth
            others = [unit for _pk, (into, unit) in sorted(self.merged.items()) if into == whose.pk]
            units = list(dict.fromkeys([whose.unit_id, *others])) if kind != "submitted" else [whose.unit_id]
            if in_force.shared == "own":
                units = units[:1]
            for unit in units:
                if in_force.shared == "full":
                    found[key, unit] += worth
                else:
                    found[key, unit] += int(worth * 100) // len(units) * CENT
            if in_force.shared == "equal":
                found[key, units[0]] += worth - int(worth * 100) // len(units) * CENT * len(units)
        return {key: points for key, points in found.items() if points}


WORTH = ["submitted", "brief", "short", "middle", "long", "first", "passed_city", "passed_ministry", "passed_state",
         "praised_city", "praised_ministry", "praised_state", "retracted", "corrected", "duplicate"]  # fmt: skip


def sums():
    found = defaultdict(Decimal)
    for key, unit, points in Entry.objects.values_list("key", "unit", "points"):
        found[key, unit] += points
    return {key: points for key, points in found.items() if points}


@pytest.mark.django_db
@pytest.mark.usefixtures("bulletin")
def test_the_ledger_is_what_the_causes_give_and_closed_months_stay(cast, units, bulletin):
    issue = factories.make_issue(bulletin, cast.lu)
    others, done = [units.qingpu, units.baoshan, units.yunda], Counter()

    @settings(
        max_examples=RUNS[connection.vendor],
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.integers(0, 2**32 - 1))
    def run_all(seed):
        random = Random(seed)  # hypothesis' own draws mostly the first act
        with transaction.atomic():
            run = Run(random, cast, issue, others)
            for _number in range(ACTS):
                name = random.choices(list(WEIGHTS), WEIGHTS.values())[0]
                done[name] += 1
                with run.now():
                    getattr(run, name)()
                    if random.random() < 0.3:
                        look(run)
            with run.now():
                look(run)
            transaction.set_rollback(True)

    run_all()

    assert len(done) >= len(WEIGHTS) - 2, "hardly any act was left out"
    assert max(done.values()) < 0.4 * done.total(), "no act was done instead of all others"


def look(run):
    ledger.bring_up_to_date()
    assert sums() == run.expected()
    assert ledger.bring_up_to_date() == 0
    now = {row["id"]: row for row in Entry.objects.filter(pk__in=run.frozen).values()}
    assert now == run.frozen
    closed = ClosedMonth.objects.last()
    if closed:
        assert Entry.objects.filter(month__lte=closed).count() == len(run.frozen)
        assert standing.scores(closed, closed) == standing.from_entries(closed)
    for entry in Entry.objects.exclude(month=first_of(run.today)):
        assert entry.month == first_of(entry.on) or entry.note
