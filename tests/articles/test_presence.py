"""Each sees who else has the article open. It keeps nobody out, and needs no Redis."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Presence
from tests.factories import make_article, submitted


def stay(client, article):
    return client.post(reverse("articles:presence", args=[article.pk]))


def seen_ago(**past):
    Presence.objects.update(seen_at=timezone.now() - timedelta(**past))


def test_who_writes_is_seen_by_the_others(cast, client_of):
    article = make_article(cast.lin)

    assert "正在编辑" not in stay(client_of(cast.lin), article).text
    assert "林向晚 也在编辑" in stay(client_of(cast.he), article).text
    seen_ago(minutes=2, seconds=5)
    answer = stay(client_of(cast.he), article)

    assert "林向晚 2 分钟前还在编辑" in answer.text
    assert "贺思齐" not in answer.text
    assert Presence.objects.count() == 2


def test_after_ten_minutes_it_is_forgotten_and_after_a_day_gone(cast, client_of):
    article = make_article(cast.lin)
    stay(client_of(cast.lin), article)
    seen_ago(minutes=10)
    assert "林向晚" not in stay(client_of(cast.he), article).text

    seen_ago(days=1)
    stay(client_of(cast.he), article)

    assert [str(presence) for presence in Presence.objects.all()] == ["贺思齐"]


def test_it_is_each_articles_own(cast, client_of):
    stay(client_of(cast.lin), make_article(cast.lin))

    assert "林向晚" not in stay(client_of(cast.he), make_article(cast.lin)).text


def test_nobody_is_kept_out(cast, client_of):
    article = make_article(cast.lin)
    stay(client_of(cast.he), article)

    assert client_of(cast.lin).get(reverse("articles:edit", args=[article.pk])).status_code == 200


@pytest.mark.parametrize(("state", "who"), [("draft", "lin"), ("submitted", "lu")])
def test_the_pages_on_which_it_is_written_ask(state, who, cast, client_of):
    article = make_article(cast.lin) if state == "draft" else submitted(cast.lin)
    page = reverse("articles:edit" if state == "draft" else "articles:revise", args=[article.pk])

    text = client_of(getattr(cast, who)).get(page).text

    assert f'hx-post="{reverse("articles:presence", args=[article.pk])}" hx-trigger="load, every 30s"' in text
