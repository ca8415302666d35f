from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bulletin_cms import emptying
from workflow.refusals import Refused


class Command(BaseCommand):
    help = "Takes the whole sample away, so that a real office can begin. Refuses when anything else is there."

    def handle(self, **options):
        try:
            kept = emptying.remove_sample()
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("The sample is removed. What was there is kept in %(file)s.") % {"file": kept})
        self.stdout.write(_("Start the site with SAMPLE=0 make run: it says where to set up the office."))
