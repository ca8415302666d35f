from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import LoggedAdmin

from .models import Reader


@admin.register(Reader)
class ReaderAdmin(LoggedAdmin):
    list_display = ["organisation", "name", "unit", "channel", "email", "user", "gets_every_issue"]
    list_filter = ["is_active", "channel", "unit__tier"]
    list_select_related = ["unit", "user"]
    search_fields = ["organisation", "name", "email"]
    autocomplete_fields = ["unit", "user"]

    @admin.display(description=_("receives new issues"), ordering="is_active")
    def gets_every_issue(self, reader):
        return gettext("yes") if reader.is_active else gettext("no")
