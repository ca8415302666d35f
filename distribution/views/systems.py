"""The page of a reader's own system: its address, its key, which is shown once, a test post."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.answers import refusals_as_messages

from .. import systems
from ..channels.webhook.message import secret_of
from ..forms import SystemForm
from ..models import Channel, Reader
from .mailings import may_manage

# In the session until the page is shown: whose key the person has just made. Never the key itself.
SHOWN_ONCE = "webhook_key_of"


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def system(request, pk):
    reader = get_object_or_404(Reader, pk=pk)
    initial = {"url": reader.webhook_url, "is_used": reader.channel == Channel.WEBHOOK or not reader.webhook_url}
    form = SystemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        generation = reader.webhook_generation
        with refusals_as_messages(request):
            url, is_used = form.cleaned_data["url"], form.cleaned_data["is_used"]
            systems.set_up(reader, url, is_used=is_used, by=request.user)
            messages.success(request, _("%(reader)s is saved.") % {"reader": reader})
            if reader.webhook_generation != generation:
                request.session[SHOWN_ONCE] = reader.pk
        return redirect("distribution:system", reader.pk)
    is_new_key = request.method == "GET" and request.session.pop(SHOWN_ONCE, None) == reader.pk
    context = {"reader": reader, "form": form, "trial": systems.last_trial(reader)}
    context["key"] = secret_of(reader) if is_new_key else ""
    return render(request, "distribution/system.html", context, status=422 if form.errors else 200)


@require_POST
@may_manage
def renew_key(request, pk):
    reader = get_object_or_404(Reader, pk=pk)
    with refusals_as_messages(request):
        systems.renew_key(reader, by=request.user)
        request.session[SHOWN_ONCE] = reader.pk
    return redirect("distribution:system", reader.pk)


@require_POST
@may_manage
def trial(request, pk):
    reader = get_object_or_404(Reader, pk=pk)
    with refusals_as_messages(request):
        systems.request_trial(reader, by=request.user)
    return redirect("distribution:system", reader.pk)
