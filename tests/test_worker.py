"""How the acts tell a worker that there is work, whether or not the broker is there."""

import json

import pytest

from tests.site import site

pytestmark = [pytest.mark.worker, pytest.mark.sqlite]  # where a migrated database is there already

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
PAGE_THAT_ASKS_FOR_WORK = """
import json, time
from django.test import Client
from tests import factories

bulletin, unit = factories.make_bulletin(review_steps=1), factories.make_unit()
lin = factories.make_user("lin", "林向晚", "contributor", unit=unit)
lu = factories.make_user("lu", "陆一鸣", "editor", unit=unit)
issue = factories.make_issue(bulletin, lu, [factories.accepted(lin, lu)])
draft = factories.make_article(lin)
answers = []
for who, method, path in (
    (lu, "get", f"/issues/{issue.pk}/"),
    (lu, "post", f"/issues/{issue.pk}/restore-order/"),
    (lin, "post", f"/issues/articles/{draft.pk}/preview/"),
):
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(who)
    begun = time.monotonic()
    answers.append([path, getattr(client, method)(path).status_code, time.monotonic() - begun])
begun = time.monotonic()
for _ in range(20):
    notify("distribution.tasks.pump")
print(json.dumps([answers, time.monotonic() - begun]))
"""


def test_a_broker_that_is_away_costs_a_page_neither_an_error_nor_time(tmp_path):
    with site(tmp_path, REDIS_URL=NOBODY_LISTENS) as here:
        answers, seconds = json.loads(
            here.shell(f"from workflow.worker import notify\n{PAGE_THAT_ASKS_FOR_WORK}").splitlines()[-1]
        )
    assert [status for _path, status, _seconds in answers] == [200, 302, 200]
    assert seconds < 20 * 0.05
