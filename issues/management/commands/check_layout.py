import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from issues import numbering
from issues.content import content_of
from typesetting import reading
from typesetting.content import from_json
from typesetting.inspection import layout_check, structure
from typesetting.page.presets import PRESETS


class Command(BaseCommand):
    help = "Measure the pages of a PDF: layout, marks, fonts, and everything that the record says."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the PDF file")
        parser.add_argument(
            "--issue",
            help="compare with this issue: 2026-9, a supplement 2026-增1; else with the source inside the file",
        )
        parser.add_argument("--layout", choices=PRESETS, help="the issue's own when not given")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, file, issue, layout, **options):
        pdf = self._read(file)
        try:
            content = self._content(issue, pdf)
            report = layout_check.check(pdf, content, layout=layout)
        except reading.UnreadablePdf as error:
            raise CommandError(_("%(file)s is not a PDF, or it is damaged or locked.") % {"file": file}) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            self._print(file, report, has_record=content is not None)
        if report.errors:
            raise SystemExit(1)

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error

    def _content(self, reference: str | None, pdf: bytes):
        """The record to compare with: an issue of the database, or what our own files carry inside."""
        if reference is None:
            source = structure.read(pdf).source
            try:
                return from_json(source.decode()) if source else None
            except ValueError:  # a file that another system made
                return None
        found = numbering.find(reference)
        if found is None:
            raise CommandError(
                _("There is no issue %(issue)s. Write it as 2026-9, a supplement as 2026-增1.") % {"issue": reference}
            )
        return content_of(found)

    def _print(self, file: Path, report: layout_check.Report, *, has_record: bool) -> None:
        if not has_record:
            self.stdout.write(_("No record to compare with: only the layout is checked."))
        counts = {"file": file, "checked": report.checked, "count": len(report.findings)}
        if not report.findings:
            self.stdout.write(_("%(file)s: %(checked)s points checked, nothing found.") % counts)
            return
        self.stdout.write(_("%(file)s: %(checked)s points checked, %(count)s faults.") % counts)
        for finding in sorted(report.findings, key=lambda finding: finding.page):
            quote = f"“{finding.quote}” " if finding.quote else ""
            page = _("Page %(page)s") % {"page": finding.page}
            self.stdout.write(f"{page}　{self._level(finding)}　{quote}{finding.words}（{finding.clause}）")

    def _level(self, finding: layout_check.LayoutFinding) -> str:
        if finding.falsifies:
            return _("error, blocks sign-off")
        return _("error") if finding.level == "error" else _("warning")
