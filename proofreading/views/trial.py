"""Proofread a pasted text as of a day, without storing it."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from .. import reference
from ..engine import Passage, proofread
from ..forms import TrialForm
from .words import may_edit, tabs


@require_http_methods(["GET", "HEAD", "POST"])
@may_edit
def trial(request):
    """The text is at most as long as two issues, which takes less than a second."""
    form, proof, rows = TrialForm(request.POST or None), None, []
    if request.method == "POST" and form.is_valid():
        title, *paragraphs = [line.strip() for line in form.cleaned_data["text"].splitlines() if line.strip()] or [""]
        proof = proofread(
            [Passage(title, tuple(paragraphs))], as_of=form.cleaned_data["as_of"], tables=reference.current()
        )
        texts = (title, *paragraphs)
        rows = [(each, f"finding.{each.level}", *_around(texts[each.paragraph], each)) for each in proof.findings]
    context = {"tabs": tabs(), "tab": "trial", "form": form, "proof": proof, "rows": rows}
    return render(request, "proofreading/trial.html", context, status=422 if form.errors else 200)


def _around(text, each):
    """Some characters before and behind the quote."""
    return text[max(0, each.start - 10) : each.start], text[each.end : each.end + 10]
