import pytest
from django.core import mail
from django.urls import reverse

from accounts import mails
from tests.factories import PASSWORD

pytestmark = pytest.mark.sqlite


def test_one_changes_ones_own_details_and_nothing_else(as_user, cast, units):
    response = as_user(cast.lin).post(
        reverse("accounts:profile"),
        {
            "name": "林向晚",
            "mobile": "13800000000",
            "email": "new@example.cn",
            "password": PASSWORD,
            "unit": units.yunda.pk,
            "is_staff": "on",
        },
    )

    assert response.url == reverse("accounts:profile")
    cast.lin.refresh_from_db()
    assert (cast.lin.mobile, cast.lin.email) == ("13800000000", "new@example.cn")
    assert (cast.lin.unit, cast.lin.is_staff) == (units.qingpu, False)


def test_it_refuses_an_address_that_another_user_has(as_user, cast):
    response = as_user(cast.lin).post(reverse("accounts:profile"), {"name": "林向晚", "email": "Zhao@example.cn"})

    assert response.status_code == 422
    assert response.context["form"].errors


def test_it_shows_the_persons_unit_and_roles(as_user, cast):
    page = as_user(cast.lin).get(reverse("accounts:profile")).content.decode()

    assert "青浦邮政管理局" in page
    assert "通讯员" in page


def test_a_new_address_needs_the_password(as_user, cast):
    client, url = as_user(cast.lin), reverse("accounts:profile")
    changed = {"name": "林向晚", "email": "new@example.cn"}

    assert client.post(url, changed).status_code == 422
    assert client.post(url, changed | {"password": "wrong"}).status_code == 422
    cast.lin.refresh_from_db()
    assert cast.lin.email == "lin@example.cn"


def test_the_old_address_is_told_of_the_new_one(as_user, cast):
    changed = {"name": "林向晚", "email": "new@example.cn", "password": PASSWORD}
    as_user(cast.lin).post(reverse("accounts:profile"), changed)

    mails.send_due()

    [message] = mail.outbox
    assert message.to == ["lin@example.cn"]
    assert "new@example.cn" in message.body


def test_other_details_need_no_password(as_user, cast):
    changed = {"name": "林向晚", "mobile": "13800000001", "email": "lin@example.cn"}

    assert as_user(cast.lin).post(reverse("accounts:profile"), changed).status_code == 302
