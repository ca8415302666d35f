"""Finds the texts that say the same as one: by common fingerprints and common events, in a table that both databases read by its
key alone. Some 10 ms among 50,000 (benchmarks/duplicates.py)."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from django.db import connection

from ..models import Pair, Print
from . import wording
from .happening import Facts, is_same_event

TABLE = "articles_fingerprint"
# A run of letters that so many texts hold is a set phrase, and finds none of them.
SET_PHRASE = 64
EVENTS = 200  # texts of one week that name one name, at most
MOST = 60  # texts that share most fingerprints are read
LEAST = 0.03  # of a text's fingerprints: fewer are a phrase or two
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
    facts = Facts.of_dict(row.facts)
    events = facts.keys()
    alike = _alike(row, set(_numbers(row)) - events)
    keys = alike | {key for _number, key in _holders(events, EVENTS)}
    others = Print.objects.filter(pk__in=keys).exclude(article=row.article_id)
    grams = wording.grams(row.letters)
    found = []
    for key, letters, kept in others.values_list("pk", "letters", "facts"):
        told = Facts.of_dict(kept)
        same = is_same_event(facts, told)
        # Counting the common words of all that name the same body in the same week would take most of the time.
        text = wording.score(grams, wording.grams(letters)) if same or key in alike else 0.0
        same = same or is_same_event(facts, told, text=text)
        if wording.kind(text, is_same_event=same):
            one, two = sorted((row.pk, key))
            found.append(Pair(one_id=one, other_id=two, text=text, is_same_event=same))
    return sorted(found, key=lambda pair: -pair.text)


def _alike(row: Print, numbers: Collection[int]) -> set[int]:
    """The keys of the texts that share enough fingerprints to be read."""
    holders: dict[int, list[int]] = {}
    for number, key in _holders(numbers, SET_PHRASE + 1):
        holders.setdefault(number, []).append(key)
    shared: Counter[int] = Counter()
    for keys in holders.values():
        if len(keys) <= SET_PHRASE:
            shared.update(keys)
    shared.pop(row.pk, None)
    least = len(numbers) * LEAST
    return {key for key, count in shared.most_common(MOST) if count >= least}


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
