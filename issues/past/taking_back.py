"""Takes a past issue that was imported by mistake out of the archive again, as long as nothing refers to it."""

from typing import Any, cast

from django.db import transaction
from django.db.models import Model
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext as _

from articles.models import Article
from articles.models import Status as ArticleStatus
from workflow.refusals import Refused, permit

from ..models import ArchiveEntry, Issue, IssueEvent, IssueRecipient, PastFile, Placement, Proof, Status
from ..numbering import ASSEMBLE

TAKE_BACK = "take_back"
# What an import itself makes, and the pages that were set of it; all other rows that name an issue refer to it.
OWN = (Placement, IssueRecipient, IssueEvent, ArchiveEntry, Proof, PastFile)


def take_back(issue: Issue, *, by: Any) -> None:
    """Give it up: its number is free again, nobody finds it or its articles, and its file is back among those to be stored.

    What it said stays frozen, and its events say who took it in and who took it back.
    """
    permit(by, ASSEMBLE)
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        if not issue.is_past or not issue.is_issued:
            raise Refused(_("%(issue)s was not imported, so it can't be taken back.") % {"issue": issue})
        if what := referring(issue):
            words = _("%(issue)s can't be taken back any more: there is something that refers to it (%(what)s).")
            raise Refused(words % {"issue": issue, "what": what})
        articles = list(Article.objects.filter(placement__issue=issue))
        issue.status = Status.DISCARDED  # first: from then on the database lets go of what stands in it
        issue.save(update_fields=["status", "updated_at"])
        ArchiveEntry.objects.filter(issue=issue).delete()
        issue.placements.all().delete()
        for article in articles:
            _give_up(article, issue, by)
        why = _("%(name)s has taken it back from the archive. Look it over before it is stored again.") % {"name": by}
        waiting = {"confirmed_at": None, "confirmed_by": None, "checked_at": None, "checked_by": None}
        PastFile.objects.filter(issue=issue).update(issue=None, error=why, **waiting)
        issue.events.create(by=by, transition=TAKE_BACK, from_status=Status.ISSUED, to_status=Status.DISCARDED)


def _give_up(article: Article, issue: Issue, by: Any) -> None:
    article.status = ArticleStatus.DISCARDED
    article.save(update_fields=["status", "updated_at"])
    article.events.create(
        by=by,
        transition=TAKE_BACK,
        from_status=ArticleStatus.ISSUED,
        to_status=ArticleStatus.DISCARDED,
        note=str(issue),
        version=article.current_version,
    )


def referring(issue: Issue) -> str:
    """What refers to it, by the name of its kind; empty when nothing does. Apps that this one doesn't know count too.

    A model whose rows are set right by themselves when an issue is taken back says so: FOLLOWS names the field.
    """
    for relation in Issue._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        model = cast("type[Model]", relation.related_model)
        if model in OWN or relation.field.name in getattr(model, "FOLLOWS", ()):
            continue
        if model._base_manager.filter(**{relation.field.name: issue}).exists():
            return str(model._meta.verbose_name)
    return ""
