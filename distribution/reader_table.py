"""The readers as a table of Excel."""

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

from .models import MANAGE, Reader, address_taken


class Readers(Table):
    name = "readers"
    title = gettext_lazy("Readers")
    permission = MANAGE
    home = "distribution:readers"
    key = ("organisation", "name")
    unique = ("user",)
    notes = (
        gettext_lazy("Red headers have to be filled in. A reader is found again by organisation and office."),
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
        Reference("user", gettext_lazy("Account"), among="user", is_listed=False, width=16),
        Choice("is_active", gettext_lazy("Receives new issues"), choices=YES_NO, default=True, example=YES_NO[True]),
    )

    def rows(self) -> QuerySet:
        return Reader.objects.by_tier()

    def known(self) -> Known:
        names = User.objects.values_list("pk", "username")
        return {"unit": unit_names(), "user": Names((pk, name, name) for pk, name in names)}

    def faults(self, checked: list[Checked], rows: list[Any], by: Any) -> Found:
        for each, other in shared(self, checked, rows, "email", _is_active):
            yield each, "email", address_taken(other)
        for each, other in shared(self, checked, rows, "user"):
            yield each, "user", _("%(other)s has this account already.") % {"other": other}

    def keeps(self, rows: list[Any]) -> dict[int, str]:
        return {pk: _("An issue has been sent there by now.") for pk in super().keeps(rows)}


def _is_active(values: Values) -> bool:
    return bool(values["is_active"])


READERS = Readers()
