from articles.models import Status
from issues import assembly, signing
from issues.models import Issue
from issues.models import Status as IssueStatus
from tests import factories
from tests.issues.desk.rows import articles_of, url


def wording(article, **changed):
    fields = {"kind": article.kind, "title": article.title, "subtitle": article.subtitle, "authors": article.authors}
    return fields | {"body": article.body, "seen": article.current_version_id} | changed


def test_a_text_is_changed_in_its_place(editor, issue):
    second = articles_of(issue)[1]
    page = editor.get(url("desk", issue)).text
    assert url("revise", issue, second) in page
    assert editor.get(url("revise", issue, second)).status_code == 200

    answer = editor.post(url("revise", issue, second), wording(second, title="宝山局推进循环箱进各网点"))

    assert answer.url.endswith(f"?sel={second.pk}#p-{second.pk}")
    placement = issue.placements.get(article=second)
    assert (placement.version.title, placement.version.number) == ("宝山局推进循环箱进各网点", 2)
    assert articles_of(issue)[1] == second
    assert issue.events.last().transition == "revise"
    second.refresh_from_db()
    assert (second.status, second.current_version) == (Status.PLACED, placement.version)


def test_the_pages_follow_the_changed_text(editor, issue):
    first = articles_of(issue)[0]
    before = signing.present_proof(issue)

    editor.post(url("revise", issue, first), wording(first, body="<p>改过的正文。</p>"))

    assert signing.present_proof(Issue.objects.get(pk=issue.pk)) != before


def test_an_article_that_becomes_a_brief_goes_to_the_briefs(editor, issue):
    first = articles_of(issue)[0]

    editor.post(url("revise", issue, first), wording(first, kind="brief"))

    assert list(issue.placements.order_by("section").values_list("section", "position")) == [
        ("branch", 1),
        ("brief", 1),
    ]


def test_it_comes_behind_the_briefs_that_were_sorted_by_hand(editor, issue, cast):
    briefs = [factories.accepted(by, cast.lu, title=f"{by}简讯", kind="brief") for by in (cast.lin, cast.zhao)]
    for brief in briefs:
        assembly.place(issue, brief, by=cast.lu)
    assembly.move(issue.placements.get(article=briefs[1]), 1, by=cast.lu)
    last = issue.placements.filter(section="branch").order_by("position").last().article

    editor.post(url("revise", issue, last), wording(last, kind="brief"))

    order = issue.placements.filter(section="brief").order_by("position").values_list("article", flat=True)
    assert list(order) == [briefs[1].pk, last.pk, briefs[0].pk]


def test_nothing_is_changed_in_an_issue_that_waits_for_its_signature(editor, issue):
    first = articles_of(issue)[0]
    Issue.objects.filter(pk=issue.pk).update(status=IssueStatus.PENDING)

    assert editor.get(url("revise", issue, first)).status_code == 302
    editor.post(url("revise", issue, first), wording(first, title="别的标题"))

    assert first.versions.count() == 1
