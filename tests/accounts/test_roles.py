"""Who signs neither edits nor administers: refused where roles are given, and by the database."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import RoleAssignment
from accounts.roles import APART_FROM_SIGNER
from tests import factories


def form_of(user, *roles):
    """What the admin's page of a user sends: these roles are added."""
    kept = list(user.roles.order_by("pk"))
    data = {"username": user.username, "name": user.name, "email": user.email, "is_active": "on"}
    data |= {"roles-TOTAL_FORMS": len(kept) + len(roles), "roles-INITIAL_FORMS": len(kept)}
    for at, row in enumerate(kept):
        data |= {f"roles-{at}-id": row.pk, f"roles-{at}-user": user.pk, f"roles-{at}-role": row.role}
    for at, role in enumerate(roles, len(kept)):
        data |= {f"roles-{at}-user": user.pk, f"roles-{at}-role": role}
    return data


@pytest.mark.parametrize("role", sorted(APART_FROM_SIGNER))
def test_the_admin_gives_nobody_both_roles(as_user, cast, role):
    page = reverse("admin:accounts_user_change", args=[cast.fang.pk])

    answer = as_user(cast.admin).post(page, form_of(cast.fang, role))

    assert "签发人不能兼任编辑、主编或管理员" in answer.text
    assert set(cast.fang.roles.values_list("role", flat=True)) == {"signer"}


def test_the_admin_gives_other_roles_to_a_signer(as_user, cast):
    page = reverse("admin:accounts_user_change", args=[cast.fang.pk])

    as_user(cast.admin).post(page, form_of(cast.fang, "distributor"))

    assert set(cast.fang.roles.values_list("role", flat=True)) == {"signer", "distributor"}


def test_a_role_is_exchanged_for_the_signers(as_user, cast):
    page = reverse("admin:accounts_user_change", args=[cast.lu.pk])

    as_user(cast.admin).post(page, form_of(cast.lu, "signer") | {"roles-0-DELETE": "on"})

    assert set(cast.lu.roles.values_list("role", flat=True)) == {"signer"}


@pytest.mark.parametrize("role", sorted(APART_FROM_SIGNER))
def test_the_database_takes_neither_role_beside_the_other(cast, role):
    other = factories.make_user("other", "另一人", role, unit=cast.lu.unit)

    for user, added in ((cast.fang, role), (other, "signer")):
        with pytest.raises(DatabaseError, match="accounts_roleassignment"), transaction.atomic():
            RoleAssignment.objects.create(user=user, role=added)
    second = factories.make_user("second", "又一人", role, "reader", unit=cast.lu.unit)
    with pytest.raises(DatabaseError, match="accounts_roleassignment"), transaction.atomic():
        second.roles.filter(role="reader").update(role="signer")
    assert second.roles.filter(role=role).update(role="signer") == 1
