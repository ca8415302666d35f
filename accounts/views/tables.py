"""Tables of Excel: written out, brought in by way of a check page, taken back."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..models import TableImport
from ..tables import importing, writing
from ..tables.checked import STATES
from ..tables.package import LARGEST_FILE
from ..tables.table import find
from .answers import refusals_as_messages

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 50  # on a page
NEWEST = 5


def _table_of(request, name):
    table = find(name)
    if table is None:
        raise Http404
    if not request.user.has_perm(table.permission):
        raise PermissionDenied
    return table


@require_safe
def index(request, table):
    """Where a table is written out and brought in; the newest ones that came in."""
    table = _table_of(request, table)
    stored = TableImport.objects.filter(table=table.name).stored().select_related("by").defer("rows")
    return render(request, "accounts/table.html", {"table": table, "stored": stored[:NEWEST], "largest": LARGEST_FILE})


@require_safe
def export(request, table):
    table = _table_of(request, table)
    words = _("%(table)s %(day)s.xlsx")
    return _file(writing.export(table), words % {"table": table.title, "day": timezone.localdate().isoformat()})


@require_safe
def template(request, table):
    table = _table_of(request, table)
    return _file(writing.template(table), _("%(table)s, template.xlsx") % {"table": table.title})


def _file(data, name):
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"table.xlsx\"; filename*=UTF-8''{quote(name)}"
    return response


@require_POST
def upload(request, table):
    table, file = _table_of(request, table), request.FILES.get("file")
    if file is None:
        messages.error(request, _("Please choose an Excel table first."))
        return redirect("accounts:table", table.name)
    with refusals_as_messages(request):
        return redirect("accounts:table_import", importing.upload(table, file.read(), file.name, by=request.user).pk)
    return redirect("accounts:table", table.name)


def _import_of(request, pk):
    return get_object_or_404(TableImport.objects.visible_to(request.user).select_related("by"), pk=pk)


@require_safe
def check(request, pk):
    """Every row before it is stored; afterwards, what was changed."""
    wanted = _import_of(request, pk)
    context = {"wanted": wanted, "table": wanted.declaration}
    if not wanted.is_waiting:
        page_obj = Paginator(wanted.changes, ROWS).get_page(request.GET.get("page"))
        context |= {"page_obj": page_obj, "lines": importing.described(wanted, page_obj)}
        return render(request, "accounts/table_import.html", context)
    return render(request, "accounts/table_check.html", context | _checked(wanted, request))


def _checked(wanted, request):
    result = importing.check(wanted, by=request.user)
    show = request.GET.get("show")
    rows = [each for each in result.checked if show not in STATES or each.state == show]
    page_obj = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    tabs = [(state, f"row.{state}", result.counts[state]) for state in STATES if result.counts[state] or state == show]
    return {
        "page_obj": page_obj,
        "result": result,
        "show": show,
        "tabs": tabs,
        "lines": [result.line(each) for each in page_obj],
    }


@require_POST
def store(request, pk):
    wanted = _import_of(request, pk)
    with refusals_as_messages(request):
        seen, without_faulty = request.POST.get("seen", ""), request.POST.get("do") == "without_faulty"
        importing.store(wanted, by=request.user, seen=seen, without_faulty=without_faulty)
    return redirect("accounts:table_import", pk)


@require_POST
def undo(request, pk):
    wanted = _import_of(request, pk)
    with refusals_as_messages(request):
        importing.undo(wanted, by=request.user)
    return redirect("accounts:table_import", pk)
