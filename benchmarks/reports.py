"""How long the reports take: `python benchmarks/reports.py [--articles 5000] [--only sqlite]`.

On SQLite and on PostgreSQL, one after the other: ten years of made-up stories of 50 units are handed in, returned, declined and
printed, the ledger is derived from them, and a month in the middle is closed. Then each page of the reports is asked for, one
after the other, round by round. Printed are p50 and p95 of each page, the bar being 0.3 s, what of it the process computed (p50;
on a machine that is not idle the rest is waiting), and how many queries it asks of two months and of ten years, which have to be
as many. Exit code 1 when a bar is missed.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import postgres  # noqa: E402

if IS_CHILD := "--here" in sys.argv:  # started below, with the settings of one database
    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from accounts.models import Tier
    from articles.models import Article, ArticleEvent, ArticleVersion
    from issues.models import ArchiveEntry, FrozenContent, Issue, Placement
    from points import closing, ledger, rules
    from points.examples import EXAMPLES
    from points.models import Entry
    from tests import factories
    from workflow import frozen

SECONDS, ROUNDS = 0.3, 20
UNITS, YEARS, AN_ISSUE = 50, 10, 9
LAST = date(2026, 10, 31)
REASONS = ("数据不全", "主题不符", "篇幅过长", "")
MONTH, DECADE = "month=2026-10", "from=2016-11&to=2026-10"

PAGES = {  # who asks for what
    "home, contributor": ("contributor", "/"),
    "采用通报, month": ("editor", f"/points/report/?{MONTH}"),
    "采用通报, quarter": ("editor", "/points/report/?quarter=2026-3"),
    "采用通报, year": ("editor", "/points/report/?year=2026"),
    "采用通报, ten years": ("editor", f"/points/report/?{DECADE}"),
    "采用通报, one tier": ("editor", "/points/report/?year=2026&tier=courier&sort=points"),
    "采用通报, own, month": ("contributor", f"/points/report/?{MONTH}"),
    "采用通报, own, ten years": ("contributor", f"/points/report/?{DECADE}"),
    "Excel, year": ("editor", "/points/report/report.xlsx?year=2026"),
    "figure, adopted, ten years": ("editor", f"/points/report/figures/adopted/?{DECADE}"),
    "figure, points of a unit": ("editor", "/points/report/figures/points/?year=2026&unit={unit}"),
    "figure, answered, ten years": ("editor", f"/points/report/figures/answered/?{DECADE}"),
    "起草通报, month": ("editor", f"/points/report/announcement/?{MONTH}"),
    "起草通报, year": ("editor", "/points/report/announcement/?year=2026"),
}
SAME = ("/points/report/?{}", "/points/report/figures/points/?{}", "/points/report/announcement/?{}")


class Office:
    """Filled past the models' saving, as fast as it goes."""

    def __init__(self, articles: int):
        self.chance = random.Random(11)
        tiers = Tier.values
        self.units = [
            factories.make_unit(f"第{n}快递公司", f"{n}司", tiers[n % len(tiers)], position=n) for n in range(UNITS)
        ]
        self.writers = [
            factories.make_user(f"writer{n}", f"通讯员{n}", "contributor", unit=unit)
            for n, unit in enumerate(self.units)
        ]
        self.editor = factories.make_user("editor", "陆一鸣", "chief_editor", unit=self.units[0])
        self.bulletin = factories.make_bulletin(used_year=None, used_number=0, used_total_number=0)
        frozen.remove(connection)
        for start in range(0, articles, 500):
            self.add(range(start, min(articles, start + 500)), articles)
        frozen.install(connection)
        rule_set = EXAMPLES["length"].rules()
        rule_set.valid_from = date(2016, 1, 1)
        rules.add(rule_set, by=self.editor)
        ledger.bring_up_to_date(LAST)
        month = date(2022, 12, 1)
        closing.close(month, by=self.editor, as_seen=closing.seen(month))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def day(self, number: int, articles: int) -> date:
        return LAST - timedelta(days=round((1 - number / articles) * (YEARS * 365 - 20)))

    def add(self, numbers: range, of: int) -> None:
        with transaction.atomic():
            moments = [timezone.make_aware(datetime.combine(self.day(n, of), clock(9))) for n in numbers]
            stories = Article.objects.bulk_create(
                Article(
                    unit=self.units[n % UNITS], title=f"第{n}次培训", body=f"<p>{'培训' * self.chance.randrange(50, 900)}</p>",
                    created_by=self.writers[n % UNITS], kind="brief" if n % 5 == 0 else "article", submitted_at=moment,
                )
                for n, moment in zip(numbers, moments, strict=True)
            )  # fmt: skip
            versions = ArticleVersion.objects.bulk_create(
                ArticleVersion(article=a, number=1, title=a.title, body=a.body, created_by=a.created_by)
                for a in stories
            )
            events: list[ArticleEvent] = []
            printed = []
            for story, version, moment in zip(stories, versions, moments, strict=True):
                story.current_version = version
                fate = self.chance.random()
                moves = [("submit", "submitted")]
                if fate < 0.25:
                    moves += [("return", "returned"), ("submit", "submitted")]
                story.status = "declined" if fate > 0.7 else "issued"
                if story.status == "declined":
                    moves.append(("decline", "declined"))
                else:
                    moves += [("accept", "accepted"), ("place", "placed"), ("issue", "issued")]
                    printed.append((story, moment))
                for days, (name, state) in enumerate(moves):
                    label = self.chance.choice(REASONS) if name == "return" else ""
                    at = moment + timedelta(days=days)
                    events.append(
                        ArticleEvent(
                            article=story, version=version, at=at, transition=name, to_status=state, reason_label=label
                        )
                    )
            ArticleEvent.objects.bulk_create(events)
            Article.objects.bulk_update(stories, ["current_version", "status"], batch_size=200)
            self.issue(printed)

    def issue(self, printed: list) -> None:
        said = FrozenContent.objects.get_or_create(digest="0" * 64, defaults={"text": "{}"})[0]
        for start in range(0, len(printed), AN_ISSUE):
            part = printed[start : start + AN_ISSUE]
            moment = part[-1][1] + timedelta(days=6)
            issue = Issue.objects.create(
                bulletin=self.bulletin, year=moment.year, number=part[0][0].pk, dated_on=moment.date(), status="issued",
                frozen=said, pdf="issues/x.pdf", pdf_sha256="0" * 64, issued_at=moment,
            )  # fmt: skip
            Placement.objects.bulk_create(
                Placement(
                    issue=issue, article=story, version=story.current_version, position=place,
                    section="brief" if story.kind == "brief" else story.unit.tier, signed_unit=story.unit.short_name,
                )
                for place, (story, _moment) in enumerate(part, 1)
            )  # fmt: skip
            ArchiveEntry.objects.enter(issue)


def answer(articles: int) -> None:
    """In a process of its own: fill the database, then say of each line (who, address) how many seconds and queries it took."""
    call_command("migrate", verbosity=0)
    office = Office(articles)
    people = {}
    for name, user in (("editor", office.editor), ("contributor", office.writers[3])):
        people[name] = Client(SERVER_NAME="127.0.0.1")
        factories.sign_in(people[name], user)
    print(json.dumps([Entry.objects.count(), office.units[3].pk]), flush=True)
    for line in sys.stdin:
        who, address, counts = json.loads(line)
        began, computed = time.perf_counter(), time.process_time()
        if counts:
            with CaptureQueriesContext(connection) as queries:
                response = people[who].get(address)
        else:
            response, queries = people[who].get(address), ()
        seconds = (time.perf_counter() - began, time.process_time() - computed)
        assert response.status_code == 200, (address, response.status_code)
        print(json.dumps([seconds, len(queries)]), flush=True)


def measure(vendor: str, articles: int, stack: ExitStack) -> bool:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bulletin-cms-reports-"))
    settings = {"DJANGO_SETTINGS_MODULE": "bulletin_cms.settings", "VAR_DIR": folder}
    if vendor == "postgresql":
        settings["DATABASE_URL"] = stack.enter_context(postgres())
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")} | settings
    command = [sys.executable, __file__, "--here", "--articles", str(articles)]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    stack.callback(process.wait)
    stack.callback(process.stdin.close)
    entries, unit = json.loads(process.stdout.readline())

    def asked(who: str, address: str, *, counts: bool = False) -> tuple[tuple[float, float], int]:
        print(json.dumps([who, address.format(unit=unit), counts]), file=process.stdin, flush=True)
        return json.loads(process.stdout.readline())

    print(f"\n──── {vendor}: {articles} articles, {entries} entries ────", flush=True)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in PAGES}
    for round_ in range(ROUNDS + 2):
        for name, page in PAGES.items():
            seconds, _queries = asked(*page)
            if round_ > 1:
                taken[name].append(seconds)
    good = True
    print(f"{'page':28} {'p50':>6} {'p95':>6}   (bar {SECONDS}) {'computed':>9}")
    for name, both in taken.items():
        seconds, computed = zip(*both, strict=True)
        p95 = sorted(seconds)[round(0.95 * (len(seconds) - 1))]
        good &= p95 <= SECONDS
        missed = "" if p95 <= SECONDS else "  MISSED"
        print(f"{name:28} {statistics.median(seconds):6.3f} {p95:6.3f} {statistics.median(computed):19.3f}{missed}")
    for address in SAME:
        few, many = (
            asked("editor", address.format(part), counts=True)[1] for part in ("from=2026-09&to=2026-10", DECADE)
        )
        good &= few == many
        print(f"{address:44} {few:3} queries of two months, {many:3} of ten years{'' if few == many else '  MISSED'}")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if IS_CHILD:
        answer(options.articles)
        return 0
    good = True
    for vendor in [options.only] if options.only else ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            good &= measure(vendor, options.articles, stack)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
