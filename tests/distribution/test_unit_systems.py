"""The page of a unit's own system: its address, its key, a test post."""

import json

import pytest
from django.urls import reverse

from distribution import posting
from distribution.channels.webhook import message
from distribution.models import Channel, Reader
from tests import excel_files, factories
from workflow.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain_reader(system):
    return factories.make_reader("韵达", "办公室", "yd@example.cn")


def page_of(reader, act="system"):
    return reverse(f"distribution:{act}", args=[reader.pk])


@pytest.mark.sqlite
def test_the_key_is_shown_once_and_stands_nowhere(plain_reader, system, cast, as_user, caplog):
    client = as_user(cast.tang)
    answer = client.post(page_of(plain_reader), {"url": system.url, "is_used": "on"}, follow=True)

    plain_reader.refresh_from_db()
    key = message.secret_of(plain_reader)
    assert len(key) == 43
    assert key in answer.text
    assert key not in client.get(page_of(plain_reader)).text
    assert plain_reader.channel == Channel.WEBHOOK
    kept = json.dumps([list(map(str, row)) for row in Reader.objects.values_list()])
    assert key not in kept + "".join(Change.objects.values_list("note", flat=True)) + caplog.text
    assert "hidden" not in "".join(Change.objects.values_list("note", flat=True))  # the address without its query


@pytest.mark.sqlite
def test_another_key_takes_the_place_of_the_first(reader, cast, as_user):
    before = message.secret_of(reader)

    answer = as_user(cast.tang).post(page_of(reader, "system_key"), follow=True)

    reader.refresh_from_db()
    assert message.secret_of(reader) != before
    assert message.secret_of(reader) in answer.text


@pytest.mark.sqlite
@pytest.mark.parametrize(("status", "words"), [(200, "对方已收下"), (401, "对方没有收下"), ("hang up", "没有应答")])
@pytest.mark.sqlite
def test_a_test_post_says_how_it_went(status, words, reader, system, cast, as_user):
    system.status = status
    client = as_user(cast.tang)
    client.post(page_of(reader, "system_trial"))
    assert "正在试发" in client.get(page_of(reader)).text

    posting.post_trials()

    assert words in client.get(page_of(reader)).text
    (posted,) = system.posted
    assert (posted.words["event"], "link" in posted.words) == ("test", False)
    posting.post_trials()
    assert len(system.posted) == 1


@pytest.mark.sqlite
def test_a_wrong_address_is_said_and_kept(plain_reader, cast, as_user):
    answer = as_user(cast.tang).post(page_of(plain_reader), {"url": "oa.example.cn", "is_used": "on"})

    assert answer.status_code == 422
    assert 'value="oa.example.cn"' in answer.text
    assert "写成 https://" in answer.text


@pytest.mark.sqlite
def test_an_address_that_is_taken_away_brings_the_mails_back(reader, cast, as_user):
    as_user(cast.tang).post(page_of(reader), {"url": ""})

    reader.refresh_from_db()
    assert (reader.channel, reader.webhook_url, reader.way) == (Channel.PDF, "", Channel.PDF)


@pytest.mark.sqlite
def test_without_an_address_the_channel_is_not_to_be_had(cast, as_user):
    bare = factories.make_reader("某单位", "甲", "a@example.cn")
    assert factories.make_reader(channel=Channel.WEBHOOK).way == Channel.PAPER

    fields = {"organisation": "某单位", "name": "甲", "email": "a@example.cn", "channel": "webhook", "is_active": "on"}
    answer = as_user(cast.tang).post(reverse("distribution:reader", args=[bare.pk]), fields)
    assert answer.status_code == 422
    assert "先在收件人页面填" in answer.text

    line = ["某单位", "甲", "", "a@example.cn", "", "是", "单位办公系统"]
    wanted = excel_files.uploaded("readers", [*excel_files.READERS, "渠道"], line, by=cast.tang)
    ((_n, column, words),) = excel_files.faults(wanted, cast.tang)
    assert column == "channel"
    assert "先在收件人页面填" in words
