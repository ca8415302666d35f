"""An office that begins with nothing: the first page, and what is still to be set up."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import ADMINISTRATOR, CHIEF_EDITOR, EDITOR, SIGNER
from bulletin_cms import first_steps
from issues import numbering
from issues.models import Bulletin
from tests import factories, people

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PASSWORD = "简报-开门第一天-2026"


@pytest.fixture(autouse=True)
def nobody(db):
    people.leave_the_office()


def fields(**others):
    return {
        "code": first_steps.code(),
        "name_lines": "示例行业\n\n 工作简报 ",
        "publisher": "示例管理局办公室",
        "used_number": "9",
        "used_total_number": "544",
        "name": "王莉",
        "username": "wang.li",
        "email": "wang.li@example.cn",
        "password1": PASSWORD,
        "password2": PASSWORD,
    } | others


def begin(client, **others):
    return client.post(reverse("begin"), fields(**others), follow=True)


def test_the_console_says_where_an_empty_office_is_set_up(client, capsys):
    call_command("begin", "--if-empty")
    address = capsys.readouterr().out.split("http://")[1].split("/", 1)[1].strip()

    assert client.get(f"/{address}").templates[0].name == "registration/begin.html"


def test_who_comes_to_the_sign_in_of_an_empty_office_is_told_where_to_begin(client):
    page = client.get(reverse("accounts:login"), follow=True)

    assert page.templates[0].name == "registration/begin_locked.html"
    assert "manage.py begin" in page.text


@pytest.mark.parametrize("code", ["", "0" * 16, "不是"])
def test_nobody_sets_it_up_without_the_code(code, client):
    page = begin(client, code=code)

    assert page.templates[0].name == "registration/begin_locked.html"
    assert not User.objects.exists()


def test_the_office_is_set_up_and_its_administrator_signed_in(client):
    page = begin(client)

    [user], [bulletin] = User.objects.all(), Bulletin.objects.all()
    assert page.context["user"] == user
    assert (user.role_names, user.is_staff, user.check_password(PASSWORD)) == ({ADMINISTRATOR}, True, True)
    assert bulletin.name_lines == "示例行业\n工作简报"
    year = timezone.localdate().year
    assert numbering.next_numbers(bulletin, "regular", year) == (10, 545)


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"name_lines": " \n"}, "请填写印出的刊名"),
        ({"publisher": ""}, "请填写印出的编发单位"),
        ({"password2": "另一个口令-第二天"}, "两遍填的不一样"),
        ({"password1": "123", "password2": "123"}, "密码"),
        ({"username": ""}, "请取一个用户名"),
        ({"name": ""}, "请填写您的姓名"),
        ({"used_number": "九"}, "请填整数"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(others, words, client):
    page = begin(client, **others)

    assert page.status_code == 422
    assert words in page.text
    assert 'value="wang.li@example.cn"' in page.text
    assert first_steps.is_empty()


def test_what_is_wrong_of_the_bulletin_and_of_the_administrator_stands_in_one_list(client):
    page = begin(client, publisher="", name="")
    assert page.text.count("data-error-summary") == 1
    assert "请先改 2 处" in page.text


def test_a_second_one_to_set_it_up_is_sent_to_the_sign_in(client):
    begin(client)
    client.logout()

    assert begin(client, username="second").templates[0].name == "registration/login.html"
    assert User.objects.count() == 1


def titles(user):
    return {step.title: step.is_done for step in first_steps.steps(user)}


def test_the_administrator_reads_what_is_still_to_be_set_up_until_it_is(client, bulletin):
    boss = factories.make_user("boss", "管理员", ADMINISTRATOR)
    bulletin.recipient_lists.all().delete()
    assert titles(boss) == {
        "简报": True, "单位": False, "人员": False, "报送名单": False, "收件人": False, "往期": False
    }  # fmt: skip

    factories.make_unit()
    factories.make_user("zhu", "主编", CHIEF_EDITOR)
    assert not titles(boss)["人员"], "nobody can sign"
    factories.make_user("qian", "签发人", SIGNER)
    factories.make_recipient_list(bulletin)
    assert not titles(boss)["收件人"]
    factories.make_reader()
    assert first_steps.steps(boss) == []


def test_it_is_one_query_and_nobodys_else(bulletin):
    with CaptureQueriesContext(connection) as queries:
        first_steps.steps(factories.make_user("boss", "管理员", ADMINISTRATOR))
    assert sum("EXISTS" in query["sql"] for query in queries) == 1
    assert first_steps.steps(factories.make_user("lu", "编辑", EDITOR)) == []
