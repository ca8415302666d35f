"""What the texts of an issue show only together: at the desk, before sign-off, on the sheet and in the record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from issues import across, assembly, proofs, remarks, signing, tasks
from issues.models import SignOff, TextsProof
from proofreading import engine
from proofreading.models import RuleSwitch
from tests import factories
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# Both sound by themselves.
CLOSE, SPACED = "<p>3月发出快件5万件。</p>", "<p>6 月发出快件。</p>"


@pytest.fixture
def articles(cast):
    made = [
        factories.accepted(cast.lin, cast.gu, title=title, body=body)
        for title, body in (("青浦局开展演练", CLOSE), ("嘉定局开展培训", SPACED))
    ]
    factories.proofread(*made)
    return made


@pytest.fixture
def issue(bulletin, cast, articles):
    made = factories.make_issue(bulletin, cast.lu, articles, dated_on=timezone.localdate())
    TextsProof.objects.all().delete()
    return made


def found_in(issue):
    return [
        (remark.title, item.finding.rule, item.finding.quote)
        for remark in remarks.of_issue(issue).remarks
        for item in remark.others
    ]


def compared(issue):
    across.request(issue)
    tasks.compare_texts(issue_id=issue.pk)


def codes(issue):
    return [problem.code for problem in signing.problems(issue)]


def test_what_no_text_shows_alone_is_found_at_the_text(issue, cast, as_user):
    compared(issue)

    desk = as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text

    assert found_in(issue) == [("嘉定局开展培训", "mixed-spaces", "6 ")]
    assert "1 处提醒" in desk
    assert codes(issue) == []


def test_texts_that_are_not_compared_block_and_say_so(issue, cast):
    with pytest.raises(Refused, match="各篇之间"):
        signing.send_for_sign_off(issue, by=cast.lu)

    assembly.ask_for_proofs(issue, by=cast.lu)
    assert codes(issue) == ["proofread"]
    tasks.compare_texts(issue_id=issue.pk)
    assert codes(issue) == []


@pytest.mark.parametrize("how", ["old tables", "yesterday", "other texts"])
def test_an_old_comparison_blocks_until_it_is_made_anew(issue, cast, how):
    compared(issue)
    day = timezone.localdate() - timedelta(days=1)
    fields = {"old tables": {"tables": "other"}, "yesterday": {"as_of": day}, "other texts": {"digest": "other"}}
    TextsProof.objects.update(**fields[how])

    assert codes(issue) == ["proofread"]

    proofs.look_at(issue)  # the sweep
    tasks.compare_texts(issue_id=issue.pk)
    assert codes(issue) == []


def test_a_rule_that_did_not_run_blocks_by_its_name_and_is_tried_again(issue, cast, monkeypatch):
    broken = engine.Rule("mixed-spaces", "", "数字前后的空格", "", engine.QUERY, lambda whole: 1 / 0, is_across=True)
    monkeypatch.setattr(engine, "across", lambda: (broken,))
    compared(issue)

    [problem] = signing.problems(issue)
    assert "没有运行：数字两边的空格" in problem.text

    monkeypatch.undo()
    long_ago = timezone.now() - timedelta(minutes=6)
    TextsProof.objects.update(made_at=long_ago, requested_at=long_ago)
    compared(issue)
    assert codes(issue) == []


def test_a_worker_that_is_away_blocks_with_another_sentence(issue):
    TextsProof.objects.create(issue=issue, requested_at=timezone.now() - timedelta(minutes=2))

    [problem] = signing.problems(issue)

    assert "没有完成" in problem.text
    assert "后台程序" in problem.text


def test_it_is_not_made_twice(issue):
    compared(issue)
    first = TextsProof.objects.get().made_at

    compared(issue)

    assert TextsProof.objects.get().made_at == first


def test_what_is_asked_while_it_is_made_waits(issue, monkeypatch):
    across.request(issue)
    current = across.reference.current

    def asked_meanwhile():
        TextsProof.objects.update(requested_at=timezone.now())
        return current()

    monkeypatch.setattr(across.reference, "current", asked_meanwhile)
    tasks.compare_texts(issue_id=issue.pk)

    assert TextsProof.objects.get().is_waiting


def test_a_text_that_comes_in_later_opens_what_was_settled(issue, articles, cast):
    RuleSwitch.objects.create(rule="mixed-spaces", by=cast.gu)
    compared(issue)
    placement = issue.placements.get(article=articles[1])
    assembly.settle(placement, by=cast.lu, note="已核对")
    RuleSwitch.objects.all().delete()
    compared(issue)

    [remark] = [each for each in remarks.of_issue(issue).remarks if each.placement == placement]
    assert remark.settled is None

    assembly.settle(placement, by=cast.lu, note="照原文")
    compared(issue)
    [remark] = [each for each in remarks.of_issue(issue).remarks if each.placement == placement]
    assert remark.settled.note == "照原文"


def test_a_text_that_is_taken_out_takes_its_finding_along(issue, articles, cast):
    compared(issue)
    assembly.take_out(issue.placements.get(article=articles[1]), by=cast.lu)

    assert found_in(issue) == []
    assert codes(issue) == []  # nothing to compare with


def test_what_is_mended_is_not_shown_any_more(issue, articles, cast):
    compared(issue)
    placement = issue.placements.get(article=articles[1])
    wording = assembly.Wording({"body": "<p>6月发出快件。</p>"}, {})
    assembly.revise(placement, wording, by=cast.lu, seen=placement.version_id, is_correction=True)

    assert found_in(issue) == []
    assert "proofread" in codes(issue)


def test_the_sheet_and_the_record_have_it(issue, cast, as_user):
    compared(issue)
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    factories.set_pages(issue)

    sheet = as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])).text
    assert "1 处提醒未核对" in sheet
    assert "各篇之间没有对照" not in sheet
    digest = signing.present_proof(issue).digest
    signing.sign(issue, by=cast.fang, expected_digest=digest, code=factories.code_of(cast.fang))

    kept = SignOff.objects.get().proofread
    assert kept["is_compared"]
    assert [each["quote"] for article in kept["articles"] for each in article["open"]] == ["6 "]


def test_nothing_is_signed_that_was_not_compared(issue, cast, as_user):
    compared(issue)
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    factories.set_pages(issue)
    TextsProof.objects.all().delete()

    sheet = as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])).text
    assert "各篇之间没有对照" in sheet
    with pytest.raises(Refused, match="各篇之间"):
        digest = signing.present_proof(issue).digest
        signing.sign(issue, by=cast.fang, expected_digest=digest, code=factories.code_of(cast.fang))


def test_one_text_alone_has_nothing_to_be_compared_with(bulletin, cast, articles):
    alone = factories.make_issue(bulletin, cast.lu, articles[:1], dated_on=timezone.localdate())
    TextsProof.objects.all().delete()

    assert codes(alone) == []
    assert remarks.record(remarks.of_issue(alone))["is_compared"]


def panel_of(client, article):
    page = client.get(reverse("articles:detail", args=[article.pk])).text
    return page[page.index('id="proofreading"') : page.index('id="finding-reasons"')]


def test_the_articles_own_page_and_the_editor_show_it_to_the_office(issue, articles, cast, client_of):
    compared(issue)
    office = client_of(cast.lu)

    assert 'data-rule="mixed-spaces"' in panel_of(office, articles[1])
    assert 'data-rule="mixed-spaces"' not in panel_of(office, articles[0])
    editor = office.get(reverse("issues:revise", args=[issue.pk, articles[1].pk])).text
    assert 'data-rule="mixed-spaces"' in editor
    queue = office.get(reverse("articles:queue") + "?show=all").text
    assert "疑问 1</a>" in queue
    assert "mixed-spaces" not in client_of(cast.lin).get(reverse("articles:detail", args=[articles[1].pk])).text


def test_on_its_own_page_it_is_let_stand_with_a_reason(issue, articles, cast, client_of):
    compared(issue)
    url = reverse("articles:finding", args=[articles[1].pk, "ignore"])

    client_of(cast.lu).post(url, {"rule": "mixed-spaces", "quote": "6 ", "reason": "照原文"})

    assert "照原文" in panel_of(client_of(cast.lu), articles[1])
    assert found_in(issue) == []


@pytest.mark.parametrize("how", ["failed", "waiting", "late"])
def test_what_was_not_compared_never_reads_as_nothing_found(issue, articles, cast, client_of, how):
    compared(issue)
    fields = {
        "failed": {"failed": [["mixed-spaces", "KeyError: 1"]], "findings": []},
        "waiting": {"tables": "other", "findings": []},
        "late": {"made_at": None, "requested_at": timezone.now() - timedelta(minutes=2), "findings": []},
    }
    TextsProof.objects.update(**fields[how])

    panel, queue = (
        panel_of(client_of(cast.lu), articles[1]),
        client_of(cast.lu).get(reverse("articles:queue") + "?show=all"),
    )

    words = {"failed": "没有运行：数字两边的空格", "waiting": "正在与本期其他各篇对照", "late": "没有完成"}
    assert words[how] in panel
    assert "没有发现问题" not in panel
    assert "没有发现问题" not in queue.text
