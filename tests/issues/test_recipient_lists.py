from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from issues import recipients
from issues.models import RecipientList
from tests import factories, old_issues
from tests.scenes import scene
from workflow.refusals import Refused

UP, ACROSS, DOWN = "up", "across", "down"


@pytest.fixture
def editor(as_user, cast):
    return as_user(cast.tang)


@scene
def old(bulletin):
    return bulletin.recipient_lists.get()


def url(name, *args):
    return reverse(f"issues:{name}", args=args)


def lines(up=(), across=(), down=()):
    return {UP: list(up), ACROSS: list(across), DOWN: list(down)}


def posted(form, **more):
    """The fields that the edit page would send back."""
    fields = {}
    for direction, _label, rows in form:
        fields[f"key-{direction}"] = [row.key for row in rows]
        fields[f"text-{direction}"] = [row.text for row in rows]
    return fields | more


def texts(client_answer, direction):
    return [row.text for row in client_answer.context["form"].groups[direction]]


def test_the_list_in_force_is_shown_as_printed(editor, old, bulletin):
    factories.make_recipient_list(bulletin, date(2099, 1, 1))

    page = editor.get(url("recipient_lists"))

    assert page.context["shown"] == old
    assert "现行" in page.text
    assert "，".join(factories.ACROSS) in page.text
    assert "2099年1月1日起" in page.text


def test_a_new_version_begins_as_a_copy(editor, bulletin):
    answer = editor.post(url("recipient_list_new"), {"valid_from": "2026-09-01"})

    new = RecipientList.objects.get(valid_from=date(2026, 9, 1))
    assert answer.url == url("recipient_list_edit", new.pk)
    assert recipients.lines_of(new.lines.all()) == lines(factories.UP, factories.ACROSS)


def test_a_version_of_the_same_day_is_refused_with_the_cure(editor, old):
    answer = editor.post(url("recipient_list_new"), {"valid_from": "2024-05-01"})

    assert answer.status_code == 422
    assert "与 2024年5月1日起的一版重叠，请改起用日" in answer.text
    assert RecipientList.objects.count() == 1


def test_lines_are_moved_added_and_removed_without_scripts_and_saved_at_the_end(editor, old):
    address = url("recipient_list_edit", old.pk)
    form = editor.get(address).context["form"]
    second = form.groups[UP][1]

    answer = editor.post(address, posted(form, act=f"up:up:{second.key}"))
    assert texts(answer, UP)[:2] == [factories.UP[1], factories.UP[0]]
    answer = editor.post(address, posted(answer.context["form"], act=f"remove:up:{second.key}"))
    assert texts(answer, UP) == [factories.UP[0], *factories.UP[2:]]
    answer = editor.post(address, posted(answer.context["form"], act="add:down:"))
    assert texts(answer, DOWN) == [""]
    assert old.lines.count() == 11
    fields = posted(answer.context["form"]) | {"text-down": ["各区局"]}
    editor.post(address, fields)

    assert recipients.lines_of(old.lines.all()) == lines(
        [factories.UP[0], *factories.UP[2:]], factories.ACROSS, ["各区局"]
    )


def test_a_moved_line_keeps_its_key_so_that_the_focus_stays(editor, old):
    address = url("recipient_list_edit", old.pk)
    form = editor.get(address).context["form"]
    key = form.groups[UP][2].key

    answer = editor.post(address, posted(form, act=f"up:up:{key}"), HTTP_HX_REQUEST="true")

    assert [row.key for row in answer.context["form"].groups[UP]][1] == key
    assert "<html" not in answer.text
    assert answer.text.count("data-next-focus") == 1


def test_an_entry_with_commas_of_its_own_stays_one(editor, old):
    entry = "上海市邮政管理局各处室、管理局、文明办"

    editor.post(url("recipient_list_edit", old.pk), {"key-across": ["a"], "text-across": [entry]})

    assert [line.text for line in old.lines.all()] == [entry]


@pytest.mark.parametrize(
    ("text", "error"), [("一" * 101, "太长，最多 100 字"), ("上海市文明办", "“上海市文明办”写了两遍")]
)
def test_a_bad_line_is_refused_and_kept(text, error, editor, old):
    fields = {"key-across": ["a", "b"], "text-across": ["上海市文明办", text]}

    answer = editor.post(url("recipient_list_edit", old.pk), fields)

    assert answer.status_code == 422
    assert error in answer.text
    assert texts(answer, ACROSS) == ["上海市文明办", text]
    assert old.lines.count() == 11


def test_a_change_does_not_reach_what_was_issued(editor, old, bulletin, cast):
    issue = factories.issued_issue(bulletin, cast)
    assert "已有 1 期按这份名单印发" in editor.get(url("recipient_list_edit", old.pk)).text

    editor.post(url("recipient_list_edit", old.pk), {"key-up": ["a"], "text-up": ["另一家"]})

    assert recipients.lines_of(issue.recipients.all()) == lines(factories.UP, factories.ACROSS)


def test_it_says_which_issues_come_under_a_list(editor, old, bulletin, cast):
    new = factories.make_recipient_list(bulletin, date(2026, 4, 10))
    before = factories.make_issue(bulletin, cast.lu, dated_on=date(2026, 4, 9))
    after = factories.make_issue(bulletin, cast.lu, dated_on=date(2026, 4, 10))

    assert (list(recipients.issues_under(old)), list(recipients.issues_under(new))) == ([before], [after])


def test_a_list_in_use_is_not_deleted(editor, old, bulletin, cast):
    factories.make_issue(bulletin, cast.lu)

    page = editor.post(url("recipient_list_delete", old.pk), follow=True).text

    assert "已有各期用到这版名单，不能删除" in page
    assert RecipientList.objects.exists()


def test_a_list_without_issues_is_deleted(editor, bulletin):
    new = factories.make_recipient_list(bulletin, date(2099, 1, 1))

    editor.post(url("recipient_list_delete", new.pk))

    assert not RecipientList.objects.filter(pk=new.pk).exists()


def test_two_lists_are_compared_line_by_line_and_character_by_character():
    before = lines(["甲局", "乙局"], ["上海市邮政管理局各处室、管理局、文明办", "丁"])
    after = lines(["甲局", "丙会"], ["上海市邮政管理局局领导、各处室、派出机构、文明办", "丁", "戊"])

    up, across = recipients.compare(before, after)

    kinds = [[(line.kind, line.before, line.after) for line in rows] for _label, rows in (up, across)]
    assert kinds[0] == [("same", "甲局", "甲局"), ("deleted", "乙局", ""), ("added", "", "丙会")]
    assert [kind for kind, _b, _a in kinds[1]] == ["changed", "same", "added"]
    parts = across[1][0].parts
    assert "".join(text for kind, text in parts if kind != "insert") == before[ACROSS][0]
    assert "".join(text for kind, text in parts if kind != "delete") == after[ACROSS][0]


def test_the_comparison_is_seen(editor, old, bulletin):
    new = factories.make_recipient_list(bulletin, date(2026, 4, 1), across=[*factories.ACROSS, "上海市交通协会"])

    page = editor.get(url("compare"), {"a": old.pk, "b": new.pk}).text

    assert '<ins><span class="visually-hidden">增：</span>上海市交通协会</ins>' in page
    assert "两版相同" in editor.get(url("compare"), {"a": old.pk, "b": old.pk}).text


def test_a_line_that_was_moved_is_seen_at_its_new_place(editor, old, bulletin):
    last_first = [factories.ACROSS[-1], *factories.ACROSS[:-1]]
    new = factories.make_recipient_list(bulletin, date(2026, 4, 1), across=last_first)

    page = editor.get(url("compare"), {"a": old.pk, "b": new.pk}).text

    assert f'<span class="moved-note">原第 7 条移来</span>{factories.ACROSS[-1]}</li>' in page
    assert "<ins>" not in page
    assert "<del>" not in page


def test_a_version_that_overlaps_is_refused_below_the_page(old, bulletin, cast):
    with pytest.raises(Refused):
        recipients.new_version(bulletin, old.valid_from, by=cast.tang)


def test_the_timeline_asks_as_much_for_a_thousand_versions_as_for_ten(editor, bulletin):
    def add(*years):
        RecipientList.objects.bulk_create(
            RecipientList(bulletin=bulletin, valid_from=date(year, month, day))
            for year in years
            for month in range(1, 11)
            for day in range(1, 11)
        )

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(url("recipient_lists")).status_code == 200
        return len(captured)

    add(2010)
    queries()
    few = queries()
    add(*range(2011, 2021))

    assert queries() == few


def test_a_new_list_does_not_claim_what_was_signed_before_it(bulletin, cast, old):
    issue = factories.issued_issue(bulletin, cast, dated_on=date(2026, 4, 8))

    new = recipients.new_version(bulletin, date(2026, 4, 1), by=cast.tang)

    assert list(recipients.issues_under(new)) == []
    assert list(recipients.issues_under(old)) == [issue]


def test_no_list_claims_a_past_issue_that_was_taken_over(bulletin, cast, old):
    issue = old_issues.past_issue()
    assert issue.bulletin == bulletin

    assert list(recipients.issues_under(old)) == []


def test_an_issue_in_the_making_comes_under_the_new_list(bulletin, cast, old):
    issue = factories.make_issue(bulletin, cast.lu, dated_on=date(2026, 4, 8))

    new = recipients.new_version(bulletin, date(2026, 4, 1), by=cast.tang)

    assert list(recipients.issues_under(new)) == [issue]
    assert list(recipients.issues_under(old)) == []
