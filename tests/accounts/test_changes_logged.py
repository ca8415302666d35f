"""Who changed roles, addresses and passwords, by whichever way, stands in the log; no password does."""

import pytest
from django.urls import reverse

from accounts import second_factor, units
from accounts.tables import importing
from distribution import mailing
from distribution.models import Delivery, DeliveryStatus
from tests import excel_files, factories
from tests.factories import PASSWORD
from workflow import chain
from workflow.models import Change, Entry

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NEW = "夜航船-2026-春"


def logged():
    """(what, who, title, note) of each change, in order."""
    return [(each.what, each.who, each.title, each.note) for each in Change.objects.order_by("pk")]


def roles_form(user, *roles):
    [assignment] = user.roles.all()
    form = {"roles-TOTAL_FORMS": len(roles), "roles-INITIAL_FORMS": 1, "roles-0-id": assignment.pk}
    for number, role in enumerate(roles):
        form |= {f"roles-{number}-role": role, f"roles-{number}-user": user.pk}
    return form


def test_the_administration_changes_roles_address_and_password(as_user, cast):
    client, zhao = as_user(cast.admin), cast.zhao
    person = {"username": "zhao", "name": zhao.name, "email": "new@example.cn", "unit": zhao.unit_id, "is_active": "on"}
    page = reverse("admin:accounts_user_change", args=[zhao.pk])
    assert client.post(page, person | roles_form(zhao, "contributor", "approver")).status_code == 302
    page = reverse("admin:auth_user_password_change", args=[zhao.pk])
    client.get(page)
    client.post(page, {"password1": NEW, "password2": "other"})
    client.post(page, {"password1": NEW, "password2": NEW})

    title, who = f"用户 {zhao}", str(cast.admin)
    assert logged() == [
        ("address", who, title, "电子邮件地址：zhao@example.cn → new@example.cn"),
        ("roles", who, title, "角色：通讯员 → 通讯员、单位审签人"),
        ("password", who, title, ""),
    ]


def test_a_new_user_is_logged_without_the_password(as_user, cast):
    response = as_user(cast.admin).post(
        reverse("admin:accounts_user_add"),
        {
            "username": "qian", "name": "钱有为", "email": "qian@example.cn", "usable_password": "true",
            "password1": NEW, "password2": NEW,
            "roles-TOTAL_FORMS": 1, "roles-INITIAL_FORMS": 0, "roles-0-role": "editor",
        },
    )  # fmt: skip

    assert response.status_code == 302
    added, roles = logged()
    assert added[0] == "added"
    assert "qian@example.cn" in added[3]
    assert roles[3].endswith("→ 编辑")
    chain.link()
    assert not any(NEW in text for entry in Entry.objects.all() for text in (entry.words, entry.fields))


def test_one_changes_ones_own_address_and_password(as_user, cast):
    client = as_user(cast.lin)
    client.post(reverse("accounts:profile"), {"name": "林向晚", "email": "new@example.cn", "password": PASSWORD})
    client.post(
        reverse("accounts:password_change"), {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    )

    assert [(what, who) for what, who, _title, _note in logged()] == [("address", "林向晚"), ("password", "林向晚")]
    assert PASSWORD not in str(logged())


def test_a_table_of_excel_and_its_undoing(cast):
    line = ["lin", "林向晚", "青浦局", "", "lin2@example.cn", "通讯员、编辑", "是"]
    new = ["qian", "钱有为", "青浦局", "", "qian@example.cn", "通讯员", "是"]
    wanted = excel_files.taken_in("users", excel_files.USERS, line, new, by=cast.admin)
    stored = logged()
    importing.undo(wanted, by=cast.admin)
    undone = logged()[len(stored) :]

    assert {(what, note) for what, _who, _title, note in stored if what != "added"} == {
        ("address", "邮箱：lin@example.cn → lin2@example.cn"),
        ("roles", "角色：通讯员 → 通讯员、编辑"),
    }
    assert [title for what, _who, title, _note in stored if what == "added"] == ["用户 钱有为"]
    assert {(what, note) for what, _who, _title, note in undone} == {
        ("removed", ""),
        ("address", "邮箱：lin2@example.cn → lin@example.cn"),
        ("roles", "角色：通讯员、编辑 → 通讯员"),
    }
    assert {who for _what, who, _title, _note in logged()} == {str(cast.admin)}


def test_the_phone_code(cast):
    second_factor.remove(cast.fang, factories.code_of(cast.fang))
    second_factor.reset(cast.fang, by=cast.admin)

    assert [(what, who, note) for what, who, _title, note in logged()] == [
        ("second_factor", str(cast.fang), "已关闭"),
        ("second_factor", str(cast.admin), "已重置"),
    ]


def test_units(as_user, cast):
    unit = cast.lin.unit
    page = reverse("admin:accounts_unit_change", args=[unit.pk])
    form = {"name": unit.name, "short_name": "青浦分局", "tier": unit.tier, "position": 1, "approval": "never"}
    assert as_user(cast.admin).post(page, form).status_code == 302
    units.arrange(unit, tier="post", position=1, by=cast.lu)

    renamed, moved = logged()
    assert renamed[:2] == ("details", str(cast.admin))
    assert "青浦局 → 青浦分局" in renamed[3]
    assert moved[:2] == ("details", str(cast.lu))


def test_the_address_of_a_reader(as_user, bulletin, cast):
    reader = factories.make_reader()
    page = reverse("distribution:reader", args=[reader.pk])
    form = {"organisation": reader.organisation, "name": reader.name, "email": "b@example.cn", "is_active": "on"}
    as_user(cast.tang).post(page, form | {"channel": "pdf", "attached": "pdf"})
    with factories.without_worker():
        copy = mailing.start(factories.issued_issue(bulletin, cast), by=cast.tang).deliveries.get()
    Delivery.objects.update(status=DeliveryStatus.FAILED)
    copy.refresh_from_db()
    mailing.send_to(copy, "c@example.cn", by=cast.gu)
    client = as_user(cast.admin)
    spare = factories.make_reader(name="另一处", email="")
    client.post(reverse("admin:distribution_reader_delete", args=[spare.pk]), {"post": "yes"})

    assert [(what, who, note) for what, who, _title, note in logged()] == [
        ("address", str(cast.tang), "邮箱：office@example.cn → b@example.cn"),
        ("address", str(cast.gu), "邮箱：b@example.cn → c@example.cn"),
        ("removed", str(cast.admin), ""),
    ]
