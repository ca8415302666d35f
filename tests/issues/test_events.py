"""Every change of an issue in the making leaves who and what, and is refused to whoever may not."""

from datetime import date

import pytest
from django.urls import reverse

from issues import assembly, numbering, recipients, signing
from issues.models import Issue, IssueEvent, Status
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def articles(cast):
    return [factories.accepted(cast.lin, cast.lu, title=f"青浦局第{n}件事") for n in (1, 2, 3)]


@scene
def issue(bulletin, cast, articles):
    return factories.make_issue(bulletin, cast.lu, articles[:2])


def first(issue):
    return issue.placements.select_related("issue", "article").order_by("position").first()


def set_up(issue, by, **changed):
    settings = {"editor_note": "", "has_contents": False, "print_run": 60, "signer_name": "", "security": ""}
    return assembly.set_up(issue, by=by, **({"dated_on": issue.dated_on} | settings | changed))


def set_recipients(issue, by):
    up, across = factories.UP[1:], [*factories.ACROSS, "上海市快递协会秘书处"]
    assembly.set_recipients(issue, {"up": up, "across": across}, by=by)


# act -> (what does it, its event, what stands in the history)
ACTS = {
    "open": (
        lambda issue, by, spare: numbering.open_issue(issue.bulletin, dated_on=date(2026, 5, 1), by=by),
        "open",
        "2026年第11期，拟于 2026年5月1日 印发",
    ),
    "place": (
        lambda issue, by, spare: assembly.place(issue, spare, by=by, position=1),
        "place",
        "《青浦局第3件事》编入派出机构第 1 篇",
    ),
    "take out": (
        lambda issue, by, spare: assembly.take_out(first(issue), by=by),
        "take_out",
        "《青浦局第1件事》原在派出机构第 1 篇",
    ),
    "move": (
        lambda issue, by, spare: assembly.move(first(issue), 2, by=by),
        "move",
        "《青浦局第1件事》在派出机构中从第 1 篇移到第 2 篇",
    ),
    "day": (
        lambda issue, by, spare: set_up(issue, by, dated_on=date(2026, 4, 9)),
        "set_up",
        "日期：2026年4月8日 → 2026年4月9日",
    ),
    "year": (
        lambda issue, by, spare: set_up(issue, by, dated_on=date(2027, 1, 4)),
        "set_up",
        "期号：2026年第10期 → 2027年第1期；日期：2026年4月8日 → 2027年1月4日",
    ),
    "security": (lambda issue, by, spare: set_up(issue, by, security="内部"), "set_up", "（空） → 内部"),
    "note": (lambda issue, by, spare: set_up(issue, by, editor_note="请各单位参阅。"), "set_up", "→ 请各单位参阅。"),
    "contents": (lambda issue, by, spare: set_up(issue, by, has_contents=True), "set_up", "否 → 是"),
    "print run": (lambda issue, by, spare: set_up(issue, by, print_run=70), "set_up", "60 → 70"),
    "recipients": (
        lambda issue, by, spare: set_recipients(issue, by),
        "recipients",
        "报：减 国家邮政局精神文明建设指导委员会；送：增 上海市快递协会秘书处",
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_change_leaves_who_and_what(act, issue, articles, cast):
    does, name, words = ACTS[act]
    before = IssueEvent.objects.count()

    does(issue, cast.gu, articles[2])

    event = IssueEvent.objects.order_by("pk").last()
    assert IssueEvent.objects.count() == before + 1
    assert (event.transition, event.by) == (name, cast.gu)
    assert words in event.note


REFUSED = ACTS | {
    "restore order": (lambda issue, by, spare: assembly.restore_order(issue, by=by), "", ""),
    "update recipients": (lambda issue, by, spare: assembly.update_recipients(issue, by=by), "", ""),
    "redate": (lambda issue, by, spare: numbering.redate(issue, date(2026, 5, 1), by=by), "", ""),
    "discard": (lambda issue, by, spare: numbering.discard(issue, by=by), "", ""),
    "send": (lambda issue, by, spare: signing.send_for_sign_off(issue, by=by), "", ""),
    "publish": (lambda issue, by, spare: issue.apply(Issue.PUBLISH, by=by), "", ""),
}


@pytest.mark.parametrize("who", ["lin", "he", "fang", "tang", "shen", None])
@pytest.mark.parametrize("act", REFUSED)
def test_whoever_may_not_changes_nothing(act, who, issue, articles, cast):
    by = getattr(cast, who) if who else None
    before = list(issue.placements.values()), issue.events.count(), list(issue.recipients.values())
    row = Issue.objects.filter(pk=issue.pk).values().get()

    with pytest.raises(Refused):
        REFUSED[act][0](issue, by, articles[2])

    assert (list(issue.placements.values()), issue.events.count(), list(issue.recipients.values())) == before
    assert Issue.objects.filter(pk=issue.pk).values().get() == row


@pytest.mark.parametrize("who", ["lin", "he", "fang", "shen", None])
def test_whoever_may_not_changes_no_list(who, bulletin, cast):
    by, held = getattr(cast, who) if who else None, bulletin.recipient_lists.get()
    acts = (
        lambda: recipients.new_version(bulletin, date(2030, 1, 1), by=by),
        lambda: recipients.set_lines(held, {"up": []}, by=by),
        lambda: recipients.delete(held, by=by),
    )
    for act in acts:
        with pytest.raises(Refused):
            act()

    assert bulletin.recipient_lists.get().lines.count() == 11


@pytest.mark.parametrize(
    "act",
    [
        lambda issue, by: assembly.move(first(issue), 1, by=by),
        lambda issue, by: assembly.restore_order(issue, by=by),
        lambda issue, by: assembly.update_recipients(issue, by=by),
        set_up,
    ],
)
def test_what_changes_nothing_leaves_nothing(act, issue, cast):
    before = issue.events.count()

    act(issue, cast.lu)

    assert issue.events.count() == before


def test_restoring_the_order_says_where(issue, cast):
    assembly.move(first(issue), 2, by=cast.lu)

    assembly.restore_order(issue, by=cast.lu)

    assert issue.events.last().note == "派出机构"


def test_an_issue_that_is_given_up_keeps_its_row_and_its_history(as_user, bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu)

    as_user(cast.gu).post(reverse("issues:discard", args=[issue.pk]))

    issue.refresh_from_db()
    assert issue.status == Status.DISCARDED
    assert [(event.transition, event.by) for event in issue.events.all()] == [("open", cast.lu), ("discard", cast.gu)]
    assert as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).status_code == 404
    assert str(issue) not in as_user(cast.lu).get(reverse("issues:list")).text
    assert numbering.find(issue.reference) is None


def test_a_given_up_number_is_given_again_with_its_total_number(bulletin, cast):
    given_up = factories.make_issue(bulletin, cast.lu)
    numbering.discard(given_up, by=cast.lu)

    again = factories.make_issue(bulletin, cast.lu)

    assert (again.number, again.total_number) == (given_up.number, given_up.total_number)


def test_the_history_is_read_in_chinese_newest_first(as_user, issue, cast):
    set_up(issue, cast.gu, security="内部")

    page = as_user(cast.lu).get(reverse("issues:history", args=[issue.pk])).text

    assert page.index("（空） → 内部") < page.index("《青浦局第1件事》编入派出机构")
    for words in ("顾文岚", "改了设置", "编入稿件", "新开一期"):
        assert words in page
    assert (
        reverse("issues:history", args=[issue.pk]) in as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text
    )


def test_the_history_goes_on_after_it_is_issued(as_user, bulletin, cast):
    issue = factories.issued_issue(bulletin, cast)

    page = as_user(cast.lu).get(reverse("issues:history", args=[issue.pk])).text

    assert page.index("印发") < page.index("送签")
    assert as_user(cast.shen).get(reverse("issues:history", args=[issue.pk])).status_code == 404


def test_the_history_asks_as_much_for_many_events_as_for_one(as_user, issue, cast, django_assert_max_num_queries):
    client, address = as_user(cast.lu), reverse("issues:history", args=[issue.pk])
    client.get(address)
    for n in range(40):
        assembly.move(first(issue), 2 - n % 2, by=cast.lu)
    with django_assert_max_num_queries(11):
        client.get(address)
