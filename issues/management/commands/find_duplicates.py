import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.duplicates import keeping, wording
from issues import numbering
from issues.duplicates import Told, ToldTwice, told_twice


class Command(BaseCommand):
    help = "List the stories that are told twice: in the same words, or of the same event. Compares first what has not been."

    def add_arguments(self, parser):
        parser.add_argument(
            "--issue", help="those of this issue, with each other and with all others: 2026-9, 2026-增1"
        )
        parser.add_argument("--json", action="store_true", help="print the pairs as JSON")

    def handle(self, *, issue, **options):
        found = numbering.find(issue) if issue else None
        if issue and found is None:
            words = _("There is no issue %(issue)s. Write it as 2026-9, a supplement as 2026-增1.")
            raise CommandError(words % {"issue": issue})
        self._compare()
        pairs = told_twice(found)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(pair) for pair in pairs], ensure_ascii=False, indent=2))
            return
        for pair in pairs:
            self.stdout.write(self._line(pair))
        self.stdout.write(_("%(count)s pairs.") % {"count": len(pairs)})

    def _compare(self) -> None:
        """All that waits; what could not be compared must not read as nothing found."""
        before = None
        while waiting := keeping.compare_waiting(seconds=10):
            if waiting == before:
                words = _("%(count)s texts could not be compared, so pairs may be missing. The log says why.")
                raise CommandError(words % {"count": waiting})
            before = waiting
            self.stderr.write(_("%(count)s texts are still to be compared.") % {"count": waiting})

    def _line(self, pair: ToldTwice) -> str:
        said = wording.said(pair.text, is_same_event=pair.event)
        return f"{self._told(pair.a)}　{self._told(pair.b)}　{said}"

    def _told(self, told: Told) -> str:
        if told.issue is None:
            return _("article %(key)s “%(title)s”") % {"key": told.article, "title": told.title}
        return _("%(issue)s, %(number)s. “%(title)s”") % {
            "issue": told.issue,
            "number": told.article,
            "title": told.title,
        }
