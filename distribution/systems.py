"""A reader's own system, to which issues are posted: its address, its key, a test post."""

from django.db import transaction
from django.utils.translation import gettext as _

from workflow import changes
from workflow.models import Change
from workflow.refusals import Refused, permit
from workflow.worker import notify

from .channels.webhook import post
from .models import MANAGE, Channel, Reader, WebhookTrial


def set_up(reader: Reader, url: str, *, is_used: bool, by) -> None:
    """Enter the address of a reader's system, or take it away (empty). With `is_used` issues go there from now on. The first
    address comes with a key, a later one keeps it."""
    permit(by, MANAGE)
    if words := post.fault_of(url) if url else "":
        raise Refused(words)
    with transaction.atomic():
        row = Reader.objects.select_for_update(of=("self",)).get(pk=reader.pk)
        before, channel = row.webhook_words, row.channel
        row.webhook_url = url
        if url and not row.webhook_generation:
            row.webhook_generation = 1
        if is_used and url:
            row.channel = Channel.WEBHOOK
        elif channel == Channel.WEBHOOK:
            row.channel = Channel.PDF
        row.save(update_fields=["webhook_url", "webhook_generation", "channel"])
        moves = [(_("Address of the unit's system"), before, row.webhook_words)]
        moves.append((_("Channel"), str(Channel(channel).label), str(Channel(row.channel).label)))
        note = "；".join(changes.moved(*move) for move in moves if move[1] != move[2])
        if note:
            changes.record(row, Change.What.DETAILS, by=by, note=note)
    reader.refresh_from_db()


def renew_key(reader: Reader, *, by) -> None:
    """Another key; the present one signs nothing from now on."""
    permit(by, MANAGE)
    with transaction.atomic():
        row = Reader.objects.select_for_update(of=("self",)).get(pk=reader.pk)
        if not row.webhook_url:
            raise Refused(_("Please enter the address of the system first."))
        row.webhook_generation += 1
        row.save(update_fields=["webhook_generation"])
        changes.record(row, Change.What.DETAILS, by=by, note=_("New key for the unit's system"))
    reader.refresh_from_db()


def request_trial(reader: Reader, *, by) -> None:
    """Ask for a test post. A second press while the first is under way brings no second one."""
    permit(by, MANAGE)
    if not reader.webhook_url:
        raise Refused(_("Please enter the address of the system first."))
    before = last_trial(reader)
    if before is None or not before.is_under_way:
        WebhookTrial.objects.create(reader=reader, asked_by=by)
        notify("distribution.tasks.post_to_systems")


def last_trial(reader: Reader) -> WebhookTrial | None:
    return reader.webhook_trials.first()
