"""The settings of an issue that its masthead and its end matter print, and those of its bulletin."""

from datetime import date

import pytest
from django.urls import reverse

from issues import assembly
from issues.content import content_of
from issues.models import Bulletin
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused


@scene
def issue(bulletin, cast):
    return factories.make_issue(bulletin, cast.lu)


@pytest.fixture
def editor(as_user, cast):
    return as_user(cast.lu)


def save(editor, issue, **fields):
    given = {"dated_on": "2026-04-08", "print_run": "60"} | fields
    answer = editor.post(reverse("issues:settings", args=[issue.pk]), given)
    issue.refresh_from_db()
    return answer


def test_the_fields_of_the_masthead_reach_the_content(editor, issue):
    save(editor, issue, copy_number="000012", security="内部", signer_name=" 方维舟 ")
    content = content_of(issue)
    assert (content.copy_number, content.security, content.signer) == ("000012", "内部", "方维舟")


@pytest.mark.parametrize("copy_number", ["1", "12345", "00000a", "１２３４５６", "0000012"])
def test_a_copy_number_has_six_digits(editor, issue, copy_number):
    answer = save(editor, issue, copy_number=copy_number)
    assert answer.status_code == 422
    assert issue.copy_number == ""


@pytest.mark.parametrize("security", ["秘密", "秘密★1年", "机密★10年", "绝密★长期", "公开", "内部★1年", "内部。"])
def test_nothing_classified_can_be_entered(editor, issue, security):
    answer = save(editor, issue, security=security)
    assert answer.status_code == 422
    assert "本系统不处理涉密内容" in answer.text
    assert issue.security == ""


def test_the_act_itself_takes_nothing_classified(issue, cast):
    with pytest.raises(Refused, match="涉密"):
        assembly.set_up(issue, by=cast.lu, dated_on=issue.dated_on, security="秘密★1年")


def test_no_copies_are_printed_about_with_nought(editor, issue):
    page = editor.get(reverse("issues:settings", args=[issue.pk])).text
    assert "共印60份" in page
    assert save(editor, issue, print_run="0").status_code == 302
    assert content_of(issue).print_run == 0


@pytest.fixture
def administration(client, cast):
    client.force_login(factories.make_user("root", "管理员", is_staff=True, is_superuser=True))
    return lambda bulletin: reverse("admin:issues_bulletin_change", args=[bulletin.pk])


BULLETIN = {
    "name_lines": "上海市邮政快递行业\n党建、文明创建工作简报",
    "publisher": "上海市邮政管理局党建办、文明办",
    "print_run": "60",
    "layout_preset": "current",
    "used_year": "2026",
    "used_number": "9",
    "used_total_number": "544",
    "review_steps": "3",
}


def test_a_bulletin_gets_measures_of_its_own_in_the_administration(administration, client, bulletin):
    given = BULLETIN | {"characters": "30", "rows": "24", "left_mm": "20.5", "notice": "内部资料 · 注意保存"}
    assert client.post(administration(bulletin), given).status_code == 302
    stored = Bulletin.objects.get()
    assert (stored.measures.characters, stored.measures.rows, stored.measures.left_mm) == (30, 24, 20.5)
    assert stored.notice == "内部资料 · 注意保存"


def test_measures_that_no_page_can_have_are_refused_in_words(administration, client, bulletin):
    answer = client.post(administration(bulletin), BULLETIN | {"characters": "40"})
    assert answer.status_code == 200
    assert "226" in answer.text  # millimetres that 40 characters take
    assert Bulletin.objects.get().characters is None


def test_an_issue_of_another_year_keeps_its_other_settings(editor, issue):
    save(editor, issue, dated_on="2027-01-05", signer_name="方维舟")
    assert issue.dated_on == date(2027, 1, 5)
    assert issue.signer_name == "方维舟"


def test_what_is_missing_or_wrong_is_said_in_our_words(as_user, cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu)
    client = as_user(cast.lu)
    answer = client.post(reverse("issues:settings", args=[issue.pk]), {"dated_on": "", "print_run": "-5"})
    assert answer.context["form"].errors["print_run"] == ["共印份数不能小于 0；不印就填 0。"]
    assert answer.context["form"].errors["dated_on"] == ["请填计划印发日。"]

    answer = client.post(reverse("issues:recipient_list_new"), {"valid_from": ""})
    assert answer.context["form"].errors["valid_from"] == ["请填起用日。"]
