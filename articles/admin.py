from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Article, ArticleEvent, Status


class LookingOnly(admin.ModelAdmin):
    """Documents change through their transitions alone; the admin only shows them."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("accounts.administer")

    has_module_permission = has_view_permission

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        """Only the filters of the page: Django answers 500 to others, such as a year of twenty digits."""
        return lookup.split("__")[0] in self.list_filter


@admin.register(Article)
class ArticleAdmin(LookingOnly):
    """Shows what was handed in, never what its unit is writing now."""

    list_display = ["handed_in_title", "unit", "kind", "status", "submitted_at", "decided_at"]
    list_filter = ["status", "kind", "unit"]
    list_select_related = ["unit", "current_version"]

    def get_queryset(self, request):
        return Article.objects.visible_to(request.user).exclude(current_version=None)

    def get_object(self, request, object_id, from_field=None):
        article = super().get_object(request, object_id, from_field)
        if article:
            for name in ("title", "subtitle", "authors", "body"):
                setattr(article, name, getattr(article.current_version, name))
        return article

    @admin.display(description=_("title"))
    def handed_in_title(self, article):
        return article.current_version.flat_title


_ACTS = {move.name: move.label for move in Article.TRANSITIONS} | ArticleEvent.ACTS


@admin.register(ArticleEvent)
class ArticleEventAdmin(LookingOnly):
    list_display = ["at", "subject", "by", "act", "before", "after", "note"]
    fields = ["subject", "by", "at", "act", "before", "after", "note"]
    list_select_related = ["version", "by"]

    def get_queryset(self, request):
        return ArticleEvent.objects.filter(article__in=Article.objects.visible_to(request.user))

    @admin.display(description=_("article version"))
    def subject(self, event):
        return str(event.version) if event.version else "—"

    @admin.display(description=_("act"))
    def act(self, event):
        return _ACTS.get(event.transition, event.transition)

    @admin.display(description=_("from"))
    def before(self, event):
        return Status(event.from_status).label

    @admin.display(description=_("to"))
    def after(self, event):
        return Status(event.to_status).label
