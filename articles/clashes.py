"""The places that two people changed, for the page on which one of them chooses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import richtext
from .dates import written
from .merging import Choice, Clash
from .models import Article, Kind, Photo

WORDS: dict[Choice, str | Promise] = {
    "mine": gettext_lazy("Take mine"),
    "theirs": gettext_lazy("Take the other one"),
    "both": gettext_lazy("Keep both"),
}


@dataclass(frozen=True)
class ShownClash:
    """What a person sees of a clash: where it is, both texts, and what may be chosen. Nothing is dropped by `default`."""

    key: str
    label: str
    mine: SafeString
    theirs: SafeString
    choices: list[tuple[Choice, str | Promise]]
    default: Choice


def shown(clashes: Iterable[Clash]) -> list[ShownClash]:
    return [_shown(clash) for clash in clashes]


def _shown(clash: Clash) -> ShownClash:
    mine, theirs = (_html(clash.name, text) for text in (clash.mine, clash.theirs))
    choices = [(choice, WORDS[choice]) for choice in clash.choices]
    return ShownClash(clash.key, _label(clash), mine, theirs, choices, default=_default(clash))


def _default(clash: Clash) -> Choice:
    """Both where both can stand; never a deletion."""
    if "both" in clash.choices:
        return "both"
    return "mine" if clash.mine else "theirs"


def _label(clash: Clash) -> str:
    field, _hyphen, key = clash.name.partition("-")
    if clash.is_in_text:
        return _("Paragraph %(number)s") % {"number": clash.number}
    if field == "order":
        return _("Order of the photos")
    model: type[Model] = Photo if key else Article
    return str(cast("Field", model._meta.get_field(field)).verbose_name)


def _html(name: str, text: str) -> SafeString:
    if name == "body":
        return richtext.to_safe(text)
    if name == "kind" and text:
        text = str(Kind(text).label)
    if name == "event_on" and text:
        text = written(date.fromisoformat(text))
    if name == "order":
        text = _("Photos %(numbers)s") % {"numbers": text.replace(",", "、")}
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - what was typed is escaped
