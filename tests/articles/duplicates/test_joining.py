"""What the office does with articles that say the same: merging, keeping one, and taking that back."""

import re

import pytest
from django.urls import reverse

from articles import joining
from articles.models import Article, ArticleEvent, Reason, Status
from issues import assembly
from issues.content import content_of
from tests.articles.duplicates.conftest import compared, told
from tests.articles.duplicates.stories import DRILL
from tests.factories import accepted, issued_issue, make_article, make_issue, submitted
from workflow.refusals import Refused


def versions(*articles):
    return {article.pk: article.current_version_id for article in articles}


def test_a_merged_story_is_credited_to_all_its_units(sent, cast):
    joining.merge(sent.one, versions(sent.copy, sent.other), by=cast.lu)

    one, copy = Article.objects.get(pk=sent.one.pk), Article.objects.get(pk=sent.copy.pk)
    assert [unit.short_name for unit in one.credited()] == ["青浦局", "宝山局"]
    assert (copy.status, copy.merged_into) == (Status.MERGED, one)
    event = one.events.last()
    assert event.transition == ArticleEvent.TAKE_IN
    assert "宝山局" in event.note
    assert sent.one.title.split("\n")[0] in copy.events.last().note


def test_the_issue_names_all_its_units(bulletin, cast):
    one, copy = (told(accepted, by, DRILL, editor=cast.lu) for by in (cast.lin, cast.zhao))
    joining.merge(one, versions(copy), by=cast.lu)
    issue = issued_issue(bulletin, cast, [Article.objects.get(pk=one.pk)])

    (story,) = content_of(issue).articles
    assert story.unit == "青浦邮政管理局、宝山邮政管理局"
    assert issue.placements.get().signed_unit == issue.placements.get().unit_name == "青浦局、宝山局"


def test_what_was_merged_into_the_others_goes_along(sent, cast):
    joining.merge(sent.copy, versions(sent.other), by=cast.lu)
    joining.merge(sent.one, versions(Article.objects.get(pk=sent.copy.pk)), by=cast.lu)
    assert set(Article.objects.get(pk=sent.one.pk).merged.all()) == {sent.copy, sent.other}


def test_merging_can_be_taken_back_until_the_story_stands_in_an_issue(sent, bulletin, cast):
    joining.merge(sent.one, versions(sent.copy, sent.other), by=cast.lu)
    Article.objects.get(pk=sent.copy.pk).apply(Article.RECONSIDER, by=cast.lu)
    assert Article.objects.get(pk=sent.copy.pk).merged_into is None

    sent.one.refresh_from_db()
    sent.one.apply(Article.ACCEPT, by=cast.lu)
    issue = make_issue(bulletin, cast.lu, [sent.one])
    with pytest.raises(Refused, match="撤出"):
        Article.objects.get(pk=sent.other.pk).apply(Article.RECONSIDER, by=cast.lu)
    with pytest.raises(Refused, match="撤出"):
        joining.merge(sent.one, versions(Article.objects.get(pk=sent.copy.pk)), by=cast.lu)
    assembly.take_out(issue.placements.get(), by=cast.lu)
    Article.objects.get(pk=sent.other.pk).apply(Article.RECONSIDER, by=cast.lu)


def test_all_are_merged_or_none(sent, cast):
    with pytest.raises(Refused):
        joining.merge(sent.one, versions(sent.copy) | {sent.other.pk: 0}, by=cast.lu)
    with pytest.raises(Refused):
        joining.merge(sent.one, {}, by=cast.lu)
    with pytest.raises(Refused):
        joining.merge(sent.one, versions(sent.one), by=cast.lu)
    with pytest.raises(Refused):
        joining.merge(sent.one, versions(sent.copy), by=cast.lin)
    assert not Article.objects.filter(status=Status.MERGED).exists()


def test_nobody_merges_into_their_own(cast):
    own, other = told(submitted, cast.lin, DRILL), told(submitted, cast.zhao, DRILL)
    Article.objects.filter(pk=own.pk).update(created_by=cast.lu)
    with pytest.raises(Refused):
        joining.merge(own, versions(other), by=cast.lu)


def test_the_others_are_declined_with_the_reason(sent, cast):
    reason = Reason.objects.get(code="B01")
    joining.keep(sent.one, versions(sent.copy), by=cast.lu, reason=reason, note="已用青浦局稿")
    copy = Article.objects.get(pk=sent.copy.pk)
    assert copy.is_declined
    assert copy.events.last().note == "内容重复：已用青浦局稿"
    with pytest.raises(Refused):
        joining.keep(sent.one, versions(sent.other), by=cast.lu, reason=None)


# --- the pages ----------------------------------------------------------------------------------------------------------
def url(name, article):
    return reverse(f"articles:{name}", args=[article.pk])


def test_the_page_merges_what_is_ticked(sent, as_user, cast):
    page = as_user(cast.lu)
    shown = page.get(url("duplicates", sent.one)).content.decode()
    assert "<mark>预</mark>" in shown  # the texts are the same but for this
    assert "合并" in shown
    assert sent.copy.title in shown
    page.post(
        url("duplicates_merge", sent.one),
        {"other": [sent.copy.pk, sent.apart.pk], f"version-{sent.copy.pk}": sent.copy.current_version_id},
    )
    assert Article.objects.get(pk=sent.copy.pk).is_merged
    assert not Article.objects.get(pk=sent.apart.pk).is_merged, "only what was found is merged"
    assert "青浦局、宝山局" in page.get(url("detail", sent.one)).content.decode()
    assert "署名" in as_user(cast.zhao).get(url("detail", sent.copy)).content.decode()


def test_the_page_declines_with_the_reason_filled_in(sent, as_user, cast):
    page = as_user(cast.lu)
    shown = page.get(url("duplicates", sent.one)).content.decode()
    reason = Reason.objects.get(code="B01")
    assert f'value="{reason.pk}" selected' in shown
    data = {"other": sent.copy.pk, f"version-{sent.copy.pk}": sent.copy.current_version_id, "note": "已用"}
    page.post(url("duplicates_keep", sent.one), data)
    assert not Article.objects.get(pk=sent.copy.pk).is_declined, "without a reason nothing is declined"
    page.post(url("duplicates_keep", sent.one), data | {"reason": reason.pk})
    assert Article.objects.get(pk=sent.copy.pk).is_declined


def test_several_units_of_one_text_are_one_family(sent, as_user, cast):
    shown = as_user(cast.lu).get(url("detail", sent.one)).content.decode()
    assert "2 个单位" in shown
    assert "青浦局、宝山局" in shown


@pytest.mark.parametrize("name", ["detail", "duplicates"])
def test_a_family_is_one_item_and_what_is_only_of_the_same_event_another(sent, as_user, cast, name):
    shown = as_user(cast.lu).get(url(name, sent.one)).content.decode()
    shown = shown[shown.index('id="found-h"' if name == "duplicates" else 'id="duplicates-h"') :]
    items = re.search(r'<ul class="checks">(.*?)</ul>', shown, re.DOTALL)[1]
    family, other = items.split("<li>")[1:]
    assert "青浦局、宝山局" in family
    assert f"?with={sent.copy.pk}" in family
    assert f"?with={sent.other.pk}" in other


def test_a_writer_sees_no_other_units_work(sent, as_user, cast):
    page = as_user(cast.zhao)
    shown = page.get(url("duplicates", sent.copy)).content.decode()
    assert sent.one.title not in shown
    assert "合并…" not in shown
    assert page.get(url("duplicates", sent.copy), {"with": sent.one.pk}).status_code == 404
    assert page.get(url("duplicates_note", sent.one)).status_code == 404


def test_a_page_says_that_it_is_comparing(cast, as_user):
    article = told(submitted, cast.lin, DRILL)
    page = as_user(cast.lin)
    for name in ("detail", "duplicates", "duplicates_note"):
        shown = page.get(url(name, article)).content.decode()
        assert "正在查重" in shown
        assert "没有发现" not in shown
    compared()
    assert "没有发现" in page.get(url("duplicates_note", article)).content.decode()


def test_the_writing_page_warns_before_handing_in(bulletin, as_user, cast):
    issued_issue(bulletin, cast, [told(accepted, cast.zhao, DRILL, editor=cast.lu)])
    page = as_user(cast.lin)
    mine = told(make_article, cast.lin, DRILL)
    assert "正在查重" in page.get(url("edit", mine)).content.decode()
    compared()
    shown = page.get(url("edit", mine)).content.decode()
    assert "文字基本相同 100%" in shown
    assert "2026年第10期" in shown
    beside = page.get(url("duplicates", mine)).content.decode()
    assert ">打开</a>" not in beside, "another unit's article has no page for this person"


def test_saving_by_itself_answers_that_it_compares(as_user, cast):
    answer = as_user(cast.lin).post(
        reverse("articles:autosave"), {"title": "新稿", "body": "<p>新写的。</p>", "base": ""}
    )
    assert "正在查重" in answer.json()["duplicates"]


@pytest.mark.parametrize("count", [1, 5])
def test_the_queue_marks_them_in_as_many_queries(cast, as_user, count, django_assert_max_num_queries):
    for _each in range(count):
        told(submitted, cast.lin, DRILL), told(submitted, cast.zhao, DRILL)
    compared()
    page = as_user(cast.lu)
    page.get(reverse("articles:queue"))
    with django_assert_max_num_queries(32):
        shown = page.get(reverse("articles:queue")).content.decode()
    assert f"查重 {2 * count - 1}" in shown
