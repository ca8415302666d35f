"""The upgrade writes down who had which part in what was under way."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from articles import revision
from articles.models import WRITING, Article, ArticleEvent, ReviewPart, Status
from articles.revision import Wording
from tests import factories
from workflow import frozen

migration = import_module("articles.migrations.0021_parts_so_far")


def upgrade(article):
    """The rows as the former release left them, and what the migration makes of them."""
    frozen.remove(connection)
    ReviewPart.objects.all().delete()
    ArticleEvent.objects.update(round=0)
    Article.objects.update(round=0)
    migration.note_parts(apps, None)
    frozen.install(connection)
    article.refresh_from_db()
    return dict(article.parts.filter(round=article.round).values_list("person__username", "step"))


def test_who_wrote_or_handed_in_takes_no_step(cast):
    article = factories.make_article(cast.lin)
    article.apply(Article.SUBMIT, by=factories.make_user("both", "双任", "contributor", unit=cast.lin.unit))

    assert upgrade(article) == {"lin": WRITING, "both": WRITING}


def test_who_edited_or_accepted_has_taken_the_one_step(cast):
    article = factories.submitted(cast.lin)
    revision.revise(article, Wording({"subtitle": "改过"}, {}), by=cast.lu, seen=article.current_version_id)
    article.apply(Article.ACCEPT, by=cast.gu)

    assert upgrade(article) == {"lin": WRITING, "lu": 1, "gu": 1}


def test_who_returned_it_or_accepted_it_before_is_free_in_the_present_round(cast):
    article = factories.accepted(cast.lin, cast.gu)
    article.apply(Article.RETURN, by=cast.lu, note="请补充")
    article.apply(Article.SUBMIT, by=cast.lin)

    assert upgrade(article) == {"lin": WRITING}
    assert article.round == 2


@pytest.mark.parametrize("move", [Article.PLACE, Article.RETURN])
def test_what_was_accepted_goes_on(cast, move):
    article = factories.accepted(cast.lin, cast.gu)
    upgrade(article)

    article.apply(move, by=cast.lu, note="请补充")

    assert article.status in (Status.PLACED, Status.RETURNED)
