"""`manage.py distribute 2026-10` does what the button does."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from distribution import sending
from distribution.models import Mailing
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_starts_the_mailing_once(issue, readers, capsys):
    call_command("distribute", issue.reference)
    call_command("distribute", issue.reference)
    assert Mailing.objects.get().deliveries.count() == 3
    assert "3" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_with_wait_it_ends_when_all_is_sent(issue, readers, capsys):
    call_command("distribute", issue.reference, "--wait")
    assert len(mail.outbox) == 3
    assert "3" in capsys.readouterr().out.splitlines()[-1]


def test_it_does_not_wait_for_ever(issue, readers):
    with pytest.raises(CommandError):
        call_command("distribute", issue.reference, "--wait", "--timeout=0")


def test_a_paused_mailing_is_said(sent_out, issue, cast):
    sent_out.apply(Mailing.PAUSE, by=cast.tang)
    with pytest.raises(CommandError):
        call_command("distribute", issue.reference, "--wait")


@pytest.mark.parametrize("reference", ["2026-99", "ten", "2026-增10"])
def test_an_issue_that_does_not_exist_is_said(reference, issue):
    with pytest.raises(CommandError):
        call_command("distribute", reference)


def test_an_issue_that_is_not_issued_is_refused(bulletin, cast):
    factories.make_readers(1)
    draft = factories.make_issue(bulletin, cast.lu)
    with pytest.raises(CommandError):
        call_command("distribute", draft.reference)
    assert sending.pump() == 0
