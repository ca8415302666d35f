"""Keeps what is compared of each text, and the pairs that were found. In the worker: one text after the other, so that of two
that come in at once the later one always sees the earlier."""

import logging
import time
from array import array
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import connection, transaction
from django.utils import timezone

from .. import richtext
from ..models import Article, ArticleVersion, Pair, Print, Status
from . import finding, wording
from .happening import Facts, facts_of

EDITION = "1"  # of the measures: with another one everything is compared anew
LOCK = 0x64757073  # PostgreSQL's, of the one who compares

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """What a print is made from."""

    title: str
    paragraphs: tuple[str, ...]
    event_on: date | None
    told: date
    unit: str

    @property
    def digest(self) -> str:
        parts = (EDITION, self.title, *self.paragraphs, str(self.event_on), self.told.isoformat(), self.unit)
        return sha256("\0".join(parts).encode()).hexdigest()

    @property
    def letters(self) -> str:
        return wording.letters("".join(self.paragraphs) or self.title)

    @property
    def facts(self) -> Facts:
        return facts_of(self.title, self.paragraphs, told=self.told, event_on=self.event_on, unit=self.unit)


def compare_waiting(articles: Collection[int] | None = None, *, seconds: float = 60) -> int:
    """Compare what waits, of these articles or of all, for so long at most. Returns how many still wait.

    What fails is logged, marked, and tried again some minutes later."""
    until = time.monotonic() + seconds
    due = Print.objects.due() if articles is None else Print.objects.due().filter(article__in=articles)
    keys = list(due.values_list("pk", flat=True)[:5000])
    for key in keys:
        if time.monotonic() > until:
            break
        try:
            compare(key)
        except Exception:
            logger.exception("The text %s could not be compared", key)
            Print.objects.filter(pk=key).update(failed_at=timezone.now())
    waiting = Print.objects.waiting()
    return (waiting if articles is None else waiting.filter(article__in=articles)).count()


def compare(key: int) -> None:
    """Make the print anew if its text has changed, and find its pairs."""
    with transaction.atomic():
        _one_at_a_time()
        row = Print.objects.select_related("article__unit", "article__current_version").filter(pk=key).first()
        if row is None or not row.is_waiting:
            return
        source = source_of(row)
        if source is None:
            finding.forget(row)
            row.delete()
            return
        if source.digest != row.digest:
            finding.forget(row)
            _renew(row, source)
            finding.keep(row)
            Pair.objects.filter(one=row).delete()
            Pair.objects.filter(other=row).delete()
            Pair.objects.bulk_create(finding.pairs_of(row))
        row.found, row.failed_at = row.asked, None
        # What was asked meanwhile is asked still.
        row.save(update_fields=["found", "failed_at", "digest", "letters", "facts", "hashes"])


def _one_at_a_time() -> None:
    """SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _renew(row: Print, source: Source) -> None:
    row.letters, facts = source.letters, source.facts
    hashes = wording.fingerprints(row.letters) | facts.keys()
    row.facts, row.hashes, row.digest = facts.as_dict(), array("i", sorted(hashes)).tobytes(), source.digest


def source_of(row: Print) -> Source | None:
    """What others may know of the article: what was handed in, and before that what its unit writes; of a revision what its
    unit writes now. None where there is nothing (any more)."""
    article = row.article
    if article.status == Status.DISCARDED or row.is_revision and not article.is_returned:
        return None
    text: Article | ArticleVersion | None = article.current_version
    if text is None or row.is_revision or article.is_within_unit:
        text = article
    moment = article.submitted_at or article.created_at
    return Source(
        title=text.title.replace("\n", ""),
        paragraphs=tuple(richtext.to_text(text.body).splitlines()),
        event_on=text.event_on,
        told=row.told_on or timezone.localtime(moment).date(),
        unit=article.unit.short_name,
    )
