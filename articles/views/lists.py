"""The unit's articles, and what waits for an editor."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from accounts.views.answers import asked_next, refusals_as_messages

from .. import assigning, findings, review
from ..duplicates import families, showing
from ..forms import AssignForm, HoldForm, ListFilter, QueueFilter, ticked, words_of
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


class Approvals(PermissionRequiredMixin, ListView):
    """What waits for this person's approval, the longest waiting first."""

    permission_required = Article.APPROVAL
    raise_exception = True
    paginate_by = 30
    template_name = "articles/approvals.html"

    def get_queryset(self):
        waiting = Article.objects.filter(Article.awaiting(Article.APPROVE, self.request.user))
        return waiting.select_related("unit", "created_by", "current_version").order_by("submitted_at", "pk")


class Queue(PermissionRequiredMixin, ListView):
    """What waits for this editor, overdue first; with ?show=all everything the office may see, with mine what they decided."""

    permission_required = "articles.view_all_articles"
    raise_exception = True
    paginate_by = 30
    paginator_class = RecentPaginator
    template_name = "articles/queue.html"

    def get_queryset(self):
        asked = self.request.GET.get("show")
        self.show = asked if asked in ("all", "mine") else ""
        self.filter = QueueFilter(self.request.GET, user=self.request.user, waiting_only=not self.show)
        if not self.show:
            return [self.filter.narrow(Article.objects.waiting_for(self.request.user))]
        articles = Article.objects.visible_to(self.request.user).written_here().exclude(status__in=Article.WITHIN_UNIT)
        # By this PostgreSQL skips all that was taken over: it sorts rows without a day first.
        articles = articles.filter(submitted_at__isnull=False)
        return [self.filter.narrow(articles.judged_by(self.request.user) if self.show == "mine" else articles)]

    def get_paginator(self, queryset, per_page, *args, **options):
        rows, gather = Article.objects.for_queue(), families.gathered
        return super().get_paginator(queryset, per_page, *args, rows=rows, gather=gather, **options)

    def get_context_data(self, **kwargs):
        waiting = Article.objects.waiting_for(self.request.user)
        context = super().get_context_data(
            filter=self.filter,
            show=self.show,
            waiting_only=not self.show,
            waiting_count=waiting.count(),
            first=waiting.by_due_day().first(),
            due=Article.objects.due_for(self.request.user).select_related("unit") if not self.show else [],
            holders=Article.objects.assignees(),
            may_review=self.request.user.has_perm("articles.review_article"),
            assign_form=AssignForm(),
            **kwargs,
        )
        counts = showing.counts_of(context["object_list"], self.request.user)
        panels = findings.panels_of(context["object_list"])
        for group in context["page_obj"].groups:
            group[0].units = list(dict.fromkeys(article.unit.short_name for article in group))
        for article in context["object_list"]:
            article.duplicates, article.panel = counts[article.pk], panels.get(article.pk)
        return context


@require_POST
@permission_required("articles.review_article", raise_exception=True)
def assign(request):
    """Give the ticked articles to somebody, take them, or give them back to everybody."""
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, words_of(form))
    else:
        with refusals_as_messages(request):
            person, due_on = form.to_of(request.user), form.cleaned_data["due_on"]
            count = assigning.assign(ticked(request.POST), to=person, due_on=due_on, by=request.user)
            messages.success(request, _("%(count)s articles are given.") % {"count": count})
    return redirect(asked_next(request) or "articles:queue")


@require_POST
@permission_required("articles.review_article", raise_exception=True)
def remind(request):
    """Ask those who hold the ticked articles to review them soon."""
    with refusals_as_messages(request):
        count = assigning.remind(ticked(request.POST), by=request.user)
        messages.success(request, _("Of %(count)s articles their reviewers are reminded.") % {"count": count})
    return redirect(asked_next(request) or "articles:queue")


@require_POST
@permission_required("articles.review_article", raise_exception=True)
def hold(request):
    """Keep the ticked articles for later."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        messages.error(request, words_of(form))
        return redirect(asked_next(request) or "articles:queue")
    until = form.cleaned_data["until"]
    with refusals_as_messages(request):
        count = review.hold(ticked(request.POST), until=until, by=request.user)
        messages.success(request, _("%(count)s articles are kept for later.") % {"count": count})
    return redirect(asked_next(request) or "articles:queue")
