"""Users and their roles come in and go out as a table of Excel."""

import logging

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from accounts.models import Mail, PersonalLink, TableImport, User
from accounts.tables import importing, writing
from accounts.tables.table import find
from bulletin_cms.logs import HideSecrets
from tests import excel_files, factories
from tests.excel_files import queries_of
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HEADERS = excel_files.USERS
QIAN = ["qian", "钱有为", "青浦局", 13812345678, "qian@example.cn", "通讯员、单位审签人", "是"]
LIN = ["lin", "林向晚", "青浦局", "", "lin@example.cn", "通讯员", "是"]


def taken_in(cast, *lines):
    return excel_files.taken_in("users", HEADERS, *lines, by=cast.admin)


def fault_of(cast, *lines, headers=HEADERS):
    [(_line, name, words)] = excel_files.faults(
        excel_files.uploaded("users", headers, *lines, by=cast.admin), cast.admin
    )
    return name, words


def with_(line, **changed):
    places = dict(zip(["username", "name", "unit", "mobile", "email", "roles", "is_active"], range(7), strict=True))
    return [changed.get(name, line[place]) for name, place in places.items()]


def test_a_new_person_has_unit_roles_and_no_password(cast):
    taken_in(cast, QIAN)

    qian = User.objects.get(username="qian")
    assert (qian.name, qian.unit, qian.mobile, qian.role_names) == (
        "钱有为",
        cast.lin.unit,
        "13812345678",
        {"contributor", "approver"},
    )
    assert not qian.has_usable_password()
    assert not qian.is_staff


@pytest.fixture
def welcome(cast):
    """The path of the link in the mail to a new person."""
    taken_in(cast, QIAN)
    mails.send_due()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["qian@example.cn"], "【请设密码】您的工作简报系统账户")
    assert "您的用户名：qian" in letter.body
    address = next(line for line in letter.body.splitlines() if "/welcome/" in line)
    return address[address.index("/accounts/") :]


def test_the_link_in_the_mail_of_a_new_person_sets_the_password_once(welcome, client):
    page = client.get(welcome, follow=True)
    new = {"new_password1": "夜航船-2026-春", "new_password2": "夜航船-2026-春"}
    client.post(page.redirect_chain[-1][0], new)

    assert User.objects.get(username="qian").check_password("夜航船-2026-春")
    assert "这个链接已用过或已过期" in client.get(welcome, follow=True).text


@pytest.mark.parametrize("why", ["expired", "altered", "switched off"])
def test_a_link_that_is_no_longer_good_offers_a_new_one(why, welcome, client):
    if why == "expired":
        PersonalLink.objects.update(created_at=timezone.now() - PersonalLink.VALID_FOR)
    elif why == "altered":
        welcome = welcome[:-2] + ("A" if welcome[-2] != "A" else "B") + "/"
    else:
        User.objects.filter(username="qian").update(is_active=False)

    page = client.get(welcome, follow=True)

    assert "这个链接已用过或已过期" in page.text
    assert reverse("accounts:password_reset") in page.text


def test_a_link_that_a_mail_scanner_opened_is_still_good(welcome, client):
    for _time in range(3):
        client.get(welcome)

    assert "设新密码" in client.get(welcome, follow=True).text


def test_the_secret_of_the_link_stays_out_of_the_logs(welcome):
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, '"GET %s HTTP/1.1"', (welcome,), None)

    HideSecrets().filter(record)

    assert record.getMessage() == '"GET /accounts/welcome/***/ HTTP/1.1"'


def test_a_new_person_whose_mail_went_out_is_taken_back_with_the_link(cast, welcome, client):
    importing.undo(TableImport.objects.get(), by=cast.admin)

    assert not User.objects.filter(username="qian").exists()
    assert "这个链接已用过或已过期" in client.get(welcome, follow=True).text


def test_who_may_not_sign_in_gets_no_mail(cast):
    taken_in(cast, with_(QIAN, is_active="否"))

    assert not Mail.objects.exists()


def test_other_roles_and_addresses_are_told_as_by_the_administration(cast):
    taken_in(cast, with_(LIN, roles="通讯员,单位审签人", email="new@example.cn"))

    assert User.objects.get(pk=cast.lin.pk).role_names == {"contributor", "approver"}
    told = {each.kind: (each.address, each.detail, each.by) for each in Mail.objects.all()}
    assert told == {
        "roles_changed": ("new@example.cn", "通讯员、单位审签人", cast.admin),
        "address_changed": ("lin@example.cn", "new@example.cn", cast.admin),
    }


def test_the_administrators_role_alone_opens_the_administration(cast):
    taken_in(cast, with_(QIAN, roles="管理员"), with_(LIN, roles="管理员"))
    assert User.objects.filter(username__in=["qian", "lin"], is_staff=True).count() == 2

    taken_in(cast, LIN)
    assert not User.objects.get(username="lin").is_staff


def test_a_column_that_is_missing_changes_nothing_and_an_empty_cell_empties(cast):
    User.objects.filter(pk=cast.lin.pk).update(mobile="138")

    excel_files.taken_in("users", ["用户名", "姓名", "手机"], ["lin", "林晚", ""], by=cast.admin)

    lin = User.objects.get(username="lin")
    assert (lin.name, lin.mobile, lin.email, lin.unit, lin.role_names) == (
        "林晚",
        "",
        "lin@example.cn",
        cast.lin.unit,
        {"contributor"},
    )


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"email": ""}, ("email", "新用户要填邮箱：设密码的链接会寄到那里。")),
        ({"email": "qian"}, ("email", "这不是邮箱地址，正确的例如 name@example.cn")),
        ({"email": "LIN@example.cn"}, ("email", "“林向晚 lin”已在用这个邮箱，请换一个邮箱。")),
        ({"roles": "签发人、编辑"}, ("roles", "签发人")),
        ({"roles": "班长"}, ("roles", "这里不能填“班长”，可以填：通讯员、")),
        ({"username": "钱 <有>"}, ("username", "用户名只能用文字、数字")),
        ({"username": "LIN"}, ("username", "已有用户“lin”，只是大小写不同")),
        ({"username": ""}, ("username", "这一格必填。")),
        ({"name": "钱" * 41}, ("name", "最多 40 个字，现在有 41 个。")),
        ({"name": "钱\u200b"}, ("name", "含有显示不出的字符")),
        ({"unit": "无此单位"}, ("unit", "没有“无此单位”")),
        ({"is_active": "也许"}, ("is_active", "这里不能填“也许”，可以填：是、否。")),
    ],
    ids=lambda value: None,
)
def test_what_can_not_be_is_a_fault_of_its_cell(changed, fault, cast):
    name, words = fault_of(cast, with_(QIAN, **changed))

    assert (name, fault[1] in words) == (fault[0], True)


def test_all_that_is_wrong_with_a_row_is_told_at_once(cast):
    wrong = with_(QIAN, unit="无此单位", email="", roles="签发人、编辑", is_active="也许")
    wanted = excel_files.uploaded("users", HEADERS, wrong, by=cast.admin)

    assert [name for _line, name, _words in excel_files.faults(wanted, cast.admin)] == [
        "email",
        "is_active",
        "roles",
        "unit",
    ]


@pytest.mark.parametrize(
    ("typed", "address"),
    [("ｑｉａｎ＠example.cn", "qian@example.cn"), (" qian @example。cn　", "qian@example.cn")],
)
def test_an_address_is_made_half_width_without_blanks(typed, address, cast):
    taken_in(cast, with_(QIAN, email=typed))

    assert User.objects.get(username="qian").email == address


def test_a_person_who_stands_there_twice_is_a_fault_of_both(cast):
    wanted = excel_files.uploaded("users", HEADERS, QIAN, with_(QIAN, email="other@example.cn"), by=cast.admin)

    assert excel_files.faults(wanted, cast.admin) == [
        (2, "username", "与第 3 行重复，请只留一行。"),
        (3, "username", "与第 2 行重复，请只留一行。"),
    ]


ADMIN = ["admin", "管理员", "上海局", "", "admin@example.cn", "管理员", "是"]


@pytest.mark.parametrize(("column", "value"), [("roles", "编辑"), ("is_active", "否")])
def test_nobody_shuts_themselves_out(column, value, cast):
    factories.make_user("second", "另一位", "administrator")

    name, words = fault_of(cast, with_(ADMIN, **{column: value}))

    assert (name, words) == (column, "不能取消您自己的管理员角色，也不能停用您自己。")


def test_one_administrator_stays(cast):
    root = User.objects.create(username="root", name="根", is_superuser=True)
    lines = [HEADERS, with_(ADMIN, roles="编辑")]
    wanted = excel_files.uploaded("users", *lines, by=root)
    assert excel_files.faults(wanted, root) == [(2, "roles", "这样就没有管理员了，请留一位。")]

    both = excel_files.uploaded("users", *lines, with_(QIAN, roles="管理员"), by=root)
    assert excel_files.states(both, root) == ["changed", "new"]


def test_addresses_may_be_exchanged(cast):
    taken_in(
        cast, with_(LIN, email="zhao@example.cn"), ["zhao", "赵知远", "宝山局", "", "lin@example.cn", "通讯员", "是"]
    )

    assert User.objects.get(username="zhao").email == "lin@example.cn"


def test_it_is_taken_back(cast):
    wanted = taken_in(cast, QIAN, with_(LIN, roles="单位审签人", email="new@example.cn", unit="宝山局"))

    importing.undo(wanted, by=cast.admin)

    assert not User.objects.filter(username="qian").exists()
    lin = User.objects.get(username="lin")
    assert (lin.email, lin.unit, lin.role_names) == ("lin@example.cn", cast.lin.unit, {"contributor"})
    assert Mail.objects.filter(user=cast.lin, kind="roles_changed").count() == 2


def test_who_has_a_password_or_did_something_by_now_stays(cast):
    lines = [with_(QIAN, username=name, email=f"{name}@example.cn") for name in ("set", "wrote", "acted", "idle")]
    wanted = taken_in(cast, *lines)
    chosen = User.objects.get(username="set")
    chosen.set_password("夜航船-2026-春")
    chosen.save()
    factories.make_article(User.objects.get(username="wrote"))
    mails.write(mails.Kind.PASSWORD_CHANGED, cast.lin, by=User.objects.get(username="acted"))

    wanted = importing.undo(wanted, by=cast.admin)

    assert [(each["label"], each["why"]) for each in wanted.remains] == [
        ("钱有为 set", "本人已设密码。"),
        ("钱有为 wrote", "已经在使用。"),
        ("钱有为 acted", "已经在使用。"),
    ]
    assert not User.objects.filter(username="idle").exists()


def test_taking_back_shuts_nobody_out(cast):
    wanted = taken_in(cast, with_(LIN, roles="管理员"))
    lin = User.objects.get(username="lin")

    wanted = importing.undo(wanted, by=lin)

    assert [each["why"] for each in wanted.remains] == ["不能取消您自己的管理员角色，也不能停用您自己。"]
    assert User.objects.get(username="lin").role_names == {"administrator"}


def test_what_is_written_out_comes_in_unchanged(cast):
    data = writing.export(find("users"))

    assert excel_files.lines_of(data)[1] == HEADERS
    wanted = importing.upload(find("users"), data, "用户.xlsx", by=cast.admin)
    assert set(excel_files.states(wanted, cast.admin)) == {"same"}


def test_more_rows_ask_no_more_queries(cast):
    cast.admin.has_perm("accounts.administer")

    def whole_way(start, count):
        names = [f"u{n}" for n in range(start, start + count)]
        lines = [with_(QIAN, username=name, email=f"{name}@example.cn") for name in names]
        wanted, storing = queries_of(lambda: taken_in(cast, *lines))
        changed, changing = queries_of(
            lambda: taken_in(cast, *(with_(line, roles="编辑", email=line[4] + ".cn") for line in lines))
        )
        return (
            storing,
            changing,
            *(queries_of(lambda each=each: importing.undo(each, by=cast.admin))[1] for each in (changed, wanted)),
        )

    assert whole_way(1, 3) == whole_way(10, 20)


def test_an_editor_keeps_no_users(cast, as_user):
    with pytest.raises(Refused, match="不归您办"):
        excel_files.uploaded("users", HEADERS, QIAN, by=cast.gu)
    client = as_user(cast.gu)
    assert client.get(reverse("accounts:table", args=["users"])).status_code == 403
    assert client.get(reverse("accounts:table_export", args=["units"])).status_code == 403
    wanted = excel_files.uploaded("users", HEADERS, QIAN, by=cast.admin)
    assert client.get(reverse("accounts:table_import", args=[wanted.pk])).status_code == 404


def test_a_table_that_is_none_is_not_found(cast, as_user):
    assert as_user(cast.admin).get(reverse("accounts:table", args=["words"])).status_code == 404


def test_the_order_of_the_units_leads_there_for_the_administrator_alone(cast, client_of):
    pages = [client_of(user).get(reverse("accounts:units")).text for user in (cast.admin, cast.lu)]

    assert [reverse("accounts:table", args=["units"]) in page for page in pages] == [True, False]


@pytest.mark.parametrize("model", ["user", "unit"])
def test_the_administration_leads_there(model, cast, as_user):
    page = as_user(cast.admin).get(reverse(f"admin:accounts_{model}_changelist"))

    assert reverse("accounts:table", args=[f"{model}s"]) in page.text
