"""The unit's confirmation of what the office has changed: asked of one version, answered by one person of the unit, once."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import links, notices
from accounts.models import PersonalLink, Topic, User
from workflow.notices import Tell
from workflow.refusals import Refused, permit

from .models import WRITE, Article, ArticleEvent, UnitConfirmation
from .pieces import Piece, pieces_of

PAGE = "articles:confirmation_by_link"
ASKED = Tell(
    Topic.WORK,
    lambda asked: people_of(asked.article),
    pgettext_lazy("notice", "Please confirm"),
    gettext_lazy("Look at it"),
    "articles:confirmation",
    link=lambda asked: (PAGE, asked.pk),
)


def _asker(article: Article):
    """Whoever asked about the text as it is now."""
    return User.objects.filter(pk__in=article.confirmations.valid().values("asked_by"))


_LOOK = pgettext_lazy("button of a notice", "Look")
AGREED = Tell(Topic.NEWS, _asker, pgettext_lazy("notice", "The unit agrees"), _LOOK, "articles:detail")
OBJECTED = Tell(Topic.WORK, _asker, pgettext_lazy("notice", "The unit objects"), _LOOK, "articles:detail")


def may_be_asked(article: Article) -> bool:
    """Whether the present text is the office's, and its unit has not been asked about it."""
    if article.status not in Article.CONFIRMABLE:
        return False
    changed = article.events.filter(transition=ArticleEvent.REVISE, version=article.current_version_id)
    return changed.exists() and not article.confirmations.filter(version=article.current_version_id).exists()


def people_of(article: Article):
    """Who may answer for the unit."""
    return User.objects.with_permission(WRITE).filter(unit=article.unit_id)


def ask(article: Article, *, by: User, seen: int | None) -> UnitConfirmation:
    """Ask the unit about the version that was on the screen."""
    permit(by, Article.REVIEW)
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if row.current_version_id != seen:
            raise Refused(_("The text was changed meanwhile. This page shows it; please ask about that one."))
        if not may_be_asked(row):
            raise Refused(
                _("The unit is asked only about a text that the office has changed, and once about each version.")
            )
        if not people_of(row).exclude(pk=by.pk).exists():
            raise Refused(_("%(unit)s has nobody who could answer here. Please call them.") % {"unit": row.unit})
        asked = row.confirmations.create(version=row.current_version, asked_by=by)
        notices.write(asked, ASKED, by=by.pk)
        return asked


def answer(asked: UnitConfirmation, *, by: User, remarks: Mapping[int, str]) -> UnitConfirmation:
    """`remarks` by paragraph, counted from 1, and 0 for the whole; without one the unit has no objection."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=asked.article_id)
        row = (
            UnitConfirmation.objects.select_related("version", "answered_by")
            .select_for_update(of=("self",))
            .get(pk=asked.pk)
        )
        if row.answered_at:
            raise Refused(_("%(name)s has answered already.") % {"name": row.answered_by})
        if not UnitConfirmation.objects.asked_of(by).filter(pk=row.pk).exists():
            raise Refused(_("The text was changed meanwhile, or it is no longer yours to answer."))
        row.remarks = [{"paragraph": number, "text": text} for number, text in sorted(remarks.items())]
        row.answered_by, row.answered_at = by, timezone.now()
        row.save(update_fields=["remarks", "answered_by", "answered_at"])
        notices.settle(row)
        notices.write(row.article, OBJECTED if remarks else AGREED, by=by.pk)
        return row


def answer_by_link(link: PersonalLink, asked: UnitConfirmation, *, remarks: Mapping[int, str]) -> UnitConfirmation:
    with transaction.atomic():
        links.use(link)
        return answer(asked, by=link.user, remarks=remarks)


def behind(link: PersonalLink) -> UnitConfirmation | None:
    """What the link asks its owner; None when it was answered, became void, or is no longer theirs to answer."""
    asked = UnitConfirmation.objects.asked_of(link.user).filter(pk=link.subject)
    return asked.select_related("article__unit", "version", "asked_by").first()


def paragraphs_of(asked: UnitConfirmation) -> list[Piece]:
    return pieces_of(asked.version.body)


def remarks_of(asked: UnitConfirmation) -> list[tuple[int, str, str]]:
    """Each remark with the number of its paragraph and how that begins."""
    texts = ["", *(piece.text for piece in paragraphs_of(asked))] if asked.remarks else []
    return [(each["paragraph"], texts[each["paragraph"]], each["text"]) for each in asked.remarks]
