import re

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bulletin_cms import nightly
from workflow import audit, chain
from workflow.chain import Head


class Command(BaseCommand):
    help = "Looks whether the log is what it was: each entry, each row that one is about. A line for each fault, and exit code 1."

    def add_arguments(self, parser):
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="an entry's number and its SHA-256 as a sign-off sheet or an archive package has them; may be repeated",
        )

    def handle(self, *, head, **options):
        noted = [(_("what was given with --head"), _head(text)) for text in head]
        found = nightly.check_log()
        found.faults += filter(None, audit.noted_faults(noted))
        self.stdout.write(str(found))
        for fault in found.faults:
            self.stdout.write(f"  {fault}")
        if (last := chain.last()).number:
            self.stdout.write(_("Entry %(number)s is the last one, SHA-256 %(hash)s.") % last._asdict())
        if waiting := audit.waiting_count():
            self.stdout.write(
                _("%(count)s rows wait to be chained; a worker does it every few seconds.") % {"count": waiting}
            )
        if found.faults:
            raise CommandError(_("%(count)s things are not in order.") % {"count": len(found.faults)})


def _head(text: str) -> Head:
    match = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", text.strip().lower())
    if match is None:
        raise CommandError(
            _("“%(text)s” is not a number and 64 hexadecimal digits, such as 128:9f2c….") % {"text": text}
        )
    return Head(int(match[1]), match[2])
