from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bulletin_cms import restore
from workflow.refusals import Refused


class Command(BaseCommand):
    help = "Puts a backup in the place of what is there, after it has read all of it. Nothing is touched with --check."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="read and compare everything, and touch nothing")
        parser.add_argument("--replace", action="store_true", help="also when there is work, which is backed up before")

    def handle(self, *, file, check, replace, **options):
        try:
            if check:
                self.tell(
                    file, restore.check(file), _("%(file)s of %(made_at)s is whole: %(rows)s rows, %(files)s files.")
                )
                return
            restored = restore.restore(file, replace=replace)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self.tell(file, restored.manifest, _("%(file)s of %(made_at)s is restored: %(rows)s rows, %(files)s files."))
        if restored.before:
            self.stdout.write(_("What was there before is kept in %(file)s.") % {"file": restored.before})
        for mailing in restored.stopped:
            self.stdout.write(
                _("%(mailing)s is paused: look who has a copy already, then go on.") % {"mailing": mailing}
            )
        faults = [fault for each in restored.found for fault in each.faults]
        for each in restored.found:
            self.stdout.write(str(each))
        for fault in faults:
            self.stdout.write(f"  {fault}")
        if faults:
            raise CommandError(_("It is restored as it was, and was not in order: see above."))

    def tell(self, file, manifest, words):
        for name in manifest.about.missing:
            self.stderr.write(_("Missing when the backup was made: %(name)s") % {"name": name})
        self.stdout.write(
            words
            % {
                "file": file,
                "made_at": f"{parse_datetime(manifest.about.made_at):%Y-%m-%d %H:%M}",
                "rows": sum(manifest.about.rows.values()),
                "files": len(manifest.files),
            }
        )
