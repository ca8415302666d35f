from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from tests.factories import make_article
from workflow.refusals import Refused


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (1, False)])
def test_a_unit_past_its_last_day_hands_nothing_in(cast, units, days, is_refused):
    article = make_article(cast.lin)
    units.qingpu.valid_to = timezone.localdate() + timedelta(days)
    units.qingpu.save()
    article.refresh_from_db()

    if is_refused:
        with pytest.raises(Refused, match="停用"):
            article.apply(Article.SUBMIT, by=cast.lin)
    else:
        article.apply(Article.SUBMIT, by=cast.lin)
    assert Article.objects.get().status == ("draft" if is_refused else "submitted")
