"""What people do with a mailing: start it, add readers, decide what the program may not, renew or revoke a link."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.content import content_of
from issues.models import Edition, Issue
from workflow import changes
from workflow.models import Change
from workflow.refusals import Problem, Refused, refuse_for
from workflow.worker import notify

from . import access, holding, links, settling
from .channels.email.letter import message_id
from .models import (
    BY_MAIL,
    MANAGE,
    Attached,
    Channel,
    Delivery,
    DeliveryEvent,
    DeliveryQuerySet,
    DeliveryStatus,
    HeldAddress,
    Mailing,
    MailingStatus,
    PlannedStart,
    PlanStatus,
    Reader,
)

What = DeliveryEvent.What


@dataclass(frozen=True)
class Audience:
    """Who would get an issue that is mailed now."""

    by_mail: int
    links: int  # of these, with the link alone
    on_paper: list[Reader]
    accounts: int
    systems: int  # of units, to which it is posted
    held: list[tuple[Reader, HeldAddress]]  # nothing is sent to their address

    @property
    def total(self) -> int:
        return self.by_mail + len(self.on_paper) + self.accounts + self.systems + len(self.held)


SUBJECTS = {
    Edition.ORIGINAL: gettext_lazy("[Please confirm] %(bulletin)s %(issue)s"),
    Edition.CORRECTION: gettext_lazy("[Correction] %(bulletin)s %(issue)s"),
    Edition.REVISION: gettext_lazy("[Corrected edition] %(bulletin)s %(issue)s"),
    Edition.WITHDRAWAL: gettext_lazy("[Withdrawn] %(bulletin)s %(issue)s"),
}


def subject_of(issue: Issue) -> str:
    name = content_of(issue).name_lines[-1]
    return SUBJECTS[Edition(issue.edition)] % {"bulletin": name, "issue": issue}


def audience(issue: Issue) -> Audience:
    getting = Reader.objects.getting(issue)
    held = [(reader, row) for reader, row in holding.of_readers(getting) if reader.way in BY_MAIL]
    unsent = {reader.pk for reader, _held in held}
    readers = [reader for reader in getting.select_related("unit") if reader.pk not in unsent]
    ways = Counter(reader.way for reader in readers)
    return Audience(
        by_mail=sum(ways[channel] for channel in BY_MAIL),
        links=ways[Channel.LINK],
        on_paper=[reader for reader in readers if reader.way == Channel.PAPER],
        accounts=ways[Channel.ACCOUNT],
        systems=ways[Channel.WEBHOOK],
        held=held,
    )


def ready_issues():
    """Issued here and not mailed yet, the newest first."""
    missing = Issue.objects.issued().filter(is_past=False, mailing=None).select_related("bulletin").newest_first()
    missing = missing.exclude(_superseded()).exclude(_of_one_not_sent())
    return missing[: max(0, ready_count())]  # so that no older ones are looked through


def ready_count() -> int:
    """How many these are. Only what was issued here is mailed, so the two are counted without being compared."""
    kept_back = Issue.objects.filter(mailing=None)
    kept_back_count = kept_back.filter(_superseded()).count() + kept_back.issued().filter(_of_one_not_sent()).count()
    return Issue.objects.issued().filter(is_past=False).count() - Mailing.objects.count() - kept_back_count


def _superseded() -> Q:
    """Withdrawn, or with a corrected edition in its place: it is not sent any more if it was not sent before."""
    instead = Issue.objects.issued().filter(edition__in=(Edition.REVISION, Edition.WITHDRAWAL))
    return Q(pk__in=instead.values("amends"))


def _of_one_not_sent() -> Q:
    """A correction or withdrawal of what nobody has."""
    return Q(edition__in=(Edition.CORRECTION, Edition.WITHDRAWAL), amends__mailing=None)


def problems(issue: Issue) -> list[Problem]:
    """Why this issue can't be mailed now; empty when it can."""
    found = []
    if not issue.is_issued:
        found.append(Problem("not_issued", _("%(issue)s is not issued yet.") % {"issue": issue}))
    elif issue.is_past:
        words = _("%(issue)s was taken over from the archive; past issues are not sent.")
        found.append(Problem("past", words % {"issue": issue}))
    elif issue.is_classified:
        words = _("%(issue)s is marked “%(class)s”: nothing classified may be mailed.")
        found.append(Problem("security", words % {"issue": issue, "class": issue.security}))
    elif Mailing.objects.filter(issue=issue).exists():
        found.append(Problem("sent", _("%(issue)s is being sent already, or was sent.") % {"issue": issue}))
    else:
        try:
            access.official_pdf(issue)
        except access.PdfDamaged:
            found.append(Problem("pdf", _("The official PDF on the disk is missing or was changed.")))
    if Issue.objects.withdrawn().filter(pk=issue.pk).exists():
        found.append(Problem("withdrawn", _("%(issue)s is withdrawn and is not sent to anybody.") % {"issue": issue}))
    elif issue.amends_id and not Reader.objects.getting(issue).exists():
        found.append(Problem("readers", _("Nobody has the issue that it is about, so there is nobody to send it to.")))
    elif not Reader.objects.getting(issue).exists():
        found.append(Problem("readers", _("There are no readers yet.")))
    elif why := _lacks_ofd(issue, Reader.objects.getting(issue)):
        found.append(Problem("ofd", why))
    return found


def _lacks_ofd(issue: Issue, readers) -> str:
    """Why these readers can't get what they get; empty when nothing is missing."""
    wanted = readers.filter(channel=Channel.PDF, attached__in=(Attached.OFD, Attached.BOTH)).exclude(email="")
    return access.ofd_problem(issue) if issue.is_issued and not issue.is_past and wanted.exists() else ""


def start(issue: Issue, *, by, confirm_by: date | None = None) -> Mailing:
    """Freeze who gets the issue, all in one transaction; workers take it from there.

    `by` is None when the command starts it. The letters say `confirm_by`, where it is given.
    """
    _permit(by)
    if confirm_by and confirm_by < timezone.localdate():
        raise Refused(_("The day by which to confirm is over. Please give today or a later day."))
    with transaction.atomic():
        issue = Issue.objects.select_for_update(of=("self",)).select_related("bulletin", "frozen").get(pk=issue.pk)
        refuse_for(problems(issue))
        mailing = Mailing.objects.create(issue=issue, subject=subject_of(issue), created_by=by, confirm_by=confirm_by)
        count = _freeze(mailing, Reader.objects.getting(issue))
        _record(mailing, by, "start", count)
        planned = PlannedStart.objects.filter(issue=issue, status=PlanStatus.WAITING)
        planned.update(status=PlanStatus.STARTED, settled_at=timezone.now(), settled_by=by)
    return mailing


def add(mailing: Mailing, readers, *, by) -> int:
    """Send the issue to further readers (a queryset); those who have a copy are left out. Returns how many are new."""
    _permit(by)
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update(of=("self",)).select_related("issue").get(pk=mailing.pk)
        refuse_withdrawn(mailing.issue)
        if why := _lacks_ofd(mailing.issue, readers.without_copy_of(mailing.issue)):
            raise Refused(why)
        count = _freeze(mailing, readers.without_copy_of(mailing.issue))
        if not count:
            raise Refused(_("They all have a copy already."))
        _reopen(mailing)
        # Who gets an issue later gets what puts it right too.
        for later in Mailing.objects.filter(issue__amends=mailing.issue).select_related("issue"):
            if more := _freeze(later, Reader.objects.without_copy_of(later.issue)):
                _reopen(later)
                _record(later, by, "add", more)
        _record(mailing, by, "add", count)
    return count


def refuse_withdrawn(issue: Issue) -> None:
    if Issue.objects.withdrawn().filter(pk=issue.pk).exists():
        raise Refused(_("%(issue)s is withdrawn and is not sent to anybody.") % {"issue": issue})


BEGINS_AS = {Channel.PAPER: DeliveryStatus.PAPER, Channel.ACCOUNT: DeliveryStatus.ACCOUNT}


def _freeze(mailing: Mailing, readers) -> int:
    expiry, now = links.expiry(), timezone.now()
    copies = [
        Delivery(
            mailing=mailing,
            reader=reader,
            channel=(way := reader.way),
            attached=reader.attached,
            address=reader.email if way in BY_MAIL else "",
            status=BEGINS_AS.get(way, DeliveryStatus.QUEUED),
            next_try_at=now,
            message_id=message_id(mailing, reader.pk),
            token_hash=links.hash_of(links.derive(mailing.issue, mailing.pk, reader.pk, 1)),
            link_expires_at=expiry,
        )
        for reader in readers.by_tier()
    ]
    holding.hold_new(copies)
    made = Delivery.objects.bulk_create(copies, batch_size=500)
    holding.note_held(made)
    _tell_workers(made)
    return len(made)


def _record(mailing: Mailing, by, act: str, count: int) -> None:
    note = _("%(count)s readers") % {"count": count}
    mailing.events.create(by=by, transition=act, from_status="", to_status=mailing.status, note=note)


def resend(delivery: Delivery, *, by) -> None:
    """Once more to the same address. For an unsure copy the reader may then have two: the page asks first."""
    with _settled(delivery, by, *DeliveryQuerySet.TROUBLE) as row:
        _queue(row, What.RESENT, by, row.target)


READDRESSED = (*DeliveryQuerySet.TROUBLE, DeliveryStatus.PAPER, DeliveryStatus.ACCOUNT)


def send_to(delivery: Delivery, address: str, *, by) -> None:
    """By mail to another address, which the reader keeps for later issues."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is no complete e-mail address.")) from error
    if words := delivery.reader.refusal_of(address):
        raise Refused(words)
    with _settled(delivery, by, *READDRESSED) as row:
        _keep_address(row.reader, address, by)
        row.address = address
        row.channel = row.channel if row.is_by_mail else Channel.PDF
        _queue(row, What.READDRESSED, by, address)


def _keep_address(reader: Reader, address: str, by) -> None:
    before, channel = reader.email, reader.channel
    reader.email, reader.channel = address, channel if channel in BY_MAIL else Channel.PDF
    reader.save(update_fields=["email", "channel"])
    if before != address:
        note = changes.moved(_("E-mail address"), before, address)
        changes.record(reader, Change.What.ADDRESS, by=by, note=note)
    if channel != reader.channel:
        note = changes.moved(_("Channel"), str(Channel(channel).label), str(Channel.PDF.label))
        changes.record(reader, Change.What.DETAILS, by=by, note=note)


def send_link_only(delivery: Delivery, *, by) -> None:
    """Without the PDF, for a mail server that found it too big."""
    with _settled(delivery, by, DeliveryStatus.UNSURE, DeliveryStatus.FAILED) as row:
        if not row.is_by_mail:
            raise Refused(_("This copy does not go by mail."))
        row.channel = Channel.LINK
        _queue(row, What.LINK_ONLY, by, row.target)


def mark_received(delivery: Delivery, *, by) -> None:
    """A person asked the reader: it has arrived."""
    with _settled(delivery, by, DeliveryStatus.UNSURE) as row:
        row.status, row.sent_at, row.lease_by, row.error = DeliveryStatus.SENT, timezone.now(), "", ""
        row.save()
        row.events.create(what=What.RECEIVED, by=by)


def hand_over(delivery: Delivery, *, by) -> None:
    """The office has handed over the paper copy."""
    with _settled(delivery, by, DeliveryStatus.PAPER) as row:
        _handed(row, timezone.now(), by)


def hand_over_many(copies: DeliveryQuerySet, *, by) -> int:
    """Those of these copies that wait on paper; returns how many they were."""
    _permit(by)
    with transaction.atomic():
        rows = list(copies.filter(status=DeliveryStatus.PAPER).select_for_update(of=("self",)))
        if not rows:
            raise Refused(_("No copy was ticked that is still to be handed over."))
        for row in rows:
            _handed(row, timezone.now(), by)
    return len(rows)


def _handed(row: Delivery, at: datetime, by) -> None:
    row.status, row.sent_at = DeliveryStatus.HANDED, at
    row.save(update_fields=["status", "sent_at"])
    row.events.create(what=What.HANDED, by=by)


def take_back(delivery: Delivery, *, by) -> None:
    """It was marked by mistake: the paper copy is still to be handed over."""
    with _settled(delivery, by, DeliveryStatus.HANDED) as row:
        if hasattr(row, "receipt"):
            raise Refused(_("It is confirmed, so that it was handed over."))
        row.status, row.sent_at = DeliveryStatus.PAPER, None
        row.save(update_fields=["status", "sent_at"])
        row.events.create(what=What.NOT_HANDED, by=by)


def revoke(delivery: Delivery, *, by) -> None:
    """From now on the personal link opens nothing."""
    with _settled(delivery, by, *Delivery.SETTLED) as row:
        if row.revoked_at:
            raise Refused(_("This link is revoked already."))
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        row.events.create(what=What.REVOKED, by=by)


def new_link(delivery: Delivery, *, by) -> None:
    """Another link instead of the present one, sent where the copy went."""
    with _settled(delivery, by, *Delivery.SETTLED) as row:
        links.renew(row)
        _queue(row, What.NEW_LINK, by, row.target)


def renew_expired(delivery: Delivery) -> None:
    """A reader whose link has expired asks for a new one; a revoked link, or an address that gets no mail, brings none."""
    is_withdrawn = Issue.objects.withdrawn().filter(pk=delivery.mailing.issue_id).exists()
    is_held = holding.of_address(delivery.address) is not None
    if not (delivery.revoked_at or delivery.is_link_valid or is_withdrawn or is_held) and delivery.is_settled:
        new_link(delivery, by=None)


@dataclass(frozen=True)
class Act:
    """What a person may do with one copy: `do` takes the copy and `by`; `done` is what the page says afterwards."""

    do: Callable
    done: str | Promise


ACTS = {
    "resend": Act(resend, gettext_lazy("It is sent once more.")),
    "link-only": Act(send_link_only, gettext_lazy("It is sent again, with the link and without the PDF.")),
    "handed": Act(hand_over, gettext_lazy("Marked as handed over.")),
    "not-handed": Act(take_back, gettext_lazy("Marked as still to be handed over.")),
    "received": Act(mark_received, gettext_lazy("Marked as received.")),
    "revoke": Act(revoke, gettext_lazy("The link opens nothing any more.")),
    "new-link": Act(new_link, gettext_lazy("A new link goes to the reader; the old one opens nothing any more.")),
}


def _permit(by) -> None:
    """`by` None is the program itself: the command, or a reader's own request."""
    if by is not None and not by.has_perm(MANAGE):
        raise Refused(_("This is not yours to do."))


@contextmanager
def _settled(delivery: Delivery, by, *statuses):
    """The copy, locked, while it is in one of these statuses; what is changed is all or nothing."""
    _permit(by)
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).select_related("mailing__issue").get(pk=delivery.pk)
        if row.status not in statuses:
            raise Refused(
                _("It is now “%(status)s”, so this is no longer possible. The page shows the present state.")
                % {"status": row.get_status_display()}
            )
        yield row
        settling.settle_notices(row.mailing)


def _queue(row: Delivery, what: str, by, note: str) -> None:
    refuse_withdrawn(row.mailing.issue)
    holding.refuse_held(row.address)
    if not row.is_link_valid:
        links.renew(row)
    row.status, row.attempts, row.next_try_at = DeliveryStatus.QUEUED, 0, timezone.now()
    row.lease_by, row.lease_until, row.error = "", None, ""
    row.save()
    row.events.create(what=what, by=by, note=note)
    _reopen(row.mailing)
    _tell_workers([row])


def _tell_workers(copies: Iterable[Delivery]) -> None:
    notify("distribution.tasks.pump")  # which also sees when all is through
    if any(copy.is_by_webhook for copy in copies):
        notify("distribution.tasks.post_to_systems")


def _reopen(mailing: Mailing) -> None:
    if mailing.status == MailingStatus.DONE:
        mailing.apply(Mailing.REOPEN, by=None)
