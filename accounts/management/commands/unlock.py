from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import throttle
from accounts.models import User
from workflow import changes
from workflow.models import Change


class Command(BaseCommand):
    help = "Lifts the lock of a person after failed sign-ins."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = User.objects.named(username)
        if user is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": username})
        with transaction.atomic():
            failures = throttle.unlock(user)
            changes.record(user, Change.What.LOCK, by=None, note="manage.py unlock")
        self.stdout.write(_("%(name)s may sign in again (%(count)s failed tries).") % {"name": user, "count": failures})
