"""Every page of the site, for the tests that look at them all: name, who looks, and its address."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import reverse


@dataclass(frozen=True)
class Page:
    """`who` is a name of the cast, empty for a stranger; `path` gets the rows of office.furnish."""

    name: str
    who: str
    path: Callable[[SimpleNamespace], str]
    status: int = 200


def at(view, *fields):
    """The address of a view; `fields` name the rows whose keys it takes."""
    return lambda site: reverse(view, args=[getattr(site, field).pk for field in fields])


PAGES = [
    Page("login", "", at("accounts:login")),
    Page("password-reset", "", at("accounts:password_reset")),
    Page("password-reset-sent", "", at("accounts:password_reset_done")),
    Page("password-reset-link-used", "", lambda site: reverse("accounts:password_reset_confirm", args=["x", "y-z"])),
    Page("password-reset-done", "", at("accounts:password_reset_complete")),
    Page("home-contributor", "lin", at("home")),
    Page("home-editor", "lu", at("home")),
    Page("home-chief-editor", "gu", at("home")),
    Page("home-signer", "fang", at("home")),
    Page("home-distributor", "tang", at("home")),
    Page("home-reader", "shen", at("home")),
    Page("profile", "lin", at("accounts:profile")),
    Page("password-change", "lin", at("accounts:password_change")),
    Page("not-found", "lin", lambda site: "/no-such-page/", status=404),
]
