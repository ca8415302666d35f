"""The desk: putting in, taking out, moving. Every act is a POST form; htmx only swaps what came back."""

from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from articles import richtext
from articles.models import Article, Reason
from articles.views import revising
from workflow.refusals import Refused

from .. import assembly, desk, proofs, remarks, signing, wanted
from ..models import BRIEFS, SECTIONS, Issue
from .answers import number_in, pdf_response

KEPT = ("q", "by", "col")


def _issue(request, pk):
    return get_object_or_404(Issue.objects.for_desk(request.user).select_related("bulletin", "frozen"), pk=pk)


def _kept(request, **more):
    """The part of the address that outlives an act: the search among the waiting articles, the tab on a phone."""
    pairs = {name: request.GET[name] for name in KEPT if request.GET.get(name)} | more
    return f"?{urlencode(pairs)}" if pairs else ""


def _link(request, issue):
    """The desk's address, ready for one more parameter."""
    kept = _kept(request)
    return reverse("issues:desk", args=[issue.pk]) + (f"{kept}&" if kept else "?")


def _context(request, issue, selected=None):
    board = desk.board(issue, signing.present_proof(issue))
    return _pool_context(request, issue) | {
        "issue": issue,
        "board": board,
        "wanted": wanted.of(issue, {section.name for section in board.sections}),
        "column": request.GET.get("col", "issue"),
        "kept": _kept(request),
        "link": _link(request, issue),
        "selected": selected or number_in(request.GET, "sel"),
        "may_publish": request.user.has_perm("issues.publish_issue"),
        "may_assemble": request.user.has_perm("issues.assemble_issue"),
        "signers": desk.signers() if issue.is_pending else [],
    }


def _pool_context(request, issue):
    query, by = request.GET.get("q", "").strip(), request.GET.get("by", "day")
    waiting = desk.pool(request.user, query=query, by=by) if issue.is_open else Article.objects.none()
    return {
        "pool": waiting[: desk.POOL_ROWS],
        "pool_count": waiting.count(),
        "pool_rows": desk.POOL_ROWS,
        "tiers": SECTIONS[:-1],
        "brief_reasons": Reason.objects.offered_for(Reason.Act.BRIEF),
        "held": desk.held(request.user) if issue.is_open else [],
        "query": query,
        "by": by,
    }


def _answer(request, issue, selected=None, said=""):
    """The desk after an act: swapped by htmx, or as a new page with the same article selected."""
    issue = _issue(request, issue.pk)
    if not request.htmx:
        if said:
            messages.info(request, said)
        more = {"sel": selected} if selected else {}
        anchor = f"#p-{selected}" if selected else ""
        return redirect(reverse("issues:desk", args=[issue.pk]) + _kept(request, **more) + anchor)
    return render(request, "issues/_desk.html", _context(request, issue, selected) | {"said": said, "is_swap": True})


@require_safe
def show(request, pk):
    issue = _issue(request, pk)
    if issue.is_issued:
        return redirect("issues:detail", pk=pk)
    if issue.edition:
        return redirect("issues:amendment", pk=pk)
    return render(request, "issues/desk.html", _context(request, issue))


@require_safe
def state(request, pk):
    """What polling asks: nothing new (204), or the desk as it is now."""
    issue = _issue(request, pk)
    state = f"{desk.state_of(issue, signing.present_proof(issue))}{desk.TEXTS}{remarks.state_of(issue)}"
    if request.GET.get("have") == state:
        return HttpResponse(status=204)
    return render(request, "issues/_desk.html", _context(request, issue) | {"is_swap": True})


@require_safe
def pages(request, pk):
    """What the column of pages asks while they are being set: nothing new (204), or that column and what belongs to it."""
    issue, have = _issue(request, pk), request.GET.get("have", "")
    if desk.is_still(issue, have):
        return HttpResponse(status=204)
    context = _context(request, issue)
    if context["board"].state == have:
        return HttpResponse(status=204)
    return render(request, "issues/_desk_pages_swap.html", context)


@require_POST
def place(request, pk, article_pk):
    issue = _issue(request, pk)
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_pk)
    position = number_in(request.POST, "position") or number_in(request.GET, "position")
    section = request.GET.get("section")
    with refusals_as_messages(request):
        assembly.place(issue, article, by=request.user, position=position, section=section)
        undo = reverse("issues:take_out", args=[pk, article_pk])
        words = _("“%(title)s” is now in %(issue)s.") % {"title": article.flat_title, "issue": issue}
        messages.success(request, words, extra_tags=f"toast undo={undo}")
    return _answer(request, issue, selected=article_pk)


@require_POST
def place_many(request, pk):
    """The articles that were ticked, or with `all` the waiting ones that the list shows."""
    issue = _issue(request, pk)
    if "all" in request.POST:
        chosen = list(_pool_context(request, issue)["pool"])
    else:
        ticked = [int(key) for key in request.POST.getlist("article") if key.isdecimal()]
        in_order = {key: at for at, key in enumerate(ticked)}
        chosen = sorted(Article.objects.visible_to(request.user).filter(pk__in=ticked), key=lambda a: in_order[a.pk])
    if not chosen:
        messages.info(request, _("Tick the articles that you want to put in, or put all of them in."))
        return _answer(request, issue)
    with refusals_as_messages(request):
        placed = [placement.article_id for placement in assembly.place_all(issue, chosen, by=request.user)]
        words = _("%(count)s articles are now in %(issue)s.") % {"count": len(placed), "issue": issue}
        if left := len(chosen) - len(placed):
            words += _(" %(count)s were no longer waiting.") % {"count": left}
        undo = reverse("issues:take_out_many", args=[pk]) + "?" + urlencode({"article": placed}, doseq=True)
        messages.success(request, words, extra_tags=f"toast undo={undo}" if placed else "toast")
    return _answer(request, issue)


@require_POST
def take_out_many(request, pk):
    """The articles that the address names: what 撤销 asks for after several were put in."""
    issue = _issue(request, pk)
    articles = [int(key) for key in request.GET.getlist("article") if key.isdecimal()]
    with refusals_as_messages(request):
        taken = assembly.take_out_all(issue, articles, by=request.user)
        messages.success(request, _("%(count)s articles were taken out.") % {"count": len(taken)}, extra_tags="toast")
    return _answer(request, issue)


def _placement(issue, article_pk):
    """The article's place in the issue; if it isn't there any more, who took it out."""
    placement = issue.placements.filter(article=article_pk).select_related("issue", "article", "version").first()
    if placement:
        return placement
    article = get_object_or_404(Article, pk=article_pk)
    event = article.events.filter(transition=Article.TAKE_OUT.name).select_related("by").last()
    words = _("Not done: “%(title)s” was taken out by %(name)s meanwhile.")
    raise Refused(words % {"title": article.flat_title, "name": event.by if event else _("somebody")})


@require_POST
def take_out(request, pk, article_pk):
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        placement = _placement(issue, article_pk)
        where = {"position": placement.position} | ({"section": placement.section} if placement.is_by_hand else {})
        undo = f"{reverse('issues:place', args=[pk, article_pk])}?{urlencode(where)}"
        article = assembly.take_out(placement, by=request.user)
        words = _("“%(title)s” was taken out of %(issue)s.") % {"title": article.flat_title, "issue": issue}
        messages.success(request, words, extra_tags=f"toast undo={undo}")
    return _answer(request, issue)


@require_POST
def move(request, pk, article_pk):
    """To another `section`, to its `number` in the issue, to its `position` in the section, or one up, one down, first, last."""
    issue, said, section = _issue(request, pk), "", request.POST.get("section")
    with refusals_as_messages(request):
        placement = _placement(issue, article_pk)
        if section and section != placement.section:
            position = number_in(request.POST, "position")
            assembly.move_across(placement, section, by=request.user, position=position)
        else:
            assembly.move(placement, _target(issue, placement, request.POST), by=request.user)
        said = _where(issue, article_pk)
    return _answer(request, issue, selected=article_pk, said=said)


def _target(issue, placement, wanted):
    """The place in the section that was asked for, counted from 1."""
    here, number, position = placement.position, number_in(wanted, "number"), number_in(wanted, "position")
    if number is not None:
        row = desk.row_of(issue, placement.article_id)
        assert row, "a placement has its row"
        return number - row.first_number + 1
    if position is not None:
        return position
    places = {"up": here - 1, "down": here + 1, "first": 1, "last": 32_000}
    return places.get(wanted.get("to"), here)


def _where(issue, article_pk):
    sections = desk.sections_of(issue)
    for section in sections:
        alike = [other for other in sections if (other.name == BRIEFS) == (section.name == BRIEFS)]
        for row in section.rows:
            if row.placement.article_id == article_pk:
                numbers = {"number": row.number, "total": sum(len(other.rows) for other in alike)}
                return _("Moved to number %(number)s of %(total)s.") % numbers
    return ""


@csp_replace(richtext.Editor.CSP)  # type: ignore[arg-type]  # its types know views without arguments alone
def revise(request, pk, article_pk):
    """Change the text of an article in the issue; afterwards the desk shows it with its new pages."""
    issue = _issue(request, pk)
    back = reverse("issues:desk", args=[pk]) + f"?sel={article_pk}#p-{article_pk}"
    placement = issue.placements.filter(article=article_pk).select_related("article__unit").first()
    if placement is None or not issue.is_open:
        messages.info(request, _("It is no longer in this issue, or the issue is closed: nothing can be changed."))
        return redirect(back)

    def act(form):
        wording = form.wording
        return assembly.revise(placement, wording, by=request.user, seen=form.seen, is_correction=form.is_correction)

    return revising.answer(request, placement.article, act, back=back)


@require_POST
def switch_kind(request, pk, article_pk):
    """Make a brief of an article, or an article of a brief: it goes to its section."""
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        placement = _placement(issue, article_pk)
        by = request.user
        revising.switch(request, lambda wording, seen: assembly.revise(placement, wording, by=by, seen=seen))
    return _answer(request, issue, selected=article_pk)


@require_POST
def settle(request, pk, article_pk):
    """Say what the warnings of an article come to."""
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        assembly.settle(_placement(issue, article_pk), by=request.user, note=request.POST.get("note", ""))
        messages.success(request, _("Noted: the warnings are checked."))
    return _answer(request, issue, selected=article_pk)


@require_POST
def restore_order(request, pk):
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        assembly.restore_order(issue, by=request.user)
    return _answer(request, issue, said=_("The default order is restored."))


@require_POST
def retry(request, pk):
    """Set a proof again that could not be set."""
    issue = _issue(request, pk)
    proofs.retry(signing.present_proof(issue))
    return _answer(request, issue)


@require_POST
def proofread(request, pk):
    """Ask for the proofs of the texts that are missing or old, without waiting for the sweep."""
    issue, said = _issue(request, pk), ""
    with refusals_as_messages(request):
        assembly.ask_for_proofs(issue, by=request.user)
        said = _("The texts are being proofread. It takes a moment.")
    return _answer(request, issue, said=said)


@require_safe
def proof_pdf(request, pk):
    """The newest proof as a PDF."""
    issue = get_object_or_404(Issue.objects.open().visible_to(request.user), pk=pk)
    proof = proofs.newest_ready(issue)
    if proof is None:
        messages.warning(request, _("The pages are still being set. Please try again in a moment."))
        return redirect("issues:desk", pk=pk)
    return pdf_response(proof.pdf.open("rb"), proof.sha256, _("%(issue)s proof.pdf") % {"issue": issue})


# --- the way to the printed issue ----------------------------------------------------------------------------------
@require_POST
def transition(request, pk, name):
    """Send for sign-off, or take back from it."""
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        if name == Issue.SEND.name:
            signing.send_for_sign_off(issue, by=request.user)
            messages.success(request, Issue.SEND.done % {"title": issue})
        elif name == Issue.RECALL.name:
            signing.back_to_the_desk(issue, Issue.RECALL, by=request.user)
            messages.success(request, Issue.RECALL.done % {"title": issue})
    return redirect("issues:desk", pk=pk)


@require_POST
@permission_required("issues.publish_issue", raise_exception=True)
def publish(request, pk):
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        signing.publish(issue, by=request.user)
        messages.success(request, Issue.PUBLISH.done % {"title": issue})
    return redirect("issues:desk", pk=pk)
