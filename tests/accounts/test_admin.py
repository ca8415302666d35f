import pytest
from django.core import mail
from django.urls import reverse

from accounts import mails
from accounts.models import RoleAssignment, Unit, User

pytestmark = pytest.mark.sqlite


def test_the_administrator_gives_a_user_roles(as_user, cast):
    url = reverse("admin:accounts_user_change", args=[cast.zhao.pk])
    client = as_user(cast.admin)
    form = client.get(url).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False) and name != "password"}
    [role] = cast.zhao.roles.all()

    response = client.post(
        url,
        data
        | {
            "date_joined_0": "2026-01-01",
            "date_joined_1": "00:00",
            "roles-TOTAL_FORMS": 2,
            "roles-INITIAL_FORMS": 1,
            "roles-0-id": role.pk,
            "roles-0-user": cast.zhao.pk,
            "roles-0-role": "contributor",
            "roles-1-user": cast.zhao.pk,
            "roles-1-role": "approver",
        },
    )

    assert response.status_code == 302, response.context["errors"]
    assert set(RoleAssignment.objects.filter(user=cast.zhao).values_list("role", flat=True)) == {
        "contributor",
        "approver",
    }


@pytest.mark.parametrize(("role", "may_enter"), [("administrator", True), ("editor", False)])
def test_the_role_alone_opens_the_administration(as_user, cast, role, may_enter):
    response = as_user(cast.admin).post(
        reverse("admin:accounts_user_add"),
        {
            "username": "qian",
            "name": "钱有为",
            "email": "qian@example.cn",
            "usable_password": "true",
            "password1": "夜航船-2026-春",
            "password2": "夜航船-2026-春",
            "roles-TOTAL_FORMS": 1,
            "roles-INITIAL_FORMS": 0,
            "roles-0-role": role,
        },
    )

    assert response.status_code == 302, response.context["errors"]
    assert User.objects.get(username="qian").is_staff is may_enter


def test_the_administrator_adds_a_user_with_a_name(as_user, cast):
    response = as_user(cast.admin).post(
        reverse("admin:accounts_user_add"),
        {
            "username": "qian",
            "name": "钱有为",
            "email": "qian@example.cn",
            "usable_password": "true",
            "password1": "夜航船-2026-春",
            "password2": "夜航船-2026-春",
            "roles-TOTAL_FORMS": 0,
            "roles-INITIAL_FORMS": 0,
        },
    )

    assert response.status_code == 302, response.context["errors"]
    assert User.objects.get(username="qian").name == "钱有为"


def test_units_are_found_by_their_short_name(as_user, cast):
    page = as_user(cast.admin).get(reverse("admin:accounts_unit_changelist"), {"q": "青浦局"})

    assert list(page.context["cl"].queryset) == [Unit.objects.get(short_name="青浦局")]


def test_nobody_else_gets_in(as_user, cast):
    assert as_user(cast.gu).get(reverse("admin:index")).status_code == 302


def test_a_person_is_told_of_new_roles_and_a_new_password(as_user, cast):
    client = as_user(cast.admin)
    new = "夜航船-2026-春"
    client.post(reverse("admin:auth_user_password_change", args=[cast.zhao.pk]), {"password1": new, "password2": new})
    [role] = cast.zhao.roles.all()
    roles = {"roles-TOTAL_FORMS": 2, "roles-INITIAL_FORMS": 1, "roles-0-id": role.pk, "roles-0-user": cast.zhao.pk}
    roles |= {"roles-0-role": "contributor", "roles-1-user": cast.zhao.pk, "roles-1-role": "approver"}
    person = {"username": "zhao", "name": "赵知远", "email": "zhao@example.cn", "unit": cast.zhao.unit_id}
    client.post(reverse("admin:accounts_user_change", args=[cast.zhao.pk]), person | roles | {"is_active": "on"})
    mails.send_due()

    password, roles = mail.outbox
    assert password.to == roles.to == ["zhao@example.cn"]
    assert "密码" in password.body
    assert "单位审签人" in roles.body
    assert "管理员" in roles.body
