"""The 采用通报 as a text: drafted from the office's wording with what the report says, and handed in as the office's article.

From then on it goes the way of every article: another person of the office reviews it, and it is placed in an issue.
"""

from collections.abc import Sequence
from html import escape

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from articles.models import TITLE_LENGTH, Article
from workflow.refusals import Refused, permit

from . import wording
from .behind import entries
from .columns import written
from .models import CLOSE, ENTER, Announcement, CauseKind, Wording
from .ranges import Range
from .report import Line, Report
from .valuing import plain

MOST_NAMED, MOST_STORIES = 3, 5
# What can stand in braces, and what is put in for it.
NAMES = {
    "时段": gettext_lazy("the month, quarter or year"),
    "上期": gettext_lazy("the time before"),
    "报送": gettext_lazy("how many stories were handed in"),
    "采用": gettext_lazy("how many were adopted"),
    "采用率": gettext_lazy("the adoption rate"),
    "前三名": gettext_lazy("the first three of each ranking, with points and stories"),
    "进步": gettext_lazy("the three units that rose most"),
    "好稿": gettext_lazy("the five stories with most points"),
    "未采用": gettext_lazy("the units of which nothing was adopted"),
    "未完成约稿": gettext_lazy("the units that missed commissions"),
    "排名表": gettext_lazy("the table of all units; it stands on a line of its own"),
}


def present_wording() -> tuple[str, str]:
    """Title and text: the office's, or those that the system comes with."""
    newest = Wording.objects.order_by("-pk").first()
    return (newest.title, newest.text) if newest else (wording.TITLE, wording.TEXT)


def save_wording(title: str, text: str, *, by) -> Wording:
    permit(by, CLOSE)
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    wording.check(title, text, {name: str(what) for name, what in NAMES.items() if name != "排名表"})
    _refuse_long(title)
    return Wording.objects.create(title=title, text=text, by=by)


def _refuse_long(title: str) -> None:
    if len(title) > TITLE_LENGTH:
        raise Refused(_("Please give it a title of at most %(length)s characters.") % {"length": TITLE_LENGTH})


def draft(report: Report, user) -> tuple[str, str]:
    """Title and text of the announcement, as a person may change them before they are handed in."""
    title, text = present_wording()
    said = words_of(report, user)
    return wording.filled(title, said), wording.filled(text, said)


def words_of(report: Report, user) -> dict[str, str]:
    """What is put in for each name."""
    rises = sorted((line for line in report.lines if (line.rise or 0) > 0), key=lambda line: -(line.rise or 0))
    missed = [line for line in report.sorted_by("missed") if line.score.missed > 0]
    return {
        "时段": str(report.within),
        "上期": str(report.within.before),
        "报送": str(report.submitted),
        "采用": str(report.stories),
        "采用率": written("rate", report.rate),
        "前三名": "；".join(filter(None, map(_first, report.rankings()))),
        "进步": "、".join(f"{line.unit.short_name}（上升{line.rise}位）" for line in rises[:MOST_NAMED]),
        "好稿": "、".join(_best_stories(report, user)),
        "未采用": "、".join(line.unit.short_name for line in report.lines if not line.adopted),
        "未完成约稿": "、".join(f"{line.unit.short_name}（{line.score.missed}次）" for line in missed),
    }


def _first(lines: Sequence[Line]) -> str:
    """With all that share the third place; of a ranking in which nobody has points nobody is named."""
    named = [line for line in lines if (line.score.rank or MOST_NAMED + 1) <= MOST_NAMED and line.score.total > 0]
    return "、".join(f"{line.unit.short_name}（{plain(line.score.total)}分，采用{line.adopted}篇）" for line in named)


def _best_stories(report: Report, user) -> list[str]:
    """Those with most points for being adopted, passed up and praised, with the units that they are of."""
    of_stories = (CauseKind.ADOPTED, CauseKind.FIRST, CauseKind.PASSED_UP, CauseKind.PRAISED)
    found: dict[int, list] = {}
    for entry in entries("points", report.within, user).filter(cause__in=of_stories, article__isnull=False):
        assert entry.article, "only those of a story are asked for"
        story = found.setdefault(entry.article.pk, [entry.article.flat_title, {}, 0])
        story[1][entry.unit_id] = entry.unit.short_name
        story[2] += entry.points
    best = sorted((story for story in found.values() if story[2] > 0), key=lambda story: -story[2])
    return [
        f"《{title}》（{'、'.join(units.values())}，{plain(points)}分）" for title, units, points in best[:MOST_STORIES]
    ]


def table(report: Report) -> str:
    """The table of all units as it stands in the article: as many columns as the page is wide enough for."""
    head = [_("Unit"), pgettext("report", "Handed in"), _("Adopted"), _("Points"), pgettext("ranking", "Place")]
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(line))}</tr>"
        for line in sorted(report.lines, key=lambda line: (line.score.group, line.score.rank or len(report.lines)))
    )
    return f"<table><thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(line: Line) -> list[str]:
    score = line.score
    numbers = [score.submitted, line.adopted, plain(score.total), written("number", score.rank)]
    return [line.unit.short_name, *map(str, numbers)]


def latest(within: Range) -> Announcement | None:
    """What was written of this time, unless it was declined since."""
    found = Announcement.objects.filter(first=within.first, last=within.last).select_related("article", "by")
    return found.exclude(article__status=Article.DECLINE.target).first()


def hand_in(report: Report, title: str, text: str, *, by) -> Announcement:
    """Make an article of it and hand it in; or put the changed text into the one that came back from its review.

    Refused where one of this time is on its way already, to whoever is of no unit, and for a text without words.
    """
    permit(by, ENTER)
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    if not title or not text:
        raise Refused(_("Please write a title and a text."))
    _refuse_long(title)
    if by.unit is None:
        raise Refused(_("You belong to no unit, so the article would have none. An administrator can enter your unit."))
    with transaction.atomic():
        body = wording.html(text, table(report))
        earlier = latest(report.within)
        if earlier:
            article = Article.objects.select_for_update().get(pk=earlier.article_id)
            if not article.is_returned or article.created_by_id != by.pk:
                raise Refused(_("“%(title)s” was handed in already.") % {"title": earlier.title})
            article.title, article.body, article.updated_by = title, body, by
            article.save()
            Announcement.objects.filter(pk=earlier.pk).update(title=title, text=text)
        else:
            article = Article.objects.create(created_by=by, unit=by.unit, title=title, body=body, updated_by=by)
            earlier = Announcement.objects.create(
                first=report.within.first, last=report.within.last, title=title, text=text, article=article, by=by
            )
        article.apply(Article.FILE, by=by)
    return earlier
