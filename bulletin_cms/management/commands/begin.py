from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.translation import gettext as _

from bulletin_cms import first_steps


class Command(BaseCommand):
    help = "Says at which address an empty office is set up: its bulletin and its administrator."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="say nothing where the office is set up already")

    def handle(self, *, if_empty, **options):
        if first_steps.is_empty():
            address = f"{settings.SITE_URL}{reverse('begin')}?code={first_steps.code()}"
            self.stdout.write(_("The office is empty. Set it up here: %(address)s") % {"address": address})
        elif not if_empty:
            self.stdout.write(_("The office is set up already: please sign in."))
