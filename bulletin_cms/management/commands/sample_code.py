from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bulletin_cms import sample


class Command(BaseCommand):
    help = "Prints the code that the phone of the sample's signer shows now."

    def add_arguments(self, parser):
        parser.add_argument("username", nargs="?", default="fang")

    def handle(self, *, username, **options):
        code = sample.code_of(username)
        if code is None:
            raise CommandError(
                _("%(name)s has no phone of the sample. Only its owner sees a real one.") % {"name": username}
            )
        self.stdout.write(code)
