"""What became of the issue as a whole: its sign-off sheet, its history, its readers and their receipts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from articles.dates import written
from articles.models import ArticleEvent, Correction
from issues import remarks, reviews
from issues.models import Edition, Issue, Placement, SignOff
from issues.papers import official
from workflow import chain
from workflow.chain import Head
from workflow.models import Entry

from .. import access
from ..models import Delivery, DeliveryEvent, MailingEvent, Receipt
from .metadata import Act
from .papers import Paper, moment, table, text

NONE = "  —"
MADE = "archive"  # the event of a package that was made: in none of them, or each would change the next


def sign_off(issue: Issue, placements: Sequence[Placement]) -> Paper:
    """Who signed what and when; what the layout check and the checks of the texts said; who stood in for whom."""
    lines = [_("Sign-off sheet of %(issue)s") % {"issue": issue}]
    for signed in issue.sign_offs.select_related("by").order_by("at", "pk"):
        lines += ["", *_signed(signed)]
    lines += ["", _("Review"), *(line for review in reviews.of(list(placements)) for line in _reviewed(review))]
    lines += ["", _("Changes after the review, and who agreed"), *(list(_corrected(placements)) or [NONE])]
    return text("过程/签发单.txt", "\n".join(lines))


def _signed(signed: SignOff) -> Iterable[str]:
    yield _("Withdrawn sign-off") if signed.withdrawn_at else _("Valid sign-off")
    values = {
        _("Signer"): signed.by,
        _("Signed at"): moment(signed.at),
        _("Withdrawn at"): moment(signed.withdrawn_at),
        _("Check code"): signed.code,
        _("Content (SHA-256)"): signed.digest,
        _("PDF (SHA-256)"): signed.pdf_sha256,
        _("PDF (SM3)"): official.sm3_of(signed.issue) if signed.pdf_sha256 == signed.issue.pdf_sha256 else "",
        _("Head of the log when it was signed"): signed.head and head_words(signed.head),
    }
    yield from (f"{name}：{value}" for name, value in values.items() if value)
    report = signed.report
    if report is None:
        yield _("Layout check: it was signed without one")
    elif why := report.get("did_not_run"):
        yield _("Layout check: it did not run: %(why)s") % {"why": why}
    else:
        found = report["findings"]
        words = _("Layout check: %(checked)s points, %(found)s findings")
        yield words % {"checked": report["checked"], "found": len(found)}
        for finding in found:
            words = _("Layout check, page %(page)s: %(words)s") % finding
            yield f"  {finding['level']}　{words}"
    yield from _proofread(signed)


def head_words(head: Head) -> str:
    """第 128 条，SHA-256 9f2c…"""
    return _("entry %(number)s, SHA-256 %(hash)s") % head._asdict()


def _proofread(signed: SignOff) -> Iterable[str]:
    """What the proofreader and the checks had found when it was signed, who had looked at it, and what was let through."""
    if signed.proofread is None:
        yield _("Proofreading: it was signed without one")
        return
    sheet = remarks.sheet_of(signed.proofread)
    yield _("Proofread with the words and rules of %(day)s") % {"day": written(sheet.as_of) if sheet.as_of else "—"}
    if sheet.is_compared is False:
        yield _("The texts are not compared with each other")
    if not any(article["open"] or article["hints"] for article in sheet.articles) and not sheet.let_through:
        yield NONE
    for article in sheet.articles:
        if words := [*(f"“{each['quote']}”{each['words']}" for each in article["open"]), *article["hints"]]:
            looked_at = _("nobody has looked at it")
            if settled := article["settled"]:
                looked_at = _("looked at by %(name)s: %(note)s") % {"name": settled["by"], "note": settled["note"]}
            yield f"  {article['title']}：{'；'.join(words)}　{looked_at}"
    for error in sheet.let_through:
        reason = _("let through by %(by)s: %(reason)s") % error
        yield f"  {error['title']}：“{error['quote']}”{error['words']}　{reason}（{moment(error['at'])}）"


def _reviewed(review: reviews.Review) -> Iterable[str]:
    steps = (f"{step.label} {step.who or '—'} {moment(step.at)}".strip() for step in review.steps)
    yield f"  {review.placement.version.flat_title}：{'；'.join(steps)}"
    for event in review.stand_ins:
        confirmed = _("not confirmed")
        if hasattr(event, "ratification"):
            confirmed = _("confirmed by %(name)s") % {"name": event.ratification.person}
        yield "：".join(("    " + _("Stood in"), f"{event.step_label}　{event.by}　{event.note}　{confirmed}"))


def _corrected(placements: Sequence[Placement]) -> Iterable[str]:
    """A correction with the agreements to it."""
    articles = [placement.article_id for placement in placements]
    found = Correction.objects.filter(article__in=articles).select_related("person", "version")
    for correction in found.prefetch_related("agreements__person"):
        agreed = (
            _("%(name)s agreed") % {"name": each.person} + f" {moment(each.at)}" for each in correction.agreements.all()
        )
        yield f"  {correction.version}　{correction.person} {moment(correction.at)}　{'；'.join(agreed)}"


def acts_of(issue: Issue) -> list[Act]:
    events = issue.events.exclude(transition=MADE).select_related("by")
    return [Act(event.act, str(event.by or ""), event.at, event.note) for event in events]


def mailing_acts(issue: Issue) -> list[Act]:
    events = issue.mailing.events.select_related("by") if hasattr(issue, "mailing") else ()
    return [Act(each.act, str(each.by or ""), each.at, each.note) for each in events]


def log(issue: Issue) -> Paper:
    """The heads of the log: at each signature, and at the last of the events that this package tells of."""
    chain.link()
    articles = issue.placements.values("article")
    told: list[QuerySet[Any]] = [
        ArticleEvent.objects.filter(article__in=articles),
        issue.events.exclude(transition=MADE),
        issue.sign_offs.all(),
        MailingEvent.objects.filter(mailing__issue=issue),
        DeliveryEvent.objects.filter(delivery__mailing__issue=issue),
        Receipt.objects.filter(delivery__mailing__issue=issue),
    ]
    numbers = [
        Entry.objects.filter(source=rows.model._meta.label_lower, row__in=rows.order_by().values("pk")).aggregate(
            last=Max("number")
        )["last"]
        for rows in told
    ]
    last = Entry.objects.get(pk=max(filter(None, numbers)))
    lines = [_("Heads of the log of %(issue)s") % {"issue": issue}, ""]
    signed = [each for each in issue.sign_offs.select_related("by").order_by("at", "pk") if each.head]
    for each in signed:
        lines.append(f"{_('When it was signed')}（{each.by} {moment(each.at)}）：{head_words(each.head)}")
    lines.append(f"{_('Last of all that this package tells of')}：{head_words(Head(last.number, last.hash))}")
    lines += [
        "",
        _("The SHA-256 of an entry covers that entry and all before it. Whether they still are what they were:"),
    ]
    lines.append(f"  manage.py verify_audit --head {last.number}:{last.hash}")
    return text("过程/日志链.txt", "\n".join(lines))


def history(name: str, acts: Iterable[Act]) -> Paper:
    head = [_("time"), _("done by"), _("what"), _("note")]
    return table(name, head, ([act.at, act.who, act.name, act.note] for act in acts))


def related(issue: Issue) -> Iterable[Paper]:
    """The documents that correct or withdraw it: a table of them, and each as it was issued."""
    amendments = list(issue.amendments.issued().order_by("issued_at", "pk"))
    rows = [[Edition(each.edition).label, each, each.dated_on, each.reason] for each in amendments]
    yield table("过程/关联文件.csv", [_("relation"), _("document"), _("day"), _("why")], rows)
    for each in amendments:
        yield Paper(f"过程/关联文件/{each}.pdf", access.official_pdf(each))


def mailing(issue: Issue) -> Iterable[Paper]:
    """Each reader's copy with its receipt, and what happened to the copies. Empty tables where it was not mailed."""
    head = [
        _("reader"),
        _("channel"),
        _("address as sent"),
        _("status"),
        _("attempts"),
        _("sent at"),
        _("first opened at"),
    ]
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
        copy.get_channel_display(),
        copy.address,
        copy.get_status_display(),
        copy.attempts,
        copy.sent_at,
        copy.opened_at,
    ]
    return [*sent, *confirmed, copy.revoked_at, copy.message_id]
