from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import throttle
from accounts.models import User


class Command(BaseCommand):
    help = "Lifts the lock of a person after failed sign-ins."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = User.objects.named(username)
        if user is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": username})
        failures = throttle.unlock(user)
        self.stdout.write(_("%(name)s may sign in again (%(count)s failed tries).") % {"name": user, "count": failures})
