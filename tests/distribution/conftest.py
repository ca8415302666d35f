import pytest

from distribution import mailing
from tests import factories
from tests.smtp_sink import SmtpSink


@pytest.fixture
def issue(bulletin, cast):
    return factories.issued_issue(bulletin, cast)


@pytest.fixture
def readers(issue):
    return factories.make_readers(3)


@pytest.fixture
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
