"""What is asked of an entry of each kind, on its page and in its table of Excel."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .models import Kind
from .tables import SEPARATOR

# What the columns mean for each kind: (field, label, hint); a field that isn't named is not asked for.
ASKED: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    Kind.UNITS: (
        ("name", _("Full name"), ""),
        ("other", _("Short names"), _("Several are separated by 、.")),
        ("wrong", _("Common miswritings"), _("Several are separated by 、.")),
        ("becomes", _("Name afterwards"), ""),
    ),
    Kind.PERSONS: (
        ("name", _("Name"), ""),
        ("other", pgettext_lazy("of a person", "Title"), _("As it stands before the name.")),
        ("wrong", _("Common miswritings"), _("Several are separated by 、.")),
        ("extra", _("Order of precedence"), _("A number; empty where none is checked.")),
    ),
    Kind.DOCUMENTS: (
        ("name", _("Full name"), _("Without 《 and 》.")),
        ("other", _("Short names"), _("Several are separated by 、.")),
        ("becomes", _("Name afterwards"), ""),
    ),
    Kind.PHRASES: (
        ("name", _("Right wording"), ""),
        ("wrong", _("Common miswritings"), _("Several are separated by |, for a wording may hold 、.")),
        ("becomes", _("Wording afterwards"), ""),
    ),
    Kind.SERIES: (
        ("name", _("Name of the series"), ""),
        ("other", _("Its parts in their order"), _("Separated by |, for a part may hold 、.")),
    ),
    Kind.CONFUSIONS: (
        ("name", _("Right word"), ""),
        ("wrong", _("Wrong word"), ""),
        (
            "near",
            _("Only near these words"),
            _("Separated by |; ~ is the place of the wrong word: 利用~. Empty: everywhere."),
        ),
        ("unless", _("Not near these words"), _("Separated by |.")),
    ),
}
# What else has to be given.
NEEDED: dict[str, str] = {Kind.PERSONS: "other", Kind.SERIES: "other", Kind.CONFUSIONS: "wrong"}
# Whose parts hold no 、 so that it separates them.
COMMA_KINDS = (Kind.UNITS, Kind.DOCUMENTS, Kind.PERSONS)


def lacks(kind: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What can't be in an entry, as (field, sentence)."""
    if values.get("extra") and not values["extra"].isdecimal():
        yield "extra", gettext("Please give a whole number.")
    if kind == Kind.CONFUSIONS and values.get("wrong") and values.get("wrong") == values.get("name"):
        yield "wrong", gettext("The wrong word is the same as the right one.")
    if kind == Kind.SERIES and values.get("other") and len(values["other"].split(SEPARATOR)) < 2:
        yield "other", gettext("Please give at least two parts.")
