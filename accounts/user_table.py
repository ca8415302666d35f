"""The users with their roles as a table of Excel."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import mails
from .models import RoleAssignment, User
from .people import ADMINISTER, APART, address_mail, is_staff, roles_mail
from .roles import ADMINISTRATOR, ROLES, are_apart
from .tables.checked import Checked
from .tables.columns import Address, Choice, Column, Fault, Known, Name, Reference, Several
from .tables.table import Found, Table, Values, shared
from .unit_table import unit_names

YES_NO = {True: gettext_lazy("yes"), False: gettext_lazy("no")}


class UserName(Name):
    def read(self, text: str, known: Known) -> str:
        value = super().read(text, known)
        try:
            User.username_validator(value)
        except ValidationError as error:
            raise Fault(_("A user name has letters, digits and @ . + - _ only.")) from error
        return value


class Roles(Several):
    """Rows of their own, which Users writes."""

    def value_of(self, row: Any) -> list[str]:
        held = {assignment.role for assignment in row.roles.all()}
        return [name for name in ROLES if name in held]

    def put(self, row: Any, value: list[str]) -> None:
        pass


class Users(Table):
    name = "users"
    title = gettext_lazy("Users")
    permission = ADMINISTER
    home = "admin:accounts_user_changelist"
    key = ("username",)
    unused_by = ("roles", "mails", "links")
    unique = ("email",)
    notes = (
        gettext_lazy("Red headers have to be filled in. A person is found again by the user name."),
        gettext_lazy(
            "A new one needs an e-mail address, to which a link for the password goes. Several roles are divided by 、."
        ),
    )
    columns = (
        UserName("username", gettext_lazy("User name"), is_required=True, longest=150, example="shili"),
        Column("name", gettext_lazy("Name"), is_required=True, longest=40, example="示例甲"),
        Reference("unit", gettext_lazy("Unit"), among="unit", width=30),
        Name("mobile", gettext_lazy("Mobile"), longest=20, example="13800000000"),
        Address(
            "email",
            gettext_lazy("E-mail"),
            longest=254,
            width=28,
            example="shili@example.cn",
            other_headers=("邮箱", "电子邮箱"),
        ),
        Roles(
            "roles",
            gettext_lazy("Roles"),
            choices={name: role.label for name, role in ROLES.items()},
            width=24,
            example=ROLES["contributor"].label,
        ),
        Choice("is_active", gettext_lazy("May sign in"), choices=YES_NO, default=True, example=YES_NO[True]),
    )

    def rows(self) -> QuerySet:
        return User.objects.order_by("username").prefetch_related("roles")

    def known(self) -> Known:
        return {"unit": unit_names()}

    def label(self, values: Values) -> str:
        return f"{values['name']} {values['username']}"

    def row_faults(self, each: Checked) -> Iterator[tuple[str, str]]:
        values = each.values
        if each.row is not None and each.row.username != values["username"]:
            words = _("There is “%(name)s” already. Please write it alike.")
            yield "username", words % {"name": each.row.username}
        if each.row is None and "username" in values and values.get("email") == "":
            yield "email", _("A new user needs an address: the link for the password goes there.")
        if not are_apart(values.get("roles", [])):
            yield "roles", str(APART)

    def faults(self, checked: list[Checked], rows: list[Any], by: Any) -> Found:
        yield from self._administration(checked, rows, by)
        words = _("%(other)s has this address already. Please give another one.")
        for each, other in shared(self, checked, rows, "email"):
            yield each, "email", words % {"other": other}

    def _administration(self, checked: list[Checked], rows: list[Any], by: Any) -> Found:
        """Nobody shuts themselves out, and one administrator stays."""
        administrators = {row.pk for row in rows if _administers(self.values_of(row))}
        losing = [
            each for each in checked if each.row and each.row.pk in administrators and not _administers(each.values)
        ]
        gained = any(_administers(each.values) for each in checked if not each.row or each.row.pk not in administrators)
        is_last = not gained and len(losing) == len(administrators)
        for each in losing:
            name = "is_active" if not each.values["is_active"] else "roles"
            if each.row.pk == by.pk:
                yield each, name, _("You can't shut yourself out of the administration.")
            elif is_last:
                yield each, name, _("No administrator would be left.")

    def create(self, all_values: list[Values], by: Any) -> list[Any]:
        rows = [self._filled(User(), values) for values in all_values]
        for row, values in zip(rows, all_values, strict=True):
            row.password, row.is_staff = make_password(None), is_staff(values["roles"])
        rows = User.objects.bulk_create(rows)
        _give_roles((row, values["roles"]) for row, values in zip(rows, all_values, strict=True))
        mails.write_all(mails.draft(mails.Kind.ACCOUNT_MADE, row, by=by) for row in rows if row.is_active)
        return rows

    def update(self, changes: list[tuple[Any, Values]], by: Any) -> None:
        former = {row.pk: row.email for row, _values in changes}
        fields = [(row, {name: value for name, value in values.items() if name != "roles"}) for row, values in changes]
        super().update([(row, values) for row, values in fields if values], by)
        moved = [(row, values["roles"]) for row, values in changes if "roles" in values]
        RoleAssignment.objects.filter(user__in=[row.pk for row, _roles in moved]).delete()
        _give_roles(moved)
        for row, roles in moved:
            row.is_staff = is_staff(roles)
        User.objects.bulk_update([row for row, _roles in moved], ["is_staff"])
        told = [address_mail(row, former[row.pk], by=by) for row, values in changes if "email" in values]
        mails.write_all([*told, *(roles_mail(row, roles, by=by) for row, roles in moved)])

    def keeps(self, rows: list[Any]) -> dict[int, str]:
        signed_in = {
            row.pk: _("This person has chosen a password by now.") for row in rows if row.has_usable_password()
        }
        return super().keeps(rows) | signed_in


def _administers(values: Values) -> bool:
    return values["is_active"] and ADMINISTRATOR in values["roles"]


def _give_roles(people: Iterable[tuple[User, list[str]]]) -> None:
    RoleAssignment.objects.bulk_create(RoleAssignment(user=user, role=role) for user, roles in people for role in roles)


USERS = Users()
