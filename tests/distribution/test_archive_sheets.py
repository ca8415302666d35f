"""The papers of a package that tell what was irregular: stand-ins, corrections, warnings, sign-offs that were withdrawn."""

from datetime import date

import pytest

from articles import review, revision
from articles.models import Article
from articles.revision import Wording
from distribution.archiving import sheets, stories
from issues import signing
from tests import factories

DAY = date(2026, 4, 8)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def irregular(cast):
    """Of its two reviews one was made in absence; it was corrected afterwards, to which another person agreed."""
    article = factories.submitted(cast.zhao, title="宝山局开展开展检查")
    Article.objects.filter(pk=article.pk).update(review_steps=2)
    article.apply(Article.PASS_FIRST, by=cast.lu)
    article.apply(Article.STAND_IN_LAST, by=cast.lu, note="主编出差")
    review.ratify(article, by=cast.gu, version=article.current_version_id)
    seen = article.current_version_id
    version = revision.revise(article, Wording({"subtitle": "订正"}, {}), by=cast.gu, seen=seen, is_correction=True)
    review.agree(article, by=cast.admin, version=version.pk)
    article.refresh_from_db()
    return article


def sheet_of(issue):
    return sheets.sign_off(issue, [told.placement for told in stories.of(issue)]).data.decode("utf-8-sig")


def test_the_sheet_names_stand_ins_corrections_and_warnings(bulletin, cast):
    with factories.noon_of(DAY):
        article = irregular(cast)
        factories.proofread(article, findings=[{"level": "warning", "quote": "开展开展", "why": "词语重复。"}])
    sheet = sheet_of(factories.issued_issue(bulletin, cast, [article], dated_on=DAY))

    assert "代审：" in sheet
    assert "陆一鸣　主编出差　顾文岚 已补审" in sheet
    assert "管理员 同意" in sheet
    assert "“开展开展”词语重复。" in sheet
    assert "没有人看过" in sheet


def test_the_sheet_of_a_plain_issue_says_that_there_was_nothing(bulletin, cast):
    sheet = sheet_of(factories.issued_issue(bulletin, cast))

    assert "代审" not in sheet
    assert "审后改动和同意的人\r\n  —" in sheet
    assert "已按 2026年4月8日 的词库校对\r\n  —" in sheet


def test_the_sheet_keeps_the_sign_off_that_was_withdrawn(bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)
    signing.withdraw_sign_off(issue, by=cast.fang, note="再看看")
    issue.refresh_from_db()
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    factories.set_pages(issue)
    digest = signing.present_proof(issue).digest
    signing.sign(issue, by=cast.fang, expected_digest=digest, code=factories.code_of(cast.fang))
    issue.refresh_from_db()
    sheet = sheet_of(issue)

    assert sheet.index("已撤回的签发") < sheet.index("有效的签发")
    assert sheet.count("签发人：方维舟") == 2
    assert "撤回时间：" in sheet


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ({"checked": 9, "findings": [{"level": "warning", "page": 2, "words": "行距过大"}]}, "第 2 页：行距过大"),
        ({"checked": 0, "findings": [], "did_not_run": "超时"}, "版式检查：没有完成（超时）"),
        (None, "版式检查：签发时没有检查"),
    ],
)
def test_the_sheet_says_what_the_layout_check_said(report, words, bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)
    signed = issue.sign_offs.get()
    signed.report = report

    assert any(words in line for line in sheets._signed(signed))


def test_a_story_that_nobody_handed_in_is_compared_with_itself(bulletin, cast):
    article = factories.accepted(cast.lin, cast.lu)
    issue = factories.issued_issue(bulletin, cast, [article])
    (told,) = stories.of(issue)
    told.events.clear()

    assert told.submitted == told.placement.version
    assert stories.redline_of(told).stories[0].comparison.places == 0
