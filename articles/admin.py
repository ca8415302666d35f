from django.contrib import admin

from .models import Article, ArticleEvent


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
    list_display = ["flat_title", "unit", "kind", "status", "submitted_at", "updated_at"]
    list_filter = ["status", "kind", "unit"]
    list_select_related = ["unit"]
    date_hierarchy = "updated_at"

    def get_queryset(self, request):
        return Article.objects.visible_to(request.user)


@admin.register(ArticleEvent)
class ArticleEventAdmin(LookingOnly):
    list_display = ["at", "article", "by", "transition", "from_status", "to_status", "note"]
    list_filter = ["transition"]
    list_select_related = ["article", "by"]

    def get_queryset(self, request):
        return ArticleEvent.objects.filter(article__in=Article.objects.visible_to(request.user))
