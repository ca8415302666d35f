"""What people enter by hand: found, entered, reversed; and corrections of which it is open whose fault they were."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.answers import number_of, refusals_as_messages
from articles.models import Article
from issues.models import Issue

from .. import by_hand
from ..forms import HandForm, StorySearch
from ..models import ENTER, HandCause, HandKind

ROWS, FOUND = 30, 20
may_enter = permission_required(ENTER, raise_exception=True)


@require_safe
@may_enter
def index(request):
    rows = HandCause.objects.select_related("article", "unit", "issue__bulletin", "by", "reverses__article")
    page = Paginator(rows.prefetch_related("reversed_by"), ROWS).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "causes": page.object_list,
        "doubts": by_hand.doubts(),
        "kinds": HandKind.choices,
        "tab": "by_hand",
    }
    return render(request, "points/by_hand.html", context)


@require_safe
@may_enter
def choose(request, kind):
    """Which story it is about."""
    kind = _kind(kind)
    form = StorySearch(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    stories = by_hand.articles_for(request.user)
    found = stories.matching_for(request.user, words) if words else stories
    found = found.select_related("unit").order_by("-updated_at", "-pk")[:FOUND]
    return render(
        request, "points/by_hand_story.html", {"kind": kind, "slug": _slug(kind), "q": words, "stories": found}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_enter
def add(request, kind):
    kind = _kind(kind)
    article = _article(request)
    issue = _amendment(request)
    initial = {name: request.GET[name] for name in ("fault",) if name in request.GET}
    form = HandForm(request.POST or None, kind=kind, article=article, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.instance.issue = issue
        with refusals_as_messages(request):
            by_hand.enter(form.instance, by=request.user)
            messages.success(request, _("It is entered. The ledger follows at once."))
            return redirect("points:by_hand")
    context = {"form": form, "kind": kind, "slug": _slug(kind), "article": article, "issue": issue}
    return render(request, "points/by_hand_form.html", context, status=422 if form.errors else 200)


@require_POST
@may_enter
def reverse(request, pk):
    cause = get_object_or_404(HandCause, pk=pk, reverses=None)
    with refusals_as_messages(request):
        by_hand.reverse(cause, by=request.user, why=request.POST.get("note", ""))
        messages.success(request, _("It is reversed. The ledger follows at once."))
    return redirect("points:by_hand")


def _slug(kind):
    return kind.value.replace("_", "-")


def _kind(slug):
    kinds = {_slug(kind): kind for kind in HandKind}
    if slug not in kinds:
        raise Http404
    return kinds[slug]


def _article(request):
    """The story that the address names, which the person may see; None where it names none."""
    if "article" not in request.GET:
        return None
    pk = number_of(request.GET["article"])
    stories = Article.objects.filter(pk__in=by_hand.articles_for(request.user).values("pk"))
    return get_object_or_404(stories.select_related("unit").prefetch_related("merged__unit"), pk=pk)


def _amendment(request):
    if "issue" not in request.GET:
        return None
    issued = Issue.objects.issued().visible_to(request.user).select_related("bulletin")
    return get_object_or_404(issued, pk=number_of(request.GET["issue"]))
