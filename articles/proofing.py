"""Proofs of texts: asked for by the acts that save a text, made by a worker, kept by the text's digest."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from hashlib import sha256

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from proofreading import engine, reference
from proofreading.engine import LEVELS, Finding, Passage
from workflow.worker import notify

from . import richtext
from .models import Article, ArticleVersion, Status, TextProof

Text = Article | ArticleVersion
# Whose texts are proofread anew on a new day and with new tables. A draft that nobody has touched for long waits until it is.
LIVING = (*Article.EDITABLE, Status.AWAITING, *Article.REVISABLE, Status.PLACED)
IDLE = timedelta(days=14)
# After which a proof that a rule is missing from is tried again.
TRY_AGAIN = timedelta(minutes=5)
AT_ONCE = 20
# Of a text with more, as one pasted in a foreign script, the errors are kept before the others.
MOST_KEPT = 500


def passage_of(text: Text, article: Article) -> Passage:
    """The text as the proofreader sees it. `article` comes with its unit."""
    return Passage(
        title=text.title,
        paragraphs=tuple(block.text for block in richtext.to_blocks(text.body)),
        kind=text.kind or article.kind,
        unit=article.unit.name if article.unit_id else "",
    )


def digest_of(passage: Passage) -> str:
    return sha256(json.dumps(asdict(passage), ensure_ascii=False).encode()).hexdigest()


def tables_now() -> tuple[str, date]:
    """What a proof is made with that is made now: the digest of words and rules, and the day as of which they hold."""
    return engine.digest(reference.current()), timezone.localdate()


def is_fresh(proof: TextProof, now: tuple[str, date]) -> bool:
    return proof.made_at is not None and (proof.tables, proof.as_of) == now


def request(article: Article) -> None:
    """Ask for the proofs of what the article says now and of its version in hand, unless they are there or asked for."""
    now, at = tables_now(), timezone.now()
    have = {proof.digest: proof for proof in article.text_proofs.all()}
    wanted = digests_of(article)
    missing = [TextProof(article=article, digest=digest) for digest in wanted if digest not in have]
    old = [
        proof.pk
        for digest, proof in have.items()
        if digest in wanted and not proof.is_waiting and not is_fresh(proof, now)
    ]
    if missing:
        TextProof.objects.bulk_create(missing, ignore_conflicts=True)
    if old:
        TextProof.objects.filter(pk__in=old).update(requested_at=at)
    if missing or old:
        notify("articles.tasks.proofread", article_id=article.pk)


def digests_of(article: Article) -> dict[str, Passage]:
    """The texts that are proofread of it, by their digests."""
    texts: list[Text] = [article, article.current_version] if article.current_version else [article]
    passages = [passage_of(text, article) for text in texts]
    return {digest_of(passage): passage for passage in passages}


def make(article_id: int) -> None:
    """Proofread what waits of the article, and forget what was found in texts that it doesn't say any more.

    Safe to run twice: the second finds nothing that waits. The rows are read before the article: a text that is saved
    meanwhile is not taken for one that has gone.
    """
    proofs = list(TextProof.objects.filter(article=article_id))
    article = Article.objects.select_related("unit", "current_version").get(pk=article_id)
    passages = digests_of(article)
    for proof in proofs:
        if proof.digest in passages and proof.is_waiting:
            _make(proof, passages[proof.digest])
    gone = [proof.pk for proof in proofs if proof.digest not in passages]
    TextProof.objects.filter(pk__in=gone).delete()


def _make(proof: TextProof, passage: Passage) -> None:
    found = engine.proofread([passage], as_of=timezone.localdate(), tables=reference.current())
    kept = _most_important(found.findings)
    TextProof.objects.filter(pk=proof.pk).update(
        made_at=max(timezone.now(), proof.requested_at),
        as_of=found.as_of,
        tables=found.digest,
        findings=[asdict(finding) for finding in kept],
        left_out=len(found.findings) - len(kept),
        failed=[list(each) for each in found.failed],
    )


def _most_important(found: Sequence[Finding]) -> list[Finding]:
    """Those that are kept, in the order of the text."""
    if len(found) <= MOST_KEPT:
        return list(found)
    by_level = sorted(range(len(found)), key=lambda at: LEVELS.index(found[at].level))
    return [found[at] for at in sorted(by_level[:MOST_KEPT])]


def to_make() -> QuerySet[Article]:
    """The articles with a proof that was asked for and is not made: a lost message, a worker that died."""
    return _for_proofs(Article.objects.filter(Exists(TextProof.objects.waiting().filter(article=OuterRef("pk")))))


def without_proof() -> QuerySet[Article]:
    """The articles in hand that nobody asked for, or whose proofs are of another day or other tables, or lack a rule."""
    tables, today = tables_now()
    own = TextProof.objects.filter(article=OuterRef("pk"))
    fresh = own.filter(tables=tables, as_of=today, made_at__isnull=False)
    idle = Article.objects.filter(status=Status.DRAFT, updated_at__lt=timezone.now() - IDLE)
    living = Article.objects.filter(status__in=LIVING).exclude(pk__in=idle.values("pk"))
    return _for_proofs(living.filter(~Exists(fresh), ~Exists(own.waiting())))


def ask_for_failed() -> None:
    """Try again, after a while, what a rule is missing from."""
    long_ago = timezone.now() - TRY_AGAIN
    TextProof.objects.filter(made_at__lt=long_ago).exclude(failed=[]).update(requested_at=timezone.now())


def _for_proofs(articles: QuerySet[Article]) -> QuerySet[Article]:
    return articles.select_related("unit", "current_version").order_by("-updated_at")[:AT_ONCE]
