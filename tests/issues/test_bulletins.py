"""Several bulletins: a person works with one of them, chosen in the head of the page."""

from datetime import date

import pytest
from django.urls import reverse

from issues.models import Issue
from tests import factories
from tests.scenes import scene

pytestmark = pytest.mark.sqlite


@scene
def other(bulletin):
    return factories.make_bulletin(name_lines="上海市邮政快递业\n安全生产简报", used_number=0, used_total_number=0)


@pytest.fixture
def editor(as_user, cast):
    return as_user(cast.lu)


def choose(client, bulletin, **more):
    return client.post(reverse("issues:choose_bulletin", args=[bulletin.pk]), more)


def test_with_one_bulletin_there_is_no_switch(editor, bulletin):
    assert reverse("issues:choose_bulletin", args=[bulletin.pk]) not in editor.get(reverse("issues:list")).text


def test_the_first_is_current_until_another_is_chosen(editor, bulletin, other):
    page = editor.get(reverse("issues:list")).text
    assert "安全生产简报</title>" not in page

    answer = choose(editor, other, next=reverse("issues:list"))

    assert answer.url == reverse("issues:list")
    page = editor.get(reverse("issues:list")).text
    assert "安全生产简报</title>" in page


def test_a_choice_leads_to_no_other_site(editor, bulletin, other):
    assert choose(editor, other, next="https://elsewhere.example/").url == reverse("home")


def test_a_new_issue_is_one_of_the_current_bulletin(editor, bulletin, other, cast):
    factories.make_issue(bulletin, cast.lu)
    choose(editor, other)

    editor.post(reverse("issues:create"), {"kind": "regular", "dated_on": "2026-04-08"})

    issue = Issue.objects.get(bulletin=other)
    assert (issue.year, issue.number, issue.total_number) == (2026, 1, 1)


def test_the_lists_show_the_current_bulletins_issues(editor, bulletin, other, cast):
    theirs = factories.make_issue(bulletin, cast.lu)
    own = factories.make_issue(other, cast.lu)
    choose(editor, other)

    shown = editor.get(reverse("issues:list")).context["page_obj"]

    assert own != theirs
    assert list(shown) == [own]


def test_the_years_are_those_of_the_current_bulletin(as_user, cast, bulletin, other):
    factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)], dated_on=date(2025, 5, 6))
    factories.make_recipient_list(other)
    own = factories.issued_issue(other, cast, [factories.accepted(cast.lin, cast.lu)], dated_on=date(2026, 5, 6))
    reader = as_user(cast.shen)
    choose(reader, other)

    context = reader.get(reverse("issues:archive")).context

    assert [entry["year"] for entry in context["years"]] == [2026]
    assert list(context["page_obj"]) == [own]
    assert context["article_count"] == 1


def test_the_recipient_lists_are_those_of_the_current_bulletin(editor, bulletin, other, cast):
    own = factories.make_recipient_list(other)
    choose(editor, other)

    context = editor.get(reverse("issues:recipient_lists")).context

    assert context["shown"] == own
    assert list(context["page_obj"]) == [own]


@pytest.mark.parametrize("several", [False, True])
def test_where_there_are_several_the_list_of_things_to_do_names_the_bulletin(several, editor, bulletin, cast):
    factories.make_issue(bulletin, cast.lu)
    if several:
        factories.make_bulletin(name_lines="安全生产简报", used_number=0, used_total_number=0)

    page = editor.get(reverse("home")).text

    assert ('<div class="why">' + str(bulletin) in page) == several


@pytest.mark.parametrize("several", [False, True])
def test_where_there_are_several_a_hit_names_the_bulletin(several, as_user, cast, bulletin):
    factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu, title="消防演练")])
    if several:
        factories.make_bulletin(name_lines="安全生产简报", used_number=0, used_total_number=0)

    page = as_user(cast.shen).get(reverse("issues:archive"), {"q": "消防演练"}).text

    assert (f"<span>{bulletin}</span>" in page) == several
