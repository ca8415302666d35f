"""Dates, waits, counts and tags as the office writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from accounts import states as of_accounts
from articles import states as of_articles
from articles.models import Status as ArticleStatus
from bulletin_cms.icons import ICONS
from bulletin_cms.states import OWN, STATES
from bulletin_cms.templatetags import interface
from distribution import states as of_distribution
from distribution.models import DeliveryStatus, MailingStatus
from issues import states as of_issues
from issues.models import Issue
from issues.models import Status as IssueStatus
from proofreading import states as of_proofreading

NOW = datetime(2026, 4, 7, 6, 30, tzinfo=UTC)  # 14:30 in Shanghai


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def rendered(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 4, 7, 1, 14, tzinfo=UTC), "今天 09:14"),
        (datetime(2026, 4, 6, 9, 30, tzinfo=UTC), "昨天 17:30"),
        (datetime(2026, 4, 6, 16, 5, tzinfo=UTC), "今天 00:05"),
        (datetime(2026, 4, 5, 15, 59, tzinfo=UTC), "4月5日"),
        (datetime(2025, 7, 18, 4, 0, tzinfo=UTC), "2025年7月18日"),
        (date(2026, 4, 8), "明天"),
        (date(2026, 12, 31), "12月31日"),
    ],
)
def test_a_day_is_told_as_people_say_it(moment, words):
    assert f">{words}</time>" in interface.zh_day(moment)


def test_a_full_date_is_tight_as_printed():
    assert interface.zh_date(date(2026, 3, 27)) == "2026年3月27日"
    assert interface.zh_date(datetime(2026, 3, 27, 20, 0, tzinfo=UTC)) == "2026年3月28日"


def test_a_time_of_the_day_follows_the_date():
    assert ">4月8日 10:05</time>" in interface.zh_time(datetime(2026, 4, 8, 2, 5, tzinfo=UTC))


def test_no_date_gives_no_words():
    assert [f(None) for f in (interface.zh_day, interface.zh_date, interface.zh_time, interface.waits)] == [""] * 4


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "刚到"),
        (timedelta(minutes=5), "已等 5 分钟"),
        (timedelta(hours=3, minutes=59), "已等 3 小时"),
        (timedelta(days=2), "已等 2 天"),
    ],
)
def test_a_wait_is_told_in_its_largest_unit(age, words):
    assert interface.waits(NOW - age) == words


def test_characters_are_counted_without_white_space_and_marks_of_html():
    assert interface.chars("<p>4月1日，青浦局 <strong>开展</strong></p>\n<p>演练。</p>") == 13


def test_every_status_has_a_tag_with_word_and_icon():
    kinds = {"article": ArticleStatus, "issue": IssueStatus, "mailing": MailingStatus, "delivery": DeliveryStatus}
    shown = {f"{kind}.{value}" for kind, statuses in kinds.items() for value in statuses.values}

    assert shown - set(STATES) == {"delivery.claimed"}  # people see it as queued
    assert {state.icon for state in STATES.values()} <= set(ICONS)


def test_no_app_takes_the_key_of_another():
    apps = (of_accounts, of_proofreading, of_articles, of_issues, of_distribution)

    assert sum(len(app.STATES) for app in apps) + len(OWN) == len(STATES)


def test_a_tag_says_its_word_and_hides_its_icon():
    tag = rendered("{% tag key %}", key="article.returned")

    assert tag.startswith('<span class="tag tag-you"><svg class="i"')
    assert 'aria-hidden="true"' in tag
    assert tag.endswith("退修</span>")


def test_a_document_is_tagged_by_its_status():
    document = Issue(status="issued")

    assert "已印发" in rendered("{% tag document %}", document=document)


@pytest.mark.parametrize("name", sorted(ICONS))
def test_icons_are_shapes_and_nothing_else(name):
    assert not {"script", "style=", "on", "href"} & set(ICONS[name].lower().replace("<", " ").split())
