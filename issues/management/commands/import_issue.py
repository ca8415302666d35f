import json
from datetime import date
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import formats
from django.utils.translation import gettext as _

from issues.numbering import IssueNumber
from issues.past.importing import ImportRefused, complete
from issues.past.intake import import_file
from issues.past.reading import NotAnIssue, PastIssue, read_apart


class Command(BaseCommand):
    help = "Read a past issue (.docx, .doc, .pdf, .txt) into the archive. --dry-run only shows it, without a database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the issue as Word file, as PDF, or as the text of one (.txt)")
        parser.add_argument("--number", metavar="2022-30", help="its number; a supplement's as 2022-增1")
        parser.add_argument("--total", type=int, metavar="430", help="its total number")
        parser.add_argument("--date", metavar="2022-11-28", help="its date")
        parser.add_argument("--dry-run", action="store_true", help="store nothing")
        parser.add_argument("--json", action="store_true", help="print everything that was read, as JSON")

    def handle(self, **options):
        path = options["file"]
        try:
            parsed = read_apart(path)
            complete(parsed, *identity_given(options))
            outcome = _("Nothing was stored (--dry-run).") if options["dry_run"] else stored(parsed, path)
        except (NotAnIssue, ImportRefused) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        if options["json"]:
            self.stdout.write(json.dumps(parsed.as_dict(), ensure_ascii=False, indent=1))
            self.stderr.write(outcome)
        else:
            self.stdout.write("\n".join([*summary(parsed), outcome]))


def _number_given(text: str) -> IssueNumber:
    if not (number := IssueNumber.parse(text)):
        words = _("“%(text)s” is no issue number. Write it as 2022-30, a supplement as 2022-增1.")
        raise ImportRefused(words % {"text": text})
    return number


def identity_given(options) -> tuple[IssueNumber | None, int | None, date | None]:
    number, total, day = options["number"], options["total"], options["date"]
    if total is not None and total < 1:
        raise ImportRefused(_("--total must be at least 1."))
    try:
        day = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise ImportRefused(_("“%(text)s” is no date. Write it as 2022-11-28.") % {"text": day}) from error
    return _number_given(number) if number else None, total, day


def stored(parsed: PastIssue, path: Path) -> str:
    with path.open("rb") as file:
        issue, created = import_file(File(file), path.name, parsed)
    if created:
        return _("Stored as %(issue)s.") % {"issue": issue}
    return _("%(issue)s is already stored; nothing was changed.") % {"issue": issue}


def summary(parsed: PastIssue) -> list[str]:
    """What was found, for the person at the terminal."""
    head = parsed.masthead
    unknown = _("not in the file")
    number = IssueNumber(head.number, head.year, head.kind) if head.number else unknown
    lines = [
        _("Issue: %(number)s") % {"number": number},
        _("Total number: %(number)s") % {"number": head.total_number or unknown},
        _("Date: %(date)s") % {"date": formats.date_format(head.date) if head.date else unknown},
        _("Articles: %(count)s") % {"count": len(parsed.articles)},
    ]
    lines += [f"  {at}. {article.title}" for at, article in enumerate(parsed.articles, 1)]
    lines += [_("Briefs: %(count)s") % {"count": len(parsed.briefs)}]
    lines += [f"{direction}：{'，'.join(texts)}" for direction, texts in parsed.recipients.items()]
    for warned in parsed.warnings:
        place = _("Line %(line)s: ") % {"line": warned.line} if warned.line else ""
        lines.append(_("Please check: %(what)s") % {"what": f"{place}{warned.message}"})
    return lines
