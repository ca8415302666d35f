from datetime import date, timedelta
from ipaddress import ip_network

import pytest
from django.utils import timezone

from distribution import mailing, systems
from distribution.models import Delivery, DeliveryEvent, DeliveryStatus
from tests import factories
from tests.distribution.unit_system import UnitSystem
from tests.scenes import scene
from tests.smtp_sink import SmtpSink

from .mailings import make_mailings


@scene
def issue(bulletin, cast):
    return factories.issued_issue(bulletin, cast)


@scene
def readers(issue):
    return factories.make_readers(3)


@scene
def sent_out(issue, readers, cast):
    """A mailing to three readers, started by the distributor; nothing is sent yet."""
    return mailing.start(issue, by=cast.tang)


@pytest.fixture
def smtp(settings):
    """A real mail server in a thread; Django sends to it."""
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 2
        yield sink


@scene
def mailed(bulletin):
    """Three copies that the mail server took, of an issue that did not go its way through the office."""
    [mailed] = make_mailings(bulletin, [date(2026, 4, 8)])
    readers = [factories.make_reader(f"单位{n}", "办公室", f"reader{n}@post.example") for n in (1, 2, 3)]
    for number, reader in enumerate(readers, 1):
        message_id = f"<{mailed.issue_id}.{reader.pk}.{number:016x}@bulletin.example>"
        row = Delivery.objects.create(
            mailing=mailed, reader=reader, address=reader.email, status=DeliveryStatus.SENT, message_id=message_id,
            sent_at=timezone.now(), token_hash=str(number), link_expires_at=timezone.now() + timedelta(days=9),
        )  # fmt: skip
        row.event(DeliveryEvent.What.SENDING, row.address).save()
    return mailed


@scene
def copy(mailed):
    """The first of them."""
    return mailed.deliveries.select_related("mailing").order_by("pk").first()


@pytest.fixture
def system(settings):
    """A unit's own, at which issues are posted."""
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    with UnitSystem() as system:
        yield system


@pytest.fixture
def reader(system, cast):
    """Whose issues are posted to `system`."""
    reader = factories.make_reader("韵达", "办公室", "yd@example.cn")
    systems.set_up(reader, system.url, is_used=True, by=cast.tang)
    return reader
