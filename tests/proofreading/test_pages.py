"""词库与规则: an entry is added with its source, ended by a day, and looked for; rules are switched off; a text is tried."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Tier, Unit
from proofreading import keeping, reference
from proofreading.engine import Passage, proofread
from proofreading.models import HouseStyle, RuleSwitch, Word
from proofreading.tables import Entry, shipped
from workflow.models import Change
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ENTRY = {"name": "红蜂驿站", "wrong": "红峰驿站", "source": "市局2026年第3号通知"}


def found(text, day=date(2026, 3, 27)):
    proof = proofread([Passage("", (text,))], as_of=day, tables=reference.current())
    return {(each.rule, each.quote, each.suggestion) for each in proof.findings}


def test_an_entry_is_added_with_its_source_and_holds_at_once(client, cast):
    client.force_login(cast.lu)
    response = client.post(reverse("proofreading:word_add", args=["phrases"]), ENTRY)
    assert response.url == reverse("proofreading:words_of", args=["phrases"])
    assert ("set-phrase", "红峰驿站", "红蜂驿站") in found("走访红峰驿站。")
    assert Change.objects.get(about="proofreading.word").note == "红峰驿站；市局2026年第3号通知"
    page = client.get(response.url, {"q": "红蜂"}).content.decode()
    assert "市局2026年第3号通知" in page
    assert str(cast.lu) in page


def test_an_entry_without_a_source_is_not_taken_and_nothing_is_lost(client, cast):
    client.force_login(cast.lu)
    response = client.post(reverse("proofreading:word_add", args=["phrases"]), ENTRY | {"source": ""})
    assert response.status_code == 422
    assert "红峰驿站" in response.content.decode()
    assert not Word.objects.exists()


def test_several_short_names_are_separated_by_the_usual_mark(client, cast):
    client.force_login(cast.lu)
    url = reverse("proofreading:word_add", args=["units"])
    client.post(url, {"name": "示例邮政管理局", "other": "示例局、示局", "source": "机构设置"})
    assert Word.objects.get().entry.others == ("示例局", "示局")


def test_a_shipped_entry_is_ended_by_a_row_of_the_offices_own(client, cast):
    client.force_login(cast.lu)
    entry = next(each for each in shipped().of("units") if each.name == "国家数据局")
    values = {"until": "2026-03-01", "becomes": "国家数据总局"}
    client.post(reverse("proofreading:word_end", args=[entry.mark]), values)
    assert ("former-unit", "国家数据局", "国家数据总局") in found("国家数据局发文。")
    assert found("国家数据局发文。", date(2026, 2, 1)) == set()
    assert [each.name for each in reference.current().of("units")].count("国家数据局") == 1
    assert Change.objects.filter(about="proofreading.word", what=Change.What.DETAILS).count() == 1


def test_an_entry_has_one_last_day_that_is_not_rewritten(cast):
    word = keeping.add(Entry("phrases", "甲乙丙", since=date(2026, 1, 1), source="书"), by=cast.lu)
    with pytest.raises(Refused):
        keeping.end(word.entry.mark, until=date(2025, 12, 31), by=cast.lu)
    keeping.end(word.entry.mark, until=date(2026, 2, 1), by=cast.lu)
    with pytest.raises(Refused):
        keeping.end(word.entry.mark, until=date(2026, 3, 1), by=cast.lu)
    with pytest.raises(Refused):
        keeping.add(Entry("phrases", "甲乙丙", since=date(2026, 1, 1), source="书"), by=cast.lu)
    keeping.add(Entry("phrases", "甲乙丙", since=date(2026, 2, 2), source="书"), by=cast.lu)


def test_a_rule_is_switched_off_and_that_is_logged(client, cast):
    client.force_login(cast.lu)
    url = reverse("proofreading:rule_switch", args=["doubled-word"])
    client.post(url, {"off": "1"})
    assert not {rule for rule, _quote, _suggestion in found("各部门部门参加。")} & {"doubled-word"}
    assert reference.current().off == {"doubled-word"}
    assert "停用" in Change.objects.get(about="proofreading.ruleswitch").note
    client.post(url, {"off": "0"})
    assert ("doubled-word", "部门部门", "部门") in found("各部门部门参加。")
    assert RuleSwitch.objects.get().by == cast.lu


def test_a_rule_that_is_not_there_is_refused(client, cast):
    client.force_login(cast.lu)
    page = client.post(reverse("proofreading:rule_switch", args=["none"]), {"off": "1"}, follow=True)
    assert "没有这条规则" in page.content.decode()


def test_the_acts_ask_who_is_asking(cast):
    with pytest.raises(Refused):
        keeping.switch("dash", off=True, by=cast.lin)
    with pytest.raises(Refused):
        keeping.add(Entry("phrases", "甲乙丙", source="书"), by=cast.lin)


def test_the_style_of_the_house_is_a_setting(client, cast):
    client.force_login(cast.lu)
    values = {"longest_article": "10", "longest_brief": "300", "functions_since": ""}
    client.post(reverse("proofreading:house"), values)
    assert HouseStyle.objects.count() == 1
    assert "length" in {rule for rule, _quote, _suggestion in found("会议召开，要求抓好安全生产。")}
    assert client.post(reverse("proofreading:house"), values | {"longest_article": "x"}).status_code == 422


def test_a_text_is_tried_as_of_a_day(client, cast):
    client.force_login(cast.lu)
    url = reverse("proofreading:trial")
    text = "召开会议\n市局局长王明和各部门部门出席会议。"
    now = client.post(url, {"text": text, "as_of": "2026-03-27"}).content.decode()
    then = client.post(url, {"text": text, "as_of": "2023-11-30"}).content.decode()
    assert "<mark>部门部门</mark>" in now
    assert "<mark>王明</mark>" in now
    assert "<mark>王明</mark>" not in then
    clean = client.post(url, {"text": "召开会议\n会议召开。", "as_of": "2026-03-27"}).content.decode()
    assert "没有发现问题" in clean


def test_the_sites_units_are_known_by_their_days(db):
    Unit.objects.create(name="示例快递服务有限公司", short_name="示例快递", tier=Tier.COURIER)
    assert ("unit-name", "示例快递服勿有限公司", "示例快递服务有限公司") in found("示例快递服勿有限公司参加。")


def test_the_queries_of_the_list_do_not_grow_with_its_rows(client, cast, django_assert_max_num_queries):
    client.force_login(cast.lu)
    for number in range(60):
        keeping.add(Entry("phrases", f"词条{number}", source="书"), by=cast.lu)
    with django_assert_max_num_queries(9):
        page = client.get(reverse("proofreading:words_of", args=["phrases"]))
    assert page.context["page_obj"].paginator.count > 60
