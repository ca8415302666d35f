"""What became of the issue as a whole: its sign-off sheet, its history, its readers and their receipts."""

from collections.abc import Iterable, Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.models import Correction
from issues import remarks, reviews
from issues.models import Issue, Placement

from ..models import Delivery, DeliveryEvent, Mailing
from .metadata import Act
from .papers import Paper, moment, table, text

MADE = "archive"  # the event of a package that was made: in none of them, or each would change the next


def sign_off(issue: Issue, placements: Sequence[Placement]) -> Paper:
    """Who signed what and when; what the layout check and the checks of the texts said; who stood in for whom."""
    corrections = Correction.objects.filter(article__in=[placement.article_id for placement in placements])
    context = {
        "issue": issue,
        "sign_offs": [(each, moment(each.at), moment(each.withdrawn_at)) for each in _signatures(issue)],
        "remarks": remarks.of(list(placements)),
        "reviews": reviews.of(list(placements)),
        "corrections": corrections.select_related("person", "version").prefetch_related("agreements__person"),
    }
    return text("过程/签发单.txt", render_to_string("distribution/archiving/sign_off.txt", context))


def _signatures(issue: Issue):
    return issue.sign_offs.select_related("by").order_by("at", "pk")


def acts_of(issue: Issue) -> list[Act]:
    events = issue.events.exclude(transition=MADE).select_related("by")
    return [Act(event.act, str(event.by or ""), event.at, event.note) for event in events]


def mailing_acts(issue: Issue) -> list[Act]:
    labels = {move.name: str(move.label) for move in Mailing.TRANSITIONS}
    labels |= {"start": _("Distribution started"), "add": _("Readers added")}
    events = issue.mailing.events.select_related("by") if hasattr(issue, "mailing") else ()
    return [
        Act(labels.get(each.transition, each.transition), str(each.by or ""), each.at, each.note) for each in events
    ]


def history(name: str, acts: Iterable[Act]) -> Paper:
    head = [_("time"), _("done by"), _("what"), _("note")]
    return table(name, head, ([act.at, act.who, act.name, act.note] for act in acts))


def related() -> Paper:
    """Documents that correct or withdraw this one. Whoever adds such documents writes their rows here."""
    rows: list[list[object]] = []
    return table("过程/关联文件.csv", [_("relation"), _("document"), _("day"), _("why")], rows)


def mailing(issue: Issue) -> Iterable[Paper]:
    """Each reader's copy with its receipt, and what happened to the copies. Empty tables where it was not mailed."""
    head = [_("reader"), _("address as sent"), _("status"), _("attempts"), _("sent at"), _("first opened at")]
    head += [_("confirmed by"), _("confirmed at"), _("how"), _("entered by"), _("link revoked at"), "Message-ID"]
    copies = Delivery.objects.filter(mailing__issue=issue).select_related("reader", "receipt__entered_by")
    yield table("过程/分发与签收.csv", head, (_copy(copy) for copy in copies.order_by("pk")))
    head = [_("reader"), _("time"), _("what"), _("done by"), _("note")]
    events = DeliveryEvent.objects.filter(delivery__mailing__issue=issue).select_related("delivery__reader", "by")
    rows = ([e.delivery.reader, e.at, e.get_what_display(), e.by, e.note] for e in events.order_by("at", "pk"))
    yield table("过程/投递经过.csv", head, rows)
    yield history("过程/分发经过.csv", mailing_acts(issue))


def _copy(copy: Delivery) -> list[object]:
    receipt = getattr(copy, "receipt", None)
    confirmed: list[object] = ["", "", "", ""]
    if receipt:
        confirmed = [receipt.name, receipt.confirmed_at, receipt.get_how_display(), receipt.entered_by]
    sent: list[object] = [
        copy.reader,
        copy.address,
        copy.get_status_display(),
        copy.attempts,
        copy.sent_at,
        copy.opened_at,
    ]
    return [*sent, *confirmed, copy.revoked_at, copy.message_id]
