from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bulletin_cms import verify


class Command(BaseCommand):
    help = "Looks whether everything that is kept is there and is what it was. A line for each fault, and exit code 1."

    def handle(self, **options):
        found = verify.everything()
        for each in found:
            self.stdout.write(str(each))
            for fault in each.faults:
                self.stdout.write(f"  {fault}")
        if faults := sum(len(each.faults) for each in found):
            raise CommandError(_("%(count)s things are not in order.") % {"count": faults})
        self.stdout.write(
            _("%(checks)s checks looked at %(count)s things: all in order.")
            % {"checks": len(found), "count": sum(each.looked_at for each in found)}
        )
