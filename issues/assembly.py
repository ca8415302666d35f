"""Assembles an issue: puts accepted articles in, takes them out, moves them inside their section; its settings.

Each act asks whether the person may, and leaves an event that says what changed, in the words of the issue's history.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import cast

from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from articles import proofing, revision
from articles.dates import written
from articles.models import Article, ArticleEvent, ArticleVersion, Kind
from articles.revision import Wording
from workflow.refusals import Refused, permit

from . import across, numbering, proofs, recipients
from .content import section_of
from .models import BRIEFS, INTERNAL, SECTION_ORDER, Direction, Issue, Placement
from .numbering import ASSEMBLE

LONGEST_QUOTE = 60


@contextmanager
def _changing(issue: Issue, by) -> Iterator[Issue]:
    """The issue's row under its lock; `updated_at` tells every desk that shows it that it has changed, and a worker
    renders what it says afterwards."""
    permit(by, ASSEMBLE)
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        if not issue.is_open:
            words = _("%(issue)s is no longer being assembled, so it stays as it is.")
            raise Refused(words % {"issue": issue})
        if issue.edition:
            raise Refused(_("%(issue)s says only what it puts right in the issue.") % {"issue": issue})
        issue.save(update_fields=["updated_at"])
        yield issue
        proofs.request(issue)


def _renumber(placements: list[Placement]) -> None:
    for position, placement in enumerate(placements, 1):
        placement.position = position
    Placement.objects.bulk_update(placements, ["position"])


def _section(issue: Issue, name: str) -> list[Placement]:
    return list(issue.placements.filter(section=name).select_related("article__unit"))


def place(issue: Issue, article: Article, *, by, position: int | None = None, section: str | None = None) -> Placement:
    """Put the article's current version into its section, or the one that was chosen for it, at the 1-based position.
    Where none is given a section in default order stays so; one sorted by hand gets it behind the stories of its unit,
    else at the end."""
    with _changing(issue, by) as issue:
        return _place(issue, article, by, position, section)


def place_all(issue: Issue, articles: Sequence[Article], *, by) -> list[Placement]:
    """Put in those of the articles that still wait or are kept for later, one after the other, each as `place` does."""
    with _changing(issue, by) as issue:
        waiting = Article.objects.placeable().in_bulk([article.pk for article in articles])
        return [_place(issue, article, by) for article in articles if article.pk in waiting]


def _place(issue: Issue, article: Article, by, position: int | None = None, section: str | None = None) -> Placement:
    article.apply(Article.PLACE, by=by, note=str(issue))
    assert article.current_version, "what was accepted has a version"
    placement = Placement(issue=issue, article=article, version=article.current_version, position=0)
    _choose_section(placement, section or section_of(article))
    others = _section(issue, placement.section)
    placement.save()
    _insert(placement, others, position)
    issue.record("place", by=by, note=_said(placement, _("to %(section)s, no. %(place)s"), place=placement.position))
    return placement


def _insert(placement: Placement, others: list[Placement], position: int | None = None) -> None:
    """Number it among the others of its section, at the position or where `place` says."""
    if position is None and not is_sorted_by_hand(others):
        _renumber(sorted([*others, placement], key=_default_key))
        return
    same_unit = [at for at, other in enumerate(others, 1) if other.article.unit_id == placement.article.unit_id]
    at = max(0, position - 1) if position is not None else same_unit[-1] if same_unit else len(others)
    _renumber([*others[:at], placement, *others[at:]])


def _choose_section(placement: Placement, section: str) -> None:
    """Any tier for an article, marked where it isn't its unit's; briefs have a section of their own."""
    default = section_of(placement.article)
    if section not in SECTION_ORDER or BRIEFS in (section, default) and section != default:
        raise Refused(_("Articles stand in the sections of the tiers, briefs in their own. Make it a brief instead."))
    placement.section, placement.is_by_hand = section, section != default


def take_out(placement: Placement, *, by) -> Article:
    """Back among the accepted articles."""
    with _changing(placement.issue, by) as issue:
        return _take_out(issue, placement, by)


def take_out_all(issue: Issue, articles: Iterable[int], *, by) -> list[Article]:
    """Take out those of the articles, by their keys, that are still in the issue."""
    with _changing(issue, by) as issue:
        placements = list(issue.placements.filter(article__in=articles).select_related("article", "version"))
        return [_take_out(issue, placement, by) for placement in placements]


def _take_out(issue: Issue, placement: Placement, by) -> Article:
    article = placement.article
    article.apply(Article.TAKE_OUT, by=by, note=str(issue))
    note = _said(placement, _("from %(section)s, no. %(place)s"), place=placement.position)
    issue.record("take_out", by=by, note=note)
    placement.delete()
    _renumber(_section(issue, placement.section))
    return article


def move_across(placement: Placement, section: str, *, by, position: int | None = None) -> Placement:
    """Move to another section, at the 1-based position or where `place` says. It is marked as chosen by hand there until
    it is back in the section of its unit."""
    with _changing(placement.issue, by) as issue:
        moved = issue.placements.filter(pk=placement.pk).select_related("article__unit", "version").first()
        if moved is None:
            raise Refused(_("It was taken out meanwhile."))
        if moved.section == section:
            return moved
        before, label = moved.section, moved.get_section_display()
        place_before = moved.position
        _choose_section(moved, section)
        others = _section(issue, section)
        moved.save(update_fields=["section", "is_by_hand"])
        _insert(moved, others, position)
        _renumber(_section(issue, before))
        words = _("from %(before)s, no. %(number)s to %(section)s, no. %(place)s")
        values = {"before": label, "number": place_before, "place": moved.position}
        issue.record("move", by=by, note=_said(moved, words, **values))
    return moved


def move(placement: Placement, position: int, *, by) -> int:
    """Move to the 1-based position inside its section, as far as the section goes; returns the position reached."""
    with _changing(placement.issue, by) as issue:
        placements = _section(issue, placement.section)
        if placement not in placements:
            raise Refused(_("It was taken out meanwhile."))
        before = placements.index(placement) + 1
        placements.remove(placement)
        position = max(1, min(position, len(placements) + 1))
        placements.insert(position - 1, placement)
        _renumber(placements)
        if position != before:
            words = _("in %(section)s from no. %(before)s to no. %(place)s")
            issue.record("move", by=by, note=_said(placement, words, before=before, place=position))
    return position


def restore_order(issue: Issue, *, by) -> None:
    """Every article back in the section of its unit, and the default order of each: by unit, then by the day of submission."""
    with _changing(issue, by) as issue:
        by_hand = list(issue.placements.filter(is_by_hand=True).select_related("article__unit"))
        left = {placement.section for placement in by_hand}
        for placement in by_hand:
            _choose_section(placement, section_of(placement.article))
        Placement.objects.bulk_update(by_hand, ["section", "is_by_hand"])
        touched = left | {placement.section for placement in by_hand}
        changed = []
        for name in SECTION_ORDER:
            placements = _section(issue, name)
            if placements and (name in touched or is_sorted_by_hand(placements)):
                changed.append(placements[0].get_section_display())
                _renumber(sorted(placements, key=_default_key))
        if changed:
            issue.record("restore_order", by=by, note="、".join(changed))


def _said(placement: Placement, words: str, **values) -> str:
    place = words % (values | {"section": placement.get_section_display()})
    return _("“%(title)s” %(place)s") % {"title": placement.version.flat_title, "place": place}


def is_sorted_by_hand(placements: list[Placement]) -> bool:
    """Whether these placements of one section (with article and unit loaded) differ from the default order."""
    return [p.pk for p in placements] != [p.pk for p in sorted(placements, key=_default_key)]


def _default_key(placement: Placement):
    article = placement.article
    return article.unit.position, article.unit_id, article.submitted_at or article.created_at, article.pk


def revise(placement: Placement, wording: Wording, *, by, seen: int, is_correction: bool = True) -> ArticleVersion:
    """Change the text of an article in the issue; it keeps its place, or goes to the section of its kind when that changes.

    As articles.revision.revise says, but what was passed stays, and others have to agree before the issue is sent."""
    with _changing(placement.issue, by) as issue:
        row = Article.objects.select_for_update().get(pk=placement.article_id)
        found = issue.placements.filter(article=row).select_related("article__unit", "version").first()
        if found is None:
            raise Refused(_("It was taken out meanwhile."))
        if not row.is_placed:
            raise Refused(_("It is no longer in this issue, or the issue is closed: nothing can be changed."))
        placement = found
        version = revision.write(row, wording, by=by, seen=seen, is_correction=is_correction)
        if version == placement.version:
            return version
        placement.version, placement.article = version, row
        before = section = placement.section
        if (section == BRIEFS) != (row.kind == Kind.BRIEF):
            section = section_of(row)
            _choose_section(placement, section)
        others = _section(issue, section) if section != before else []
        placement.save(update_fields=["version", "section", "is_by_hand"])
        if section != before:
            _insert(placement, others)
            _renumber(_section(issue, before))
        issue.record("revise", by=by, note=_said(placement, _("version %(number)s"), number=version.number))
    return version


def settle(placement: Placement, *, by, note: str) -> None:
    """An editor has looked at the warnings of the placed version and says what they come to."""
    if not note.strip():
        raise Refused(_("Please write what you found: the signer reads it."))
    with _changing(placement.issue, by) as issue:
        status = placement.article.status
        placement.article.events.create(
            by=by,
            transition=ArticleEvent.SETTLE,
            from_status=status,
            to_status=status,
            note=note.strip(),
            version=placement.version,
            round=placement.article.round,
        )
        issue.record(
            "settle",
            by=by,
            note=_("“%(title)s”: %(words)s") % {"title": placement.version.flat_title, "words": note.strip()},
        )


def ask_for_proofs(issue: Issue, *, by) -> None:
    """That the texts in it are proofread, as far as that is missing or old."""
    permit(by, ASSEMBLE)
    for placement in issue.placements.select_related("article__unit", "article__current_version"):
        proofing.request(placement.article)
    across.request(issue)


def set_up(issue: Issue, *, by, dated_on: date, **settings) -> Issue:
    """The issue's own settings, fields of it by name. Another year gives it that year's next number."""
    permit(by, ASSEMBLE)
    if settings.get("security", "") not in ("", INTERNAL):
        raise Refused(_("This system handles nothing classified. Write 内部, or leave it empty."))
    with transaction.atomic():
        before = Issue.objects.select_for_update().get(pk=issue.pk)
        numbering.redate(issue, dated_on, by=by)
        with _changing(issue, by) as issue:
            for name, value in settings.items():
                setattr(issue, name, value)
            issue.save()
            changes = [_change(name, before, issue) for name in ("dated_on", *settings)]
            if str(before) != str(issue):
                changes.insert(0, _("number: %(before)s → %(after)s") % {"before": before, "after": issue})
            if any(changes):
                issue.record("set_up", by=by, note="；".join(filter(None, changes)))
    return issue


def _change(name: str, before: Issue, after: Issue) -> str:
    """What became of one field, in words; nothing when it is the same."""
    old, new = getattr(before, name), getattr(after, name)
    if old == new:
        return ""
    label = cast("Field", Issue._meta.get_field(name)).verbose_name
    return _("%(field)s: %(before)s → %(after)s") % {"field": label, "before": _words(old), "after": _words(new)}


def _words(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return written(value)
    text = " ".join(str(value).split())
    return (text[:LONGEST_QUOTE] + "…" if len(text) > LONGEST_QUOTE else text) or _("(empty)")


def update_recipients(issue: Issue, *, by) -> None:
    """Take the list valid on the issue's day instead of its present copy."""
    with _changing(issue, by) as issue:
        before = _recipients_of(issue)
        recipients.copy_to(issue)
        _record_recipients(issue, before, by)


def set_recipients(issue: Issue, lines: dict[str, list[str]], *, by) -> None:
    """The issue's own lines, by direction: the list's copy with what this issue alone adds or leaves out."""
    with _changing(issue, by) as issue:
        before = _recipients_of(issue)
        issue.recipients.all().delete()
        issue.recipients.bulk_create(
            issue.recipients.model(issue=issue, direction=direction, text=text, position=position)
            for direction, texts in lines.items()
            for position, text in enumerate(texts, 1)
        )
        _record_recipients(issue, before, by)


def _recipients_of(issue: Issue) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {direction: [] for direction in Direction.values}
    for direction, text in issue.recipients.values_list("direction", "text").order_by("position", "pk"):
        lines[direction].append(text)
    return lines


def _record_recipients(issue: Issue, before: dict[str, list[str]], by) -> None:
    after, changes = _recipients_of(issue), []
    for direction, label in Direction.choices:
        old, new = before[direction], after[direction]
        added, left_out = [text for text in new if text not in old], [text for text in old if text not in new]
        parts = [_("added %(names)s") % {"names": "、".join(added)}] if added else []
        parts += [_("left out %(names)s") % {"names": "、".join(left_out)}] if left_out else []
        if old != new:
            changes.append(f"{label}：{'，'.join(parts) or _('another order')}")
    if changes:
        issue.record("recipients", by=by, note="；".join(changes))
