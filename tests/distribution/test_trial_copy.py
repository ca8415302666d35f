"""A trial copy goes to the one who asks, with the letter as it will be, and counts nowhere."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.urls import reverse
from django.utils import timezone

from distribution import tasks, trials
from distribution.models import AccessLog, Delivery, Mailing, TrialCopy
from tests import factories
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db


def asked(issue, by):
    with factories.without_worker():
        return trials.request(issue, by=by)


def state(trial):
    trial.refresh_from_db()
    return bool(trial.sent_at), trial.error


def test_the_letter_and_the_pdf_go_to_the_own_address_once(issue, readers, cast, smtp):
    trial = asked(issue, cast.tang)
    tasks.pump()
    tasks.pump()

    [received] = smtp.received
    parsed = message_from_bytes(received.content, policy=policy.default)
    assert received.recipients == ["tang@example.cn"]
    assert parsed["Subject"].startswith("【试发】【请签收】")
    assert [pdf.get_content() for pdf in parsed.iter_attachments()] == [factories.PDF]
    assert "/distribution/r/" not in parsed.get_body(("plain",)).get_content()
    assert state(trial) == (True, "")


def test_it_is_counted_nowhere(issue, readers, cast, smtp):
    asked(issue, cast.tang)
    tasks.pump()

    assert not any(model.objects.exists() for model in (Mailing, Delivery, AccessLog))


def test_why_it_did_not_go_out_is_said(issue, readers, cast, smtp, as_user):
    smtp.refuse("rcpt", "550 5.1.1 no such user")
    trial = asked(issue, cast.tang)
    tasks.pump()

    assert state(trial) == (False, "550 5.1.1 no such user")
    page = as_user(cast.tang).get(reverse("distribution:prepare", args=[issue.pk]))
    assert "550 5.1.1 no such user" in page.text


def test_one_that_was_begun_is_not_sent_again(issue, cast, smtp):
    trial = asked(issue, cast.tang)
    TrialCopy.objects.update(begun_at=timezone.now(), asked_at=timezone.now() - timedelta(minutes=6))
    tasks.pump()

    trial.refresh_from_db()
    assert smtp.received == []
    assert trial.is_lost


def test_a_second_press_brings_no_second_mail(issue, cast, smtp):
    assert asked(issue, cast.tang) == asked(issue, cast.tang)

    tasks.pump()

    assert len(smtp.received) == 1


def test_a_changed_pdf_is_refused(issue, cast):
    with open(issue.pdf.path, "ab") as file:
        file.write(b"changed")

    with pytest.raises(Refused):
        asked(issue, cast.tang)


def test_without_an_address_it_says_what_to_do(issue, cast):
    cast.tang.email = ""

    with pytest.raises(Refused, match="邮箱"):
        asked(issue, cast.tang)


def test_nobody_without_the_permission_asks(issue, cast):
    for user in (cast.lin, cast.lu, cast.fang):
        with pytest.raises(Refused):
            asked(issue, user)


@pytest.mark.sqlite
def test_the_page_says_that_it_is_under_way(issue, readers, cast, as_user):
    with factories.without_worker():
        page = as_user(cast.tang).post(reverse("distribution:trial", args=[issue.pk]), follow=True)

    assert "tang@example.cn" in page.text
    assert 'hx-trigger="every 2s"' in page.text
