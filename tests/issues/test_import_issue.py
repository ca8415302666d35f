"""manage.py import_issue: past issues come into the archive once, whole, with their units, sections and recipients."""

import json
import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Tier, Unit
from articles import richtext
from articles.models import Article, ArticleVersion, Kind
from articles.models import Status as ArticleStatus
from issues import setting
from issues.content import content_of
from issues.models import Bulletin, Issue, PastFile, Status
from issues.past import drafts, importing, reading, taking_back
from tests import factories
from typesetting import rendering

pytestmark = pytest.mark.sqlite

ISSUE = """\
上海市邮政快递行业

党建、文明创建工作简报

2023年第5期（总第435期）

上海市邮政管理局党建办、文明办编    2023年3月2日

上海市邮政管理局召开消防安全工作会议

2月27日，上海市邮政管理局召开消防安全工作会议，会上提出“1+1>2”的工作思路。

一、压实责任

各企业要把安全责任落实到每一个网点。

暖“蜂”同行 情满申城

——青浦局开展关爱快递员活动

近日，青浦邮政管理局为快递员送去了雨衣 & 热茶。

街角的灯亮到深夜

入冬以来，一家便利店的灯每晚都为晚归的骑手亮着。

上海顺丰速运有限公司举行技能比赛

2月底，128名选手参加了比赛。

简讯

1.2月3日，上海韵达货运有限公司为员工办理了体检。

报：国家邮政局精神文明建设指导委员会

上海市精神文明建设委员会

送：上海市文明办，上海市邮政管理局各处室、管理局、文明办，各快递企业

（共印80份）
"""


@pytest.fixture
def past_file(tmp_path):
    path = tmp_path / "2023-5.txt"
    path.write_text(ISSUE, encoding="utf-8")
    return path


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("import_issue", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue()


def rows():
    return [model.objects.count() for model in (Issue, Article, ArticleVersion, Unit, Bulletin)]


@pytest.fixture
def imported(past_file, units, bulletin):
    run(past_file)
    return Issue.objects.get()


def test_it_stores_an_issued_past_issue(imported, bulletin):
    assert imported.bulletin == bulletin
    assert (imported.year, imported.number, imported.total_number) == (2023, 5, 435)
    assert imported.dated_on == date(2023, 3, 2)
    assert imported.status == Status.ISSUED
    assert imported.is_past
    assert imported.print_run == 80


def test_stories_keep_their_printed_order_titles_and_text(imported):
    content = content_of(imported)
    assert [(one.title, one.subtitle) for one in content.articles] == [
        ("上海市邮政管理局召开消防安全工作会议", ""),
        ("暖“蜂”同行　情满申城", "青浦局开展关爱快递员活动"),
        ("街角的灯亮到深夜", ""),
        ("上海顺丰速运有限公司举行技能比赛", ""),
    ]
    assert content.articles[0].body.count("<p>") == 2
    assert "<h3>一、压实责任</h3>" in content.articles[0].body
    assert "1+1&gt;2" in content.articles[0].body
    assert richtext.to_text(content.articles[1].body) == "近日，青浦邮政管理局为快递员送去了雨衣 & 热茶。"


def test_stories_belong_to_the_units_they_name(imported, units):
    articles = {article.flat_title[:4]: article for article in Article.objects.select_related("unit")}
    assert articles["上海市邮"].unit == units.bureau
    assert articles["暖“蜂”"].unit == units.qingpu
    assert (articles["上海顺丰"].unit.short_name, articles["上海顺丰"].unit.tier) == ("顺丰", Tier.COURIER)
    assert articles["街角的灯"].unit.tier == Tier.OTHER


def test_sections_follow_the_tiers_without_moving_a_story(imported):
    assert [one.section for one in content_of(imported).articles] == ["bureau", "branch", "branch", "courier"]


def test_a_brief_is_a_brief_of_its_unit(imported, units):
    brief = imported.placements.get(section="brief").article
    assert (brief.kind, brief.unit, brief.title) == (Kind.BRIEF, units.yunda, "")
    assert richtext.to_text(brief.body) == "2月3日，上海韵达货运有限公司为员工办理了体检。"


def test_the_recipients_are_those_of_the_file(imported):
    content = content_of(imported)
    assert content.report_to == ("国家邮政局精神文明建设指导委员会", "上海市精神文明建设委员会")
    assert content.send_to == ("上海市文明办", "上海市邮政管理局各处室、管理局、文明办", "各快递企业")


def test_articles_are_printed_have_a_version_and_can_be_found(imported):
    assert set(Article.objects.values_list("status", flat=True)) == {ArticleStatus.ISSUED}
    assert not Article.objects.filter(current_version=None).exists()
    assert [article.flat_title for article in Article.objects.matching("消防安全")] == [
        "上海市邮政管理局召开消防安全工作会议"
    ]
    assert Article.objects.matching("办理了体检").get().kind == Kind.BRIEF


def test_it_can_be_rendered(imported):
    assert rendering.render(content_of(imported), photo_bytes=setting.photo_bytes).startswith(b"%PDF")


def test_a_reader_can_open_it_in_the_archive(imported, cast, as_user):
    page = as_user(cast.shen).get(reverse("issues:detail", args=[imported.pk]))
    assert page.status_code == 200
    assert "上海顺丰速运有限公司举行技能比赛" in page.content.decode()


def test_the_warnings_name_new_units_and_stories_of_nobody(past_file, units, bulletin):
    warnings = run(past_file).split("各快递企业")[1]
    line = next(at for at, text in enumerate(ISSUE.split("\n"), 1) if "街角" in text)
    assert "上海顺丰速运有限公司" in warnings
    assert f" {line}" in warnings


def test_importing_twice_changes_nothing(imported, past_file):
    before = rows()
    run(past_file)
    assert rows() == before


def test_another_issue_of_the_same_number_is_refused(imported, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(ISSUE.replace("128名", "129名"), encoding="utf-8")
    before = rows()
    with pytest.raises(CommandError, match="2023-5"):
        run(other)
    assert rows() == before


def test_the_same_issue_under_another_number_is_refused(imported, past_file):
    before = rows()
    with pytest.raises(CommandError, match="2023-5"):
        run(past_file, "--number", "2023-6", "--total", "436")
    assert rows() == before


def test_a_total_number_that_is_taken_is_refused(imported, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(ISSUE.replace("128名", "129名").replace("第5期（", "第6期（"), encoding="utf-8")
    with pytest.raises(CommandError, match="435"):
        run(other)


def test_what_is_missing_must_be_said_and_is_never_made_up(tmp_path, units, bulletin):
    path = tmp_path / "bare.txt"
    path.write_text(ISSUE.split("3月2日\n")[1], encoding="utf-8")
    with pytest.raises(CommandError, match="--number.*--date"):
        run(path)
    with pytest.raises(CommandError, match="--date"):
        run(path, "--number", "2023-5")
    assert Issue.objects.count() == Article.objects.count() == 0
    run(path, "--number", "2023-5", "--date", "2023-03-02")
    issue = Issue.objects.get()
    assert (issue.year, issue.number, issue.total_number) == (2023, 5, None)


@pytest.mark.parametrize(
    "options",
    [
        ("--number", "fifth"),
        ("--number", "2023-0"),
        ("--number", "2022-5"),
        ("--date", "2.3.2023"),
        ("--date", "2023-02-30"),
        ("--total", "0"),
    ],
)
def test_a_wrong_option_is_refused(past_file, units, bulletin, options):
    with pytest.raises(CommandError):
        run(past_file, *options)
    assert Issue.objects.count() == 0


def test_options_go_before_the_file(past_file, units, bulletin):
    run(past_file, "--number", "2023-增2", "--total", "9", "--date", "2023-03-03")
    issue = Issue.objects.get()
    assert (issue.reference, issue.total_number, issue.dated_on) == ("2023-增2", 9, date(2023, 3, 3))


def test_a_fault_half_way_leaves_nothing(past_file, units, bulletin):
    parsed = reading.read(past_file)
    parsed.recipients["送"].append("上" * 101)
    before = rows()
    with pytest.raises(importing.ImportRefused):
        importing.import_issue(parsed)
    assert rows() == before


def test_the_first_import_enters_bulletin_and_units(past_file, db):
    run(past_file)
    assert str(Bulletin.objects.get()) == "上海市邮政快递行业党建、文明创建工作简报"
    assert Unit.objects.get(name="青浦邮政管理局").tier == Tier.BRANCH


def test_new_numbers_follow_the_imported_ones(imported, cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu, dated_on=date(2023, 3, 9))
    assert issue.number == 6


# --- looking without storing: these tests have no database ------------------------------------------------


def test_a_dry_run_needs_no_database(past_file):
    assert "上海顺丰速运有限公司举行技能比赛" in run(past_file, "--dry-run")


def test_a_dry_run_prints_the_structure_as_json(past_file):
    found = json.loads(run(past_file, "--dry-run", "--json"))
    assert (found["source"], found["number"], found["date"]) == ("2023-5.txt", 5, "2023-03-02")
    assert found["articles"][1]["subtitle"] == "青浦局开展关爱快递员活动"
    assert found["briefs"] == ["2月3日，上海韵达货运有限公司为员工办理了体检。"]
    assert all(set(warned) == {"line", "message"} for warned in found["warnings"])


def test_options_complete_the_structure(past_file):
    found = json.loads(run(past_file, "--dry-run", "--json", "--number", "2023-6", "--date", "2023-03-09"))
    assert (found["year"], found["number"], found["total_number"], found["date"]) == (2023, 6, 435, "2023-03-09")


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7 broken", b"PK\x03\x04 docx"])
def test_a_file_that_is_no_issue_is_refused(tmp_path, content):
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="file.txt"):
        run(path, "--dry-run", "--json")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="nowhere.txt"):
        run(tmp_path / "nowhere.txt", "--dry-run")


def test_the_real_issues_are_stored_and_render_back(bulletins_dir, units, bulletin):
    given = {"000": ("--number", "2022-29"), "004": ("--number", "2022-30", "--date", "2022-11-28")}
    for path in sorted(bulletins_dir.glob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        run(path.with_suffix(".txt"), *given.get(path.stem[:3], ()))
        issue = Issue.objects.latest("pk")
        pdf = rendering.render(content_of(issue), photo_bytes=setting.photo_bytes)
        found = reading.read_bytes(pdf, "issue.pdf").as_dict()
        assert [one["paragraphs"] for one in found["articles"]] == [one["paragraphs"] for one in expected["articles"]]
        assert found["briefs"] == expected["briefs"]
        assert found["recipients"] == expected["recipients"]


def test_what_was_imported_is_shown_as_it_was_imported(past_file, as_user, cast):
    """Whatever the units and the bulletin are called later."""
    call_command("import_issue", str(past_file), stdout=StringIO())
    issue = Issue.objects.get()
    reader, address = as_user(cast.shen), reverse("issues:detail", args=[issue.pk])

    def shown():
        hits = reader.get(reverse("issues:archive"), {"q": "消防安全"}).text
        page = re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", reader.get(address).text)
        return page[page.index("<main") :], hits[hits.index('id="hits"') :].partition("</ol>")[0]

    before, said = shown(), content_of(issue)
    for unit in Unit.objects.all():
        unit.name, unit.short_name = f"新{unit.name}", f"新{unit.short_name}"
        unit.save()
    Bulletin.objects.update(name_lines="另一份简报", publisher="另一个编辑部", layout_preset="gbt9704")

    assert shown() == before
    assert content_of(Issue.objects.get()) == said


def test_the_original_is_kept_and_comes_back_with_its_draft(imported, past_file, cast):
    kept = imported.past_file
    assert (kept.name, kept.file.read().decode(), kept.number) == ("2023-5.txt", ISSUE, 5)

    taking_back.take_back(imported, by=cast.lu)

    assert drafts.issue_of(PastFile.objects.get().draft, "").masthead.total_number == 435


def test_an_issue_that_is_there_already_keeps_its_one_original(imported, past_file):
    run(past_file)

    assert PastFile.objects.count() == 1
