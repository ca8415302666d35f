from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bulletin_cms import backup
from workflow.refusals import Refused


class Command(BaseCommand):
    help = "Keeps the database and all files in one new file, which it reads again before it gives it its name."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            manifest = backup.make(file)
        except (Refused, OSError) as fault:
            raise CommandError(_("No backup was made. %(why)s") % {"why": fault}) from fault
        for name in manifest.about.missing:
            self.stderr.write(_("Missing already, so not in the backup: %(name)s") % {"name": name})
        self.stdout.write(
            _("%(file)s: %(tables)s tables with %(rows)s rows, %(files)s files; read again and in order.")
            % {
                "file": file,
                "tables": len(manifest.about.rows),
                "rows": sum(manifest.about.rows.values()),
                "files": len(manifest.files),
            }
        )
