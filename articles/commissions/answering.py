"""A unit writes the story that was commissioned: a new one, or one that it has already. The office may say so in its place."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from workflow.refusals import Refused, permit

from ..models import COMMISSION, Answer, Article, Commissioned, CommissionEvent, Status

# Of what a unit has handed in, whatever became of it since, but what was declined.
_HANDED_IN = (*Article.IN_REVIEW, *Article.REVIEWED, Status.RETURNED, Status.HELD, Status.MERGED, Status.ISSUED)
# What stands in an issue already was not written for a commission that comes now.
_TIED_IN = (*Article.EDITABLE, Status.AWAITING, *Article.IN_REVIEW, Status.ACCEPTED)


def begin(row: Commissioned, *, by: User) -> Article:
    """A new story that carries the commission, which is accepted by this; where one was begun it is that one."""
    with transaction.atomic():
        row = _accepted(row, by)
        if row.article:
            return row.article
        article = Article.objects.create(unit=row.unit, created_by=by, updated_by=by)
        _tie(row, article, by)
        return article


def tie(row: Commissioned, article: Article, *, by: User) -> None:
    """A story of the unit answers it. One that was handed in before has done so today."""
    with transaction.atomic():
        row = _accepted(row, by)
        article = Article.objects.select_for_update().get(pk=article.pk)
        if row.article_id not in (None, article.pk):
            raise Refused(_("“%(title)s” is written for it already.") % {"title": row.article})
        if not tieable(by).filter(pk=article.pk).exists():
            raise Refused(_("“%(title)s” can't be handed in for this commission any more.") % {"title": article})
        _tie(row, article, by)
        if article.status not in (*Article.EDITABLE, Status.AWAITING):
            row.apply(Commissioned.ANSWER, by=by)


def tieable(user: User):
    """The stories of this person's unit that may answer a commission: those that answer none, and are in no issue."""
    if user.unit_id is None:
        return Article.objects.none()
    return Article.objects.filter(commissioned=None, unit=user.unit_id, status__in=_TIED_IN).order_by(
        "-updated_at", "-pk"
    )


def attach(row: Commissioned, article: Article, *, by: User) -> None:
    """The office says that this story, which the unit has handed in, answers it. A draft that was begun for it goes free."""
    permit(by, COMMISSION)
    with transaction.atomic():
        row = Commissioned.objects.select_for_update(of=("self",)).select_related("unit", "article").get(pk=row.pk)
        if row.article and not row.article.is_within_unit:
            raise Refused(_("“%(title)s” is written for it already.") % {"title": row.article})
        article = Article.objects.select_for_update().get(pk=article.pk)
        if not attachable(row, by).filter(pk=article.pk).exists():
            raise Refused(_("“%(title)s” can't be handed in for this commission any more.") % {"title": article})
        row.article = article
        row.save(update_fields=["article"])
        row.apply(Commissioned.ATTACH, by=by)


def attachable(row: Commissioned, user: User):
    """The stories of the row's unit that the office may tie to it: handed in, and tied to none. The newest first."""
    found = Article.objects.visible_to(user).filter(commissioned=None, unit=row.unit_id, submitted_at__isnull=False)
    return found.filter(status__in=_HANDED_IN).order_by("-submitted_at", "-pk")


def _accepted(row: Commissioned, by: User) -> Commissioned:
    """The row under its lock, accepted where it was not yet."""
    row = Commissioned.objects.select_for_update(of=("self",)).select_related("unit", "article").get(pk=row.pk)
    if row.status == Answer.ASKED:
        row.apply(Commissioned.ACCEPT, by=by)
    elif row.status != Answer.ACCEPTED or not row.may(Commissioned.ACCEPT, by):
        words = _("It is now “%(status)s”, so no story can be written for it. The page shows the present state.")
        raise Refused(words % {"status": row.get_status_display()})
    return row


def _tie(row: Commissioned, article: Article, by: User) -> None:
    row.article = article
    row.save(update_fields=["article"])
    # Without its title: the office reads this, and no draft.
    status = {"from_status": row.status, "to_status": row.status}
    CommissionEvent.objects.create(commissioned=row, by=by, transition=CommissionEvent.BEGIN, **status)
