"""What becomes of the layout check's report: kept with the proof, shown at the desk and at sign-off, asked before sending."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from issues import setting, signing
from issues.content import content_of
from tests.factories import accepted, blank_pdf, code_of, make_issue, pending_issue, set_pages
from tests.scenes import scene
from tests.typesetting.printed import article
from tests.typesetting.printed import issue as printed_issue
from typesetting import content, rendering
from workflow import refusals
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

SPREAD = {
    "rule": "spacing",
    "clause": "本刊版式要求",
    "page": 2,
    "quote": "志愿者轮流值守",
    "level": "warning",
    "words": "这一行排得太松。",
    "falsifies": False,
}
SHIFTED = SPREAD | {"rule": "flush", "page": 1, "quote": "驿站七点开门", "level": "error", "words": "这一行没有排齐。"}
WRONG_DAY = SPREAD | {
    "rule": "date",
    "page": 1,
    "quote": "2026年4月7日",
    "level": "error",
    "words": "日期不对。",
    "falsifies": True,
}


@scene
def issue(bulletin, cast):
    return make_issue(bulletin, cast.lu, [accepted(cast.lin, cast.lu)], dated_on=timezone.localdate())


def report_of(*findings, checked=214):
    return {"checked": checked, "findings": list(findings)}


def with_report(issue, *findings):
    """The issue with its pages set and this report on them."""
    proof = set_pages(issue, pdf=blank_pdf(), pages=2)
    proof.report = report_of(*findings)
    proof.save()
    return proof


# --- kept ----------------------------------------------------------------------------------------------------------
def test_the_worker_checks_what_it_sets(issue):
    proof = setting.render_proof(signing.present_proof(issue))
    proof.refresh_from_db()
    assert proof.report["checked"] > 30
    assert [finding for finding in proof.report["findings"] if finding["level"] == "error"] == []


def test_the_report_of_an_issued_issue_is_that_of_its_signed_proof(issue, cast):
    setting.render_proof(signing.send_for_sign_off(issue, by=cast.lu))
    issue.refresh_from_db()
    signing.sign(issue, by=cast.fang, expected_digest=signing.present_proof(issue).digest, code=code_of(cast.fang))
    issued = signing.publish(issue, by=cast.gu)
    assert issued.proofs.get(sha256=issued.pdf_sha256).report["checked"] > 30


# --- asked before sending ------------------------------------------------------------------------------------------
def test_what_would_print_something_untrue_blocks_sending(issue, cast):
    with_report(issue, WRONG_DAY)
    (problem,) = refusals.blocking(signing.problems(issue))
    assert problem.code == "layout"
    assert "日期不对" in problem.text
    with pytest.raises(Refused, match="日期不对"):
        signing.send_for_sign_off(issue, by=cast.lu)


def test_other_errors_warn_and_warnings_are_left_to_the_panel(issue):
    with_report(issue, SHIFTED, SPREAD)
    (problem,) = signing.problems(issue)
    assert problem.is_warning
    assert "1" in problem.text


def test_many_untrue_things_are_counted(issue):
    with_report(issue, *[WRONG_DAY] * 12)
    blocking = refusals.blocking(signing.problems(issue))
    assert len(blocking) == signing.MOST_LISTED + 1
    assert "7" in blocking[-1].text


def test_pages_without_a_report_stop_nothing(issue):
    set_pages(issue)
    assert signing.problems(issue) == []


# --- shown ---------------------------------------------------------------------------------------------------------
def test_the_desk_shows_the_findings_page_by_page(issue, cast, as_user):
    with_report(issue, SHIFTED, SPREAD)
    page = as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk]))
    panel = page.content.decode().partition('id="layout-check"')[2].partition("</details>")[0]
    assert "版式检查 214 项，2 处问题" in panel
    assert panel.index("#page-1") < panel.index("没有排齐") < panel.index("#page-2") < panel.index("排得太松")


def test_what_blocks_the_sign_off_says_so(bulletin, cast, as_user, issue):
    with_report(issue, WRONG_DAY, SHIFTED)
    page = as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).content.decode()
    panel = page.partition('id="layout-check"')[2].partition("</details>")[0]
    assert panel.count("错误，不能送签") == 1
    pending = pending_issue(bulletin, cast, pdf=blank_pdf(), pages=2)
    with_report(pending, WRONG_DAY)
    assert "错误，不能送签" in as_user(cast.fang).get(reverse("issues:sign_off", args=[pending.pk])).content.decode()


def test_the_desk_says_how_much_was_checked_when_nothing_was_found(issue, cast, as_user):
    with_report(issue)
    page = as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk]))
    assert "版式检查 214 项，没有发现问题" in page.content.decode()


def test_the_number_of_findings_costs_no_query(issue, cast, as_user):
    client, address, counts = as_user(cast.lu), reverse("issues:desk", args=[issue.pk]), []
    for findings in ([], [SPREAD], [SHIFTED, SPREAD] * 20):
        with_report(issue, *findings)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_the_sign_off_sheet_spells_out_every_exception(bulletin, cast, as_user):
    issue = pending_issue(bulletin, cast, pdf=blank_pdf(), pages=2)
    with_report(issue, SHIFTED, SPREAD)
    page = as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])).content.decode()
    assert "检查 214 项，2 处问题" in page
    assert "这一行没有排齐" in page
    assert "这一行排得太松" in page


def test_the_sign_off_sheet_counts_the_checks_of_sound_pages(bulletin, cast, as_user):
    issue = pending_issue(bulletin, cast, pdf=blank_pdf(), pages=2)
    with_report(issue)
    page = as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])).content.decode()
    assert "检查 214 项，0 处问题" in page


# --- the command ---------------------------------------------------------------------------------------------------
@pytest.fixture
def file(issue, tmp_path):
    path = tmp_path / "proof.pdf"
    path.write_bytes(rendering.render(content_of(issue), photo_bytes=setting.photo_bytes))
    return path


def test_the_command_finds_nothing_in_a_sound_file(issue, file, capsys):
    call_command("check_layout", file, issue=issue.reference)
    assert "没有发现问题" in capsys.readouterr().out


def test_the_command_compares_with_another_issue(bulletin, cast, issue, file, capsys):
    other = make_issue(bulletin, cast.lu, [], dated_on=issue.dated_on)
    with pytest.raises(SystemExit) as stopped:
        call_command("check_layout", file, issue=other.reference)
    assert stopped.value.code == 1
    out = capsys.readouterr().out
    assert "第 1 页　错误，不能送签" in out
    assert f"第{other.number}期" in out


def test_the_command_compares_with_the_source_inside_the_file(file, capsys):
    call_command("check_layout", file, json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    assert report["checked"] > 40


def test_the_command_checks_the_layout_that_is_asked_for(file, capsys):
    with pytest.raises(SystemExit):
        call_command("check_layout", file, layout="gbt9704")
    assert "GB/T 9704-2012 5.2" in capsys.readouterr().out


def test_the_command_refuses_what_it_cannot_read(db, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("not a PDF")
    with pytest.raises(CommandError, match="不是 PDF 文件"):
        call_command("check_layout", path)
    with pytest.raises(CommandError):
        call_command("check_layout", tmp_path / "missing.pdf")


def test_the_command_refuses_an_issue_that_is_not_there(file):
    with pytest.raises(CommandError, match="2019-99"):
        call_command("check_layout", file, issue="2019-99")


def test_a_content_comes_back_from_its_json():
    original = printed_issue(article(body="<p>正文。</p>"), issue_to=("各派出机构",))
    assert content.from_json(content.as_json(original)) == original
    with pytest.raises(ValueError, match="not the content"):
        content.from_json('{"pages": 3}')
