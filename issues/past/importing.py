"""Takes a past issue that was read back (`issues.past.reading`) into the archive, once and whole."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import Tier, Unit
from articles import richtext
from articles.models import SUBTITLE_LENGTH, TITLE_LENGTH, Article, Kind
from articles.models import Status as ArticleStatus
from typesetting.lines import widths

from ..content import content_of, freeze
from ..models import BRIEFS, SECTION_ORDER, ArchiveEntry, Bulletin, Direction, Issue, Placement, Status
from ..numbering import IssueNumber
from . import evidence
from .reading import PastArticle, PastIssue, Warned
from .units import NamedUnit, names_in, unit_of

DIRECTIONS = {"报": Direction.UP, "送": Direction.ACROSS, "发": Direction.DOWN}
NAME_LINES = ("上海市邮政快递行业", "党建、文明创建工作简报")
PUBLISHER = "上海市邮政管理局党建办、文明办"
UNKNOWN_UNIT = NamedUnit("其他来源", "其他来源", Tier.OTHER)
PRINTED_TITLE = 26  # characters: a longer line of a title is several that the extract ran together
TRANSITION = "import"


class ImportRefused(ValueError):
    """Nothing was stored; the message says why and what to do."""


def import_issue(
    parsed: PastIssue,
    *,
    number: IssueNumber | None = None,
    total: int | None = None,
    dated_on: date | None = None,
    bulletin: Bulletin | None = None,
    by=None,
) -> tuple[Issue, bool]:
    """Store the issue as an issued one. What is given goes before what the file says, but for the bulletin.

    Returns the issue and whether it is new: importing the same text again changes nothing. Units that were not known
    are entered, and named in `parsed.doubts`. Raises ImportRefused.
    """
    complete(parsed, number, total, dated_on)
    numbered, total, dated_on = identity(parsed)
    refuse_oversize(parsed)
    with transaction.atomic():
        bulletin = bulletin_of(parsed, bulletin)
        existing = existing_issue(bulletin, parsed, numbered, total, dated_on)
        if existing:
            return existing, False
        issue = Issue.objects.create(
            bulletin=bulletin,
            kind=numbered.kind,
            year=dated_on.year,
            number=numbered.number,
            total_number=total,
            dated_on=dated_on,
            editor_note=editor_note(parsed),
            has_contents=bool(parsed.contents),
            print_run=parsed.print_run or 0,  # never one that the source does not say
            is_past=True,
            created_by=by,
        )
        place_articles(issue, parsed, by)
        copy_recipients(issue, parsed)
        issue.placements.update(
            signed_unit=Subquery(Unit.objects.filter(articles=OuterRef("article")).values("short_name"))
        )
        issue.frozen = freeze(content_of(issue))
        issue.status = Status.ISSUED  # last: from then on the database refuses changes
        issue.save()
        ArchiveEntry.objects.enter(issue)
        issue.events.create(
            by=by, transition=TRANSITION, from_status=Status.DRAFT, to_status=Status.ISSUED, note=parsed.source
        )
    return issue, True


# --- which issue it is --------------------------------------------------------------------------


def complete(parsed: PastIssue, number: IssueNumber | None, total: int | None, dated_on: date | None) -> None:
    """Put in what a person says about the issue; it goes before what the file says."""
    head = parsed.masthead
    if number is not None:
        head.kind, head.number, head.year = number.kind, number.number, number.year or head.year
    if total is not None:
        head.total_number = total
    if dated_on is not None:
        head.date = dated_on
    if head.date and not head.year:
        head.year = head.date.year


def identity(parsed: PastIssue) -> tuple[IssueNumber, int | None, date]:
    """Number, total number and date; none is ever made up."""
    head = parsed.masthead
    if head.number is None or head.date is None:
        missing = ["--number 2022-30"] * (head.number is None) + ["--date 2022-11-28"] * (head.date is None)
        raise ImportRefused(
            _("The file does not say which issue it is. Add %(options)s.") % {"options": " ".join(missing)}
        )
    if head.year != head.date.year:
        raise ImportRefused(
            _("The number is of %(year)s, but the date is %(date)s. Give the right number or date.")
            % {"year": head.year, "date": head.date.isoformat()}
        )
    return IssueNumber(head.number, head.year, head.kind), head.total_number, head.date


def bulletin_of(parsed: PastIssue, otherwise: Bulletin | None = None) -> Bulletin:
    """The bulletin of that name, else this one, or the first; under a lock. The first import enters it."""
    bulletins = list(Bulletin.objects.select_for_update().order_by("pk"))
    title = parsed.masthead.series_title
    named = [bulletin for bulletin in bulletins if title and re.sub(r"\s", "", str(bulletin)) == title]
    named += [bulletin for bulletin in bulletins if bulletin == otherwise]
    if named or bulletins:
        return (named or bulletins)[0]
    return Bulletin.objects.create(
        name_lines="\n".join(parsed.masthead.name_lines or NAME_LINES),
        publisher=parsed.masthead.publisher or PUBLISHER,
    )


def existing_issue(
    bulletin: Bulletin, parsed: PastIssue, numbered: IssueNumber, total: int | None, dated_on: date
) -> Issue | None:
    """The issue, when it is there already; ImportRefused when another one has its number, or it has another number."""
    same_number = bulletin.issues.kept().filter(kind=numbered.kind, year=numbered.year, number=numbered.number).first()
    if same_number:
        if holds(same_number, parsed) and same_number.dated_on == dated_on:
            return same_number
        raise ImportRefused(
            _("There is already another issue %(number)s. Nothing was stored; check the number.") % {"number": numbered}
        )
    same_text = issue_with_text(bulletin, parsed)
    if same_text:
        raise ImportRefused(
            _("This issue is already stored as %(number)s. Nothing was stored; check the number.")
            % {"number": same_text.reference}
        )
    if total is not None and (taken := bulletin.issues.kept().filter(total_number=total).first()):
        raise ImportRefused(
            _("The total number %(total)s belongs to issue %(number)s. Nothing was stored; check the total number.")
            % {"total": total, "number": taken.reference}
        )
    return None


def issue_with_text(bulletin: Bulletin, parsed: PastIssue) -> Issue | None:
    bodies = [body_of(article.paragraphs) for article in parsed.articles[:1]]
    candidates = bulletin.issues.kept().filter(is_past=True, placements__version__body__in=bodies).distinct()
    return next((issue for issue in candidates if holds(issue, parsed)), None)


def holds(issue: Issue, parsed: PastIssue) -> bool:
    """Whether the stored issue says what was read."""
    placements = sorted(
        issue.placements.select_related("version"), key=lambda one: (SECTION_ORDER[one.section], one.position)
    )
    stored = [(one.version.title, one.version.subtitle, one.version.body) for one in placements]
    read = [(title_of(one), one.subtitle or "", body_of(one.paragraphs)) for one in parsed.articles]
    read += [("", "", body_of([brief])) for brief in parsed.briefs]
    lines = list(issue.recipients.order_by("direction", "position").values_list("direction", "text"))
    return stored == read and sorted(lines) == sorted(recipient_lines(parsed))


# --- what it holds ------------------------------------------------------------------------------


def refuse_oversize(parsed: PastIssue) -> None:
    """What is longer than any real title or recipient was misread."""
    for article in parsed.articles:
        if len(title_of(article)) > TITLE_LENGTH or len(article.subtitle or "") > SUBTITLE_LENGTH:
            raise ImportRefused(
                _("The title in line %(line)s is too long to be one. Correct the file and import it again.")
                % {"line": article.line}
            )
    for _direction, text in recipient_lines(parsed):
        if len(text) > 100:
            raise ImportRefused(
                _("The recipient “%(text)s…” is too long to be one. Correct the file and import it again.")
                % {"text": text[:20]}
            )


def recipient_lines(parsed: PastIssue) -> list[tuple[str, str]]:
    return [(DIRECTIONS[key].value, text) for key, texts in parsed.recipients.items() for text in texts]


def copy_recipients(issue: Issue, parsed: PastIssue) -> None:
    for direction in Direction.values:
        texts = [text for one, text in recipient_lines(parsed) if one == direction]
        for position, text in enumerate(texts, 1):
            issue.recipients.create(direction=direction, text=text, position=position)


def place_articles(issue: Issue, parsed: PastIssue, by) -> None:
    """Every story with its version and its place. Sections follow the units' tiers as far as the printed order allows."""
    briefs = briefs_of(parsed)
    units = units_of(parsed, [*parsed.articles, *briefs], issue.dated_on)
    sections = in_printed_order([unit.tier for unit in units[: len(parsed.articles)]])
    positions: dict[str, int] = {}
    for article, unit, section in zip(parsed.articles, units, sections, strict=False):
        positions[section] = positions.get(section, 0) + 1
        stored = Article(title=title_of(article), subtitle=article.subtitle or "", body=body_of(article.paragraphs))
        place(issue, stored, unit, section, positions[section], by)
    for position, (brief, unit) in enumerate(zip(briefs, units[len(parsed.articles) :], strict=True), 1):
        stored = Article(kind=Kind.BRIEF, body=body_of(brief.paragraphs))
        place(issue, stored, unit, BRIEFS, position, by)


def briefs_of(parsed: PastIssue) -> list[PastArticle]:
    said = [*parsed.brief_units, *[""] * len(parsed.briefs)]
    return [
        PastArticle([], "", None, [brief], None, unit_said=unit)
        for brief, unit in zip(parsed.briefs, said, strict=False)
    ]


def place(issue: Issue, article: Article, unit: Unit, section: str, position: int, by) -> None:
    article.unit, article.created_by = unit, by
    article.save()
    article.current_version = article.add_version(by=by)
    article.status = ArticleStatus.ISSUED
    article.save()
    article.events.create(
        by=by,
        transition=TRANSITION,
        from_status=ArticleStatus.DRAFT,
        to_status=ArticleStatus.ISSUED,
        note=str(issue),
        version=article.current_version,
    )
    Placement.objects.create(
        issue=issue, article=article, version=article.current_version, section=section, position=position
    )


def in_printed_order(tiers: Sequence[str]) -> list[str]:
    """Sections in the order of the tiers that differ from the stories' own tiers as seldom as possible.

    An issue prints its sections one after the other; a story that stands elsewhere (its unit misread, or an exception
    of the office) keeps its place, not its tier.
    """
    order = list(Tier.values)
    best = {section: ((0 if section == tiers[0] else 1), [section]) for section in order} if tiers else {}
    for tier in tiers[1:]:
        following = {}
        for at, section in enumerate(order):
            cost, path = min((best[before] for before in order[: at + 1]), key=lambda one: one[0])
            following[section] = (cost + (section != tier), [*path, section])
        best = following
    return min(best.values(), key=lambda one: one[0])[1] if best else []


def title_of(article: PastArticle) -> str:
    """The title's lines as printed, without the subtitle's."""
    lines = [line for line in article.title_lines if not evidence.SUBTITLE.match(line)]
    if len(lines) == 1 and widths.width(lines[0]) > PRINTED_TITLE:
        parts = lines[0].split()
        lines = parts if len(parts) <= 3 else lines
    return "\n".join(re.sub(r"\s+", "\u3000", line) for line in lines)


def editor_note(parsed: PastIssue) -> str:
    """Without its heading 编者按, which the page prints by itself."""
    note = "\n".join(parsed.editor_note)
    return re.sub(r"^[】〗\]）):：\s]+", "", evidence.NOTE_BEGINS.sub("", note, count=1)).strip()


def body_of(paragraphs: Sequence[str]) -> str:
    """Clean HTML; lines such as 一、… and （一）… without a full stop are headings."""
    return richtext.clean("\n".join(block_of(paragraph) for paragraph in paragraphs))


def block_of(paragraph: str) -> str:
    tag = "p"
    if not paragraph.endswith(("。", "！", "？", "；", "”", "：")):
        tag = "h3" if re.match(f"{evidence.NUMBER}、", paragraph) else tag
        tag = "h4" if re.match(f"[（(]{evidence.NUMBER}[)）]", paragraph) else tag
    return f"<{tag}>{escape(paragraph, quote=False)}</{tag}>"


# --- whose it is --------------------------------------------------------------------------------


def units_of(parsed: PastIssue, stories: Sequence[PastArticle], day: date) -> list[Unit]:
    """The unit of each story as it was called on that day; one that is new, or 其他来源, is entered with a warning."""
    known = known_units(day)
    units = []
    for story, found in zip(stories, guesses(stories, known), strict=True):
        unit = known.get(found.name) or namesake(found, known.values()) if found else None
        if unit is None:
            unit = entered(found or UNKNOWN_UNIT)
            known[unit.name] = unit
            message = (
                _("The unit “%(unit)s” is new and was entered.") if found else _("Whose story this is, is not known.")
            )
            parsed.doubts.append(Warned(story.line, message % {"unit": unit.name} if found else message))
        units.append(unit)
    return units


def known_units(day: date | None) -> dict[str, Unit]:
    """By full name: as they are called now, and as they were called on that day."""
    return {unit.name: unit for unit in [*Unit.objects.all(), *(Unit.objects.valid_on(day) if day else ())]}


def guesses(stories: Sequence[PastArticle], known: dict[str, Unit]) -> list[NamedUnit | None]:
    """Whose each story is: what a person said, else by the names in it; None where nothing tells."""
    candidates = {name: NamedUnit(name, unit.short_name, unit.tier) for name, unit in known.items()}
    for named in names_in(text for story in stories for text in (story.unit_said, story.title, *story.paragraphs)):
        candidates.setdefault(named.name, named)
    return [
        candidates.get(story.unit_said, NamedUnit(story.unit_said, story.unit_said[:20], Tier.OTHER))
        if story.unit_said
        else unit_of(f"{story.title}{story.subtitle or ''}", story.paragraphs, candidates.values())
        for story in stories
    ]


def namesake(named: NamedUnit, known: Iterable[Unit]) -> Unit | None:
    """A unit that the papers call by slightly different full names (圆通速递股份有限公司)."""
    return next((unit for unit in known if (unit.short_name, unit.tier) == (named.short_name, named.tier)), None)


def entered(named: NamedUnit) -> Unit:
    return Unit.objects.get_or_create(name=named.name, defaults={"short_name": named.short_name, "tier": named.tier})[0]
