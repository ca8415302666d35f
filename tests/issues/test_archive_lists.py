"""Past issues by number however it is written, by unit, by a line of their printed lists, and a year on paper."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from issues import search
from issues.models import FrozenContent, Issue, IssueRecipient
from tests import factories
from tests.scenes import scene

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def reader(as_user, cast):
    return as_user(cast.shen)


@scene
def issued(bulletin, cast):
    articles = [
        factories.accepted(cast.lin, cast.lu, title="青浦局开展消防演练", body="<p>网点观摩。</p>"),
        factories.accepted(cast.zhao, cast.lu, title="宝山局检查消防", body="<p>查看记录。</p>"),
    ]
    return factories.issued_issue(bulletin, cast, articles)


def past(bulletin, count, *lines, first=1, security=""):
    """Issued long ago, all at once."""
    frozen, _is_new = FrozenContent.objects.get_or_create(digest="0" * 64, text="{}")
    issues = Issue.objects.bulk_create(
        Issue(
            bulletin=bulletin, year=2001, number=n, total_number=n, dated_on=date(2001, 1, 1), is_past=True,
            status="draft", security=security,
        )
        for n in range(first, first + count)
    )  # fmt: skip
    rows = [(issue, place, text) for issue in issues for place, text in enumerate(lines, 1)]
    IssueRecipient.objects.bulk_create(
        IssueRecipient(issue=issue, direction="across", text=text, position=place) for issue, place, text in rows
    )
    Issue.objects.filter(year=2001, status="draft").update(status="issued", frozen=frozen)
    return issues


def ask(client, **query):
    return client.get(reverse("issues:archive"), query)


def titles(page):
    return [hit.article.flat_title for hit in page.context["hits"]]


@pytest.mark.parametrize(
    "query", ["第545期", "总第545期", "总545", "545期", "第５４５期", "总第５４５期", " 第 545 期 ", "2026年第10期", "２０２６－１０", "第10期"]
)  # fmt: skip
def test_an_issue_is_found_however_its_number_is_written(query, issued, cast):
    assert search.issues_named(query, cast.shen) == [issued]


@pytest.mark.parametrize("query", ["545", "10", "第546期", "2025年第10期", "增10"])
def test_a_bare_number_is_a_word_and_another_number_another_issue(query, issued, cast):
    assert search.issues_named(query, cast.shen) == []


def test_one_units_articles_are_found_with_a_word_and_without(reader, issued, cast):
    assert set(titles(ask(reader, q="消防"))) == {"青浦局开展消防演练", "宝山局检查消防"}

    page = ask(reader, q="消防", unit=cast.zhao.unit_id)
    assert titles(page) == ["宝山局检查消防"]
    assert f'<option value="{cast.zhao.unit_id}" selected>' in page.text
    assert f'name="unit" value="{cast.zhao.unit_id}"' in page.text  # goes on through the narrowing

    assert titles(ask(reader, unit=cast.lin.unit_id)) == ["青浦局开展消防演练"]


def test_a_unit_that_does_not_exist_narrows_nothing(reader, issued):
    assert len(titles(ask(reader, q="消防", unit="99999"))) == 2
    assert ask(reader, unit="'; --").templates[0].name == "issues/archive.html"


def test_a_unit_without_hits_says_so_and_offers_all(reader, issued, cast):
    page = ask(reader, q="消防", unit=factories.make_unit("崇明邮政管理局", "崇明局").pk)

    assert titles(page) == []
    assert "清除筛选" in page.text


def test_the_printed_lists_are_searched(reader, issued, bulletin, cast):
    past(bulletin, 3, "上海市文明办", "上海市快递行业协会")

    page = ask(reader, q="文明办")

    lines = {line.text: line for line in page.context["lines"]}
    assert set(lines) == {text for text in factories.ACROSS if "文明办" in text}
    line = lines["上海市文明办"]
    assert (line.text, line.count, line.first, line.last) == ("上海市文明办", 4, date(2001, 1, 1), issued.dated_on)
    assert "送：上海市<mark>文明办</mark>" in page.text
    assert "共 4 期，2001年1月1日至2026年4月8日" in page.text

    page = reader.get(reverse("issues:archive_line"), {"text": "上海市文明办"})
    assert [issue.number for issue in page.context["page_obj"]] == [10, 3, 2, 1]
    assert "印在 4 期的名单里" in page.text


def test_of_an_internal_issue_others_find_no_line(issued, cast, bulletin):
    past(bulletin, 1, "只在内部一期的单位", security="内部")

    assert search.printed_lines("只在内部一期", cast.shen) == []
    assert len(search.printed_lines("只在内部一期", cast.lu)) == 1


def test_a_line_is_asked_for_in_one_query_however_many_issues_there_are(bulletin, cast):
    past(bulletin, 200, "上海市文明办", "各快递企业")
    assert cast.lu.has_perm("issues.assemble_issue")  # asked once a request
    with CaptureQueriesContext(connection) as queries:
        [line] = search.printed_lines("文明办", cast.lu)
    assert (line.count, len(queries)) == (200, 1)


def test_a_year_is_printed_whole_with_its_contents(reader, issued, bulletin, cast):
    page = reader.get(reverse("issues:archive_print", args=[2026]))
    assert "2026年各期" in page.text
    assert "青浦局开展消防演练" in page.text
    assert "data-print" in page.text

    past(bulletin, 2)
    address = reverse("issues:archive_print", args=[2001])
    with CaptureQueriesContext(connection) as few:
        reader.get(address)
    past(bulletin, 57, first=3)
    with CaptureQueriesContext(connection) as many:
        assert len(reader.get(address).context["issues"]) == 59
    assert len(few) == len(many)

    assert reader.get(reverse("issues:archive_print", args=[1999])).status_code == 404
