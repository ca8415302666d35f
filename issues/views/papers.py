"""各种版本: the other forms of an issued issue, for whoever may read it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from typesetting.web import reading

from .. import proofs
from ..content import content_of
from ..models import Issue, Paper
from ..papers import official, requests
from ..papers.kinds import KINDS, WECHAT, Kind
from .answers import attached


@dataclass(frozen=True)
class Form:
    """A line of the page; without a paper it was not asked for yet, which the sweep does."""

    kind: Kind
    paper: Paper | None

    @property
    def is_waiting(self) -> bool:
        return self.paper is None or self.paper.is_queued

    @property
    def characters(self) -> str:
        """3,073, as it is written everywhere."""
        return f"{self.paper.characters:,}" if self.paper and self.paper.characters else ""

    @property
    def has_text(self) -> bool:
        return self.kind.code == WECHAT.code


def _issued(request, pk):
    issues = Issue.objects.issued().readable_to(request.user).filter(is_past=False)
    return get_object_or_404(issues.select_related("bulletin", "frozen", "amends").with_amendments(), pk=pk)


def _ready(request, pk, kind):
    """The issue with the form, which somebody may have; 404 where it is not proven yet."""
    issue = _issued(request, pk)
    if kind not in KINDS:
        raise Http404
    return issue, get_object_or_404(issue.papers, kind=kind, state=Paper.State.READY)


@require_safe
def index(request, pk):
    """All forms; 204 as long as nothing is new."""
    issue = _issued(request, pk)
    made = {paper.kind: paper for paper in issue.papers.all()}
    forms = [Form(kind, made.get(code)) for code, kind in KINDS.items()]
    state = "-".join(str(form.paper.state if form.paper else "") for form in forms)
    if request.htmx and request.GET.get("have") == state:
        return HttpResponse(status=204)
    context = {
        "issue": issue,
        "forms": forms,
        "state": state,
        "is_waiting": any(form.is_waiting for form in forms),
        "is_worker_missing": any(form.paper and proofs.is_worker_missing(form.paper) for form in forms),
        "pdf_sm3": official.sm3_of(issue),
        "may_retry": request.user.has_perm("issues.assemble_issue"),
    }
    return render(request, "issues/_papers.html" if request.htmx else "issues/papers.html", context)


@require_safe
def download(request, pk, kind):
    issue, paper = _ready(request, pk, kind)
    with refusals_as_messages(request):
        form = KINDS[kind]
        return attached(requests.data_of(paper), paper.sha256, requests.file_name(issue, form), form.content_type)
    return redirect("issues:papers", pk)


@require_safe
def text(request, pk):
    """What the copy button puts on the clipboard, as plain text: no browser shows it as a page of this site."""
    issue, paper = _ready(request, pk, WECHAT.code)
    with refusals_as_messages(request):
        html = reading.pasted(requests.data_of(paper))
        response = HttpResponse(html, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "private, no-cache"
        return response
    return redirect("issues:papers", pk)


@require_POST
def retry(request, pk, kind):
    """Make again what failed."""
    issue = get_object_or_404(Issue.objects.issued().for_desk(request.user), pk=pk)
    if kind not in KINDS:
        raise Http404
    with refusals_as_messages(request):
        requests.retry(issue, KINDS[kind], by=request.user)
    return redirect("issues:papers", pk)


@require_safe
def article(request, pk, article_pk):
    """One article of an issued issue, at an address that lasts as long as the issue."""
    issues = Issue.objects.issued().readable_to(request.user)
    issue = get_object_or_404(issues.select_related("bulletin", "frozen", "amends").with_amendments(), pk=pk)
    content = content_of(issue)
    told = next((story for story in (*content.articles, *content.briefs) if story.article_id == article_pk), None)
    if told is None:
        raise Http404
    context = {"issue": issue, "story": told, "is_brief": told in content.briefs}
    return render(request, "issues/issue_article.html", context)
