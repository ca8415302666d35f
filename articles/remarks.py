"""Reviewers remark on paragraphs; the unit and the office answer, and close what is settled."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit

from .comparison import texts_of
from .difference import compare
from .models import Article, ArticleRemark, ArticleVersion, RemarkAnswer
from .models.remarks import LONGEST_QUOTE, Place
from .pieces import pieces_of

LONGEST_TEXT = 1_000


def paragraphs_of(version: ArticleVersion) -> list[str]:
    """What a remark can stand beside: the title, then the paragraphs and tables as the comparison numbers them."""
    return [version.flat_title, *(" ".join(piece.text.split()) for piece in pieces_of(version.body))]


def place_in(text: Article | ArticleVersion, rows: Iterable[ArticleRemark]) -> list[ArticleRemark]:
    """The remarks, each with its `place` in this text: where its paragraph stands now, and whether it was changed."""
    rows, places = list(rows), {}
    for row in rows:
        if row.version_id not in places:
            places[row.version_id] = _places(row.version, text)
        row.place = places[row.version_id].get(row.paragraph, Place())
    return rows


def _places(before: ArticleVersion, after: Article | ArticleVersion) -> dict[int, Place]:
    """By the number that a paragraph had before, without those that are gone; 0 is the title."""
    found = compare(*(texts_of(pieces_of(text.body)) for text in (before, after)))
    kept = [each for each in found if each.before_at and each.after_at and each.kind != "moved_away"]
    title = Place(0, is_changed=before.flat_title != after.flat_title)
    return {0: title} | {each.before_at: Place(each.after_at, is_changed=each.before != each.after) for each in kept}


def may_remark(article: Article, user) -> bool:
    """Who reviews it, as long as the office has it in hand."""
    return article.is_revisable and user.has_perm(Article.REVIEW) and article.created_by_id != user.pk


def may_answer(article: Article, user) -> bool:
    """The unit that wrote it, and the office, until it is printed."""
    is_of_the_unit = user.has_perm("articles.write_article") and article.belongs_to(user)
    return not article.is_issued and (is_of_the_unit or user.has_perm(Article.REVIEW))


def add(article: Article, paragraph: int, text: str, *, by, version: int | None) -> ArticleRemark:
    """Remark on a paragraph of the version that was on the screen. Refused when a newer one has come in since."""
    permit(by, Article.REVIEW)
    with transaction.atomic():
        row = Article.objects.select_for_update(of=("self",)).select_related("current_version").get(pk=article.pk)
        if not may_remark(row, by):
            raise Refused(_("Remarks are made while the article is in review, by those who didn't write it."))
        if row.current_version_id != version:
            raise Refused(
                _(
                    "A newer version has come in; please remark on that one. If the page does not show it, load it again."
                )
            )
        paragraphs = paragraphs_of(row.current_version)
        if not 0 <= paragraph < len(paragraphs):
            raise Refused(_("Choose the paragraph that you mean."))
        quote = paragraphs[paragraph][:LONGEST_QUOTE]
        return row.remarks.create(
            version=row.current_version, paragraph=paragraph, quote=quote, text=_words(text), by=by
        )


def answer(remark: ArticleRemark, text: str, *, by) -> RemarkAnswer:
    with _locked(remark, by) as row:
        if not row.is_open:
            raise Refused(_("It is closed. Open it again to answer."))
        return row.answers.create(text=_words(text), by=by)


def close(remark: ArticleRemark, *, by, text: str = "") -> None:
    """It is settled; a last word may go with it."""
    with _locked(remark, by) as row:
        if not row.is_open:
            return
        if text.strip():
            row.answers.create(text=_words(text), by=by)
        row.closed_by, row.closed_at = by, timezone.now()
        row.save(update_fields=["closed_by", "closed_at"])


def reopen(remark: ArticleRemark, *, by) -> None:
    with _locked(remark, by) as row:
        row.closed_by = row.closed_at = None
        row.save(update_fields=["closed_by", "closed_at"])


@contextmanager
def _locked(remark: ArticleRemark, by) -> Iterator[ArticleRemark]:
    with transaction.atomic():
        row = ArticleRemark.objects.select_for_update(of=("self",)).select_related("article").get(pk=remark.pk)
        if by is None or not may_answer(row.article, by):
            raise Refused(_("This is not yours to do."))
        yield row


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Write what you want to say."))
    if len(text) > LONGEST_TEXT:
        raise Refused(_("This is too long for a remark: at most %(most)s characters.") % {"most": LONGEST_TEXT})
    return text
