"""Finds Chinese words of any length: texts are stored as overlapping pairs of characters, in SQLite's FTS5 or PostgreSQL.

Trigram indexes find nothing for words of two characters, and word segmenters miss most names, so each text becomes
the run of its character pairs; a word is found where its pairs stand one after the other. Both databases see only
ASCII tokens (the pairs' code points in hexadecimal), so that no tokenizer or collation of theirs can matter.
"""

import re
import unicodedata

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

TABLE = "articles_search"
# Stands after the last character of a text, so that each character begins a pair and one-character words are found.
END = "\0"


def normalise(text: str) -> str:
    """Compatibility forms unified, lower case, white space and control characters removed."""
    return re.sub(r"[\s\x00-\x1f\x7f]", "", unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> list[str]:
    """One token a character: the character with its successor."""
    characters = normalise(text) + END
    return [f"{ord(a):05x}{ord(b):05x}" for a, b in zip(characters, characters[1:], strict=False)]


def words(query: str) -> list[str]:
    """The words of a query, at most eight."""
    return [word for word in (normalise(part) for part in query.split()) if word][:8]


def _pairs(word: str) -> list[str]:
    return [f"{ord(a):05x}{ord(b):05x}" for a, b in zip(word, word[1:], strict=False)]


def store_handed_in(article_id: int, texts: list[str]) -> None:
    """What others than its unit find of an article while its unit revises it. Its row has the negative key."""
    store(-article_id, texts)


def store(article_id: int, texts: list[str]) -> None:
    """Replace what is searched for this article. `texts` are kept apart: no word is found across two of them."""
    run = [token for text in texts if normalise(text) for token in tokens(text)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DELETE FROM {TABLE} WHERE rowid = %s", [article_id])
            cursor.execute(f"INSERT INTO {TABLE} (rowid, pairs) VALUES (%s, %s)", [article_id, " ".join(run)])
        else:
            # Positions above 16383 are all kept as 16383; longer texts are cut there (some thirty pages).
            vector = " ".join(f"{token}:{n}" for n, token in enumerate(run[:16_000], 1))
            cursor.execute(
                f"INSERT INTO {TABLE} (article_id, pairs) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (article_id) DO UPDATE SET pairs = excluded.pairs",
                [article_id, vector],
            )


def matching(articles: QuerySet, query: str, *, handed_in: bool = False) -> QuerySet:
    """Those articles that hold every word of the query; all of them when the query is empty.

    With `handed_in` their words are those of `store_handed_in`.
    """
    sign = "-" if handed_in else ""
    for word in words(query):
        pairs = _pairs(word)
        if connection.vendor == "sqlite":
            expression = '"' + " ".join(pairs) + '"' if pairs else f"{ord(word):05x}*"
            found = f"SELECT {sign}rowid FROM {TABLE} WHERE {TABLE} MATCH %s"
        else:
            expression = " <-> ".join(f"'{pair}'" for pair in pairs) if pairs else f"'{ord(word):05x}':*"
            found = f"SELECT {sign}article_id FROM {TABLE} WHERE pairs @@ %s::tsquery"
        articles = articles.filter(pk__in=RawSQL(found, [expression]))
    return articles
