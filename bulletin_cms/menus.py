"""What surrounds every page: the menu of the person's roles with what waits behind each entry, and the search."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.views import bulletins

from . import todo


@dataclass(frozen=True)
class Entry:
    """`area` is the beginning of the addresses that belong to it; `counts` names the kinds of to-do behind it; None: all."""

    label: str | Promise
    short: str | Promise
    view: str
    icon: str
    area: str
    permissions: tuple[str, ...] = ()
    counts: tuple[str, ...] | None = ()

    def is_for(self, user) -> bool:
        return not self.permissions or any(user.has_perm(name) for name in self.permissions)


WORK = (
    Entry(_("Home"), _("Home"), "home", "home", "/", counts=None),
    Entry(
        _("My articles"),
        pgettext_lazy("menu, short", "Articles"),
        "articles:list",
        "document",
        "/articles/",
        ("articles.write_article",),
        ("returned", "confirm"),
    ),
    Entry(
        _("Commissions"),
        pgettext_lazy("menu, short", "Asked"),
        "articles:my_commissions",
        "comment",
        "/articles/commissions/",
        ("articles.write_article",),
        ("commission",),
    ),
    Entry(
        _("Waiting for my approval"),
        pgettext_lazy("menu, short", "Approve"),
        "articles:approvals",
        "sign",
        "/articles/approvals/",
        ("articles.approve_article",),
        ("approve",),
    ),
    Entry(
        _("Review"),
        pgettext_lazy("menu, short", "Review"),
        "articles:queue",
        "pen",
        "/articles/",
        ("articles.review_article",),
        ("review", "agree", "ratify", "held"),
    ),
    Entry(
        _("Waiting for my sign-off"),
        pgettext_lazy("menu, short", "Sign"),
        "issues:sign_offs",
        "sign",
        "/issues/sign-offs/",
        ("issues.sign_issue",),
        ("sign",),
    ),
    Entry(
        _("Assembly desk"),
        pgettext_lazy("menu, short", "Desk"),
        "issues:list",
        "desk",
        "/issues/",
        ("issues.assemble_issue",),
        ("publish",),
    ),
    Entry(
        _("Commissions"),
        pgettext_lazy("menu, short", "Asked"),
        "articles:commissions",
        "comment",
        "/articles/commissions/",
        ("articles.commission_article",),
    ),
    Entry(
        _("Distribution and receipts"),
        pgettext_lazy("menu, short", "Send"),
        "distribution:list",
        "send",
        "/distribution/",
        ("distribution.manage_mailing", "distribution.view_receipts"),
        ("send", "trouble"),
    ),
    Entry(
        _("Adoption report"),
        pgettext_lazy("menu, short", "Report"),
        "points:report",
        "chart",
        "/points/report/",
        ("articles.write_article",),
    ),
    Entry(
        _("Past issues"),
        pgettext_lazy("menu, short", "Past"),
        "issues:archive",
        "archive",
        "/issues/archive/",
        ("issues.read_archive",),
        ("read",),
    ),
)
REFERENCE = (
    Entry(
        _("Recipient lists"),
        pgettext_lazy("menu, short", "Lists"),
        "issues:recipient_lists",
        "people",
        "/issues/recipient-lists/",
        ("issues.manage_recipient_lists",),
    ),
    Entry(
        _("Reasons"),
        pgettext_lazy("menu, short", "Reasons"),
        "articles:reasons",
        "comment",
        "/articles/reasons/",
        ("articles.edit_reasons",),
    ),
    Entry(
        _("Words and rules"),
        pgettext_lazy("menu, short", "Words"),
        "proofreading:words",
        "search",
        "/proofreading/",
        ("proofreading.edit_words",),
    ),
    Entry(
        _("Adoption report"),
        pgettext_lazy("menu, short", "Report"),
        "points:report",
        "chart",
        "/points/report/",
        ("points.view_ledger",),
    ),
    Entry(
        _("Points"),
        pgettext_lazy("menu, short", "Points"),
        "points:entries",
        "table",
        "/points/",
        ("points.view_ledger",),
    ),
    Entry(
        _("Order of the units"),
        pgettext_lazy("menu, short", "Units"),
        "accounts:units",
        "unit",
        "/accounts/units/",
        ("accounts.arrange_units",),
    ),
    Entry(
        _("Readers"),
        pgettext_lazy("menu, short", "Readers"),
        "distribution:readers",
        "mail",
        "/distribution/readers/",
        ("distribution.manage_mailing",),
    ),
    Entry(
        pgettext_lazy("menu", "Log"),
        pgettext_lazy("menu, short", "Log"),
        "log",
        "list",
        "/log/",
        ("accounts.administer",),
    ),
    Entry(
        _("Users and units"),
        pgettext_lazy("menu, short", "Users"),
        "admin:index",
        "settings",
        "/admin/",
        ("accounts.administer",),
        ("no_address", "backup", "verify"),
    ),
)


def menu(request) -> dict:
    """Context processor. Signed-in pages get the menu; every page gets the bulletin's name.

    Nothing is asked of the database before a template draws it: the parts of pages that are fetched draw no menu.
    """
    lines = SimpleLazyObject(lambda: _bulletin_lines(request))
    context = {
        "bulletin_lines": lines,
        "bulletin_name": SimpleLazyObject(lambda: lines[-1] if lines else _("Bulletin")),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    is_office = user.has_perm("articles.view_all_articles")
    return context | {
        "menu": SimpleLazyObject(lambda: _groups(request)),
        "unread_notices": SimpleLazyObject(user.notices.unread().count),
        "bulletins": SimpleLazyObject(lambda: bulletins.bulletins_of(request)),
        "desk_name": _("Editorial office") if is_office or not user.unit else user.unit,
        "search": _search(user),
    }


def _bulletin_lines(request) -> list[str]:
    bulletin = bulletins.current(request)
    return bulletin.name_lines.splitlines() if bulletin else []


def _groups(request) -> list[dict]:
    counts = getattr(request, "todo", None) or todo.counts(request.user)
    work = [entry for entry in WORK if entry.is_for(request.user)]
    there = {entry.view for entry in work}  # whose roles add up
    reference = [entry for entry in REFERENCE if entry.is_for(request.user) and entry.view not in there]
    groups = [
        {"title": title, "items": [_item(entry, counts) for entry in entries]}
        for title, entries in (("", work), (_("Reference"), reference))
        if entries
    ]
    _mark_current(groups, request.path)
    return groups


def _item(entry: Entry, counts: dict[str, int]) -> dict:
    return {
        "label": entry.label,
        "short": entry.short,
        "url": reverse(entry.view),
        "icon": entry.icon,
        "area": entry.area,
        "badge": sum(counts.values() if entry.counts is None else (counts.get(kind, 0) for kind in entry.counts)),
        "hot": entry.view == "home",
        "current": "",
    }


def _mark_current(groups: list[dict], path: str) -> None:
    """The entry whose address or area is the longest beginning of the page's address."""
    items = [item for group in groups for item in group["items"]]
    for item in items:
        if item["url"] == path:
            item["current"] = "page"
            return
    inside = [item for item in items if item["area"] != "/" and path.startswith(item["area"])]
    if inside:
        max(inside, key=lambda item: len(item["area"]))["current"] = "true"


def _search(user) -> dict | None:
    if not user.has_perm("issues.read_archive"):
        return None
    return {"url": reverse("issues:archive"), "label": _("Search past issues"), "area": _("Whole site")}
