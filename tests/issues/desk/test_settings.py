from datetime import date

from django.urls import reverse

from issues.models import Issue
from tests import factories
from tests.issues.desk.rows import url


def test_the_settings_are_kept(editor, issue):
    fields = {"dated_on": "2026-04-17", "editor_note": "编者按。", "has_contents": "on", "print_run": "75"}

    editor.post(url("settings", issue), fields)

    issue.refresh_from_db()
    assert (issue.dated_on, issue.editor_note, issue.has_contents, issue.print_run) == (
        date(2026, 4, 17),
        "编者按。",
        True,
        75,
    )


def test_a_refused_form_keeps_the_entry_and_says_what_to_do(editor, issue):
    answer = editor.post(url("settings", issue), {"dated_on": "", "editor_note": "编者按。", "print_run": "60"})

    assert answer.status_code == 422
    assert "编者按。" in answer.text
    issue.refresh_from_db()
    assert issue.editor_note == ""


def test_a_new_issue_is_begun(editor, bulletin, cast):
    answer = editor.post(reverse("issues:create"), {"kind": "supplement", "dated_on": "2026-04-08"})

    assert answer.url == url("desk", Issue.objects.get())
    assert str(Issue.objects.get()) == "2026年增刊第1期"


def test_the_recipients_are_compared_and_updated(editor, issue, bulletin):
    factories.make_recipient_list(bulletin, date(2026, 4, 1), across=["上海市文明办", "上海市快递协会"])
    page = editor.get(url("desk", issue)).text
    assert "对照并更新" in page

    editor.post(url("update_recipients", issue))

    assert [line.text for line in issue.recipients.filter(direction="across")] == ["上海市文明办", "上海市快递协会"]


def test_the_issues_own_recipients_are_added(editor, issue):
    lines = {"key-down": ["n1"], "text-down": ["各区邮政管理局"]}

    editor.post(url("recipients", issue), lines)

    assert [(line.direction, line.text) for line in issue.recipients.all()] == [("down", "各区邮政管理局")]
