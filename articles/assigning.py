"""Editors share the work out: who reviews which article, and until when."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import notices
from accounts.models import Topic, User
from workflow.notices import Tell
from workflow.refusals import Refused, permit

from .dates import written
from .models import Article, ArticleEvent, Assignment

GIVEN = Tell(
    Topic.WORK,
    lambda article: User.objects.filter(pk=article.assignment.to_id),
    pgettext_lazy("notice", "Given to you"),
    pgettext_lazy("button of a notice", "Look"),
    "articles:detail",
)
REMINDED = Tell(
    Topic.URGENT,
    GIVEN.to,
    pgettext_lazy("notice", "Please review soon"),
    gettext_lazy("Review it"),
    "articles:detail",
)


def assign(keys: Collection[int], *, to: User | None, due_on: date | None, by: User) -> int:
    """Give these articles to one person, or with None back to everybody; all of them or none. Returns how many."""
    permit(by, Article.REVIEW)
    if due_on and due_on < timezone.localdate():
        raise Refused(_("The day until which it is to be reviewed is over. Please choose a later one."))
    with transaction.atomic():
        articles = ticked(keys, by)
        if to is None:
            Assignment.objects.filter(article__in=articles).delete()
        else:
            _refuse_what_is_not_theirs(articles, to)
        for article in articles:
            _give(article, to, due_on, by)
    return len(articles)


def remind(keys: Collection[int], *, by: User) -> int:
    """Ask those who hold these articles to review them soon; once a day for each article. Returns how many."""
    permit(by, Article.REVIEW)
    with transaction.atomic():
        articles = ticked(keys, by)
        held = (
            Assignment.objects.in_force()
            .select_related("to")
            .in_bulk([article.pk for article in articles], field_name="article_id")
        )
        for article in articles:
            _refuse_to_remind(article, held.get(article.pk), by)
            _record(article, ArticleEvent.REMIND, by, str(article.assignment.to))
            notices.write(article, REMINDED, by=by.pk)
    return len(articles)


def ticked(keys: Collection[int], by: User) -> list[Article]:
    """The articles with these keys, under their locks: all of them wait for a review, or it is refused."""
    if not keys:
        raise Refused(_("Tick the articles first."))
    articles = list(Article.objects.visible_to(by).filter(pk__in=keys).select_for_update().order_by("pk"))
    if len(articles) < len(set(keys)):
        raise Refused(_("One of them was withdrawn. Please look at the list again."))
    _refuse_what_is_decided(articles)
    return articles


def _refuse_to_remind(article: Article, held: Assignment | None, by: User) -> None:
    words = ""
    if held is None:
        words = _("Nobody holds “%(title)s”, so there is nobody to remind. Give it to somebody first.")
    elif held.to == by:
        words = _("You hold “%(title)s” yourself.")
    elif article.events.filter(transition=ArticleEvent.REMIND, at__date=timezone.localdate()).exists():
        words = _("%(person)s was reminded of “%(title)s” today.")
    if words:
        raise Refused(words % {"title": article.flat_title, "person": held and held.to})


def _refuse_what_is_decided(articles: list[Article]) -> None:
    for article in articles:
        if not article.is_in_review:
            words = _("“%(title)s” no longer waits for a review: it is now “%(status)s”.")
            raise Refused(words % {"title": article.flat_title, "status": article.get_status_display()})


def _refuse_what_is_not_theirs(articles: list[Article], to: User) -> None:
    keys = [article.pk for article in articles]
    theirs = set(Article.objects.awaiting(to).filter(pk__in=keys).values_list("pk", flat=True))
    for article in articles:
        if article.pk not in theirs:
            words = _("%(person)s may not review “%(title)s”. Please choose another person.")
            raise Refused(words % {"person": to, "title": article.flat_title})


def _give(article: Article, to: User | None, due_on: date | None, by: User) -> None:
    if to:
        fields = {"to": to, "due_on": due_on, "by": by, "at": timezone.now()}
        article.assignment = Assignment.objects.update_or_create(article=article, defaults=fields)[0]
    _record(article, ArticleEvent.ASSIGN, by, _words(to, due_on))
    notices.settle(article)  # it is asked of the others no longer
    if to:
        notices.write(article, GIVEN, by=by.pk, note=_words(to, due_on))


def _record(article: Article, act: str, by: User, note: str) -> None:
    status = {"from_status": article.status, "to_status": article.status}
    article.events.create(by=by, transition=act, note=note, **status, **article.event_details())


def _words(to: User | None, due_on: date | None) -> str:
    if to is None:
        return _("to everybody")
    if due_on is None:
        return _("to %(person)s") % {"person": to}
    return _("to %(person)s, until %(day)s") % {"person": to, "day": written(due_on)}
