"""Who writes reads at home what the own stories have brought this quarter."""

import pytest

from tests.points.clock import happening_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_home_says_how_many_were_adopted_and_for_how_many_points(counted, cast, as_user):
    client = as_user(cast.lin)
    with happening_on(counted.issue.dated_on):
        page = client.get("/")

    assert "本季采用 2 篇，40 分" in " ".join(page.text.split())
    assert "/points/report/?quarter=2026-4" in page.text


def test_who_has_nothing_in_the_ledger_reads_nothing_of_it(cast, as_user):
    assert "本季" not in as_user(cast.lin).get("/").text
