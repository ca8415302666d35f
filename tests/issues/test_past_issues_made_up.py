"""Made-up issues, printed and extracted in many ways, are read back: titles, paragraphs, briefs and lists."""

import random

import pytest

from issues.past import reading
from tests.issues import stories
from tests.issues.press import Extract, printed

MASTHEAD = (
    "上海市邮政快递行业",
    "党建、文明创建工作简报",
    "2023年第5期（总第435期）",
    "上海市邮政管理局党建办、文明办编  2023年3月2日",
)


def any_extract(chance: random.Random, **fixed) -> Extract:
    return Extract(
        **{
            "kind": chance.choice(["lines", "lines", "paragraphs"]),
            "blank_between": chance.choice([0, 1, 1]),
            "paragraph_marks": chance.random() < 0.5,
            "blank_round_titles": chance.random() < 0.6,
            "fill_pages": chance.random() < 0.7,
            "page_marks": chance.choice(["space", "number", "feed", "bare number", "none"]),
            "gap_spaces": chance.random() < 0.7,
            "indent": chance.choice(["", "", "　　"]),
            "contents": chance.random() < 0.15,
            "briefs_heading": chance.choice(["简讯", "简讯：", "【简讯】", "简  讯"]),
            "brief_number": chance.choice(["{}.", "{}、", "{}．", "（{}）"]),
            "newline": chance.choice(["\n", "\r\n"]),
            "masthead": MASTHEAD,
            **fixed,
        }
    )


def blocks(issue):
    titles = [("".join(one["title"].split()), one["subtitle"]) for one in issue["articles"]]
    paragraphs = [text for one in issue["articles"] for text in one["paragraphs"]]
    return titles, paragraphs, issue["briefs"], issue["recipients"]


def read(text):
    return reading.read_bytes(text.encode(), "issue.txt").as_dict()


def test_paragraph_marks_leave_nothing_to_guess():
    """Extracts that show where paragraphs end are read without a fault."""
    for seed in range(30):
        chance = random.Random(seed)
        parts = stories.parts(chance)
        extract = any_extract(chance, kind="lines", paragraph_marks=True, blank_round_titles=True)
        assert blocks(read(printed(parts, extract, chance))) == blocks(parts), seed


def test_indents_leave_nothing_to_guess():
    for seed in range(100, 120):
        chance = random.Random(seed)
        parts = stories.parts(chance)
        extract = any_extract(chance, indent="　　", kind="lines")
        assert blocks(read(printed(parts, extract, chance))) == blocks(parts), seed


def test_bare_lines_are_nearly_always_read_right_and_doubts_are_named():
    """Where a full line ends with a full stop no reader can be sure; those places must be named."""
    wrong = unnamed = total = 0
    for seed in range(200, 240):
        chance = random.Random(seed)
        parts = stories.parts(chance)
        found = read(printed(parts, any_extract(chance), chance))
        titles, paragraphs, briefs, recipients = blocks(found)
        expected_titles, expected_paragraphs, expected_briefs, expected_recipients = blocks(parts)
        assert recipients == expected_recipients
        faults = len(set(expected_titles) - set(titles)) + len(set(expected_paragraphs) - set(paragraphs))
        faults += len(set(expected_briefs) - set(briefs))
        total += len(expected_titles) + len(expected_paragraphs) + len(expected_briefs)
        wrong += faults
        unnamed += bool(faults) and not any(warned["line"] for warned in found["warnings"])
    assert wrong <= 0.02 * total
    assert unnamed <= 2


# --- what is rare ---------------------------------------------------------------------------------------

RARE = """\
上海市邮政快递行业

党建、文明创建工作简报

2024年第12期（总第482期）

上海市邮政管理局党建办、文明办编    2024年5月8日

编者按：今年是站点建设年，本期介绍几家单位的做法，供学习参考。

上海市邮政管理局召开旺季保障会，部署安全工作

11月1日，上海市邮政管理局召开旺季服务保障会议，通报上半年安全生产情况，部署下一阶段的重点工作。

会议还讨论了其他工作。

一、压实主体责任

各企业要把安全责任落实到每一个网点、每一名员工，做到层层有人抓、事事有人管。

（一）强化排查

对照清单逐项检查，发现隐患立即整改，整改不到位的一律不得恢复作业。

图为会议现场

谁是今年的“最美快递员”？

松江邮政管理局面向辖区企业征集“最美快递员”候选人，共收到推荐材料36份。

退役军人快递员的二次“冲锋”

——记浦东邮政管理局“兵哥驿站”建设

在浦东新区张江镇，有一支由退役军人组成的快递员队伍，人们叫他们“兵哥”。

2024年3月以来，“兵哥驿站”帮助老人搬运重物200余次；组织义务巡逻46次；参与防汛抢险3次。

小站点里的大课堂 ——DHL Express 参加安全公开课

近日，DHL Express 参加了区里的安全公开课。

【简讯】

1.近日，韵达上海公司为1200名员工办理了体检。

2.中通快递股份有限公司上海网络新增

3.8万平方米操作场地，预计年内启用。

3.3月1日，申通完成2批次应急演练。

抄报：国家邮政局精神文明建设指导委员会，

上海市精神文明建设委员会。

抄送：上海市文明办，上海市邮政管理局各处室、管理局、

文明办；各快递企业。

发: 各派出机构

责任编辑：张三   联系电话：021-12345678

（共印60份）
"""


@pytest.fixture(scope="module")
def rare():
    return read(RARE)


def test_the_number_and_date_of_the_masthead(rare):
    assert (rare["year"], rare["number"], rare["total_number"], rare["date"]) == (2024, 12, 482, "2024-05-08")


def test_an_editors_note_stands_apart(rare):
    assert rare["editor_note"] == ["编者按：今年是站点建设年，本期介绍几家单位的做法，供学习参考。"]


def test_titles_with_a_comma_a_question_and_a_subtitle(rare):
    assert [(one["title"], one["subtitle"]) for one in rare["articles"]] == [
        ("上海市邮政管理局召开旺季保障会，部署安全工作", None),
        ("谁是今年的“最美快递员”？", None),
        ("退役军人快递员的二次“冲锋”", "记浦东邮政管理局“兵哥驿站”建设"),
        ("小站点里的大课堂", "DHL Express参加安全公开课"),
    ]


def test_headings_short_paragraphs_and_captions_stay_in_their_place(rare):
    assert [text[:6] for text in rare["articles"][0]["paragraphs"]] == [
        "11月1日，", "会议还讨论了", "一、压实主体", "各企业要把安", "（一）强化排", "对照清单逐项", "图为会议现场"
    ]  # fmt: skip
    assert any("caption" in warned["message"] or "图片说明" in warned["message"] for warned in rare["warnings"])


def test_words_in_latin_letters_keep_their_space(rare):
    assert rare["articles"][3]["paragraphs"] == ["近日，DHL Express参加了区里的安全公开课。"]


def test_briefs_count_up_by_one(rare):
    assert rare["briefs"] == [
        "近日，韵达上海公司为1200名员工办理了体检。",
        "中通快递股份有限公司上海网络新增3.8万平方米操作场地，预计年内启用。",
        "3月1日，申通完成2批次应急演练。",
    ]


def test_recipients_are_parted_by_commas_and_not_by_the_marks_inside_a_name(rare):
    assert rare["recipients"] == {
        "报": ["国家邮政局精神文明建设指导委员会", "上海市精神文明建设委员会"],
        "送": ["上海市文明办", "上海市邮政管理局各处室、管理局、文明办", "各快递企业"],
        "发": ["各派出机构"],
    }


def test_the_print_run_is_no_recipient(rare):
    assert rare["print_run"] == 60
    assert rare["footer"] == ["责任编辑：张三   联系电话：021-12345678"]


def test_a_kept_space_is_named_with_its_line():
    text = RARE.replace("会议还讨论了其他工作。", "会议还讨论了 其他工作。")
    warnings = read(text)["warnings"]
    line = next(at for at, one in enumerate(text.split("\n"), 1) if "会议还讨论了" in one)
    assert any(warned["line"] == line and "了 其他" in warned["message"] for warned in warnings)


def test_a_list_of_contents_is_no_article():
    chance = random.Random(7)
    parts = stories.parts(chance)
    found = read(printed(parts, any_extract(chance, contents=True, paragraph_marks=True, kind="lines"), chance))
    assert [one["title"].replace("　", " ") for one in found["articles"]] == [one["title"] for one in parts["articles"]]
    assert len(found["contents"]) == len(parts["articles"])
