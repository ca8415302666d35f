"""Sends an issued issue to its readers, as the button does: notes the copies, and workers send them."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from distribution import mailing, progress
from distribution.models import Mailing, MailingStatus
from issues import numbering
from issues.models import Issue
from workflow.refusals import Refused

POLL_SECONDS = 0.5
IDLE_HINT_SECONDS = 20


class Command(BaseCommand):
    help = "Send an issued issue to its readers; a worker does the sending."

    def add_arguments(self, parser):
        parser.add_argument("issue", help="such as 2026-9, or 2026-增1 for a supplement")
        parser.add_argument("--wait", action="store_true", help="show the progress until all is sent")
        parser.add_argument("--timeout", type=int, default=600, help="seconds that --wait waits (600)")

    def handle(self, *, issue, wait, timeout, **_options):
        found = self._issue(issue)
        row = Mailing.objects.filter(issue=found).first()
        if row is None:
            try:
                row = mailing.start(found, by=None)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(_("%(issue)s: started.") % {"issue": found})
        else:
            self.stdout.write(_("%(issue)s: it was started already.") % {"issue": found})
        if wait:
            self._wait(row, timeout)
        self.stdout.write(_summary(row.deliveries.numbers()))

    def _issue(self, reference: str) -> Issue:
        found = numbering.find(reference)
        if found is None:
            words = _("There is no issue %(reference)s. Write it like 2026-9, or 2026-增1 for a supplement.")
            raise CommandError(words % {"reference": reference})
        return found

    def _wait(self, row: Mailing, timeout: int) -> None:
        """Until nothing is open; a mailing that is paused, or a worker that is missing, is said."""
        started = changed = time.monotonic()
        seen, hinted = None, False
        while True:
            row.refresh_from_db()
            numbers = row.deliveries.numbers()
            if numbers != seen:
                seen, changed = numbers, time.monotonic()
                self.stdout.write(
                    _("sent %(sent)s of %(all)s") % {"sent": numbers["sent"], "all": progress.sent_by_program(numbers)}
                )
            if row.status == MailingStatus.PAUSED:
                raise CommandError(_("Paused: %(why)s") % {"why": row.paused_because or _("by a person")})
            if not (numbers["queued"] or numbers["sending"] or numbers["later"]):
                return
            if not hinted and time.monotonic() - changed > IDLE_HINT_SECONDS:
                hinted = True
                self.stderr.write(_("Nothing moves. Is a worker running? (celery -A bulletin_cms worker)"))
            if time.monotonic() - started > timeout:
                raise CommandError(_("Not all is sent yet; workers go on."))
            time.sleep(POLL_SECONDS)


def _summary(numbers: dict[str, int]) -> str:
    waiting = numbers["queued"] + numbers["sending"] + numbers["later"]
    text = _(
        "%(all)s copies: sent %(sent)s, waiting %(waiting)s, refused %(failed)s, unsure %(unsure)s, on paper %(paper)s, "
        "with an account %(account)s"
    )
    return text % (numbers | {"waiting": waiting})
