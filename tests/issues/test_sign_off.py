from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from issues import assembly, signing
from issues.models import Issue, SignOff, Status
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite


@scene
def issue(bulletin, cast):
    return factories.pending_issue(bulletin, cast)


@pytest.fixture
def signer(as_user, cast):
    return as_user(cast.fang)


@pytest.fixture
def clock(monkeypatch):
    """clock(2026, 12, 31, 23, 59) sets the time of day in Shanghai."""

    def set_to(*parts):
        moment = datetime(*parts, tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def url(name, issue):
    return reverse(f"issues:{name}", args=[issue.pk])


def signature(digest, cast):
    return {"digest": digest, "code": factories.code_of(cast.fang)}


def digest_of(issue):
    return signing.present_proof(issue).digest


def test_what_waits_for_the_signer_is_listed(signer, issue):
    page = signer.get(reverse("issues:sign_offs")).text

    assert str(issue) in page
    assert url("sign_off", issue) in page


def test_the_sheet_says_what_is_signed(signer, issue, bulletin, cast):
    page = signer.get(url("sign_off", issue)).text

    today = timezone.localdate()
    assert f"请您签发 {issue}" in page
    assert "报 4 家、送 7 家，共印 60 份" in page
    assert f"{today.year}年{today.month}月{today.day}日（签发当天）" in page
    assert digest_of(issue) in page
    assert f"{digest_of(issue)[:4]} {digest_of(issue)[4:8]}".upper() in page


def test_the_sheet_names_what_differs_from_the_last_issue(signer, bulletin, cast):
    factories.issued_issue(bulletin, cast, dated_on=timezone.localdate() - timedelta(days=9))
    factories.make_recipient_list(
        bulletin, timezone.localdate(), across=[*factories.ACROSS[1:], "上海市快递协会秘书处"]
    )

    page = signer.get(url("sign_off", factories.pending_issue(bulletin, cast))).text

    assert "增 上海市快递协会秘书处" in page
    assert "减 上海市文明办" in page


def test_a_warning_is_never_folded_away(signer, bulletin, cast):
    factories.make_issue(bulletin, cast.lu, dated_on=timezone.localdate())

    page = signer.get(url("sign_off", factories.pending_issue(bulletin, cast))).text

    assert "2026年第10期还没有印发" in page


def test_the_signer_sees_the_warnings_and_who_checked_them(signer, bulletin, cast):
    article = factories.accepted(cast.lin, cast.lu, title="青浦局走访社区", body="<p>4月1日,青浦局走访社区。</p>")
    half_width = {"quote": ",", "suggestion": "，", "start": 4, "level": "warning", "why": "应为全角逗号。"}
    factories.proofread(article, findings=[half_width])
    issue = factories.pending_issue(bulletin, cast, [article])
    sheet = signer.get(url("sign_off", issue)).text
    assert "1 处提醒未核对" in sheet
    assert "应为全角逗号。" in sheet

    signing.back_to_the_desk(issue, Issue.RECALL, by=cast.lu)
    assembly.settle(issue.placements.get(), by=cast.lu, note="原稿如此")
    signing.send_for_sign_off(issue, by=cast.lu)

    sheet = signer.get(url("sign_off", issue)).text
    assert "未核对" not in sheet
    assert "青浦局走访社区：原稿如此（陆一鸣）" in sheet


def test_the_signer_signs_what_was_seen(signer, issue, cast):
    digest = digest_of(issue)

    page = signer.post(url("sign", issue), signature(digest, cast), follow=True).text

    sign_off = SignOff.objects.get()
    assert (sign_off.by, sign_off.digest) == (cast.fang, digest)
    issue.refresh_from_db()
    assert (issue.status, issue.dated_on) == (Status.SIGNED, timezone.localdate())
    assert "已签发" in page
    assert "撤回签发…" in page


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_it_refuses_a_digest_of_something_else(digest, signer, issue, cast):
    page = signer.post(url("sign", issue), signature(digest, cast), follow=True).text

    assert not SignOff.objects.exists()
    assert 'role="alert"' in page


def test_it_refuses_what_has_changed_since_it_was_seen(signer, issue, cast):
    seen = digest_of(issue)
    issue.apply(Issue.RECALL, by=cast.lu)
    issue.placements.first().delete()
    signing.send_for_sign_off(issue, by=cast.lu)

    signer.post(url("sign", issue), signature(seen, cast))

    assert not SignOff.objects.exists()


def test_it_refuses_what_is_not_set_yet(signer, bulletin, cast):
    issue = factories.make_issue(
        bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)], dated_on=timezone.localdate()
    )
    proof = signing.send_for_sign_off(issue, by=cast.lu)
    page = signer.get(url("sign_off", issue)).text
    assert "排好后会自动显示，那时才能签发" in page
    assert 'id="sign"' not in page

    signer.post(url("sign", issue), signature(proof.digest, cast))

    assert not SignOff.objects.exists()


def test_the_sheet_asks_until_the_pages_are_set(signer, bulletin, cast):
    issue = factories.make_issue(
        bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)], dated_on=timezone.localdate()
    )
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    have = signer.get(url("sign_off", issue)).context["state"]
    assert signer.get(url("sign_off_state", issue), {"have": have}).status_code == 204

    factories.set_pages(issue, pages=8)

    assert "看全文（8 页）" in signer.get(url("sign_off_state", issue), {"have": have}).text


def test_past_midnight_the_sheet_of_yesterday_is_refused(clock, bulletin, cast):
    clock(2026, 4, 8, 23, 59)
    issue = factories.pending_issue(bulletin, cast, dated_on=date(2026, 4, 8))
    seen = digest_of(issue)

    clock(2026, 4, 9, 0, 1)

    with pytest.raises(Refused):
        signing.sign(issue, by=cast.fang, expected_digest=seen, code=factories.code_of(cast.fang))
    fresh = factories.set_pages(issue)
    signing.sign(issue, by=cast.fang, expected_digest=fresh.digest, code=factories.code_of(cast.fang))
    issue.refresh_from_db()
    assert issue.dated_on == date(2026, 4, 9)


def test_in_a_new_year_the_number_of_the_old_one_is_refused(clock, bulletin, cast):
    clock(2026, 12, 31, 23, 59)
    issue = factories.pending_issue(bulletin, cast, dated_on=date(2026, 12, 31))

    clock(2027, 1, 1, 0, 1)

    with pytest.raises(Refused, match="退回"):
        signing.sign(
            issue, by=cast.fang, expected_digest=factories.set_pages(issue).digest, code=factories.code_of(cast.fang)
        )


def test_returning_needs_a_reason_which_the_editors_read(signer, issue):
    signer.post(url("refuse", issue), {"note": " "})
    issue.refresh_from_db()
    assert issue.status == Status.PENDING

    signer.post(url("refuse", issue), {"note": "第 2 篇标题太长"})

    issue.refresh_from_db()
    assert (issue.status, issue.events.last().note) == (Status.DRAFT, "第 2 篇标题太长")


def test_the_words_of_a_return_stand_where_the_editors_work(signer, as_user, issue, cast):
    signer.post(url("refuse", issue), {"note": "第1篇写6家，只列5家"})

    desk = as_user(cast.lu).get(url("desk", issue)).text

    assert "方维舟" in desk
    assert "第1篇写6家，只列5家" in desk
    assert "方维舟退回：第1篇写6家，只列5家" in as_user(cast.lu).get(reverse("home")).text


def test_the_words_of_a_withdrawal_stand_on_the_desk(as_user, bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)
    signing.withdraw_sign_off(issue, by=cast.fang, note="日期要改")

    assert "日期要改" in as_user(cast.lu).get(url("desk", issue)).text


def test_the_signer_finds_what_was_returned_with_the_own_words(signer, as_user, issue, cast):
    signer.post(url("refuse", issue), {"note": "请核实家数"})
    listed = signer.get(reverse("issues:sign_offs")).text
    assert "您退回的" in listed
    assert "请核实家数" in listed
    other = factories.make_user("second", "沈二", "signer", unit=cast.fang.unit)
    assert "请核实家数" not in as_user(other).get(reverse("issues:sign_offs")).text


def test_the_next_sheet_reminds_the_signer_of_the_return(signer, as_user, issue, cast):
    signer.post(url("refuse", issue), {"note": "请核实家数"})
    signing.send_for_sign_off(issue, by=cast.lu)

    page = signer.get(url("sign_off", issue)).text
    other = factories.make_user("second", "沈二", "signer", unit=cast.fang.unit)

    assert "您" in page
    assert "退回时说：" in page
    assert "请核实家数" in page
    assert "方维舟" in as_user(other).get(url("sign_off", issue)).text


def test_a_sign_off_is_withdrawn_until_it_is_issued(signer, bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)

    signer.post(url("withdraw_sign_off", issue), {"note": "日期要改"})

    issue.refresh_from_db()
    assert issue.status == Status.DRAFT
    assert SignOff.objects.get().withdrawn_at is not None


def test_signing_is_never_done_by_looking(signer, issue):
    assert signer.get(url("sign", issue)).status_code == 405


def test_an_editor_does_not_sign(as_user, issue, cast):
    assert as_user(cast.lu).post(url("sign", issue), signature(digest_of(issue), cast)).status_code == 404
    assert not SignOff.objects.exists()


def test_the_whole_text_is_read_as_pages_and_as_text(signer, issue):
    factories.set_pages(issue, pages=2, first_pages=[1, 2])
    title = issue.placements.first().version.title

    assert "第 2 页版面：第 2 篇开头" in signer.get(url("sign_off_pages", issue)).text
    assert title in signer.get(url("sign_off_pages", issue), {"as": "text"}).text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_give_one(bulletin, cast):
    if connection.vendor != "postgresql":
        pytest.skip("Needs PostgreSQL: SQLite lets one writer in at a time.")
    issue = factories.pending_issue(bulletin, cast)
    digest = digest_of(issue)

    def sign(_n):
        try:
            signing.sign(
                Issue.objects.get(pk=issue.pk), by=cast.fang, expected_digest=digest, code=factories.code_of(cast.fang)
            )
        except Refused:
            return "refused"
        else:
            return "signed"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, range(2))) == ["refused", "signed"]
    assert SignOff.objects.filter(withdrawn_at=None).count() == 1
