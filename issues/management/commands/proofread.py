import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DbError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import word
from issues import proofread_file
from issues.past.reading import NotAnIssue
from proofreading import reference
from proofreading.engine import Finding, Proof, proofread
from proofreading.models import Word
from proofreading.states import LEVEL_WORDS
from proofreading.tables import Tables, shipped


class Command(BaseCommand):
    help = "Proofread a file: a past issue (.txt, .docx, .pdf), an article in Word, or plain text with the title first."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-of", metavar="2026-03-27", help="the day whose names and wordings hold; else the issue's, else today"
        )
        parser.add_argument("--json", action="store_true", help="print a list of findings as JSON")
        parser.add_argument(
            "--shipped", action="store_true", help="without the office's own words and rules; needs no database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        as_of = _day(options["as_of"])
        try:
            file = proofread_file.read(path)
        except (NotAnIssue, word.NotWord) as error:
            raise CommandError(str(error)) from error
        except FileNotFoundError as error:
            raise CommandError(_("There is no file %(file)s.") % {"file": path}) from error
        except OSError as error:
            words = _("%(file)s can't be opened. Is it a folder, or may you not read it?")
            raise CommandError(words % {"file": path}) from error
        tables = shipped() if options["shipped"] else self._current()
        proof = proofread(file.passages, as_of=as_of or file.day or timezone.localdate(), tables=tables)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in proof.findings], ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join([*map(_line, proof.findings), *_summary(proof, tables)]))
        if proof.failed:
            names = "; ".join(f"{name} ({reason})" for name, reason in proof.failed)
            raise CommandError(_("Not everything was looked at. These rules failed: %(names)s") % {"names": names})

    def _current(self) -> Tables:
        """On a machine where nothing is set up yet a file can be proofread all the same; that is said. A database that is there
        and doesn't answer is another matter: without the office's words other things would be found, and nobody would know."""
        try:
            if _is_set_up():
                return reference.current()
        except DbError as error:
            words = _(
                "The office's own words can't be read (%(error)s). Please try again in a moment, or with --shipped: then the "
                "shipped words alone are used."
            )
            raise CommandError(words % {"error": str(error).strip()}) from error
        words = _("There is no database with the office's own words here yet: the shipped words alone are used.")
        self.stderr.write(words)
        return shipped()


def _is_set_up() -> bool:
    """Asking SQLite would make the missing file."""
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and not name.startswith("file:")  # as the tests' in memory
    if is_file and not Path(name).exists():
        return False
    return Word._meta.db_table in connection.introspection.table_names()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CommandError(_("“%(text)s” is no date. Write it as 2022-11-28.") % {"text": text}) from error


def _line(each: Finding) -> str:
    if each.paragraph:
        place = _("Article %(article)s, paragraph %(paragraph)s") % {
            "article": each.article,
            "paragraph": each.paragraph,
        }
    else:
        place = _("Article %(article)s, title") % {"article": each.article}
    becomes = _("delete") if each.deletes else each.suggestion
    return f"{LEVEL_WORDS[each.level]}　{place}　“{each.quote}”{f' → {becomes}' if becomes else ''}　{each.why}（{each.source}）"


def _summary(proof: Proof, tables: Tables) -> list[str]:
    counts = {level: sum(each.level == level for each in proof.findings) for level in LEVEL_WORDS}
    lines = [
        _("%(day)s: %(error)s errors, %(warning)s warnings, %(query)s queries; %(rules)s rules ran.")
        % {"day": proof.as_of.isoformat(), **counts, "rules": len(proof.ran)}
    ]
    if proof.off:
        lines.append(_("Switched off: %(names)s") % {"names": ", ".join(sorted(tables.off))})
    return lines
