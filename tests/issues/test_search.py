import base64
from datetime import date
from hashlib import sha256
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from issues import proofs, search
from issues.content import content_of, freeze
from issues.models import ArchiveEntry, Issue, IssueKind, Status
from tests import factories
from tests.scenes import scene


@pytest.fixture
def reader(as_user, cast):
    return as_user(cast.shen)


@scene
def issued(bulletin, cast):
    articles = [
        factories.accepted(
            cast.lin, cast.lu, title="青浦邮政管理局开展分拨中心\n消防演练", body="<p>组织网点负责人观摩。</p>"
        ),
        factories.accepted(
            cast.zhao, cast.lu, title="宝山局检查网点充电", body="<p>查看了预案和消防演练记录，对飞线充电督促整改。</p>"
        ),
        factories.accepted(cast.lin, cast.lu, kind="brief", title="", body="<p>4月3日，青浦局慰问快递员。</p>"),
    ]
    return factories.issued_issue(bulletin, cast, articles, pages=3, first_pages=[1, 3])


def ask(client, query, **more):
    return client.get(reverse("issues:archive"), {"q": query, **more})


def found(answer):
    return [hit.article.flat_title for hit in answer.context["hits"]]


def test_a_word_is_found_in_title_and_text_with_titles_first(reader, issued):
    answer = ask(reader, "消防演练")

    assert found(answer) == ["青浦邮政管理局开展分拨中心消防演练", "宝山局检查网点充电"]
    assert "标题含“消防演练”的 1 篇" in answer.text
    assert "青浦邮政管理局开展分拨中心<mark>消防演练</mark>" in answer.text
    assert "查看了预案和<mark>消防演练</mark>记录" in answer.text


def test_a_hit_names_issue_day_and_unit(reader, issued):
    page = ask(reader, "飞线").text

    assert "2026年第10期（总第545期）" in page
    assert "2026年4月8日" in page
    assert "宝山局" in page


def test_what_is_not_issued_is_not_found(reader, issued, cast):
    factories.accepted(cast.lin, cast.lu, title="还没有印发的消防演练")

    assert len(found(ask(reader, "消防演练"))) == 2


def test_nothing_found_says_what_to_try(reader, issued):
    page = ask(reader, "不存在的词").text

    assert "没有“不存在的词”" in page


@pytest.mark.parametrize(
    ("limits", "titles"),
    [
        ({"kind": "brief"}, []),
        ({"tier": ["branch", "courier"]}, 2),
        ({"tier": "courier"}, []),
        ({"year": "2026"}, 2),
        ({"year": ["2019", "x"]}, []),
    ],
)
def test_hits_are_narrowed_down(limits, titles, reader, issued):
    answer = ask(reader, "消防演练", **limits)

    assert len(found(answer)) == (titles or 0)
    assert dict(answer.context["found"].facets())["year"][0].count == 2


def test_the_page_of_the_pdf_is_linked(reader, issued):
    page = ask(reader, "飞线").text

    assert f"{reverse('issues:archive_pdf', args=[issued.pk])}#page=3" in page
    assert "看 PDF 第 3 页" in page


@pytest.mark.parametrize(
    "query",
    ["2026-10", "2026年第10期", "2026年10期", "总545", "总第545期", "2026-04-08", "2026年4月8日", "２０２６－１０"],
)
def test_a_number_or_a_date_brings_the_issue_first(query, reader, issued):
    assert ask(reader, query).context["issues"] == [issued]


@pytest.mark.parametrize("query", ["2026-11", "总9", "2026年2月31日", "消防", "2026", "1-1-1"])
def test_other_words_bring_no_issue(query, issued, cast):
    assert search.issues_named(query, cast.lu) == []


def test_a_supplement_is_called_by_its_own_number(bulletin, cast):
    supplement = factories.past_issue(kind=IssueKind.SUPPLEMENT, number=1)

    assert search.issues_named("2026年增刊第1期", cast.lu) == search.issues_named("2026-增1", cast.lu) == [supplement]


def test_marks_stand_where_the_words_are():
    text = "（Ａ区）消 防 演练<b>"

    assert search.marked(text, ["a区", "消防"]) == "（<mark>Ａ区</mark>）<mark>消 防</mark> 演练&lt;b&gt;"


def test_a_snippet_shows_the_words_around_the_first_one():
    text = "前" * 100 + "消防演练" + "后" * 100

    snippet = search.snippet(text, ["消防演练"])

    assert "<mark>消防演练</mark>" in snippet
    assert snippet.startswith("……前")
    assert snippet.endswith("后……")


def test_without_a_query_a_year_and_its_contents_are_shown(reader, issued):
    page = reader.get(reverse("issues:archive")).text

    assert "2026年 1 期、3 篇" in page
    assert "青浦邮政管理局开展分拨中心消防演练" in page
    assert "简讯 1 条" in page


def test_an_issue_is_read_as_a_whole(reader, issued):
    page = reader.get(reverse("issues:detail", args=[issued.pk])).text

    assert "党建、文明创建工作简报" in page
    assert "对飞线充电督促整改" in page
    assert "4月3日，青浦局慰问快递员" in page
    assert "，".join(factories.ACROSS) in page
    assert issued.pdf_sha256 in page


def test_an_issue_in_the_making_is_not_in_the_archive(reader, bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu)

    assert reader.get(reverse("issues:detail", args=[issue.pk])).status_code == 404
    assert reader.get(reverse("issues:archive_pdf", args=[issue.pk])).status_code == 404


@pytest.mark.parametrize(("query", "kind"), [("", "inline"), ("?download", "attachment")])
def test_the_pdf_comes_with_its_name_and_its_hash(query, kind, reader, issued):
    answer = reader.get(reverse("issues:archive_pdf", args=[issued.pk]) + query)

    digest = sha256(answer.getvalue())
    assert digest.hexdigest() == issued.pdf_sha256
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["Content-Disposition"] == f"{kind}; filename*=utf-8''{quote('2026年第10期.pdf')}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_past_issue_without_pdf_is_set_again_and_says_so(reader, bulletin, cast):
    issue = factories.past_issue()
    address = reverse("issues:detail", args=[issue.pk])
    assert "重排一份" in reader.get(address).text

    reader.post(reverse("issues:set_again", args=[issue.pk]))
    assert "正在排版，排好后这里会出现链接" in reader.get(address).text
    proof = factories.set_pages(issue)

    assert "重排件" in reader.get(address).text
    answer = reader.get(reverse("issues:archive_pdf", args=[issue.pk]))
    assert answer.getvalue() == factories.PDF
    assert quote("2026年第10期（重排件）.pdf") in answer.headers["Content-Disposition"]
    assert proofs.newest_ready(issue) == proof


def test_an_issue_with_its_official_pdf_is_not_set_again(reader, issued):
    before = list(issued.proofs.values())

    reader.post(reverse("issues:set_again", args=[issued.pk]))

    assert list(issued.proofs.values()) == before


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.sqlite  # counts what is asked, not how long it takes
def test_the_archive_asks_as_much_for_a_thousand_articles_as_for_ten(reader, bulletin, cast):
    def fill(count, start):
        for n in range(start, start + count // 10):
            issue = Issue.objects.create(
                bulletin=bulletin, year=2019, number=n, dated_on=date(2019, 1, 1), is_past=True
            )
            articles = factories.many_articles(cast.lin, 10, status="placed", issue=issue)
            for article in articles[:2]:
                article.save()
            Article.objects.filter(pk__in=[article.pk for article in articles]).update(status="issued")
            issue.frozen, issue.status = freeze(content_of(issue)), Status.ISSUED
            issue.save()
            ArchiveEntry.objects.enter(issue)

    def asked():
        queries = ("", "?q=巡查", "?q=巡查&sort=newest&tier=branch")
        return {query: queries_of(reader, reverse("issues:archive") + query) for query in queries}

    fill(10, 1)
    few = asked()
    fill(1000, 2)

    assert asked() == few


def test_a_number_that_is_found_is_not_called_nothing(as_user, cast, issued):
    page = ask(as_user(cast.shen), "2026-10").text

    assert "找到 <b>1</b> 期" in page
    assert "<b>0</b>" not in page


def test_the_archive_finds_what_a_substring_scan_finds(cast, bulletin):
    """Whole words of three to five characters have an index of their own on PostgreSQL; longer ones are made of them."""
    texts = [
        "邮政管理部门走访城市行政管理局。",
        "青浦邮政管理局慰问快递员，快递员很高兴。",
        "政管理局邮政管理，员快递。",
    ]
    titles = [f"第{n}件事" for n in range(len(texts))]
    stories = [
        factories.accepted(cast.lin, cast.lu, title=title, body=f"<p>{text}</p>")
        for title, text in zip(titles, texts, strict=True)
    ]
    factories.issued_issue(bulletin, cast, stories)
    words = {text[at : at + n] for text in texts for n in (1, 2, 3, 5, 6) for at in range(len(text) - n + 1)}

    for word in sorted(words) + ["管理邮政", "快递员快递员"]:
        page = search.Found(word, cast.shen).page(1, 20)
        wanted = {title for title, text in zip(titles, texts, strict=True) if word in text or word in title}
        assert {article.title for article in page} == wanted, word


def test_what_is_not_issued_is_not_in_the_archive(cast, bulletin):
    factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu, title="还没有印发的事")])

    assert search.Found("还没有印发", cast.lu).total == 0


def test_a_search_waits_for_nobody_who_writes(reader, issued):
    """On SQLite a transaction would take the lock of those who write; on PostgreSQL it holds the setting for the index."""
    with CaptureQueriesContext(connection) as queries:
        assert ask(reader, "消防").status_code == 200

    started = any(query["sql"].startswith(("BEGIN", "SAVEPOINT")) for query in queries)
    assert started == (connection.vendor == "postgresql")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has an index of whole words.")
@pytest.mark.parametrize("query", ["快递", "快递 消防"])
def test_the_hits_of_common_words_are_counted_in_one_pass_through_one_index(query, cast):
    with CaptureQueriesContext(connection) as queries:
        search.Found(query, cast.shen)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[-1]['sql']}")
        plan = "\n".join(row[3] for row in cursor.fetchall())

    assert "USING COVERING INDEX archive_entry_counted" in plan
    assert plan.count("VIRTUAL TABLE") == 1
    assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite reads its index along the keys.")
@pytest.mark.parametrize("sort", ["", "newest"])
def test_a_page_of_hits_reads_the_index_of_its_years_alone(sort, cast, bulletin):
    for day in (date(2024, 5, 6), date(2025, 3, 4)):
        stories = [
            factories.accepted(cast.lin, cast.lu, title="消防演练", body="<p>快递员到场。</p>") for _n in range(2)
        ]
        factories.issued_issue(bulletin, cast, stories, dated_on=day)
    newest = sorted(ArchiveEntry.objects.filter(year=2025).values_list("pk", flat=True))
    found = search.Found("快递员", cast.shen, years=["2024", "2025"])

    with CaptureQueriesContext(connection) as queries:
        found.page(1, 2, sort=sort)

    (asked,) = [query["sql"] for query in queries if "MATCH" in query["sql"]]
    assert f"rowid BETWEEN {newest[0]} AND {newest[-1]}" in asked


@scene
def five_issues(cast, bulletin):
    """Of three years, with three articles each."""
    for day in (date(2024, 5, 6), date(2024, 7, 8), date(2025, 3, 4), date(2026, 1, 5), date(2026, 2, 3)):
        titles = ["快递员参加消防演练", "端午慰问", "快递站点检查"]
        stories = [factories.accepted(cast.lin, cast.lu, title=t, body="<p>快递员到场。</p>") for t in titles]
        factories.issued_issue(bulletin, cast, stories, dated_on=day)


@pytest.mark.parametrize("sort", ["", "newest"])
@pytest.mark.parametrize("chosen", [{}, {"years": ["2025"]}, {"years": ["2024", "2026"], "kinds": ["article"]}])
def test_the_pages_together_are_all_hits_in_order(sort, chosen, cast, five_issues):
    found = search.Found("快递", cast.shen, **chosen)

    entries = [
        entry for entry in ArchiveEntry.objects.all() if str(entry.year) in chosen.get("years", [str(entry.year)])
    ]
    if sort != "newest":
        entries.sort(key=lambda entry: "快递" not in entry.title)  # stable: the newest first within each
    for size in (1, 2, 4, 100):
        pages = [found.page(number, size, sort=sort) for number in range(1, -(-found.count // size) + 1)]
        assert [article.pk for page in pages for article in page] == [entry.article_id for entry in entries]
        assert len(pages) == pages[0].paginator.num_pages
