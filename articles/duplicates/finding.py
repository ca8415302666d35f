"""Finds the texts that say the same as one: by common fingerprints and common events, in a table that both databases read by its
key alone. Some 10 ms among 50,000 (benchmarks/duplicates.py)."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connection

from ..models import Pair, Print
from . import wording
from .happening import Facts, is_same_event

TABLE = "articles_fingerprint"
# A run of letters that so many texts hold is a set phrase, and finds none of them.
SET_PHRASE = 64
EVENTS = 200  # texts of one week that name one name, at most
MOST = 40  # texts that share most fingerprints are read
AT_ONCE = 200  # SQLite joins no more than 500 selections


def forget(row: Print) -> None:
    """Take what was kept of its text out of the table."""
    with connection.cursor() as cursor:
        hashes = _numbers(row)
        cursor.executemany(f"DELETE FROM {TABLE} WHERE hash = %s AND print = %s", [(each, row.pk) for each in hashes])


def keep(row: Print) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (hash, print) VALUES (%s, %s)", [(each, row.pk) for each in _numbers(row)]
        )


def _numbers(row: Print) -> array:
    return array("i", bytes(row.hashes))


def pairs_of(row: Print) -> list[Pair]:
    """Its pairs with all other articles' texts, the likest first; not stored."""
    grams, facts = wording.grams(row.letters), Facts.of_dict(row.facts)
    found = []
    for other in _candidates(row, facts):
        text = wording.score(grams, wording.grams(other.letters))
        same = is_same_event(facts, Facts.of_dict(other.facts), text=text)
        if wording.kind(text, is_same_event=same):
            one, two = sorted((row.pk, other.pk))
            found.append(Pair(one_id=one, other_id=two, text=text, is_same_event=same))
    return sorted(found, key=lambda pair: -pair.text)


def _candidates(row: Print, facts: Facts) -> Iterable[Print]:
    events = facts.keys()
    shared: Counter[int] = Counter()
    by_hash: dict[int, list[int]] = {}
    for number, key in _holders(set(_numbers(row)) - events, SET_PHRASE + 1):
        by_hash.setdefault(number, []).append(key)
    for holders in by_hash.values():
        if len(holders) <= SET_PHRASE:
            shared.update(holders)
    shared.pop(row.pk, None)
    keys = {key for key, _count in shared.most_common(MOST)}
    keys |= {key for _number, key in _holders(events, EVENTS)}
    found = Print.objects.filter(pk__in=keys).exclude(article=row.article_id)
    return found.only("letters", "facts", "article_id")


def _holders(numbers: Iterable[int], most: int) -> Iterator[tuple[int, int]]:
    """(number, key of a print) of those that hold these numbers, of each number so many at most."""
    asked = sorted(numbers)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT kept.hash, kept.print FROM unnest(%s::integer[]) AS asked (hash), LATERAL "
                f"(SELECT hash, print FROM {TABLE} WHERE hash = asked.hash LIMIT %s) AS kept",
                [asked, most],
            )
            yield from cursor.fetchall()
            return
        for at in range(0, len(asked), AT_ONCE):
            part = asked[at : at + AT_ONCE]
            one = f"SELECT * FROM (SELECT hash, print FROM {TABLE} WHERE hash = %s LIMIT {most:d})"
            cursor.execute(" UNION ALL ".join([one] * len(part)), part)
            yield from cursor.fetchall()
