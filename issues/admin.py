from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import LoggedAdmin
from articles.admin import LookingOnly

from . import proofs
from .models import Bulletin, Issue


@admin.register(Bulletin)
class BulletinAdmin(LoggedAdmin):
    list_display = ["__str__", "publisher", "layout_preset", "print_run", "review_steps"]
    fieldsets = [
        (None, {"fields": ["name_lines", "publisher", "print_run", "review_steps"]}),
        (_("Masthead"), {"fields": ["permit_number", "notice"]}),
        (
            _("Measures of the page"),
            {
                "fields": [
                    "layout_preset",
                    "characters",
                    "rows",
                    "body_size",
                    "top_mm",
                    "bottom_mm",
                    "left_mm",
                    "mirrored",
                    "verify_code",
                ],
                "description": _(
                    "Measures left empty are those of the layout. With mirrored margins an issue has an even number of pages "
                    "and its end matter on the last one, as it is printed on both sides."
                ),
            },
        ),
        (_("Numbers before this system"), {"fields": ["used_year", "used_number", "used_total_number"]}),
    ]

    def save_model(self, request, obj, form, change):
        """The issues in the making print its name and its measures."""
        super().save_model(request, obj, form, change)
        for issue in proofs.without_asking().filter(bulletin=obj):
            proofs.request(issue)


@admin.register(Issue)
class IssueAdmin(LookingOnly):
    list_display = ["__str__", "total_number", "dated_on", "status"]
    list_filter = ["status", "kind", "year"]
    exclude = ["has_contents"]
    readonly_fields = ["contents"]

    @admin.display(description=_("print a table of contents"))
    def contents(self, issue):
        return gettext("yes") if issue.has_contents else gettext("no")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("issues.assemble_issue")

    has_module_permission = has_view_permission
