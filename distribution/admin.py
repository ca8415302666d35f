from django.contrib import admin

from .models import Reader


@admin.register(Reader)
class ReaderAdmin(admin.ModelAdmin):
    list_display = ["organisation", "name", "unit", "email", "user", "is_active"]
    list_filter = ["is_active", "unit__tier"]
    list_select_related = ["unit", "user"]
    search_fields = ["organisation", "name", "email"]
    autocomplete_fields = ["unit", "user"]
