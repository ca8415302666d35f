"""Two texts that came from a third become one: no database."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import richtext
from articles.merging import CHOICES, join, merge, split

FIRST = "四月一日，青浦局组织消防演练。"
SECOND = "各企业负责人到场观摩。"
THIRD = "下一步，将持续开展培训。"


def html(*paragraphs):
    return "\n".join(f"<p>{text}</p>" for text in paragraphs)


BASE = html(FIRST, SECOND, THIRD)


def merged(mine, theirs, base=BASE, **choices):
    return merge({"body": base}, {"body": mine}, {"body": theirs}, choices)


def body(mine, theirs, base=BASE):
    found = merged(mine, theirs, base)
    assert found.clashes == []
    return found.state["body"]


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        (html(FIRST + "甲", SECOND, THIRD), BASE, html(FIRST + "甲", SECOND, THIRD)),
        (BASE, html(FIRST, THIRD), html(FIRST, THIRD)),
        (
            html(FIRST + "甲", SECOND, THIRD),
            html(FIRST, SECOND + "乙", THIRD),
            html(FIRST + "甲", SECOND + "乙", THIRD),
        ),
        (html(SECOND, THIRD), html(FIRST, SECOND), html(SECOND)),
        (
            html("新的", FIRST, SECOND, THIRD),
            html(FIRST, SECOND + "乙", THIRD),
            html("新的", FIRST, SECOND + "乙", THIRD),
        ),
        (html(FIRST + "甲", SECOND, THIRD), html(FIRST + "甲", SECOND, THIRD), html(FIRST + "甲", SECOND, THIRD)),
        (html(FIRST, "四字标题", SECOND, THIRD), html(FIRST, SECOND), html(FIRST, "四字标题", SECOND)),
    ],
    ids=["one", "other deleted", "neighbours", "two deleted", "added above", "the same", "added and deleted"],
)
def test_what_only_one_changed_is_taken_from_each(mine, theirs, together):
    assert body(mine, theirs) == together


def test_what_both_added_at_one_place_stands_once_where_it_is_the_same():
    mine, theirs = html(FIRST + "甲", SECOND, THIRD, "共同写的一段。"), html(FIRST, SECOND, THIRD, "共同写的一段。")

    assert body(mine, theirs) == mine


def test_two_paragraphs_added_at_one_place_stay_both():
    found = body(BASE + html("公布热线电话。"), BASE + html("邀请媒体到场。"))

    assert sorted(block.text for block in split(found))[:2] == sorted(["公布热线电话。", "下一步，将持续开展培训。"])
    assert "邀请媒体到场。" in found


def test_a_paragraph_that_was_written_on_is_no_second_one():
    """The answer to the first save got lost: what stands there is one's own beginning."""
    found = merged(BASE + html("今天下午四点"), BASE + html("今"))

    assert [clash.mine for clash in found.clashes] == [html("今天下午四点")]


@pytest.mark.parametrize(
    ("choice", "first"),
    [("mine", [FIRST + "甲"]), ("theirs", [FIRST + "乙"]), ("both", [FIRST + "乙", FIRST + "甲"])],
)
def test_where_both_changed_the_same_a_person_chooses(choice, first):
    mine, theirs = html(FIRST + "甲", SECOND, THIRD), html(FIRST + "乙", SECOND, THIRD + "乙")
    (clash,) = merged(mine, theirs).clashes
    assert (clash.base, clash.mine, clash.theirs) == (html(FIRST), html(FIRST + "甲"), html(FIRST + "乙"))
    assert (clash.number, clash.choices) == (1, CHOICES)

    found = merged(mine, theirs, **{clash.key: choice})

    assert (found.clashes, found.chosen) == ([], {choice})
    assert found.state["body"] == html(*first, SECOND, THIRD + "乙")


def test_a_choice_holds_while_the_other_text_is_what_was_seen():
    mine = html(FIRST + "甲", SECOND, THIRD)
    (clash,) = merged(mine, html(FIRST + "乙", SECOND, THIRD)).clashes
    chosen = {clash.key: "mine"}

    more = html(FIRST + "甲甲", SECOND + "甲", THIRD), html(FIRST + "乙", SECOND, THIRD + "乙")
    assert merged(*more, **chosen).clashes == []
    assert len(merged(mine, html(FIRST + "乙乙", SECOND, THIRD), **chosen).clashes) == 1


def test_a_deletion_meets_a_change_and_nothing_is_taken_unasked():
    (clash,) = merged(html(SECOND, THIRD), html(FIRST + "乙", SECOND, THIRD)).clashes

    assert (clash.mine, clash.theirs, clash.choices) == ("", html(FIRST + "乙"), ("mine", "theirs"))


def test_what_is_no_choice_is_none():
    found = merged(html(SECOND, THIRD), html(FIRST + "乙", SECOND, THIRD))
    again = merged(html(SECOND, THIRD), html(FIRST + "乙", SECOND, THIRD), **{found.clashes[0].key: "both"})

    assert len(again.clashes) == 1
    assert again.state["body"] == html(FIRST + "乙", SECOND, THIRD)


def test_fields_are_merged_as_a_whole():
    base = {"title": "旧题", "contact": "1", "caption-3": ""}
    found = merge(base, base | {"title": "我的题"}, base | {"contact": "2"})
    assert found.state == {"title": "我的题", "contact": "2", "caption-3": ""}

    (clash,) = merge(base, base | {"title": "我的题"}, base | {"title": "他的题"}).clashes
    assert (clash.name, clash.mine, clash.theirs, clash.choices) == ("title", "我的题", "他的题", ("mine", "theirs"))
    assert merge(base, {"title": "我的题"}, {"title": "他的题"}, {clash.key: "mine"}).state == {"title": "我的题"}


def test_without_a_base_nothing_counts_as_deleted():
    found = merge({}, {"body": html("完全不同的一句话。")}, {"body": BASE})

    assert found.clashes == []
    assert {block.text for block in split(found.state["body"])} == {FIRST, SECOND, THIRD, "完全不同的一句话。"}


def test_items_of_a_list_are_merged_each():
    base = "<ul><li>检查网点</li><li>约谈企业</li></ul>"
    found = body(base.replace("网点", "网点三处"), base.replace("企业", "企业两家"), base)

    assert found == "<ul>\n<li>检查网点三处</li>\n<li>约谈企业两家</li>\n</ul>"


def test_white_space_between_tags_is_no_change():
    base = "<table><tbody><tr><td>甲</td></tr></tbody></table>"
    mine = "<table>\n\t<tbody>\n\t\t<tr>\n\t\t\t<td>甲</td>\n\t\t</tr>\n\t</tbody>\n</table>"

    assert body(mine, base.replace("甲", "乙"), base) == base.replace("甲", "乙")


@pytest.mark.parametrize(
    "text",
    [
        "没有段落的<strong>字</strong><p>一段</p>",
        '<ol start="3"><li>三<ul><li>下级</li></ul></li></ol><ol><li>一</li></ol>',
        "<ul>项外的字<li>项</li></ul>",
        "<p>一&amp;二&nbsp;三<br>四 <em>五</em></p><h3>一、</h3>",
        "<table><caption>表</caption><tbody><tr><td><p>格</p><ul><li>项</li></ul></td></tr></tbody></table>",
        "<strong><p>粗体里的段</p></strong>",
    ],
)
def test_what_is_cut_into_blocks_and_joined_says_the_same(text):
    cleaned = richtext.clean(text)

    joined = richtext.clean(join(split(cleaned)))

    assert richtext.to_text(joined) == richtext.to_text(cleaned)
    assert split(joined) == split(richtext.clean(join(split(joined))))


PARAGRAPHS = st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=6), max_size=6)


@given(base=PARAGRAPHS, mine=PARAGRAPHS, theirs=PARAGRAPHS)
def test_every_paragraph_that_is_new_stands_in_the_text_or_in_a_clash(base, mine, theirs):
    found = merged(html(*mine), html(*theirs), html(*base))

    shown = [block.text for block in split(found.state["body"])]
    shown += [block.text for clash in found.clashes for block in split(clash.mine)]
    for text in (mine, theirs):
        assert not (Counter(text) - Counter(base)).keys() - set(shown)


@given(base=PARAGRAPHS, mine=PARAGRAPHS, theirs=PARAGRAPHS, choice=st.sampled_from(CHOICES))
def test_a_choice_for_each_clash_leaves_none(base, mine, theirs, choice):
    texts = html(*mine), html(*theirs), html(*base)
    clashes = merged(*texts).clashes

    choices = {clash.key: choice if choice in clash.choices else "mine" for clash in clashes}

    assert merged(*texts, **choices).clashes == []


@given(base=PARAGRAPHS, mine=PARAGRAPHS)
def test_what_nobody_else_changed_is_saved_as_it_was_typed(base, mine):
    assert body(html(*mine), html(*base), html(*base)) == html(*mine)
    assert body(html(*base), html(*mine), html(*base)) == html(*mine)
