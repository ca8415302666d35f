"""The page of the log: what it finds, and that a check which failed, or was never made, never reads as one that found nothing."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.models import User
from bulletin_cms import nightly, verify
from bulletin_cms.models import Upkeep
from tests import factories
from tests.scenes import scene
from workflow import audit, chain, changes, frozen
from workflow.models import Change, Entry

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def log(cast):
    changes.record(cast.lin, Change.What.ROLES, by=cast.admin, note="角色：通讯员 → 编辑")
    changes.record(cast.zhao, Change.What.ADDRESS, by=cast.zhao, note="电子邮箱：a@example.cn → b@example.cn")
    chain.link()


def page(client, **asked):
    return client.get(reverse("log"), asked)


def shown(response):
    return [entry.number for entry, _kind in response.context["entries"]]


def test_it_shows_the_newest_first_with_the_head_of_the_chain(log, as_user, cast):
    response = page(as_user(cast.admin))

    assert shown(response) == [2, 1]
    text = response.content.decode()
    assert chain.last().hash in text
    assert "角色：通讯员 → 编辑" in text
    assert "还没有核对过" in text


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"q": "编辑"}, [1]),
        ({"q": "用户 b@example"}, [2]),
        ({"who": "赵"}, [2]),
        ({"topic": "workflow.change:roles"}, [1]),
        ({"topic": "issues.issueevent"}, []),
        ({"first": "2020-01-01"}, [2, 1]),
        ({"last": "2020-01-01"}, []),
        ({"q": "编辑", "who": "赵"}, []),
    ],
)
def test_it_is_searched_by_words_person_kind_and_days(asked, numbers, log, as_user, cast):
    response = page(as_user(cast.admin), **asked)

    assert shown(response) == numbers
    assert ("没有符合" in response.content.decode()) == (numbers == [])


@pytest.mark.parametrize(
    "asked", [{"first": "昨天"}, {"last": "9999-12-31"}, {"topic": "X"}, {"first": "2026-04-08", "last": "2026-04-01"}]
)
def test_a_filter_that_is_wrong_does_not_read_as_nothing_found(asked, log, as_user, cast):
    response = page(as_user(cast.admin), **asked)

    assert response.status_code == 422
    assert "没有符合" not in response.content.decode()


def test_it_asks_as_often_however_long_it_is(log, as_user, cast, django_assert_num_queries):
    client = as_user(cast.admin)
    page(client)
    for _n in range(60):
        changes.record(cast.lin, Change.What.PASSWORD, by=cast.lin)
    chain.link()

    with django_assert_num_queries(20):
        assert len(shown(page(client))) == 50


def test_what_waits_is_counted(log, as_user, cast):
    changes.record(cast.lin, Change.What.PASSWORD, by=cast.lin)

    assert "还有 1 条" in page(as_user(cast.admin)).content.decode()


def test_the_check_is_made_when_asked_and_says_what_it_found(log, as_user, cast, django_capture_on_commit_callbacks):
    client = as_user(cast.admin)

    def check():
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("check_log"))

    check()
    assert "都对" in page(client).content.decode()

    with transaction.atomic():
        frozen.remove(connection)
        Entry.objects.filter(pk=1).update(words="X")
        frozen.install(connection)
    check()

    text = page(client).content.decode()
    assert "日志有问题" in text
    assert "第 1 条" in text


def test_a_check_that_breaks_off_has_failed(log, as_user, cast, monkeypatch):
    def break_off(_noted):
        yield ""
        raise DatabaseError("磁盘坏了")

    monkeypatch.setattr(audit, "faults", break_off)
    nightly.check_log()

    text = page(as_user(cast.admin)).content.decode()
    assert "日志有问题" in text
    assert "磁盘坏了" in text


@pytest.mark.parametrize("check", [nightly.check_log, nightly.verify_if_due])
def test_a_row_that_can_not_be_chained_is_told(check, log, cast, monkeypatch):
    changes.record(cast.lin, Change.What.PASSWORD, by=cast.lin)

    def said(_change):
        raise ValueError("没有名称")

    monkeypatch.setattr(Change, "said", said)
    check()

    assert any(row.is_failed and "没有名称" in row.said for row in Upkeep.objects.all())


def test_while_it_runs_the_page_says_so_and_no_second_one_is_begun(log, as_user, cast):
    client = as_user(cast.admin)
    with factories.without_worker():
        client.post(reverse("check_log"))
        before = Upkeep.objects.get(kind="log").begun_at
        response = client.post(reverse("check_log"), follow=True)

    assert "正在核对" in response.content.decode()
    assert Upkeep.objects.get(kind="log").begun_at == before


def test_the_nightly_check_reads_the_log_too(log):
    nightly.verify_if_due()

    row = Upkeep.objects.get(kind="log")
    assert row.ended_at == row.good_at
    assert str(verify.LOG) in row.said


def test_the_sign_off_sheet_gives_the_head_of_its_moment(bulletin, cast, as_user):
    with factories.without_worker():
        issue = factories.signed_issue(bulletin, cast)

    text = as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])).content.decode()

    head = issue.sign_offs.get().head
    assert head.hash in text
    assert f"第 {head.number} 条" in text


def test_the_administrator_alone_has_it_in_the_menu(as_user, client_of, cast):
    people = User.objects.filter(username__in=["admin", "gu"])
    seen = {user.username: reverse("log") in client_of(user).get("/").content.decode() for user in people}

    assert seen == {"admin": True, "gu": False}
