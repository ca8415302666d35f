"""更正, 更正版, 撤回, 作废期号: what they say, who takes which step, and that the issue itself stays as it was issued."""

from datetime import date

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from issues import amending, numbering, signing
from issues.content import content_of
from issues.models import Edition, Issue
from tests import factories, old_issues
from tests.scenes import scene
from workflow.refusals import Refused

BODY = "<p>4月1日，青浦局组织<strong>三百名</strong>快递员参加公示培训。</p><p>培训由公示小组负责，公示期七天。</p>"


@scene
def original(bulletin, cast):
    article = factories.accepted(cast.lin, cast.lu, title="青浦局开展培训", body=BODY)
    return factories.issued_issue(bulletin, cast, [article])


@scene
def correction(original, cast):
    return amending.begin(original, Edition.CORRECTION, by=cast.lu)


def erratum(issue, by, *, key="1-text-1", wrong="公示培训", right="共识培训"):
    return amending.add_erratum(issue, key, wrong, right, by=by)


def issue_it(issue, cast):
    """Compared by another editor, sent, signed, issued."""
    amending.check(issue, by=cast.gu)
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    proof = factories.set_pages(issue, pdf=f"%PDF-1.7 {issue}".encode())
    signing.sign(issue, by=cast.fang, expected_digest=proof.digest, code=factories.code_of(cast.fang))
    signing.publish(issue, by=cast.gu)
    issue.refresh_from_db()
    return issue


# --- what they say --------------------------------------------------------------------------------------------------
def test_a_correction_quotes_what_is_wrong_and_says_what_is_right(correction, cast):
    erratum(correction, cast.lu)

    (notice,) = content_of(correction).articles
    assert notice.title == "关于2026年第10期的更正"
    assert "2026年第10期（2026年4月8日印发）内容有误，现更正如下：" in notice.body
    assert "《青浦局开展培训》第1段“公示培训”应为“共识培训”。" in notice.body


def test_it_has_the_number_recipients_and_security_of_its_issue(bulletin, cast):
    original = factories.issued_issue(bulletin, cast, security="内部")

    correction = amending.begin(original, Edition.CORRECTION, by=cast.lu)

    said, of = content_of(correction), content_of(original)
    assert str(correction) == "2026年第10期更正"
    assert (said.number, said.total_number, said.edition) == (10, 545, "更正")
    assert (said.report_to, said.send_to, said.security) == (of.report_to, of.send_to, "内部")


def test_the_second_correction_says_that_it_is(correction, original, cast):
    erratum(correction, cast.lu)
    issue_it(correction, cast)

    assert str(amending.begin(original, Edition.CORRECTION, by=cast.lu)) == "2026年第10期第2次更正"


def test_a_corrected_edition_is_the_issue_with_those_passages_alone_put_right(original, cast):
    revision = amending.begin(original, Edition.REVISION, by=cast.lu)
    erratum(revision, cast.lu)
    erratum(revision, cast.lu, key="1-title-1", wrong="开展", right="组织")

    said = content_of(revision)

    assert said.articles[0].title == "青浦局组织培训"
    assert said.articles[0].body == BODY.replace("公示培训", "共识培训")
    assert said.editor_note.startswith("本期更正2026年4月8日印发的2026年第10期：《青浦局开展培训》")
    assert content_of(original).articles[0].body == BODY


def test_a_further_correction_is_about_the_corrected_edition(original, cast):
    revision = amending.begin(original, Edition.REVISION, by=cast.lu)
    erratum(revision, cast.lu)
    issue_it(revision, cast)

    correction = amending.begin(original, Edition.CORRECTION, by=cast.lu)

    with pytest.raises(Refused, match="不在这一处"):
        erratum(correction, cast.lu)
    erratum(correction, cast.lu, wrong="共识培训", right="急救培训")


def test_a_withdrawal_gives_its_reason(original, cast):
    withdrawal = amending.begin(original, Edition.WITHDRAWAL, by=cast.lu)
    amending.set_reason(withdrawal, "第1篇的人数有待核实。", by=cast.lu)

    (notice,) = content_of(withdrawal).articles
    assert "现予撤回" in notice.body
    assert "第1篇的人数有待核实。" in notice.body


# --- what is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "wrong", "right", "words"),
    [
        ("1-text-1", "没有的话", "有", "不在这一处"),
        ("1-text-2", "公示", "共识", "2 次"),
        ("1-text-1", "strong", "x", "不在这一处"),
        ("1-text-1", "组织三百名", "组织二百名", "不在这一处"),  # across a change of type
        ("1-text-1", "", "x", "错处"),
        ("1-text-1", "公示培训", "公示培训", "一样"),
        ("9-text-1", "公示", "共识", "选择"),
        ("1-title-1", "青浦局开展培训", "", "标题不能为空"),
    ],
)
def test_a_passage_that_cannot_be_put_right_is_refused_with_what_to_do(correction, cast, key, wrong, right, words):
    with pytest.raises(Refused, match=words):
        amending.add_erratum(correction, key, wrong, right, by=cast.lu)

    assert not correction.errata.exists()


def test_two_errata_cannot_have_the_same_words(correction, cast):
    erratum(correction, cast.lu)

    with pytest.raises(Refused, match="不在这一处"):
        erratum(correction, cast.lu, wrong="示培训", right="x")


def test_only_one_is_written_at_a_time(correction, original, cast):
    with pytest.raises(Refused, match="2026年第10期更正"):
        amending.begin(original, Edition.REVISION, by=cast.lu)

    numbering.discard(correction, by=cast.lu)
    assert str(amending.begin(original, Edition.REVISION, by=cast.lu)) == "2026年第10期更正版"


def test_neither_a_past_issue_nor_one_in_the_making_nor_a_correction_is_corrected(bulletin, correction, cast):
    past = old_issues.past_issue(number=3)
    for issue in (factories.make_issue(bulletin, cast.lu), correction, past):
        with pytest.raises(Refused):
            amending.begin(issue, Edition.CORRECTION, by=cast.lu)


def test_after_a_withdrawal_only_a_corrected_edition_follows(original, cast):
    withdrawal = amending.begin(original, Edition.WITHDRAWAL, by=cast.lu)
    amending.set_reason(withdrawal, "有误。", by=cast.lu)
    issue_it(withdrawal, cast)

    with pytest.raises(Refused):
        amending.begin(original, Edition.CORRECTION, by=cast.lu)
    amending.begin(original, Edition.REVISION, by=cast.lu)


def test_contributors_write_no_corrections(original, cast):
    with pytest.raises(Refused):
        amending.begin(original, Edition.CORRECTION, by=cast.lin)


def test_no_article_is_put_into_a_correction(correction, cast):
    with pytest.raises(Refused):
        factories.assembly.place(correction, factories.accepted(cast.lin, cast.lu), by=cast.lu)


# --- who takes which step -------------------------------------------------------------------------------------------
def test_it_is_compared_by_somebody_who_did_not_write_it(correction, cast):
    erratum(correction, cast.lu)

    with pytest.raises(Refused, match="另一位"):
        amending.check(correction, by=cast.lu)
    with pytest.raises(Refused, match="另一位"):
        signing.send_for_sign_off(correction, by=cast.lu)


def test_a_change_voids_the_comparison(correction, cast):
    first = erratum(correction, cast.lu)
    amending.check(correction, by=cast.gu)
    assert not signing.problems(correction)

    amending.remove_erratum(first, by=cast.lu)
    erratum(correction, cast.lu, right="消防培训")

    assert [problem.code for problem in signing.problems(correction)] == ["unchecked"]


@pytest.mark.parametrize("edition", [Edition.CORRECTION, Edition.REVISION, Edition.WITHDRAWAL])
def test_nothing_is_sent_that_puts_nothing_right(original, cast, edition):
    issue = amending.begin(original, edition, by=cast.lu)

    with pytest.raises(Refused):
        amending.check(issue, by=cast.gu)
    assert signing.problems(issue)


def test_who_wrote_or_compared_it_does_not_sign_it(correction, cast):
    erratum(correction, cast.lu)
    amending.check(correction, by=cast.gu)
    signing.send_for_sign_off(correction, by=cast.admin)
    correction.refresh_from_db()
    assert correction.may(Issue.SIGN, cast.fang)

    correction.events.create(by=cast.fang, transition="check", from_status="draft", to_status="draft")

    assert not correction.may(Issue.SIGN, cast.fang)
    assert not Issue.objects.to_sign(cast.fang).exists()
    with pytest.raises(DatabaseError, match="never changes"):
        correction.sign_offs.create(by=cast.fang, digest="X")


def test_it_may_be_signed_in_another_year_than_its_issue(bulletin, cast):
    original = factories.issued_issue(bulletin, cast, dated_on=date(2025, 12, 30))
    withdrawal = amending.begin(original, Edition.WITHDRAWAL, by=cast.lu)
    amending.set_reason(withdrawal, "有误。", by=cast.lu)

    issue_it(withdrawal, cast)

    assert (withdrawal.year, withdrawal.dated_on) == (2025, timezone.localdate())


# --- what stays -----------------------------------------------------------------------------------------------------
def test_the_issue_itself_stays_as_it_was_issued(correction, original, cast):
    before = Issue.objects.filter(pk=original.pk).values().get()
    erratum(correction, cast.lu)

    issue_it(correction, cast)

    assert Issue.objects.filter(pk=original.pk).values().get() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE issues_erratum SET wrong = 'X'",
        "DELETE FROM issues_erratum",
        'INSERT INTO issues_erratum (issue_id, story, part, block, wrong, "right") '
        "VALUES ({issue}, 1, 'text', 1, 'a', 'b')",
        "UPDATE issues_issue SET reason = 'X' WHERE id = {issue}",
        "UPDATE issues_issue SET amends_id = NULL WHERE id = {issue}",
    ],
)
def test_what_was_signed_as_a_correction_never_changes(correction, cast, statement):
    erratum(correction, cast.lu)
    issue_it(correction, cast)
    with pytest.raises(DatabaseError, match="never changes"), connection.cursor() as cursor:
        cursor.execute(statement.format(issue=correction.pk))


def test_a_correction_takes_no_number_from_the_issues_that_follow(correction, bulletin, cast):
    erratum(correction, cast.lu)
    issue_it(correction, cast)

    following = factories.make_issue(bulletin, cast.lu, dated_on=date(2026, 4, 17))

    assert (following.number, following.total_number) == (11, 546)
    assert numbering.find("2026-10").edition == ""


# --- numbers that are void ------------------------------------------------------------------------------------------
def test_a_void_number_is_never_used_again_and_its_articles_wait(bulletin, cast):
    article = factories.accepted(cast.lin, cast.lu)
    issue = factories.make_issue(bulletin, cast.lu, [article])

    amending.void(issue, by=cast.lu, note="印错作废。")

    article.refresh_from_db()
    assert (issue.status, article.status) == ("voided", "accepted")
    assert factories.make_issue(bulletin, cast.lu, [article]).number == issue.number + 1
    assert issue.events.last().note == "印错作废。"


def test_a_number_is_void_for_a_reason_only(bulletin, cast):
    article = factories.accepted(cast.lin, cast.lu)
    issue = factories.make_issue(bulletin, cast.lu, [article])

    with pytest.raises(Refused, match="理由"):
        amending.void(issue, by=cast.lu, note=" ")

    issue.refresh_from_db()
    assert issue.is_open
    assert issue.placements.count() == 1
