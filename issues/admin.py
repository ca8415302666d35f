from django.contrib import admin

from .models import Bulletin, Issue


@admin.register(Bulletin)
class BulletinAdmin(admin.ModelAdmin):
    list_display = ["__str__", "publisher", "layout_preset", "print_run"]


@admin.register(Issue)
class IssueAdmin(admin.ModelAdmin):
    """For looking only: an issue moves by its transitions alone."""

    list_display = ["__str__", "total_number", "dated_on", "status"]
    list_filter = ["status", "kind", "year"]
    date_hierarchy = "dated_on"

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("issues.assemble_issue")

    def has_module_permission(self, request):
        return request.user.has_perm("issues.assemble_issue")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
