"""What was signed is what is issued, shown and rendered, whatever the office renames or sets otherwise afterwards."""

import hashlib
from dataclasses import make_dataclass, replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import units
from distribution import links, mailing
from distribution.channels.email import letter as emails
from distribution.models import Delivery
from issues import setting, signing
from issues.content import content_of
from issues.models import Bulletin, Issue, Proof, SignOff, Status
from tests import factories, old_issues
from tests.scenes import scene
from tests.typesetting.printed import article
from tests.typesetting.printed import issue as printed_issue
from typesetting import content
from typesetting.content import as_json, digest, from_json
from typesetting.page.presets import Measures
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db


@scene
def stories(cast):
    brief = factories.accepted(cast.zhao, cast.lu, title="", kind="brief", body="<p>宝山局检查了三家网点。</p>")
    return [factories.accepted(cast.lin, cast.lu, title="青浦局开展消防演练"), brief]


def rename_everything(bulletin, cast):
    """All that the administration may change, through its own door."""
    for unit in (cast.lin.unit, cast.zhao.unit):
        unit.name, unit.short_name = f"新{unit.name}", f"新{unit.short_name}"
        units.save(unit)
    bulletin.name_lines, bulletin.publisher = "另一行\n另一份简报", "另一个编辑部"
    bulletin.notice, bulletin.permit_number, bulletin.layout_preset = "内部资料", "沪准印第9号", "gbt9704"
    bulletin.rows = 20
    bulletin.save()


def main(answer):
    """Without the frame: the site itself goes by the bulletin's present name."""
    return answer.text[answer.text.index("<main") :]


def sheet(client, cast, issue):
    return main(client(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])))


def text_of_pages(client, cast, issue):
    return main(client(cast.fang).get(reverse("issues:sign_off_pages", args=[issue.pk]), {"as": "text"}))


def desk(client, cast, issue):
    page = client(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text
    return page[page.index('id="col-issue"') :].partition("</section>")[0]


def archive_page(client, cast, issue):
    return main(client(cast.shen).get(reverse("issues:detail", args=[issue.pk])))


def hits(client, cast, issue):
    page = client(cast.shen).get(reverse("issues:archive"), {"q": "消防演练"}).text
    return page[page.index('id="hits"') :].partition("</ol>")[0]


def readers_page(client, cast, issue):
    delivery = Delivery.objects.get(mailing__issue=issue, reader__user=None)
    return main(client(cast.shen).get(reverse("distribution:reader_page", args=[links.token_of(delivery)])))


def account_page(client, cast, issue):
    delivery = Delivery.objects.get(mailing__issue=issue, reader__user=cast.shen)
    return main(client(cast.shen).get(reverse("distribution:copy", args=[delivery.pk])))


def letter(client, cast, issue):
    sent = emails.compose(Delivery.objects.get(mailing__issue=issue, reader__user=None))
    return (sent.subject, sent.body, sent.alternatives[0].content)


def subject(client, cast, issue):
    return mailing.subject_of(issue)


def frozen_content(client, cast, issue):
    return content_of(Issue.objects.get(pk=issue.pk))


@pytest.mark.parametrize("page", [sheet, text_of_pages, desk, frozen_content])
def test_what_is_signed_is_shown_as_it_was_signed(page, as_user, bulletin, cast, stories):
    issue = factories.signed_issue(bulletin, cast, stories)
    before = page(as_user, cast, issue)

    rename_everything(Bulletin.objects.get(), cast)

    assert without_tokens(page(as_user, cast, issue)) == without_tokens(before)


@pytest.mark.parametrize(
    "page", [sheet, text_of_pages, archive_page, hits, readers_page, account_page, letter, subject, frozen_content]
)
def test_what_is_issued_is_shown_as_it_was_signed(page, as_user, bulletin, cast, stories):
    issue = factories.issued_issue(bulletin, cast, stories)
    factories.make_reader()
    factories.make_reader("韵达", "党办", email="shen@example.cn", user=cast.shen)
    mailing.start(issue, by=cast.tang)
    before = page(as_user, cast, issue)

    rename_everything(Bulletin.objects.get(), cast)

    assert without_tokens(page(as_user, cast, issue)) == without_tokens(before)
    assert "新青浦" not in str(page(as_user, cast, issue))


def without_tokens(page):
    """Each page has another token against forgery."""
    if not isinstance(page, str):
        return page
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "csrf-token" not in line]


def test_a_past_issue_is_shown_as_it_was_imported(as_user, bulletin, cast):
    issue = old_issues.past_issue("青浦局开展消防演练")
    before = [without_tokens(page(as_user, cast, issue)) for page in (archive_page, hits)]

    rename_everything(Bulletin.objects.get(), cast)

    assert [without_tokens(page(as_user, cast, issue)) for page in (archive_page, hits)] == before


def rendered(issue, tmp_path):
    call_command("render_issue", issue.reference, "-o", str(tmp_path / "x.pdf"), stdout=StringIO())
    return (tmp_path / "x.pdf").read_bytes()


def test_rendering_it_again_gives_the_same_bytes(bulletin, cast, stories, tmp_path):
    issue = factories.issued_issue(bulletin, cast, stories)
    before = rendered(issue, tmp_path)

    rename_everything(Bulletin.objects.get(), cast)

    assert rendered(issue, tmp_path) == before


def test_it_is_issued_as_signed_although_something_was_renamed(bulletin, cast, stories):
    issue = factories.signed_issue(bulletin, cast, stories)
    rename_everything(Bulletin.objects.get(), cast)

    signing.publish(issue, by=cast.gu)

    issue.refresh_from_db()
    sign_off = SignOff.objects.get()
    assert issue.status == Status.ISSUED
    assert issue.pdf_sha256 == sign_off.pdf_sha256
    assert content_of(issue).publisher == "上海市邮政管理局党建办、文明办"


def test_the_sign_off_keeps_text_pdf_and_verdict(bulletin, cast, stories):
    issue = factories.signed_issue(bulletin, cast, stories)

    sign_off = SignOff.objects.get()
    proof = signing.present_proof(issue)
    assert hashlib.sha256(sign_off.frozen.text.encode()).hexdigest() == sign_off.digest == sign_off.frozen.digest
    assert (sign_off.pdf_sha256, sign_off.report) == (proof.sha256, {"checked": 1, "findings": []})
    assert (sign_off.by, issue.frozen) == (cast.fang, sign_off.frozen)


def test_a_withdrawn_sign_off_keeps_its_text_while_the_issue_goes_on(bulletin, cast, stories):
    issue = factories.signed_issue(bulletin, cast, stories)

    signing.withdraw_sign_off(issue, by=cast.fang, note="日期要改")

    issue.refresh_from_db()
    rename_everything(Bulletin.objects.get(), cast)
    assert SignOff.objects.get().frozen.text
    assert (issue.frozen, content_of(Issue.objects.get()).publisher) == (None, "另一个编辑部")


# --- the verdict -----------------------------------------------------------------------------------------------------
UNTRUE = {
    "checked": 3,
    "findings": [{"rule": "number", "level": "error", "falsifies": True, "page": 1, "words": "期号不符", "quote": ""}],
}
VERDICTS = [
    (None, "还没有检查完"),
    (setting.did_not_run("内存不足"), "版式检查没有完成：内存不足"),
    (UNTRUE, "期号不符"),
]


@pytest.mark.parametrize(("report", "words"), VERDICTS)
def test_without_a_good_verdict_nothing_is_signed(report, words, bulletin, cast):
    issue = factories.pending_issue(bulletin, cast)
    Proof.objects.update(report=report)

    with pytest.raises(Refused, match=words):
        signing.sign(
            issue,
            by=cast.fang,
            expected_digest=signing.present_proof(issue).digest,
            code=factories.code_of(cast.fang),
        )

    assert not SignOff.objects.exists()


@pytest.mark.parametrize(("report", "words"), VERDICTS[1:])
def test_signer_and_desk_read_why(report, words, as_user, bulletin, cast):
    issue = factories.pending_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)], pdf=factories.blank_pdf())
    Proof.objects.update(report=report)

    page = sheet(as_user, cast, issue)

    assert words in page
    assert 'data-dialog="sign"' not in page
    assert words in as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text


def test_a_check_that_crashes_is_a_verdict_of_its_own(bulletin, cast):
    said = content_of(factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)]))

    assert setting.verdict(factories.PDF, said) == setting.did_not_run("PDF 无法读取")
    broken = replace(said, layout="no such layout")
    assert "no such layout" in setting.verdict(factories.blank_pdf(), broken)["did_not_run"]


def test_a_check_that_did_not_run_keeps_the_issue_on_the_desk_until_it_is_tried_again(as_user, bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    proof = factories.set_pages(issue)
    Proof.objects.update(report=setting.did_not_run("内存不足"))
    with pytest.raises(Refused, match="内存不足"):
        signing.send_for_sign_off(issue, by=cast.lu)

    as_user(cast.lu).post(reverse("issues:retry", args=[issue.pk]))

    proof.refresh_from_db()
    assert (proof.state, proof.report) == (Proof.State.QUEUED, None)


def test_the_proof_that_counts_is_that_of_the_day_of_signing(bulletin, cast):
    """That of the planned day was in order; that of today says something untrue."""
    issue = factories.make_issue(
        bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)], dated_on=timezone.localdate() - timedelta(days=1)
    )
    factories.set_pages(issue)
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    today = factories.set_pages(issue)
    Proof.objects.filter(pk=today.pk).update(report=UNTRUE)

    with pytest.raises(Refused, match="期号不符"):
        signing.sign(issue, by=cast.fang, expected_digest=today.digest, code=factories.code_of(cast.fang))


def test_a_sign_off_without_a_verdict_is_not_issued(bulletin, cast):
    """As those are that were signed before verdicts were kept."""
    issue = factories.signed_issue(bulletin, cast)
    signing.withdraw_sign_off(issue, by=cast.fang, note="重签")
    issue.refresh_from_db()
    proof = issue.proofs.get()
    issue.frozen, issue.status = SignOff.objects.get().frozen, Status.SIGNED
    issue.save()
    issue.sign_offs.create(by=cast.fang, digest=proof.digest, frozen=issue.frozen, pdf_sha256=proof.sha256)

    with pytest.raises(Refused, match="签发时没有做版式检查"):
        signing.publish(issue, by=cast.gu)


# --- the digest --------------------------------------------------------------------------------------------------------
def test_a_field_with_a_default_added_at_any_level_changes_no_digest():
    def longer(value, **more):
        """The same value in a class that has one more field, as after the next release."""
        kind = make_dataclass(type(value).__name__, [("added", str, "")], bases=(type(value),), frozen=True)
        return kind(**{name: getattr(value, name) for name in value.__dataclass_fields__} | more)

    photo = content.PhotoContent(1, "图", 4, 3, "0" * 64)
    said = replace(printed_issue(article()), measures=Measures(rows=20))
    said = replace(said, articles=(replace(said.articles[0], photos=(photo,)),))
    story = longer(replace(said.articles[0], photos=(longer(photo),)))

    grown = longer(said, articles=(story,), measures=longer(said.measures))

    assert as_json(grown) == as_json(said)
    assert digest(grown) == digest(said)
    assert digest(longer(said, added="x")) != digest(said)
    assert from_json(as_json(said)) == said


def test_measures_written_in_full_before_are_still_read():
    text = as_json(replace(printed_issue(article()), measures=Measures(rows=20)))
    before = text.replace('{"rows": 20}', '{"body_size": null, "characters": null, "rows": 20}')

    assert before != text
    assert from_json(before).measures == Measures(rows=20)


# --- lists stay light ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("shen", "/issues/archive/"),
        ("shen", "/issues/archive/?q=消防演练"),
        ("lu", "/issues/"),
        ("fang", "/issues/sign-offs/"),
        ("tang", "/distribution/"),
        ("shen", "/"),
    ],
)
def test_no_list_loads_whole_contents(who, address, as_user, bulletin, cast, stories):
    factories.issued_issue(bulletin, cast, stories)

    with CaptureQueriesContext(connection) as asked:
        assert as_user(getattr(cast, who)).get(address).status_code == 200

    assert not [query["sql"] for query in asked if 'frozencontent"."text' in query["sql"]]
