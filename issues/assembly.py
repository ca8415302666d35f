"""Assembles an issue: puts accepted articles in, takes them out, moves them inside their section; its settings."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Article, Kind
from bulletin_cms.workflow import TransitionRefused

from . import numbering
from .models import SECTION_ORDER, Issue, Placement


def _locked(issue: Issue) -> Issue:
    """The issue's row under its lock; `updated_at` then tells every desk that shows it that it has changed."""
    issue = Issue.objects.select_for_update().get(pk=issue.pk)
    if not issue.is_open:
        raise TransitionRefused(_("%(issue)s is no longer being assembled, so it stays as it is.") % {"issue": issue})
    issue.save(update_fields=["updated_at"])
    return issue


def _section_of(article: Article) -> str:
    return "brief" if article.kind == Kind.BRIEF else article.unit.tier


def _renumber(placements: list[Placement]) -> None:
    for position, placement in enumerate(placements, 1):
        placement.position = position
    Placement.objects.bulk_update(placements, ["position"])


def _section(issue: Issue, name: str) -> list[Placement]:
    return list(issue.placements.filter(section=name).select_related("article__unit"))


def place(issue: Issue, article: Article, *, by, position: int | None = None) -> Placement:
    """Put the article's current version into its section, at the 1-based position. Where none is given a section in
    default order stays so; one sorted by hand gets it behind the stories of its unit, else at the end."""
    with transaction.atomic():
        issue = _locked(issue)
        article.apply(Article.PLACE, by=by, note=str(issue))
        placements = _section(issue, _section_of(article))
        keeps_order = position is None and not is_sorted_by_hand(placements)
        same_unit = [at for at, other in enumerate(placements) if other.article.unit_id == article.unit_id]
        placement = Placement.objects.create(
            issue=issue,
            article=article,
            version=article.current_version,
            section=_section_of(article),
            position=0,
        )
        if position is not None:
            at = max(0, position - 1)
        else:
            at = same_unit[-1] + 1 if same_unit else len(placements)
        placements.insert(at, placement)
        _renumber(sorted(placements, key=_default_key) if keeps_order else placements)
    return placement


def take_out(placement: Placement, *, by) -> Article:
    """Back among the accepted articles."""
    with transaction.atomic():
        issue = _locked(placement.issue)
        article = placement.article
        article.apply(Article.TAKE_OUT, by=by, note=str(issue))
        placement.delete()
        _renumber(_section(issue, placement.section))
    return article


def move(placement: Placement, position: int) -> int:
    """Move to the 1-based position inside its section, as far as the section goes; returns the position reached."""
    with transaction.atomic():
        placements = _section(_locked(placement.issue), placement.section)
        if placement not in placements:
            raise TransitionRefused(_("It was taken out meanwhile."))
        placements.remove(placement)
        position = max(1, min(position, len(placements) + 1))
        placements.insert(position - 1, placement)
        _renumber(placements)
    return position


def restore_order(issue: Issue) -> None:
    """The default order of every section: by unit, then by the day of submission."""
    with transaction.atomic():
        issue = _locked(issue)
        for name in SECTION_ORDER:
            _renumber(sorted(_section(issue, name), key=_default_key))


def is_sorted_by_hand(placements: list[Placement]) -> bool:
    """Whether these placements of one section (with article and unit loaded) differ from the default order."""
    return [p.pk for p in placements] != [p.pk for p in sorted(placements, key=_default_key)]


def _default_key(placement: Placement):
    article = placement.article
    return article.unit.position, article.unit_id, article.submitted_at or article.created_at, article.pk


def refresh(placement: Placement) -> Placement:
    """Take the article's newest version, after it was changed and accepted again."""
    with transaction.atomic():
        _locked(placement.issue)
        placement.version = placement.article.current_version
        placement.save()
    return placement


def set_up(issue: Issue, *, dated_on: date, **settings) -> Issue:
    """The issue's own settings, fields of it by name. Another year gives it that year's next number."""
    with transaction.atomic():
        numbering.redate(issue, dated_on)
        issue = _locked(issue)
        for name, value in settings.items():
            setattr(issue, name, value)
        issue.save()
    return issue


def update_recipients(issue: Issue) -> None:
    """Take the list valid on the issue's day instead of its present copy."""
    with transaction.atomic():
        numbering.copy_recipients(_locked(issue))


def set_recipients(issue: Issue, lines: dict[str, list[str]]) -> None:
    """The issue's own lines, by direction: the list's copy with what this issue alone adds or leaves out."""
    with transaction.atomic():
        issue = _locked(issue)
        issue.recipients.all().delete()
        issue.recipients.bulk_create(
            issue.recipients.model(issue=issue, direction=direction, text=text, position=position)
            for direction, texts in lines.items()
            for position, text in enumerate(texts, 1)
        )
