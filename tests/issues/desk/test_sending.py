from django.urls import reverse

from issues import signing
from issues.models import Status as IssueStatus
from tests import factories
from tests.issues.desk.rows import url


def test_what_blocks_stands_beside_the_button_with_its_cure(editor, bulletin, cast):
    bulletin.recipient_lists.all().delete()
    empty = factories.make_issue(bulletin, cast.lu)

    page = editor.get(url("desk", empty)).text

    assert "还有 2 件事办完才能送签发" in page
    assert url("recipients", empty) in page
    assert 'aria-disabled="true"' in page
    assert "transition/send" not in page


def test_a_blocked_issue_is_not_sent_even_if_asked(editor, bulletin, cast):
    empty = factories.make_issue(bulletin, cast.lu)

    editor.post(reverse("issues:transition", args=[empty.pk, "send"]))

    empty.refresh_from_db()
    assert empty.status == IssueStatus.DRAFT


def test_an_issue_that_was_sent_off_is_read_only(editor, issue, cast):
    signing.send_for_sign_off(issue, by=cast.lu)

    page = editor.get(url("desk", issue)).text

    assert "待签发，在 方维舟 处" in page
    assert "撤回签发申请" in page
    assert "/move/" not in page
    assert "/take-out/" not in page


def test_the_editor_takes_it_back_from_sign_off(editor, issue, cast):
    signing.send_for_sign_off(issue, by=cast.lu)

    editor.post(reverse("issues:transition", args=[issue.pk, "recall"]))

    issue.refresh_from_db()
    assert issue.is_open


def test_the_chief_editor_alone_issues(as_user, bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)
    assert "由主编印发" in as_user(cast.lu).get(url("desk", issue)).text
    assert as_user(cast.lu).post(url("publish", issue)).status_code == 403

    answer = as_user(cast.gu).post(url("publish", issue), follow=True)

    assert answer.redirect_chain[-1][0] == url("detail", issue)
    assert reverse("distribution:prepare", args=[issue.pk]) in answer.text
