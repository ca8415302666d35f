"""Confirms that a copy arrived: through the personal link, by a signed-in reader, or entered for a paper copy."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused

from . import settling
from .models import Delivery, DeliveryEvent, DeliveryStatus, Receipt


def confirm(delivery: Delivery, name: str, *, by=None) -> Receipt:
    """The reader confirms; `by` when signed in. A second confirmation changes nothing and gives the first."""
    if by is not None and delivery.reader.user_id != by.pk:
        raise Refused(_("This is not yours to do."))
    how = Receipt.How.LINK if by is None else Receipt.How.ACCOUNT
    with transaction.atomic():
        receipt = _create(delivery, name, how=how, confirmed_at=timezone.now(), entered_by=by)
        if delivery.is_unsure:
            settling.arrived(delivery, _("the reader confirmed the copy"))
    return receipt


def enter(delivery: Delivery, name: str, on: date, *, by) -> Receipt:
    """The office enters what a paper copy's slip says."""
    if not by.has_perm("distribution.manage_mailing"):
        raise Refused(_("This is not yours to do."))
    if on > timezone.localdate():
        raise Refused(_("That day has not come yet."))
    now = timezone.now()
    noon = timezone.make_aware(datetime.combine(on, time(12)))
    with transaction.atomic():
        receipt = _create(delivery, name, how=Receipt.How.PAPER, confirmed_at=min(noon, now), entered_by=by)
        # Who has signed for a copy has it.
        waiting = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.PAPER)
        if waiting.update(status=DeliveryStatus.HANDED, sent_at=min(noon, now)):
            delivery.events.create(what=DeliveryEvent.What.HANDED, by=by)
    return receipt


def _create(delivery: Delivery, name: str, **fields) -> Receipt:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Please give the name of the person who confirms."))
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=delivery.pk)
        receipt, _created = Receipt.objects.get_or_create(delivery=delivery, defaults={"name": name[:40], **fields})
    return receipt
