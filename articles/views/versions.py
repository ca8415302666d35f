"""Two states of an article beside each other (花脸稿)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .. import versions
from ..models import Article

NOW = "now"  # in the address: what the unit's article says at present


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user).for_pages(), pk=pk)
    texts = _texts(request, article)
    before, after = _chosen(request, texts)
    context = {"article": article, "texts": texts, "before": before, "after": after}
    if before and after:
        context["comparison"] = versions.compare_texts(texts[before], texts[after])
    return render(request, "articles/compare.html", context)


def _texts(request: HttpRequest, article: Article) -> dict[str, versions.Text]:
    """What this person may compare, by its name in the address, oldest first."""
    kept = article.versions.visible_to(request.user).select_related("created_by").order_by("number")
    texts: dict[str, versions.Text] = {str(version.number): version for version in kept}
    if article.is_editable and article.belongs_to(request.user):
        texts[NOW] = article
    return texts


def _chosen(request: HttpRequest, texts: dict[str, versions.Text]) -> tuple[str, str]:
    """The two that were asked for; the last two without a word. Empty where there is no other."""
    names = list(texts)
    after = request.GET.get("b", "")
    after = after if after in texts else next(reversed(names), "")
    before = request.GET.get("a", "")
    earlier = names[: names.index(after)] if after else []
    return before if before in texts else next(reversed(earlier), ""), after
