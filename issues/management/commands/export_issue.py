from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from issues import numbering
from issues.papers import making
from issues.papers.kinds import KINDS
from workflow.refusals import Refused


class Command(BaseCommand):
    help = "Write another form of an issued issue, made of what was signed and proven to say the same."

    def add_arguments(self, parser):
        parser.add_argument("issue", help="as 2026-9, a supplement as 2026-增1")
        parser.add_argument("--as", required=True, dest="form", choices=KINDS, help="the form")
        parser.add_argument("-o", "--output", required=True, type=Path, help="the file to write")

    def handle(self, *, issue, form, output, **options):
        found = numbering.find(issue)
        if found is None:
            raise CommandError(
                _("There is no issue %(issue)s. Write it as 2026-9, a supplement as 2026-增1.") % {"issue": issue}
            )
        try:
            made = making.made(found, KINDS[form])
            output.write_bytes(made.data)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        said = f"{made.proof.characters:,}"
        self.stdout.write(
            _("%(file)s: %(size)s bytes, the text is the signed one to the letter: %(count)s / %(count)s")
            % {"file": output, "size": len(made.data), "count": said}
        )
        if made.proof.ink is not None:
            self.stdout.write(_("The pages differ by at most %(ink)s pixels.") % {"ink": made.proof.ink})
        self.stdout.write(f"SHA-256 {made.sha256}")
        self.stdout.write(f"SM3 {made.sm3}")
