"""The tables of words: found, added to, ended."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.answers import refusals_as_messages

from .. import keeping
from ..forms import EndForm, WordForm
from ..models import Kind, Word
from ..tables import shipped

ROWS = 50
may_edit = permission_required(keeping.EDIT, raise_exception=True)


def tabs() -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label)) for kind in Kind]


@require_safe
@may_edit
def index(request, kind):
    """The office's own rows before the shipped ones that none of them stands in place of."""
    if kind not in Kind.values:
        raise Http404
    q = request.GET.get("q", "").strip()
    own = [(word.entry, word) for word in Word.objects.filter(kind=kind).select_related("by")]
    taken = {entry.key for entry, _word in own}
    rows = own + [(entry, None) for entry in shipped().of(kind) if entry.key not in taken]
    rows = [
        row for row in rows if q in "\n".join((row[0].name, row[0].other, row[0].wrong, row[0].source, row[0].becomes))
    ]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"tabs": tabs(), "tab": kind, "q": q, "page_obj": page, "rows": page.object_list, "kind": Kind(kind)}
    context |= {"table": f"words-{kind}", "today": timezone.localdate()}
    return render(request, "proofreading/words.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_edit
def add(request, kind):
    if kind not in Kind.values:
        raise Http404
    form = WordForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            keeping.add(form.entry, by=request.user)
            messages.success(request, _("“%(name)s” was added.") % form.cleaned_data)
            return redirect("proofreading:words_of", kind)
    context = {"form": form, "kind": Kind(kind)}
    return render(request, "proofreading/word_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may_edit
def end(request, mark):
    form, entry = EndForm(request.POST or None), None
    with refusals_as_messages(request):
        entry = keeping.looked_up(mark)
    if entry is None:
        return redirect("proofreading:words")
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            keeping.end(mark, **form.cleaned_data, by=request.user)
            messages.success(request, _("“%(name)s” has its last day.") % {"name": entry.name})
            return redirect("proofreading:words_of", entry.kind)
    context = {"form": form, "entry": entry, "kind": Kind(entry.kind)}
    return render(request, "proofreading/word_end.html", context, status=422 if form.errors else 200)
