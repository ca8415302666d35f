"""How the lists and the search grow with the archive: `python benchmarks/archive.py [--small 2000] [--large 50000]`.

On SQLite and on PostgreSQL, one after the other: two archives of made-up stories are filled to the two sizes, each page is
asked for by the person who uses it, of the small and of the large one in turn. Printed are the seconds of each page at both
sizes (median) with their ratio, the bar being 1.3, and p50 and p95 of the search in the large one for words of every frequency,
the bar being 0.15 s. Exit code 1 when a bar is missed.
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
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import postgres  # noqa: E402

if IS_CHILD := "--here" in sys.argv:  # started below, with the settings of one database
    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import Client
    from django.utils import timezone

    from articles.models import Article, ArticleEvent, ArticleVersion
    from distribution.models import Delivery, Mailing, Receipt
    from issues.models import ArchiveEntry, FrozenContent, Issue, Placement
    from tests import factories
    from workflow import frozen

GROWTH, SEARCH_SECONDS = 1.3, 0.15
ROUNDS, SEARCHES = 15, 20
AN_ISSUE = 9  # articles
UNITS = 20
FIRST_DAY = date(1960, 1, 4)  # an issue every day or two keeps the numbers of a year below 400
# Our own writing. In the frequencies of the trade: 快递 stands in nearly every story, a name in one.
SENTENCES = [
    "{place}邮政管理局组织辖区快递企业开展{thing}，{count}名快递员到场参加。",
    "活动由{name}主持，各家企业的站点负责人交流了做法。",
    "“我们把{thing}做在前面，快递员心里就踏实。”{name}说。",
    "下一步，该局将把{thing}的经验介绍给其他街道，并在{count}个网点推广。",
    "{place}的党员志愿者走进分拨中心，为大家讲解{thing}，现场回答了{count}个问题。",
    "企业为一线员工准备了{thing}的资料{count}份，放在每个站点的书架上。",
    "截至目前，{place}已有{count}家网点完成了{thing}，没有一家遗漏。",
    "{name}从事快递工作已经{count}个月，去年被评为{place}的文明标兵。",
]
THINGS = [
    "消防演练",
    "交通安全培训",
    "夜间书屋建设",
    "义务献血",
    "防汛检查",
    "暖心驿站建设",
    "垃圾分类",
    "急救知识讲座",
    "法律咨询",
    "技能比武",
    "党课学习",
    "困难职工走访",
    "文明站点评比",
    "绿色包装推广",
    "实名收寄检查",
    "端午慰问",
    "健康体检",
    "普法宣传",
    "反诈宣传",
    "读书分享",
]
PLACES = [
    "青浦",
    "宝山",
    "嘉定",
    "松江",
    "金山",
    "奉贤",
    "崇明",
    "闵行",
    "普陀",
    "徐汇",
    "静安",
    "黄浦",
    "虹口",
    "杨浦",
    "长宁",
    "浦东",
    "临港",
    "徐泾",
    "华新",
    "安亭",
]
SEARCHED = {
    "nearly every story": ["快递", "快递员", "企业", "邮政管理局"],
    "many": ["青浦", "消防演练", "文明标兵", "青浦邮政管理局"],
    "two words": ["快递 青浦", "快递员 消防演练"],
    "few": ["第17次", "第401次 快递"],
    "none": ["海底隧道"],
}


def is_past(number: int) -> bool:
    """Whether the article with this number stands in an issue that was taken over from before the system."""
    return number // AN_ISSUE % 2 == 0


class Archive:
    """Fills the database past the models' saving, as fast as it goes, and keeps the people who ask."""

    def __init__(self):

        self.chance, self.size = random.Random(544), 0
        make = factories.make_user
        self.units = [
            factories.make_unit(f"第{n}快递公司", f"{n}司", ("bureau", "branch", "post", "courier", "other")[n % 5])
            for n in range(UNITS)
        ]
        self.writers = [make(f"writer{n}", self.name(), "contributor", unit=unit) for n, unit in enumerate(self.units)]
        self.editor = make("editor", "陆一鸣", "chief_editor", unit=self.units[0])
        self.signer = make("signer", "方维舟", "signer", unit=self.units[0])
        self.reader = make("reader", "沈读之", "reader", unit=self.units[1])
        self.bulletin = factories.make_bulletin(review_steps=1, used_year=None, used_number=0, used_total_number=0)
        factories.make_recipient_list(self.bulletin)
        self.readers = [
            factories.make_reader(f"第{n}快递公司", user=self.reader if not n else None, email=f"r{n}@example.cn")
            for n in range(3)
        ]
        self.open = factories.make_issue(self.bulletin, self.editor, dated_on=date(2026, 11, 30))
        for writer in self.writers[:4]:  # what waits stays the same however large the archive is
            factories.make_article(writer)
            factories.submitted(writer)
            factories.accepted(writer, self.editor)

    def name(self) -> str:
        return self.chance.choice("张王李赵陈林周吴") + "".join(
            chr(self.chance.randrange(0x4E00, 0x6E00)) for _ in "名字"
        )

    def story(self, number: int) -> tuple[str, list[str]]:
        words = lambda: {  # noqa: E731
            "place": self.chance.choice(PLACES),
            "thing": self.chance.choice(THINGS),
            "name": self.name(),
            "count": self.chance.randrange(2, 900),
        }
        title = "{place}局组织快递企业\n开展第{number}次{thing}".format(number=number, **words())
        paragraphs = ["".join(self.chance.choice(SENTENCES).format(**words()) for _ in range(4)) for _ in range(5)]
        return title, paragraphs

    def grow(self, size: int) -> None:
        """As a restored backup does: the triggers and PostgreSQL's two search indexes are made when all is there, and its
        statistics, which it makes by itself within minutes."""
        frozen.remove(connection)
        self._run("DROP INDEX articles_search_pairs, articles_search_wholes")
        while self.size < size:
            self._add(50 * AN_ISSUE)
        for column in ("pairs", "wholes"):
            self._run(
                f"CREATE INDEX articles_search_{column} ON articles_search USING gin ({column}) WITH (fastupdate = off)"
            )
        frozen.install(connection)
        self._run("VACUUM ANALYZE")

    def _run(self, statement: str) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def _add(self, count: int) -> None:

        with transaction.atomic():
            numbers = range(self.size, self.size + count)
            stories = [self.story(number) for number in numbers]
            days = [FIRST_DAY + timedelta(days=number // AN_ISSUE * 4 + 1) for number in numbers]
            moments = [datetime(d.year, d.month, d.day, 9, tzinfo=ZoneInfo("Asia/Shanghai")) for d in days]
            articles = Article.objects.bulk_create(
                Article(
                    unit=self.units[number % UNITS], title=title, status="draft",
                    created_by=None if is_past(number) else self.writers[number % UNITS],
                    kind="brief" if number % AN_ISSUE > 6 else "article",
                    submitted_at=None if is_past(number) else moment,
                    body="".join(f"<p>{text}</p>" for text in texts), updated_at=moment,
                )
                for number, (title, texts), moment in zip(numbers, stories, moments, strict=True)
            )  # fmt: skip
            versions = ArticleVersion.objects.bulk_create(
                ArticleVersion(article=a, number=1, title=a.title, body=a.body, created_by=a.created_by)
                for a in articles
            )
            for article, version, moment in zip(articles, versions, moments, strict=True):
                article.current_version, article.status, article.updated_at = version, "issued", moment
            Article.objects.bulk_update(articles, ["current_version", "status", "updated_at"], batch_size=200)
            ArticleEvent.objects.bulk_create(
                ArticleEvent(
                    article=a,
                    version=a.current_version,
                    by=self.editor,
                    at=moment,
                    transition=name,
                    to_status=state,
                )
                for a, moment in zip(articles, moments, strict=True)
                for name, state in (
                    ("submit", "submitted"),
                    ("accept", "accepted"),
                    ("place", "placed"),
                    ("issue", "issued"),
                )
            )
            said = FrozenContent.objects.get_or_create(digest="0" * 64, defaults={"text": "{}"})[0]
            issues = Issue.objects.bulk_create(
                Issue(
                    bulletin=self.bulletin, year=days[n].year, number=400 + numbers[n] // AN_ISSUE, dated_on=days[n],
                    status="issued",
                    frozen=said, pdf=f"issues/{n}.pdf", pdf_sha256="0" * 64, pdf_pages=9, issued_at=moments[n],
                    is_past=is_past(numbers[n]), security="内部" if numbers[n] // AN_ISSUE % 10 == 3 else "",
                )
                for n in range(0, count, AN_ISSUE)
            )  # fmt: skip
            Placement.objects.bulk_create(
                Placement(
                    issue=issues[n // AN_ISSUE], article=a, version=a.current_version, position=n % AN_ISSUE + 1,
                    section="brief" if a.kind == "brief" else a.unit.tier, signed_unit=a.unit.short_name,
                )
                for n, a in enumerate(articles)
            )  # fmt: skip
            mailings = Mailing.objects.bulk_create(
                Mailing(issue=issue, subject=str(issue), status="done", started_at=issue.issued_at)
                for issue in issues
                if not issue.is_past
            )
            deliveries = Delivery.objects.bulk_create(
                Delivery(
                    mailing=m, reader=reader, address=reader.email, status="sent", message_id=f"{m.pk}.{reader.pk}@x",
                    token_hash=f"{m.pk}.{reader.pk}", link_expires_at=timezone.now(), sent_at=m.started_at,
                )
                for m in mailings for reader in self.readers
            )  # fmt: skip
            Receipt.objects.bulk_create(Receipt(delivery=d, name="沈读之", how="link") for d in deliveries)
            for issue in issues:
                ArchiveEntry.objects.enter(issue)
        self.size += count


class Person:
    def __init__(self, user):

        self.client = Client(SERVER_NAME="127.0.0.1")
        factories.sign_in(self.client, user)

    def seconds(self, address: str, **fields) -> float:
        began = time.perf_counter()
        response = self.client.get(address, fields)
        assert response.status_code == 200, (address, response.status_code)
        return time.perf_counter() - began


PAGES = {  # who asks for what
    "home, contributor": ("contributor", "/"),
    "home, editor": ("editor", "/"),
    "home, signer": ("signer", "/"),
    "home, reader": ("reader", "/"),
    "我的稿件": ("contributor", "/articles/"),
    "我的稿件, page 2": ("contributor", "/articles/?page=2"),
    "我的稿件, 已编发": ("contributor", "/articles/?status=issued"),
    "审稿": ("editor", "/articles/queue/"),
    "审稿, all": ("editor", "/articles/queue/?show=all"),
    "组版台": ("editor", "/issues/"),
    "分发与签收": ("editor", "/distribution/"),
    "往期, reader": ("reader", "/issues/archive/"),
    "往期, editor": ("editor", "/issues/archive/"),
    "往期, 1961": ("editor", "/issues/archive/?year=1961"),
}


def answer(size: int) -> None:
    """In a process of its own: fill a database, then say of each line (who, address, fields) how many seconds it took."""
    call_command("migrate", verbosity=0)
    archive = Archive()
    archive.grow(size)
    users = {"contributor": archive.writers[3], "editor": archive.editor, "signer": archive.signer}
    people = {name: Person(user) for name, user in (users | {"reader": archive.reader}).items()}
    print(archive.size, flush=True)
    for line in sys.stdin:
        who, address, fields = json.loads(line)
        print(people[who].seconds(address, **fields), flush=True)


class Filled:
    """A database of so many articles with the process that asks it."""

    def __init__(self, size: int, vendor: str, stack: ExitStack):
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bulletin-cms-archive-"))
        settings = {"DJANGO_SETTINGS_MODULE": "bulletin_cms.settings", "VAR_DIR": folder}
        if vendor == "postgresql":
            settings["DATABASE_URL"] = stack.enter_context(postgres())
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")} | settings
        command = [sys.executable, __file__, "--here", str(size)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        stack.callback(self.process.wait)
        stack.callback(self.process.stdin.close)

    def size(self) -> int:
        """Waits until it is filled."""
        return int(self.process.stdout.readline())

    def seconds(self, who: str, address: str, **fields) -> float:
        print(json.dumps([who, address, fields]), file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())


def compare(small: Filled, large: Filled) -> bool:
    """Each page at both sizes one after the other, round by round, so that a slow minute of the machine slows both."""
    taken = {name: ([], []) for name in PAGES}
    for round_ in range(ROUNDS + 2):
        for name, asked in PAGES.items():
            for filled, seconds in zip((small, large), taken[name], strict=True):
                needed = filled.seconds(*asked)
                if round_ > 1:
                    seconds.append(needed)
    good = True
    print(f"{'page':24}    small    large   ratio (bar {GROWTH})")
    for name, both in taken.items():
        before, after = map(statistics.median, both)
        ratio = after / before
        good &= ratio <= GROWTH
        print(f"{name:24} {before:8.3f} {after:8.3f}   {ratio:.2f}{'' if ratio <= GROWTH else '  MISSED'}")
    return good


def search(large: Filled) -> bool:
    """Every word in turn, round by round."""
    asked = {f"{word} ({frequency})": word for frequency, words in SEARCHED.items() for word in words}
    taken = {name: [] for name in asked}
    for round_ in range(SEARCHES + 1):
        for name, word in asked.items():
            needed = large.seconds("reader", "/issues/archive/", q=word)
            if round_:
                taken[name].append(needed)
    good = True
    print(f"{'search among the many':40} {'p50':>6} {'p95':>6}   (bar {SEARCH_SECONDS})")
    for name, seconds in taken.items():
        p95 = sorted(seconds)[round(0.95 * (len(seconds) - 1))]
        good &= p95 <= SEARCH_SECONDS
        missed = "" if p95 <= SEARCH_SECONDS else "  MISSED"
        print(f"{name:40} {statistics.median(seconds):6.3f} {p95:6.3f}{missed}")
    return good


def yardstick() -> None:
    """What this machine gives at the moment."""
    began = time.perf_counter()
    sum(number * number for number in range(3_000_000))
    print(f"three million squares: {time.perf_counter() - began:.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--small", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=50_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--here", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if IS_CHILD:
        answer(options.here)
        return 0

    good = True
    for vendor in [options.only] if options.only else ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            both = [Filled(size, vendor, stack) for size in (options.small, options.large)]
            print(f"\n──── {vendor}: {both[0].size()} and {both[1].size()} articles ────", flush=True)
            yardstick()
            good &= compare(*both)
            yardstick()
            good &= search(both[1])
            yardstick()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
