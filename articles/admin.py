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


@admin.register(Article)
class ArticleAdmin(LookingOnly):
    list_display = ["heading", "unit", "kind", "status", "submitted_at", "updated_at"]
    list_filter = ["status", "kind", "unit"]
    list_select_related = ["unit"]
    date_hierarchy = "updated_at"

    def get_queryset(self, request):
        return Article.objects.visible_to(request.user)

    @admin.display(description=_("title"), ordering="title")
    def heading(self, article):
        return str(article)


_ACTS = {move.name: move.label for move in Article.TRANSITIONS}


@admin.register(ArticleEvent)
class ArticleEventAdmin(LookingOnly):
    list_display = ["at", "article", "by", "act", "before", "after", "note"]
    fields = ["article", "version", "by", "at", "act", "before", "after", "note"]
    list_select_related = ["article", "by"]

    def get_queryset(self, request):
        return ArticleEvent.objects.filter(article__in=Article.objects.visible_to(request.user))

    @admin.display(description=_("act"))
    def act(self, event):
        return _ACTS.get(event.transition, event.transition)

    @admin.display(description=_("from"))
    def before(self, event):
        return Status(event.from_status).label

    @admin.display(description=_("to"))
    def after(self, event):
        return Status(event.to_status).label
