"""Finds Chinese words of any length: texts are stored as overlapping pairs of characters, in SQLite's FTS5 or PostgreSQL.

Trigram indexes find nothing for words of two characters, and word segmenters miss most names, so each text becomes
the run of its character pairs; a word is found where its pairs stand one after the other. Both databases see only
ASCII tokens (the pairs' code points in hexadecimal), so that no tokenizer or collation of theirs can matter.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

TABLE = "articles_search"
# Stands after the last character of a text, so that each character begins a pair and one-character words are found.
END = "\0"
# Lengths of the words that are kept whole for the archive's search on PostgreSQL.
WHOLE = (3, 4, 5)
# PostgreSQL's ways that cost more than it reckons. It compiles a query (jit) that it reckons dear, as each is without the others.
UNWANTED = ("enable_seqscan", "enable_nestloop", "enable_indexscan", "jit")


def normalise(text: str) -> str:
    """Compatibility forms unified, lower case, white space and control characters removed."""
    return re.sub(r"[\s\x00-\x1f\x7f]", "", unicodedata.normalize("NFKC", text).lower())


normalised_character = lru_cache(maxsize=8192)(normalise)


def tokens(text: str) -> list[str]:
    """One token a character: the character with its successor."""
    characters = normalise(text) + END
    return [f"{ord(a):05x}{ord(b):05x}" for a, b in zip(characters, characters[1:], strict=False)]


def words(query: str) -> list[str]:
    """The words of a query, at most eight."""
    return [word for word in (normalise(part) for part in query.split()) if word][:8]


def _grams(text: str, length: int) -> list[str]:
    """The runs of so many characters in a normalised text, as tokens."""
    code = [f"{ord(character):05x}" for character in text]
    return ["".join(code[at : at + length]) for at in range(len(code) - length + 1)]


def store_handed_in(article_id: int, texts: list[str]) -> None:
    """What others than its unit find of an article while its unit revises it. Its row has the negative key."""
    store(-article_id, texts)


def store(article_id: int, texts: list[str], *, in_archive: bool = False) -> None:
    """Replace what is searched for this article. `texts` are kept apart: no word is found across two of them.

    What is `in_archive` is also searched by whole words of three to five characters: PostgreSQL would have to unpack
    every text that holds the pairs of such a word to see whether they stand together.
    """
    run = [token for text in texts if normalise(text) for token in tokens(text)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DELETE FROM {TABLE} WHERE rowid = %s", [article_id])
            cursor.execute(f"INSERT INTO {TABLE} (rowid, pairs) VALUES (%s, %s)", [article_id, " ".join(run)])
        else:
            # Positions above 16383 are all kept as 16383; longer texts are cut there (some thirty pages).
            vector = " ".join(f"{token}:{n}" for n, token in enumerate(run[:16_000], 1))
            wholes = {gram for text in texts for length in WHOLE for gram in _grams(normalise(text), length)}
            cursor.execute(
                f"INSERT INTO {TABLE} (article_id, pairs, wholes) VALUES (%s, %s::tsvector, %s::tsvector) "
                "ON CONFLICT (article_id) DO UPDATE SET pairs = excluded.pairs, wholes = excluded.wholes",
                [article_id, vector, " ".join(wholes) if in_archive else None],
            )


def matching(
    articles: QuerySet,
    query: str,
    *,
    handed_in: bool = False,
    in_archive: bool = False,
    keys: tuple[int, int] | None = None,
) -> QuerySet:
    """Those articles that hold every word of the query; all of them when the query is empty.

    With `handed_in` their words are those of `store_handed_in`; `in_archive` only those stored so are looked at.
    With `keys` the caller knows that all it asks for lie between these two, so no others are looked at where that costs.
    """
    sign = "-" if handed_in else ""
    asked = words(query)
    if not asked:
        return articles
    if connection.vendor == "sqlite":
        expression = " AND ".join(_expression(word) for word in asked)
        within = " AND rowid BETWEEN %s AND %s" if keys else ""
        found = RawSQL(f"SELECT {sign}rowid FROM {TABLE} WHERE {TABLE} MATCH %s{within}", [expression, *(keys or ())])
        if not in_archive:
            return articles.filter(pk__in=found)
        # By its bare key SQLite would look up each hit on its own: slower than one pass through the index of entries.
        return articles.alias(searched=F("pk") + 0).filter(searched__in=found)
    for word in asked:
        rows, parameters = _rows(word, in_archive, keys)
        articles = articles.filter(pk__in=RawSQL(f"SELECT {sign}article_id FROM {rows}", parameters))
    return articles


def _expression(word: str) -> str:
    """What FTS5 is asked for one word."""
    pairs = _grams(word, 2)
    return '"' + " ".join(pairs) + '"' if pairs else f"{ord(word):05x}*"


def _rows(word: str, in_archive: bool, keys: tuple[int, int] | None) -> tuple[str, list[str | int]]:
    """PostgreSQL's FROM and WHERE for one word, and their parameters."""
    if in_archive and len(word) in WHOLE:
        return f"{TABLE} WHERE wholes @@ %s::tsquery", [f"'{_grams(word, len(word))[0]}'"]
    if len(word) == 1:
        return f"{TABLE} WHERE pairs @@ %s::tsquery", [f"'{ord(word):05x}':*"]
    phrase = " <-> ".join(f"'{pair}'" for pair in _grams(word, 2))
    if in_archive and len(word) > max(WHOLE):
        # OFFSET keeps the two apart, so that only the few texts that hold all parts are unpacked.
        parts = " & ".join(f"'{gram}'" for gram in _grams(word, max(WHOLE)))
        few = f"(SELECT article_id, pairs FROM {TABLE} WHERE wholes @@ %s::tsquery OFFSET 0) AS few"
        within = "article_id BETWEEN %s AND %s AND " if keys else ""
        return f"{few} WHERE {within}pairs @@ %s::tsquery", [parts, *(keys or ()), phrase]
    return f"{TABLE} WHERE pairs @@ %s::tsquery", [phrase]


@contextmanager
def by_index() -> Iterator[None]:
    """Within, PostgreSQL asks the index, once. It takes a common word for a rare one: so it would read every row, not
    knowing what unpacking one costs, or ask the index again for each entry (12 s at 50,000 articles). It would also walk
    through the archive by its key, which takes twice as long as reading what an index names page by page."""
    if connection.vendor == "sqlite":  # where a transaction would wait for whoever writes
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {way} = off" for way in UNWANTED))
        yield
        cursor.execute("; ".join(f"SET LOCAL {way} = on" for way in UNWANTED))
