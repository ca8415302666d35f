"""Writes down what was changed of users, units and readers, by whom, from what to what."""

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .models import Change

What = Change.What
# The changes that are told as kinds of their own, by the name of the field.
KINDS = {"email": What.ADDRESS, "roles": What.ROLES}
NOTHING = "—"


def record(row: models.Model, what: str, *, by: Any, note: str = "") -> None:
    """`by` is a user, or None for the program. Call it in the transaction that changes the row."""
    Change.objects.create(**_fields(row, what, by, note))


def draft(row: models.Model, what: str, *, by: Any, note: str = "") -> Change:
    """For many at once: Change.objects.bulk_create."""
    return Change(**_fields(row, what, by, note))


def _fields(row: models.Model, what: str, by: Any, note: str) -> dict[str, Any]:
    return {
        "by": getattr(by, "pk", None),
        "who": str(by or ""),
        "what": what,
        "about": row._meta.label_lower,
        "row": row.pk,
        "title": f"{capfirst(str(row._meta.verbose_name))} {row}",
        "note": note,
    }


def kind_of(field: str) -> str:
    return KINDS.get(field, What.DETAILS)


def moved(label: Any, before: str, after: str) -> str:
    """邮箱：a@example.cn → b@example.cn"""
    return f"{label}：{before or NOTHING} → {after or NOTHING}"


def record_form(form: "forms.ModelForm[Any]", *, by: Any, is_new: bool) -> None:
    """What a saved form has changed: a row for the address, one for all else."""
    row = form.instance
    columns = {field.name for field in row._meta.concrete_fields} - {"password"}
    names = [name for name in form.changed_data if name in columns and not _is_secret(form.fields[name])]
    if is_new:
        given = [f"{form.fields[name].label}：{_words(form, name, form.cleaned_data[name])}" for name in names]
        record(row, What.ADDED, by=by, note="；".join(given))
        return
    notes: dict[str, list[str]] = {}
    for name in names:
        before, after = (_words(form, name, value) for value in (form.initial.get(name), form.cleaned_data[name]))
        notes.setdefault(kind_of(name), []).append(moved(form.fields[name].label, before, after))
    for what, words in notes.items():
        record(row, what, by=by, note="；".join(words))


def _is_secret(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.PasswordInput)


def _words(form: "forms.ModelForm[Any]", name: str, value: Any) -> str:
    """A value as people read it; a chosen row comes as its key where it is what stood there before."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    column: Any = form.instance._meta.get_field(name)
    if column.is_relation and not isinstance(value, models.Model):
        value = column.related_model._base_manager.filter(pk=value).first() or value
    return str(dict(column.flatchoices).get(value, value))
