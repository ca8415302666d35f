from django.apps import AppConfig, apps
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from workflow import frozen


class BulletinCmsConfig(AppConfig):
    name = "bulletin_cms"
    verbose_name = _("Operation")

    def ready(self):
        # The only signals that are listened to: no other hook of Django surrounds every migration of every app. They are
        # sent once for each app that has models, always before the first and after the last migration.
        last = apps.get_app_config("points")
        pre_migrate.connect(frozen.before_migrate, sender=last)
        post_migrate.connect(frozen.after_migrate, sender=last)
        checks.register(frozen.check, checks.Tags.database)
