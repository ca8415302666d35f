"""查重 of one article against 50,000: `python benchmarks/duplicates.py [--size 50000] [--only sqlite]`.

On SQLite and on PostgreSQL: prints of made-up stories are stored past the models' saving, one in fifty a copy of another with
other names. Then some are looked up, as the worker does it: making what is compared of the text, and finding its pairs. Printed
are p50 and p95 in milliseconds, by the clock and of computing, and how many of the copies were found. The bar is 20 ms for the
p95 of computing: by the clock a busy machine takes as much longer as it is busy. Exit code 1 when it is missed, or a copy.
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
from array import array
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import postgres  # noqa: E402

if IS_CHILD := "--here" in sys.argv:  # started below, with the settings of one database
    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection, transaction

    from articles.duplicates import finding, wording
    from articles.duplicates.keeping import Source
    from articles.models import Article, Print
    from tests import factories

BAR_MS, LOOKED_UP, COPIES = 20.0, 300, 50  # one story in so many is a copy
AT_ONCE = 5000
PLACES, BRANDS, THINGS = (
    text.split()
    for text in (
        "青浦 宝山 嘉定 松江 金山 奉贤 崇明 闵行 普陀 徐汇 静安 黄浦 虹口 杨浦 长宁 浦东",
        "圆通 中通 申通 韵达 顺丰 极兔 德邦 京东",
        "消防演练 安全培训 书屋建设 无偿献血 防汛检查 驿站揭牌 垃圾分类宣讲 急救讲座 法律咨询 技能比武 主题党日 走访慰问",
    )
)
# Our own writing: what every story of the trade says, and between it words that stand in this one alone.
PHRASES = [
    "{day}，{place}邮政管理局组织辖区快递企业开展{thing}，{count}名快递员到场参加",
    "{brand}{place}网点负责人{name}介绍了{words}的做法",
    "大家围着{words}问了{count}个问题，{name}站长一一作答",
    "{words}是今年的第{count}件实事，{place}局为此走访了{count}个网点",
    "下一步，{place}局将以高质量党建引领行业高质量发展，把{words}做细做实",
    "{brand}为一线员工备好了{words}，放在站点门口的{words}旁边",
    "“{words}，我们心里就踏实。”{name}说",
]


class Stories:
    def __init__(self) -> None:
        self.chance = random.Random(544)

    def letters(self, count: int) -> str:
        return "".join(chr(self.chance.randrange(0x4E00, 0x5600)) for _ in range(count))

    def story(self, day: date) -> tuple[str, list[str]]:
        choice = self.chance.choice
        values = {
            "place": choice(PLACES),
            "brand": choice(BRANDS),
            "thing": choice(THINGS),
            "day": f"{day.month}月{day.day}日",
        }

        def said(phrase: str) -> str:
            own = {"name": choice("张王李赵陈") + self.letters(2), "words": self.letters(choice((3, 5, 8)))}
            return phrase.format(**values, **own, count=self.chance.randrange(2, 900)) + "。"

        title = "{place}邮政管理局会同{brand}开展{thing}".format(**values)
        first = said(PHRASES[0]) + said(choice(PHRASES[1:]))
        return title, [first, *("".join(said(choice(PHRASES[1:])) for _ in range(4)) for _ in range(4))]


def sources(size: int):
    """(story, which one it copies or None)."""
    stories, chance, made = Stories(), random.Random(9), []
    for number in range(size):
        day = date(2010, 1, 4) + timedelta(days=number // 9)
        if number % COPIES == COPIES - 1:
            first = chance.randrange(max(0, number - 2000), number)
            source = made[first]
            texts = tuple(text.replace("张", "孙").replace("李", "周") for text in source.paragraphs)
            made.append(Source(source.title, texts, None, day, "宝山局"))
            yield made[-1], first
            continue
        title, texts = stories.story(day)
        made.append(Source(title, tuple(texts), None, day, "青浦局"))
        yield made[-1], None


def fill(size: int) -> list[tuple[int, "Source", int | None]]:
    """Stores them; returns the key of each print, its story and the place of the one that it copies."""
    writer = factories.make_user("writer", "林向晚", "contributor", unit=factories.make_unit())
    kept, rows, held = [], [], []
    with transaction.atomic():
        articles = Article.objects.bulk_create(
            (Article(unit=writer.unit, created_by=writer, title=str(n)) for n in range(size)), batch_size=AT_ONCE
        )
        for article, (source, copied) in zip(articles, sources(size), strict=True):
            facts = source.facts
            hashes = sorted(wording.fingerprints(source.letters) | facts.keys())
            row = Print(
                article=article, asked=1, found=1, digest=source.digest, letters=source.letters, facts=facts.as_dict(),
                hashes=array("i", hashes).tobytes(), told_on=source.told,
            )  # fmt: skip
            rows.append(row)
            kept.append((source, copied))
            held.append(hashes)
        Print.objects.bulk_create(rows, batch_size=AT_ONCE)
        store(sorted((each, row.pk) for row, hashes in zip(rows, held, strict=True) for each in hashes))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [(row.pk, *each) for row, each in zip(rows, kept, strict=True)]


def store(fingerprints: list[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"INSERT INTO {finding.TABLE} (hash, print) VALUES (%s, %s)", fingerprints)
            return
        with cursor.copy(f"COPY {finding.TABLE} (hash, print) FROM STDIN") as copy:
            for each in fingerprints:
                copy.write_row(each)


def look_up(size: int) -> dict:
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    kept = fill(size)
    filled = time.perf_counter() - began
    chance = random.Random(3)
    copies = [at for at, (_key, _source, copied) in enumerate(kept) if copied is not None]
    asked = [*chance.sample(copies, min(LOOKED_UP // 2, len(copies))), *chance.sample(range(size), LOOKED_UP // 2)]
    chance.shuffle(asked)
    clock, computing, missed, pairs = [], [], 0, 0
    for round_, at in enumerate([*asked[:20], *asked]):
        key, source, copied = kept[at]
        began, busy = time.perf_counter(), time.process_time()
        facts, letters = source.facts, source.letters
        hashes = array("i", sorted(wording.fingerprints(letters) | facts.keys())).tobytes()
        row = Print(pk=key, article_id=0, letters=letters, facts=facts.as_dict(), hashes=hashes)
        found = finding.pairs_of(row)
        if round_ < 20:
            continue  # warms the caches
        clock.append(1000 * (time.perf_counter() - began))
        computing.append(1000 * (time.process_time() - busy))
        others = {pair.one_id + pair.other_id - key: pair for pair in found}
        pairs += len(others) - 1
        missed += copied is not None and kept[copied][0] not in others
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {finding.TABLE}")
        count = cursor.fetchone()[0]
    return {
        "filled": filled, "rows": count, "pairs": pairs, "missed": missed,
        "clock": spread(clock), "computing": spread(computing),
    }  # fmt: skip


def spread(values: list[float]) -> list[float]:
    """p50 and p95."""
    parts = statistics.quantiles(values, n=20)
    return [parts[9], parts[18]]


def measure(vendor: str, size: int) -> bool:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bulletin-cms-duplicates-"))
        settings = {"DJANGO_SETTINGS_MODULE": "bulletin_cms.settings", "VAR_DIR": folder}
        if vendor == "postgresql":
            settings["DATABASE_URL"] = stack.enter_context(postgres())
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")} | settings
        command = [sys.executable, __file__, "--here", str(size)]
        ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(ended.stdout.splitlines()[-1])
    (p50, p95), (busy50, busy95) = told["clock"], told["computing"]
    print(
        f"{vendor}: {size:,} texts, {told['rows']:,} fingerprints, filled in {told['filled']:.0f} s; one looked up in "
        f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, of computing {busy50:.1f} and {busy95:.1f} (bar {BAR_MS:g}); "
        f"copies missed {told['missed']}, other pairs {told['pairs']}",
        flush=True,
    )
    return busy95 <= BAR_MS and not told["missed"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    vendors = [options.only] if options.only else ["sqlite", "postgresql"]
    return 0 if all(measure(vendor, options.size) for vendor in vendors) else 1


if __name__ == "__main__":
    if IS_CHILD:
        print(json.dumps(look_up(int(sys.argv[-1]))))
    else:
        sys.exit(main())
