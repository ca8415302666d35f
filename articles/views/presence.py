"""Who else has the article open: the pages on which it is written ask every half minute."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ..models import Article, Presence

SWEPT = timedelta(days=1)


@require_POST
def stay(request: HttpRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    Presence.objects.update_or_create(article=article, user=request.user, defaults={"seen_at": now})
    article.presences.filter(seen_at__lt=now - SWEPT).delete()
    others = article.presences.lately().exclude(user=request.user).select_related("user")
    return render(request, "articles/_presence.html", {"others": others})
