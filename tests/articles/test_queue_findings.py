"""The review list says how many findings of each level wait in each article, and which are not proofread yet."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import exempting
from articles.models import TextProof
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

QUERY = {"rule": "turned-term", "level": "query", "quote": "协商", "suggestion": "", "start": 4}


@pytest.fixture
def article(cast):
    return factories.submitted(cast.lin, title="青浦局开展演练", body="<p>部门部门协商，区支队参加。</p>")


def queue(client):
    page = client.get(reverse("articles:queue")).text
    return " ".join(page[page.index("data-queue") :].split())


def test_it_counts_what_is_open_by_level(article, cast, as_user):
    factories.proofread(article, findings=[{}, QUERY])

    page = queue(as_user(cast.lu))

    assert "错误 1</a>" in page
    assert "疑问 1</a>" in page
    assert "警告" not in page
    assert reverse("articles:detail", args=[article.pk]) + "#proofreading" in page


def test_what_was_let_through_is_not_counted(article, cast, as_user):
    factories.proofread(article, findings=[{}])
    exempting.let_through(article, ("doubled-word", "部门部门"), "单位名称如此", by=cast.lu)

    page = queue(as_user(cast.lu))

    assert "错误 1" not in page
    assert "没有发现问题" in page


@pytest.mark.parametrize(
    ("how", "words"),
    [("missing", "正在校对"), ("old", "正在校对"), ("late", "校对没有完成"), ("failed", "校对没有完成")],
)
def test_what_is_not_proofread_never_reads_as_nothing_found(article, cast, as_user, how, words):
    factories.proofread(article, failed=[["half-width-mark", "KeyError: 1"]] if how == "failed" else [])
    proofs = TextProof.objects.all()
    if how == "missing":
        proofs.delete()
    elif how == "old":
        proofs.update(tables="other")
    elif how == "late":
        proofs.update(made_at=None, requested_at=timezone.now() - timedelta(minutes=2))

    page = queue(as_user(cast.lu))

    assert words in page
    assert "没有发现问题" not in page
