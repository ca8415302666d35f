"""The unit is asked about a text that the office has changed, and answers: signed in, or by the link in its mail."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import links
from accounts.views.answers import number_of, refusals_as_messages
from accounts.views.personal import by_secret

from .. import confirming, photos, versions
from ..forms import AnswerForm
from ..models import WRITE, Article, Photo, UnitConfirmation
from . import renewing
from .detail import article_url


@require_POST
@permission_required(Article.REVIEW, raise_exception=True)
def ask(request, pk):
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    with refusals_as_messages(request):
        confirming.ask(article, by=request.user, seen=number_of(request.POST.get("version")))
        words = _("%(unit)s is asked. Its answer stands here as soon as it comes.")
        messages.success(request, words % {"unit": article.unit.short_name}, extra_tags="toast")
    return redirect(article_url(article))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(WRITE, raise_exception=True)
def by_account(request, pk):
    own = UnitConfirmation.objects.filter(article__in=Article.objects.belonging_to(request.user))
    asked = get_object_or_404(own.for_page(), pk=pk)
    if not asked.is_waiting:
        return redirect(article_url(asked.article))
    form = _form(request, asked)
    if not form.is_valid():
        return _page(request, asked, form)
    with refusals_as_messages(request):
        confirming.answer(asked, by=request.user, remarks=form.remarks)
        messages.success(request, _("The office has your answer. Thank you."))
    return redirect(article_url(asked.article))


@require_http_methods(["GET", "HEAD", "POST"])
@by_secret
def by_link(request, token):
    link = links.find(token, confirming.PAGE)
    asked = confirming.behind(link) if link else None
    if link is None or asked is None:
        return renewing.invalid(request, "unit", token)
    form = _form(request, asked)
    if form.is_valid():
        with refusals_as_messages(request):
            answered = confirming.answer_by_link(link, asked, remarks=form.remarks)
            return render(request, "articles/confirmation_done.html", {"confirmation": answered})
    return _page(request, asked, form, link=link, token=token)


@require_safe
@by_secret
def photo(request, token, pk):
    link = links.find(token, confirming.PAGE)
    asked = link and confirming.behind(link)
    shown = [entry["photo"] for entry in asked.version.photos] if asked else []
    return photos.response(get_object_or_404(Photo, pk=pk, pk__in=shown))


def _form(request, asked) -> AnswerForm:
    return AnswerForm(
        request.POST if request.method == "POST" else None, paragraphs=len(confirming.paragraphs_of(asked))
    )


def _page(request, asked, form, *, link=None, token=""):
    """The version with what the office changed, and beside each paragraph the place for a remark."""
    before = versions.before_of(asked.version, list(asked.article.events.select_related("version")))
    comparison = versions.compare_texts(before or asked.version, asked.version)
    context = {
        "confirmation": asked,
        "form": form,
        "link": link,
        "token": token,
        "before": before,
        "comparison": comparison,
        "rows": [(block, form.beside(block.after_at), behind) for block, behind in comparison.flow],
    }
    return render(request, "articles/confirmation.html", context, status=422 if form.is_bound else 200)
