"""manage.py find_duplicates: stories told twice, in an issue and against all others."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.duplicates import keeping, showing
from articles.models import Article, Print
from issues.duplicates import told_twice
from issues.models import INTERNAL
from issues.past import taking_back
from tests.articles.duplicates.conftest import compared, told
from tests.articles.duplicates.stories import DRILL, DRILL_BY_COMPANY, LECTURE, VISIT
from tests.factories import accepted, issued_issue, make_article, make_issue, submitted

PAST = f"""上海市邮政快递行业
党建、文明创建工作简报
2026年第8期
（总第543期）
上海市邮政管理局党建办、文明办编 2026年4月3日

{DRILL.title}

{DRILL.text}

{LECTURE.title}

{LECTURE.text}
"""


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("find_duplicates", *arguments, stdout=out, stderr=err)
    return out.getvalue()


def listed(*arguments):
    return json.loads(run("--json", *arguments))


@pytest.fixture
def past(db, tmp_path, units):
    """Issue 2026-8, taken over from a file."""
    path = tmp_path / "8.txt"
    path.write_text(PAST)
    call_command("import_issue", str(path), stdout=StringIO(), stderr=StringIO())


def test_an_issue_is_compared_with_past_ones_and_with_what_was_handed_in(past, bulletin, cast):
    story = told(accepted, cast.lin, DRILL_BY_COMPANY, editor=cast.lu)
    make_issue(bulletin, cast.lu, [told(accepted, cast.zhao, VISIT, editor=cast.lu), story])
    copy = told(submitted, cast.zhao, DRILL_BY_COMPANY)

    found = listed("--issue", "2026-10")

    assert [pair["kind"] for pair in found] == ["near-identical", "same event"]
    title = DRILL_BY_COMPANY.title
    assert found[0] == {
        "a": {"issue": "2026-10", "article": 1, "title": title},
        "b": {"issue": None, "article": copy.pk, "title": title},
        "text": 1.0,
        "event": True,
        "kind": "near-identical",
    }
    assert found[1]["b"] == {"issue": "2026-8", "article": 1, "title": DRILL.title}
    assert found[1]["event"]
    assert found[1]["text"] < 0.25
    assert [pair["kind"] for pair in listed("--issue", "2026-8")] == ["same event"] * 2


def test_pairs_within_an_issue_are_listed_once(bulletin, cast):
    stories = [told(accepted, by, DRILL, editor=cast.lu) for by in (cast.lin, cast.zhao)]
    make_issue(bulletin, cast.lu, stories)
    (pair,) = listed("--issue", "2026-10")
    assert {pair["a"]["article"], pair["b"]["article"]} == {1, 2}
    assert len(listed()) == 1
    assert "共 1 对" in run()
    assert "文字基本相同" in run()


def test_drafts_are_not_listed(bulletin, cast):
    make_issue(bulletin, cast.lu, [told(accepted, cast.lin, DRILL, editor=cast.lu)])
    told(make_article, cast.zhao, DRILL)
    assert listed("--issue", "2026-10") == []


def test_an_unknown_issue_is_refused(db):
    with pytest.raises(CommandError, match="2099-1"):
        run("--issue", "2099-1")


def test_what_could_not_be_compared_is_no_empty_list(cast):
    make_article(cast.lin)
    Print.objects.update(told_on=date.max)
    with pytest.raises(CommandError, match="1"):
        run("--json")


def test_a_past_issue_is_told_on_its_day_and_forgotten_when_taken_back(past, cast):
    compared()
    assert set(Print.objects.values_list("told_on", flat=True)) == {date(2026, 4, 3)}
    issue = Article.objects.first().placement.issue
    taking_back.take_back(issue, by=cast.gu)
    compared()
    assert not Print.objects.exists()


@pytest.mark.parametrize("security", ["", INTERNAL])
def test_writers_are_told_of_the_issued_texts_that_they_may_read(bulletin, cast, security):
    issued_issue(bulletin, cast, [told(accepted, cast.lin, DRILL, editor=cast.lu)], security=security)
    mine = told(make_article, cast.zhao, DRILL)
    compared()
    found = showing.matches_of(mine, cast.zhao).found
    assert [match.article.is_issued for match in found] == ([] if security else [True])


def test_no_pair_among_the_real_issues(bulletins_dir, units, bulletin):
    """They tell of two trainings of one day, of two meetings of one kind, of one programme again and again."""
    for number, path in enumerate(sorted(bulletins_dir.glob("*.txt")), 40):
        options = {"date": "2022-12-01"} if "004" in path.name else {}
        given = [f"--{name}={value}" for name, value in options.items()]
        given += [f"--number=2022-{number}"] if "003" not in path.name else []
        call_command("import_issue", str(path), *given, stdout=StringIO(), stderr=StringIO())
    assert keeping.compare_waiting() == 0
    assert Print.objects.count() == Article.objects.count() > 20
    assert told_twice() == []
