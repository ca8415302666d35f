"""The pages of the ledger: what stands on them for whom, and what a person does there."""

from datetime import date

import pytest
from django.urls import reverse

from articles import joining
from articles.commissions import answering
from points import by_hand, closing, ledger
from points.models import ClosedMonth, Entry, HandCause, LedgerRun, RuleSet
from tests import factories
from tests.scenes import scene

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
APRIL = date(2026, 4, 1)
ENTRIES = reverse("points:entries")


@scene
def counted(bulletin, cast):
    """An issue of April whose story is merged with one of 宝山, passed up by the city, and counted."""
    with factories.noon_of(date(2026, 4, 2)):
        kept, other = factories.accepted(cast.lin, cast.lu), factories.submitted(cast.zhao)
        joining.merge(kept, {other.pk: other.current_version_id}, by=cast.lu)
    factories.issued_issue(bulletin, cast, [kept])
    factories.make_rules(cast.gu)
    by_hand.enter(factories.praise(kept), by=cast.lu)
    ledger.bring_up_to_date()
    return kept


def form_of(page):
    """What the form of new rules would send."""
    form = page.context["form"]
    return {bound.name: value for bound in form if (value := bound.value()) is not None} | {
        "valid_from": form["valid_from"].value().strftime("%Y-%m")
    }


# --- the ledger -------------------------------------------------------------------------------------------------------
def test_each_entry_opens_to_its_article_its_issue_and_its_rules(counted, cast, as_user):
    page = as_user(cast.lu).get(ENTRIES, {"cause": "adopted", "unit": cast.lin.unit_id})

    (entry,) = page.context["entries"]
    for address in (
        reverse("articles:detail", args=[counted.pk]),
        reverse("issues:detail", args=[entry.issue_id]),
        reverse("points:rules_show", args=[entry.rule_set_id]),
    ):
        assert f'href="{address}"' in page.content.decode()
    assert "共 1 笔，合计 5 分" in page.content.decode()


def test_a_printed_story_leads_to_its_points(counted, cast, as_user):
    client = as_user(cast.lin)
    address = f"{ENTRIES}?article={counted.pk}"

    assert f'href="{address}"' in client.get(reverse("articles:detail", args=[counted.pk])).content.decode()
    causes = [entry.cause for entry in client.get(address).context["entries"]]
    assert sorted(causes) == ["adopted", "passed_up", "submitted"]


def test_a_commission_leads_to_the_points_of_its_story(counted, cast, as_user):
    row = factories.make_commission(cast.lu, cast.lin.unit)
    answering.attach(row, counted, by=cast.lu)

    for person in (cast.lin, cast.lu):
        page = as_user(person).get(reverse("articles:commissioned", args=[row.pk])).text
        assert f"{reverse('points:entries')}?article={counted.pk}" in page


def test_a_unit_sees_its_own_entries_and_opens_no_story_of_another(counted, cast, as_user):
    page = as_user(cast.zhao).get(ENTRIES)

    assert {entry.unit for entry in page.context["entries"]} == {cast.zhao.unit}
    assert f'href="{reverse("articles:detail", args=[counted.pk])}"' not in page.content.decode()


def test_a_filter_without_hits_says_so(counted, cast, as_user):
    page = as_user(cast.lu).get(ENTRIES, {"cause": "missed", "month": "2026-13", "unit": "x"}).content.decode()

    assert "没有符合条件的账目" in page
    assert "清除筛选" in page


def test_the_list_asks_as_often_however_long_it_is(counted, cast, as_user, django_assert_num_queries):
    client = as_user(cast.lu)
    client.get(ENTRIES)
    with django_assert_num_queries(18):
        assert len(client.get(ENTRIES).context["entries"]) == 6

    for _number in range(5):
        factories.submitted(cast.lin)
    ledger.bring_up_to_date()

    with django_assert_num_queries(18):
        assert len(client.get(ENTRIES).context["entries"]) == 11


def test_it_is_brought_up_to_date_on_demand(counted, cast, as_user, django_capture_on_commit_callbacks):
    factories.submitted(cast.lin)
    client = as_user(cast.lu)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("points:update"))

    assert Entry.objects.filter(cause="submitted").count() == 3
    assert "更新" in client.get(reverse("points:ledger_state")).content.decode()


def test_while_it_is_being_written_the_page_says_how_far_it_is_and_asks_again(counted, cast, as_user):
    ledger.ask(by=cast.lu)
    LedgerRun.objects.update(done=500, total=1200)

    page = as_user(cast.lu).get(reverse("points:ledger_state")).content.decode()

    assert "正在更新：500 / 1200 笔" in page
    assert "hx-get" in page


# --- rules ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["length", "study", "base"])
def test_an_example_is_taken_over_as_it_is(cast, as_user, slug):
    client = as_user(cast.gu)
    sent = form_of(client.get(reverse("points:rules_add"), {"example": slug})) | {"act": "add"}

    answer = client.post(reverse("points:rules_add"), sent)

    assert answer.status_code == 302
    added = RuleSet.objects.get()
    for name, value in factories.EXAMPLES[slug].values.items():
        assert getattr(added, name) == value, name
    assert added.by == cast.gu


def test_the_last_quarter_is_shown_under_new_rules_and_nothing_is_stored(counted, cast, as_user):
    client = as_user(cast.gu)
    with factories.noon_of(date(2026, 7, 3)):
        sent = form_of(client.get(reverse("points:rules_add"), {"example": "study"})) | {"act": "preview"}
        page = client.post(reverse("points:rules_add"), sent)

    rows = {unit.short_name: (now.total, then.total) for unit, now, then in page.context["rows"]}
    assert rows["青浦局"] == (15, 10)  # 5 + 10; as study: the highest of 2 and 10
    assert "2026年第2季度按此规则会怎样" in page.content.decode()
    assert RuleSet.objects.count() == 1
    assert page.context["form"]["name"].value() == sent["name"]


def test_rules_that_contradict_themselves_are_sent_back_with_what_to_do(cast, as_user):
    client = as_user(cast.gu)
    sent = form_of(client.get(reverse("points:rules_add"), {"example": "length"})) | {
        "short_up_to": 900,
        "middle_up_to": 800,
    }
    sent |= {"withholds": "on", "minimum": 0, "valid_from": "十月", "brief": "-1"}

    page = client.post(reverse("points:rules_add"), sent)

    assert page.status_code == 422
    text = page.content.decode()
    for words in ("不能小于短篇的字数上限", "请填不足几篇就不计加分", "看不出是哪一月"):
        assert words in text
    assert page.context["form"]["name"].value() == sent["name"]
    assert "brief" in page.context["form"].errors


def test_the_page_of_rules_shows_each_of_them(counted, cast, as_user):
    page = as_user(cast.lu).get(reverse("points:rules_show", args=[RuleSet.objects.get().pk])).content.decode()

    assert "几家单位平分" in page
    assert "2026年1月起用" in page


# --- by hand ----------------------------------------------------------------------------------------------------------
def test_a_story_is_found_and_its_praise_entered(counted, cast, as_user):
    client = as_user(cast.lu)
    found = client.get(reverse("points:by_hand_story", args=["praised"]), {"q": counted.flat_title[:8]})
    assert counted in found.context["stories"]
    address = reverse("points:by_hand_add", args=["praised"]) + f"?article={counted.pk}"

    client.post(address, {"level": "bureau", "on": "2026-04-21", "source": "局领导4月21日批示"})

    entered = HandCause.objects.get(kind="praised")
    assert (entered.article, entered.level, entered.by) == (counted, "bureau", cast.lu)
    assert "领导批示（本局）" in client.get(reverse("points:by_hand")).content.decode()


def test_what_has_no_story_names_a_unit(cast, units, as_user):
    address = reverse("points:by_hand_add", args=["deducted"])

    refused = as_user(cast.lu).post(address, {"fault": "duplicate", "on": "2026-04-21", "source": "重复"})
    assert refused.status_code == 422
    as_user(cast.lu).post(
        address, {"fault": "duplicate", "unit": units.baoshan.pk, "on": "2026-04-21", "source": "重复"}
    )

    assert HandCause.objects.get().unit == units.baoshan


def test_a_day_to_come_and_a_missing_source_are_sent_back(counted, cast, as_user):
    address = reverse("points:by_hand_add", args=["passed-up"]) + f"?article={counted.pk}"

    page = as_user(cast.lu).post(address, {"level": "state", "on": "2099-01-01", "source": ""})

    assert page.status_code == 422
    assert "这一天还没到" in page.content.decode()
    assert {"on", "source"} == set(page.context["form"].errors)


def test_an_office_does_not_pass_up_to_itself(counted, cast, as_user):
    address = reverse("points:by_hand_add", args=["passed-up"]) + f"?article={counted.pk}"

    page = as_user(cast.lu).post(address, {"level": "bureau", "on": "2026-04-21", "source": "本局"})

    assert "level" in page.context["form"].errors


def test_whose_fault_a_correction_was_is_asked_until_it_is_said(counted, cast, as_user):
    amendment = factories.issued_correction(counted.placement.issue, cast)
    client = as_user(cast.lu)
    (doubt,) = client.get(reverse("points:by_hand")).context["doubts"]

    form = client.get(doubt.page)
    assert form.context["form"]["fault"].value() == "corrected"
    fields = {"fault": "none", "unit": cast.lin.unit_id, "on": "2026-04-30", "source": "编辑改错"}
    client.post(doubt.page, fields)

    assert HandCause.objects.get(fault="none").issue == amendment
    assert client.get(reverse("points:by_hand")).context["doubts"] == []


def test_the_list_by_hand_asks_as_often_however_long_it_is(counted, cast, as_user, django_assert_num_queries):
    client, address, issue = as_user(cast.lu), reverse("points:by_hand"), counted.placement.issue
    factories.issued_correction(issue, cast)
    client.get(address)
    with django_assert_num_queries(15):
        client.get(address)

    factories.issued_correction(issue, cast, number=2)
    for number in range(3):
        by_hand.enter(factories.praise(counted, source=f"市简报第{number}期"), by=cast.lu)

    with django_assert_num_queries(15):
        page = client.get(address)
    assert (len(page.context["doubts"]), len(page.context["causes"])) == (2, 4)


def test_an_entry_is_reversed_with_a_reason(counted, cast, as_user):
    client, cause = as_user(cast.lu), HandCause.objects.get()
    address = reverse("points:by_hand_reverse", args=[cause.pk])

    assert "请写明为什么冲销" in client.post(address, {"note": " "}, follow=True).content.decode()
    client.post(address, {"note": "不是这一篇"})

    assert HandCause.objects.get(reverses=cause).source == "不是这一篇"


# --- closing ----------------------------------------------------------------------------------------------------------
def test_a_month_is_closed_from_its_page(counted, cast, as_user):
    client = as_user(cast.gu)
    page = client.get(reverse("points:closing"), {"month": "2026-04"})
    fields = page.context["fields"]
    assert {unit.short_name: score.total for unit, score in page.context["rows"]} == {"青浦局": 15, "宝山局": 15}

    said = client.post(reverse("points:close"), fields, follow=True).content.decode()

    assert "2026年4月已结账，不再变动。" in said
    assert ClosedMonth.objects.get().by == cast.gu


def test_a_closed_month_is_reopened_from_its_page_and_what_was_closed_stays_readable(counted, cast, as_user):
    closed = closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))
    client, address = as_user(cast.gu), reverse("points:reopen", args=[closed.pk])

    assert "请说明" in client.post(address, {"note": ""}, follow=True).text
    said = client.post(address, {"note": "漏记一篇"}, follow=True).text

    assert "2026年4月已重开" in said
    assert APRIL in client.get(reverse("points:closing")).context["months"]
    old = as_user(cast.lu).get(reverse("points:closed", args=[closed.pk]))
    assert {unit.short_name: score.total for unit, score in old.context["rows"]} == {"青浦局": 15, "宝山局": 15}
    assert "漏记一篇" in old.text


def test_who_does_not_close_has_no_button_to_reopen(counted, cast, as_user):
    closing.close(APRIL, by=cast.gu, as_seen=closing.seen(APRIL))

    assert "reopen-month" not in as_user(cast.lu).get(reverse("points:closing")).text


def test_an_editor_sees_what_would_be_closed_and_has_no_button(counted, cast, as_user):
    page = as_user(cast.lu).get(reverse("points:closing"), {"month": "2026-04"}).content.decode()

    assert "close-month" not in page


@pytest.mark.parametrize("month", ["", "2026-13", "1999-01"])
def test_a_month_that_is_not_open_is_refused(counted, cast, as_user, month):
    sent = {"month": month, "seen": closing.seen(APRIL)}

    as_user(cast.gu).post(reverse("points:close"), sent)

    assert not ClosedMonth.objects.exists()
