from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from .models import Upkeep


@admin.register(Upkeep)
class UpkeepAdmin(admin.ModelAdmin):
    """How the backups and checks of the nights went. The rows are the worker's: they are looked at here."""

    list_display = ["kind", "good_at", "begun_at", "result"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("what came of it"))
    def result(self, row):
        return Truncator(row.summary).chars(50)
