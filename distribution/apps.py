from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from .archiving.package import check_sm3


class DistributionConfig(AppConfig):
    name = "distribution"
    verbose_name = _("Distribution")

    def ready(self):
        checks.register(check_sm3)
