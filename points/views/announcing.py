"""The pages on which the 采用通报 is drafted and handed in as an article, and on which its wording is edited."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.answers import refusals_as_messages

from .. import announcing, report
from ..models import CLOSE, ENTER
from .reports import asked_range

methods = require_http_methods(["GET", "HEAD", "POST"])


@methods
@permission_required(ENTER, raise_exception=True)
def draft(request):
    """The text as drafted; what was changed in it stays on the page where it can't be handed in."""
    within = asked_range(request)
    found = report.report(within)
    status = 200
    if request.method == "POST":
        title, text = request.POST.get("title", ""), request.POST.get("text", "")
        with refusals_as_messages(request):
            made = announcing.hand_in(found, title, text, by=request.user)
            messages.success(request, _("“%(title)s” is handed in. Another person reviews it.") % {"title": made.title})
            return redirect("articles:detail", made.article_id)
        status = 422
    earlier = announcing.latest(within)
    if request.method != "POST":
        title, text = announcing.draft(found, request.user)
        if earlier and earlier.article.is_returned and earlier.article.created_by_id == request.user.pk:
            title, text = earlier.title, earlier.text
    context = {"within": within, "report": found, "title": title, "text": text, "earlier": earlier}
    return render(request, "points/draft.html", context, status=status)


@methods
@permission_required(CLOSE, raise_exception=True)
def wording(request):
    title, text = announcing.present_wording()
    status = 200
    if request.method == "POST":
        title, text = request.POST.get("title", ""), request.POST.get("text", "")
        with refusals_as_messages(request):
            announcing.save_wording(title, text, by=request.user)
            messages.success(request, _("The wording is saved. The next draft uses it."), extra_tags="toast")
            return redirect(f"{reverse('points:draft')}?{asked_range(request).asked}")
        status = 422
    context = {"title": title, "text": text, "names": announcing.NAMES, "within": asked_range(request)}
    return render(request, "points/wording.html", context, status=status)
