"""The office's table of reasons."""

import pytest
from django.urls import reverse

from articles import reasons
from articles.models import Reason
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db


@scene
def table():
    """The office's own three, in place of those that come with the system."""
    Reason.objects.all().delete()
    return [
        factories.make_reason("decline", label, code=f"B0{number}", position=number)
        for number, label in enumerate(("甲", "乙", "丙"), 1)
    ]


def labels(act="decline"):
    return list(Reason.objects.filter(act=act).values_list("label", flat=True))


def test_reasons_for_both_acts_come_with_the_system():
    assert {"内容重复", "时效已过", "与主题无关"} <= set(labels("decline"))
    assert {"篇幅过长，请压缩", "政治表述需核实", "照片不合要求，请更换"} <= set(labels("return"))


def test_one_is_added_at_the_end_with_the_next_code(table, cast):
    reason = reasons.add("decline", " 丁 ", by=cast.lu)

    assert (reason.code, labels()) == ("B04", ["甲", "乙", "丙", "丁"])
    assert reasons.add("return", "戊", by=cast.lu).code == "T01"


@pytest.mark.parametrize(("label", "words"), [("  ", "请写理由"), ("甲", "已经有了"), ("字" * 61, "太长")])
def test_one_that_says_nothing_new_is_refused(table, cast, label, words):
    with pytest.raises(Refused, match=words):
        reasons.add("decline", label, by=cast.lu)
    with pytest.raises(Refused, match=words):
        reasons.rename(table[1], label, by=cast.lu)

    assert labels() == ["甲", "乙", "丙"]


def test_they_are_moved_one_place_and_not_beyond_the_ends(table, cast):
    reasons.move(table[2], -1, by=cast.lu)
    assert labels() == ["甲", "丙", "乙"]

    reasons.move(table[0], -1, by=cast.lu)
    reasons.move(table[1], 1, by=cast.lu)
    assert labels() == ["甲", "丙", "乙"]


def test_one_out_of_use_is_not_offered_any_more(table, cast, as_user):
    reasons.put_in_use(table[0], False, by=cast.lu)
    article = factories.submitted(cast.lin)

    page = as_user(cast.lu).get(reverse("articles:detail", args=[article.pk])).text

    assert ">乙</option>" in page
    assert ">甲</option>" not in page
    assert list(Reason.objects.offered_for("decline")) == table[1:]


@pytest.mark.parametrize("who", ["lin", "he", "fang", "tang", "shen"])
def test_they_are_the_offices_to_edit(table, cast, who):
    user = getattr(cast, who)
    acts = [
        lambda: reasons.add("decline", "丁", by=user),
        lambda: reasons.rename(table[0], "丁", by=user),
        lambda: reasons.move(table[0], 1, by=user),
        lambda: reasons.put_in_use(table[0], False, by=user),
    ]

    for act in acts:
        with pytest.raises(Refused, match="不归您办"):
            act()
    assert labels() == ["甲", "乙", "丙"]


def test_the_page_does_each_of_it(table, as_user, cast):
    client = as_user(cast.lu)

    client.post(reverse("articles:reason_add"), {"act": "decline", "label": "丁"})
    for reason, fields in (
        (table[0], {"do": "save", "label": "甲甲"}),
        (table[0], {"do": "down"}),
        (table[2], {"do": "up"}),
        (table[1], {"do": "out"}),
        (table[2], {"do": "out"}),
        (table[2], {"do": "in"}),
    ):
        client.post(reverse("articles:reason", args=[reason.pk]), fields)

    assert labels() == ["乙", "丙", "甲甲", "丁"]
    assert list(Reason.objects.filter(is_used=False)) == [table[1]]
    page = client.get(reverse("articles:reasons")).text
    for words in ("甲甲", "已停用", "重新启用", "不采用", "退修"):
        assert words in page


def test_the_page_knows_no_other_act(table, as_user, cast):
    assert as_user(cast.lu).post(reverse("articles:reason", args=[table[0].pk]), {"do": "burn"}).status_code == 404
    as_user(cast.lu).post(reverse("articles:reason_add"), {"act": "burn", "label": "丁"})

    assert Reason.objects.count() == 3
