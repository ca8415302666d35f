"""Makes the archive package of an issued issue, as the page does, and prints the check codes of its list."""

import os
import re
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from distribution.archiving import making
from issues import numbering
from issues.models import Issue
from workflow.refusals import Refused

TOTAL = re.compile(r"(?:总第)?([1-9]\d{0,5})期?")


class Command(BaseCommand):
    help = "Write the archive package of an issued issue and print the check codes of its list."

    def add_arguments(self, parser):
        parser.add_argument("issue", help="as 2026-10, a supplement as 2026-增1; or the total number, as 545")
        parser.add_argument("-o", "--output", required=True, type=Path, help="the zip file to write")

    def handle(self, *, issue, output, **_options):
        found = _issue(issue)
        partial = output.with_name(f"{output.name}.part")
        try:
            with partial.open("xb") as file:
                codes = making.write_package(found, file)
            making.record(found, codes, by=None)  # before anybody can have it
            os.replace(partial, output)
        except FileExistsError as error:
            raise CommandError(
                _("%(file)s is there already. Please delete it, or choose another name.") % {"file": partial}
            ) from error
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise CommandError(f"{output}: {error.strerror}") from error
        except Refused as refused:
            partial.unlink(missing_ok=True)
            raise CommandError(str(refused)) from refused
        size = output.stat().st_size
        self.stdout.write(_("%(file)s: %(size)s bytes") % {"file": output, "size": size})
        self.stdout.write(f"SHA-256 {codes.sha256}")
        self.stdout.write(f"SM3     {codes.sm3}")


def _issue(reference: str) -> Issue:
    total = TOTAL.fullmatch(reference.strip())
    if total:
        found = Issue.objects.issued().filter(total_number=int(total[1])).select_related("bulletin", "frozen").first()
    else:
        found = numbering.find(reference)
    if found is None:
        words = _(
            "There is no issue %(issue)s. Write it as 2026-10, a supplement as 2026-增1, or by its total number as 545."
        )
        raise CommandError(words % {"issue": reference})
    return found
