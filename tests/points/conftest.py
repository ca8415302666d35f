"""An office that has counted for two months: what was handed in, printed and returned, by hand."""

from datetime import date
from types import SimpleNamespace

import pytest

from articles.models import Article
from points import ledger, rules
from points.examples import EXAMPLES
from tests import factories, old_issues
from tests.points.clock import happening_on
from tests.scenes import scene


def make_rules(by, valid_from=date(2020, 1, 1), **fields):
    made = EXAMPLES["length"].rules()
    made.valid_from = valid_from
    for name, value in fields.items():
        setattr(made, name, value)
    return rules.add(made, by=by)


def story(length=100):
    return f"<p>{'工' * length}</p>"


@scene
def counted(bulletin, cast):
    """Of September: 青浦 2 handed in, 1 short printed; 宝山 1 and 1. Of October: 青浦 3, 1 long and 1 short printed, 1 returned;
    宝山 1, none printed. A past issue of 2025 has one of 青浦."""
    make_rules(cast.gu)
    days = SimpleNamespace(september=date(2026, 9, 10), october=date(2026, 10, 12))
    with happening_on(date(2026, 9, 1)):
        factories.submitted(cast.lin, body=story())
        early = [factories.accepted(writer, cast.lu, body=story()) for writer in (cast.lin, cast.zhao)]
    factories.issued_issue(bulletin, cast, early, dated_on=days.september)
    with happening_on(date(2026, 10, 1)):
        returned, long, short = (factories.submitted(cast.lin, body=story(length)) for length in (100, 1600, 120))
        factories.submitted(cast.zhao)
    with happening_on(date(2026, 10, 5)):
        reason = factories.make_reason("return", "数据不全")
        returned.apply(Article.RETURN, by=cast.lu, note="补数字", reason=reason)
        for article in (long, short):
            article.apply(Article.ACCEPT, by=cast.lu)
    issue = factories.issued_issue(bulletin, cast, [long, short], dated_on=days.october)
    past = old_issues.past_issue(year=2025, date=date(2025, 10, 8))
    ledger.bring_up_to_date()
    return SimpleNamespace(returned=returned, long=long, short=short, issue=issue, past=past)


@pytest.fixture
def october():
    return "month=2026-10"
