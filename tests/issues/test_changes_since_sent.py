"""What the sign-off sheet says has changed since the issue was sent the time before."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from articles import review, revision
from issues import assembly, signing, tasks
from issues.models import FrozenContent, Issue, Placement, RedlinePdf
from tests import factories
from tests.articles.test_word_redline import settled
from tests.scenes import scene
from tests.typesetting.read_back import page_texts

pytestmark = pytest.mark.sqlite

BODY = "<p>广泛凝聚安全公示，压实全员安全责任。</p><p>下一步，青浦局将继续跟进。</p>"


@pytest.fixture
def signer(as_user, cast):
    return as_user(cast.fang)


@scene
def stories(cast):
    return [
        factories.accepted(cast.lin, cast.lu, title="青浦局开展演练", body=BODY),
        factories.accepted(cast.zhao, cast.lu, title="宝山局走访网点"),
    ]


@scene
def issue(bulletin, cast, stories):
    return factories.pending_issue(bulletin, cast, stories)


def sheet(client, issue, name="sign_off"):
    return client.get(reverse(f"issues:{name}", args=[issue.pk])).text


def reword(issue, story, body, cast):
    """Corrected on the desk; another person of the office agrees."""
    placement = Placement.objects.get(issue=issue, article=story)
    wording = revision.Wording({"body": body}, {})
    version = assembly.revise(placement, wording, by=cast.lu, seen=placement.version_id)
    review.agree(story, by=cast.gu, version=version.pk)


def send_again(issue, cast):
    factories.proofread_clean(issue)
    signing.send_for_sign_off(Issue.objects.get(pk=issue.pk), by=cast.lu)
    issue.refresh_from_db()
    factories.set_pages(issue)


def send_back(issue, cast, note="请改“公示”"):
    signing.back_to_the_desk(issue, Issue.REFUSE, by=cast.fang, note=note)
    issue.refresh_from_db()


def test_what_is_sent_for_the_first_time_has_no_changes(signer, issue):
    assert "送签的相比" not in sheet(signer, issue)
    assert "这一期是第一次送签" in sheet(signer, issue, "sign_off_changes")


def test_the_signer_sees_what_was_changed_after_the_return(signer, issue, stories, cast):
    send_back(issue, cast)
    reword(issue, stories[0], BODY.replace("公示", "共识"), cast)
    send_again(issue, cast)

    page = sheet(signer, issue)

    assert "送签的相比" in page
    assert "青浦局开展演练　" in page
    assert "改 1 处" in page
    assert "宝山局走访网点　" not in page
    changed = sheet(signer, issue, "sign_off_changes")
    assert '<del><span class="visually-hidden">删：</span>公示</del>' in changed
    assert '<ins><span class="visually-hidden">增：</span>共识</ins>' in changed
    assert "下一步，青浦局将继续跟进" not in changed  # what stayed needs no second reading


def test_the_signer_sees_what_was_put_in_and_taken_out(signer, issue, stories, cast):
    send_back(issue, cast)
    assembly.take_out(Placement.objects.get(article=stories[1]), by=cast.lu)
    assembly.place(issue, factories.accepted(cast.lin, cast.lu, title="青浦局新增服务点"), by=cast.lu)
    send_again(issue, cast)

    page = " ".join(sheet(signer, issue).split())

    assert "青浦局新增服务点 新编入" in page
    assert "宝山局走访网点 已撤出" in page


def test_what_was_sent_again_as_it_was_says_so(signer, issue, cast):
    signing.back_to_the_desk(issue, Issue.RECALL, by=cast.lu)
    send_again(issue, cast)

    assert "稿件没有改动" in sheet(signer, issue)


def test_the_last_sending_counts_not_the_first(signer, issue, stories, cast):
    for word in ("共识", "共鸣"):
        send_back(issue, cast)
        reword(issue, stories[0], BODY.replace("公示", word), cast)
        send_again(issue, cast)

    changed = sheet(signer, issue, "sign_off_changes")

    assert "识</del>" in changed
    assert "示</del>" not in changed


def test_what_is_sent_is_kept_to_the_letter(issue):
    assert FrozenContent.objects.filter(digest=signing.present_proof(issue).digest).exists()


def word_of(client, issue):
    return client.get(reverse("issues:sign_off_changes_word", args=[issue.pk]))


def test_the_signer_fetches_the_changes_as_a_word_file(signer, issue, stories, cast):
    send_back(issue, cast)
    reword(issue, stories[0], BODY.replace("公示", "共识"), cast)
    assembly.take_out(Placement.objects.get(article=stories[1]), by=cast.lu)
    send_again(issue, cast)

    assert reverse("issues:sign_off_changes_word", args=[issue.pk]) in sheet(signer, issue, "sign_off_changes")
    data = word_of(signer, issue).getvalue()

    assert settled(data, accept=True) == [
        "青浦局开展演练",
        "广泛凝聚安全共识，压实全员安全责任。",
        "下一步，青浦局将继续跟进。",
    ]
    rejected = settled(data, accept=False)
    assert rejected[1] == "广泛凝聚安全公示，压实全员安全责任。"
    assert rejected[3] == "宝山局走访网点"
    (comment,) = Document(BytesIO(data)).comments
    assert (comment.text, comment.author) == ("已撤出", "陆一鸣")


def test_without_changes_there_is_no_word_file(signer, issue):
    assert word_of(signer, issue)["Location"] == reverse("issues:sign_off_changes", args=[issue.pk])


def test_the_signer_has_the_changes_made_a_pdf(signer, issue, stories, cast):
    send_back(issue, cast)
    reword(issue, stories[0], BODY.replace("公示", "共识"), cast)
    assembly.take_out(Placement.objects.get(article=stories[1]), by=cast.lu)
    send_again(issue, cast)
    address = reverse("issues:sign_off_changes_pdf", args=[issue.pk])
    assert f'action="{address}"' in sheet(signer, issue, "sign_off_changes")

    signer.post(address)
    tasks.render_waiting_redlines()

    asked = RedlinePdf.objects.get()
    pdf = signer.get(reverse("issues:redline_pdf", args=[asked.pk])).getvalue()
    text = re.sub(r"\s", "", "".join(page_texts(pdf)))
    assert "安全公示共识，压实" in text
    assert "已撤出" in text
    assert asked.shown_at == reverse("issues:sign_off_changes", args=[issue.pk])


def test_without_changes_there_is_no_pdf(signer, issue):
    answer = signer.post(reverse("issues:sign_off_changes_pdf", args=[issue.pk]))

    assert answer["Location"] == reverse("issues:sign_off_changes", args=[issue.pk])


def test_only_a_signer_fetches_the_changes(as_user, issue, cast):
    send_back(issue, cast)
    send_again(issue, cast)

    assert [word_of(as_user(who), issue).status_code for who in (cast.fang, cast.lin, cast.lu)] == [200, 404, 404]


@pytest.mark.parametrize("count", [1, 5])
def test_the_queries_of_the_sheet_do_not_grow_with_the_changes(
    count, signer, bulletin, cast, django_assert_num_queries
):
    stories = [factories.accepted(cast.lin, cast.lu, body=BODY) for _ in range(count)]
    issue = factories.pending_issue(bulletin, cast, stories)
    send_back(issue, cast)
    for story in stories:
        reword(issue, story, BODY.replace("公示", "共识"), cast)
    send_again(issue, cast)

    with django_assert_num_queries(52):
        sheet(signer, issue)
