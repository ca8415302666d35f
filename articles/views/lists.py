"""The unit's articles, and what waits for an editor."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.views.generic import ListView

from ..forms import ListFilter, QueueFilter
from ..models import Article, SourceFile
from ..recent import RecentPaginator


class ArticleList(PermissionRequiredMixin, ListView):
    """The own unit's articles."""

    permission_required = "articles.write_article"
    raise_exception = True
    paginate_by = 30
    paginator_class = RecentPaginator
    template_name = "articles/article_list.html"

    def get_queryset(self):
        self.filter = ListFilter(self.request.GET, user=self.request.user)
        kinds = Article.objects.each_belonging_to(self.request.user)
        return [self.filter.narrow(kind.written_here()) for kind in kinds]

    def get_paginator(self, queryset, per_page, *args, **options):
        return super().get_paginator(queryset, per_page, *args, rows=Article.objects.for_pages(), **options)

    def get_context_data(self, **kwargs):
        refused = SourceFile.objects.refused_to(self.request.user)
        return super().get_context_data(filter=self.filter, refused_files=refused, **kwargs)


class Queue(PermissionRequiredMixin, ListView):
    """What waits for this editor, oldest first; with ?show=all everything the office may see."""

    permission_required = "articles.view_all_articles"
    raise_exception = True
    paginate_by = 30
    paginator_class = RecentPaginator
    template_name = "articles/queue.html"

    def get_queryset(self):
        self.waiting_only = self.request.GET.get("show") != "all"
        self.filter = QueueFilter(self.request.GET, user=self.request.user, waiting_only=self.waiting_only)
        articles = Article.objects.visible_to(self.request.user).written_here().exclude(status__in=Article.WITHIN_UNIT)
        # By this PostgreSQL skips all that was taken over: it sorts rows without a day first.
        articles = articles.filter(submitted_at__isnull=False)
        if self.waiting_only:
            articles = waiting_for(self.request.user)
        return [self.filter.narrow(articles)]

    def get_paginator(self, queryset, per_page, *args, **options):
        return super().get_paginator(queryset, per_page, *args, rows=Article.objects.for_pages(), **options)

    def get_context_data(self, **kwargs):
        waiting = waiting_for(self.request.user)
        return super().get_context_data(
            filter=self.filter,
            waiting_only=self.waiting_only,
            waiting_count=waiting.count(),
            first=waiting.order_by("submitted_at", "pk").first(),
            due=Article.objects.due_for(self.request.user).select_related("unit") if self.waiting_only else [],
            may_review=self.request.user.has_perm("articles.review_article"),
            **kwargs,
        )


def waiting_for(user):
    """What this editor may decide: nobody judges their own work."""
    return Article.objects.filter(Article.awaiting(Article.ACCEPT, user)).select_related("unit")
