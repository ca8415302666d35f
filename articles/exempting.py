"""Findings of the proofreader that a person lets stand, with the reason, or no longer; and suggestions that are taken."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused

from . import findings, proofing, revision, richtext
from .findings import Item, Key
from .models import LONGEST_REASON, Article, ArticleEvent, ArticleVersion, Exemption, Status
from .revision import Wording

WRITE = "articles.write_article"
IN_HAND = (*Article.REVISABLE, Status.HELD, Status.PLACED)


def may_ignore(article: Article, user) -> bool:
    """The unit in what it writes, the office in what it has in hand."""
    is_writing = article.is_editable and user.has_perm(WRITE) and article.belongs_to(user)
    return is_writing or may_let_through(article, user)


def may_let_through(article: Article, user) -> bool:
    """The office, in what others wrote, until it is printed."""
    return article.status in IN_HAND and user.has_perm(Article.REVIEW) and article.created_by_id != user.pk


def ignore(article: Article, key: Key, reason: str, *, by) -> Exemption:
    """It is no fault here. An error still has to be let through before sign-off."""
    return _exempt(article, key, reason, by=by, lets_through=False)


def let_through(article: Article, key: Key, reason: str, *, by) -> Exemption:
    """An error may be printed as it is; the reason stands on the sign-off sheet."""
    return _exempt(article, key, reason, by=by, lets_through=True)


def _exempt(article: Article, key: Key, reason: str, *, by, lets_through: bool) -> Exemption:
    reason = " ".join(reason.split())
    with _locked(article) as row:
        if not (may_let_through if lets_through else may_ignore)(row, by):
            raise Refused(_("This is not yours to do."))
        if not reason:
            raise Refused(_("Please write why it may stand as it is; others read it."))
        if len(reason) > LONGEST_REASON:
            raise Refused(_("The reason is too long: at most %(most)s characters.") % {"most": LONGEST_REASON})
        if not any(findings.key_of(each) == key for each in _known(row)):
            raise Refused(_("This finding is no longer there: the text has been changed, or proofread anew."))
        rule, quote = key
        known = row.exemptions.in_force().filter(rule=rule, quote=quote, lets_through=lets_through).first()
        if known:
            return known
        act = ArticleEvent.LET_THROUGH if lets_through else ArticleEvent.IGNORE
        _record(row, act, quote, reason, by=by)
        return row.exemptions.create(rule=rule, quote=quote, lets_through=lets_through, reason=reason, by=by)


def heed(exemption: Exemption, *, by) -> None:
    """It counts again."""
    with _locked(exemption.article) as row:
        found = row.exemptions.in_force().filter(pk=exemption.pk).first()
        if not (may_let_through if exemption.lets_through else may_ignore)(row, by):
            raise Refused(_("This is not yours to do."))
        if found is None:
            return
        found.undone_at = timezone.now()
        found.save(update_fields=["undone_at"])
        _record(row, ArticleEvent.HEED, found.quote, found.reason, by=by)


def take(article: Article, number: int, key: Key, *, by, seen: int, every: bool = False) -> ArticleVersion:
    """Put the suggestion in place of the words in the version on the screen; with `every` in all places alike.

    It is a change of the text by the office, as `revision.revise` says. Raises Refused where the finding isn't there any more.
    """
    version = article.current_version
    gone = Refused(_("This finding is no longer there: the text has been changed, or proofread anew."))
    if version is None or version.pk != seen:
        raise gone
    panel = findings.of(version, article, office=True)
    item = next((each for each in panel.items if each.number == number and findings.key_of(each.finding) == key), None)
    if item is None or not item.can_be_taken:
        raise gone
    items = findings.alike(panel, item) if every else [item]
    try:
        wording = _wording(version, items)
    except richtext.NotThere as error:
        raise gone from error
    is_correction = article.has_passes
    try:
        return revision.revise(article, wording, by=by, seen=seen, is_correction=is_correction)
    except revision.Superseded as error:
        raise gone from error


def _wording(version: ArticleVersion, items: list[Item]) -> Wording:
    """From the end to the beginning, so that the places before stay what they are."""
    title, body = version.title, version.body
    for item in reversed(items):
        each = item.finding
        if each.paragraph:
            body = richtext.replace(body, each.paragraph, each.start, each.quote, each.suggestion)
        elif title[each.start : each.end] == each.quote:
            title = title[: each.start] + each.suggestion + title[each.end :]
        else:
            raise richtext.NotThere
    return Wording({"title": title, "body": body}, {}, exact=True)


@contextmanager
def _locked(article: Article) -> Iterator[Article]:
    with transaction.atomic():
        yield Article.objects.select_for_update(of=("self",)).select_related("unit").get(pk=article.pk)


def _known(article: Article) -> Iterator[findings.Finding]:
    for proof in article.text_proofs.all():
        yield from (findings.Finding(**each) for each in proof.findings)
    for beside in findings.beside_others([article], proofing.tables_now()).values():
        yield from beside.found


def _record(row: Article, act: str, quote: str, reason: str, *, by) -> None:
    row.events.create(
        by=by,
        transition=act,
        from_status=row.status,
        to_status=row.status,
        note=_("“%(quote)s”: %(reason)s") % {"quote": quote, "reason": reason},
        round=row.round,
    )
