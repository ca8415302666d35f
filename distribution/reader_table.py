"""The readers as a table of Excel."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.tables.checked import Checked
from accounts.tables.columns import Address, Choice, Column, Known, Names, Reference
from accounts.tables.table import Found, Table, Values, shared
from accounts.unit_table import unit_names
from accounts.user_table import YES_NO

from . import holding
from .models import MANAGE, Attached, Channel, Reader, ReaderGroup, address_taken, lack


class Groups(Column):
    """Any number of groups by their names; its value is the list of their keys in the order of the names."""

    @property
    def empty(self) -> list[int]:
        return []

    def value_of(self, row: Reader) -> list[int]:
        return [group.pk for group in row.groups.all()]

    def read(self, text: str, known: Known) -> list[int]:
        names = known["group"]
        chosen = {names.find(part) for part in re.split(r"[、,，;；]", text) if part.strip()}
        return [pk for pk in names.words if pk in chosen]

    def words(self, value: list[int], known: Known) -> str:
        return "、".join(known["group"].words[pk] for pk in value if pk in known["group"].words)


class Held(Column):
    """Whether nothing is sent to the address; a list of its own says why, and is changed on its page."""

    def value_of(self, row: Any) -> bool:
        return bool(row.is_held)

    def words(self, value: bool, known: Known) -> str:
        return _("held") if value else ""


class Readers(Table):
    name = "readers"
    title = gettext_lazy("Readers")
    permission = MANAGE
    home = "distribution:readers"
    key = ("organisation", "name")
    unique = ("user",)
    unused_by = ("webhook_trials", "Reader_groups+", "ReaderGroup_readers+", "PrintedLine_readers+")
    notes = (
        gettext_lazy("Red headers have to be filled in. A reader is found again by organisation and office."),
        gettext_lazy("Groups are made on the page first; several stand with “、” between them."),
        gettext_lazy("Who has no e-mail address gets a paper copy. One address gets one copy."),
    )
    columns = (
        Column(
            "organisation",
            gettext_lazy("Organisation"),
            is_required=True,
            longest=100,
            width=34,
            example="示例快递有限公司",
        ),
        Column("name", gettext_lazy("Office or person"), is_required=True, longest=60, width=20, example="党群工作部"),
        Reference("unit", gettext_lazy("Unit of this system"), among="unit", width=30, other_headers=("单位",)),
        Address(
            "email",
            gettext_lazy("E-mail"),
            longest=254,
            width=28,
            example="shili@example.cn",
            other_headers=("邮箱", "电子邮箱"),
        ),
        Choice("channel", gettext_lazy("Channel"), choices=dict(Channel.choices), default=Channel.PDF.value, width=18),
        Choice(
            "attached",
            gettext_lazy("Attached to the mail"),
            choices=dict(Attached.choices),
            default=Attached.PDF.value,
            width=18,
        ),
        Reference("user", gettext_lazy("Account"), among="user", is_listed=False, width=16),
        Choice("is_active", gettext_lazy("Receives new issues"), choices=YES_NO, default=True, example=YES_NO[True]),
        Groups("groups", gettext_lazy("Groups"), width=20),
    )
    told = (Held("is_held", gettext_lazy("Address held"), width=12),)

    def rows(self) -> QuerySet:
        return holding.marked(Reader.objects.by_tier()).prefetch_related("groups")

    def known(self) -> Known:
        names = User.objects.values_list("pk", "username")
        return {"unit": unit_names(), "user": Names((pk, name, name) for pk, name in names), "group": _group_names()}

    def row_faults(self, each: Checked) -> Iterator[tuple[str, str]]:
        values = each.values
        if {"channel", "user", "unit"} <= values.keys():
            has_account = bool(values["user"] or values["unit"])
            has_system = each.row is not None and bool(each.row.webhook_url)
            if words := lack(values["channel"], has_account=has_account, has_system=has_system):
                yield "channel", words

    def faults(self, checked: list[Checked], rows: list[Any], by: Any) -> Found:
        for each, other in shared(self, checked, rows, "email", _is_active):
            yield each, "email", address_taken(other)
        for each, other in shared(self, checked, rows, "user"):
            yield each, "user", _("%(other)s has this account already.") % {"other": other}

    def create(self, all_values: list[Values], by: Any) -> list[Any]:
        rows = super().create([_own(values) for values in all_values], by)
        _put_into((row, values["groups"]) for row, values in zip(rows, all_values, strict=True))
        return rows

    def update(self, changes: list[tuple[Any, Values]], by: Any) -> None:
        super().update([(row, _own(values)) for row, values in changes if _own(values)], by)
        moved = [(row, values["groups"]) for row, values in changes if "groups" in values]
        _MEMBERS.filter(reader__in=[row.pk for row, _groups in moved]).delete()
        _put_into(moved)

    def keeps(self, rows: list[Any]) -> dict[int, str]:
        return {pk: _("An issue has been sent there by now.") for pk in super().keeps(rows)}


_MEMBERS = ReaderGroup.readers.through._default_manager


def _own(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != "groups"}


def _put_into(readers: Iterable[tuple[Reader, list[int]]]) -> None:
    through = ReaderGroup.readers.through
    _MEMBERS.bulk_create(through(reader_id=row.pk, readergroup_id=group) for row, groups in readers for group in groups)


def _group_names() -> Names:
    return Names((pk, name, name) for pk, name in ReaderGroup.objects.values_list("pk", "name"))


def _is_active(values: Values) -> bool:
    return bool(values["is_active"])


READERS = Readers()
