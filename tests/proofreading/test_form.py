"""Families 1 to 3, the faults of form: each rule finds what it is for, and is silent on what only looks like it."""

from datetime import date

import pytest

from proofreading.engine import rules
from tests.proofreading.texts import found

# Of each rule: the text, what is marked, what should stand there.
FAULTS = [
    ("doubled-word", "各街镇部门部门联合检查。", "部门部门", "部门"),
    ("doubled-word", "在网点设立宣传站宣传站两处。", "宣传站宣传站", "宣传站"),
    ("doubled-word", "企业负责人负责人到场。", "负责人负责人", "负责人"),
    ("doubled-word", "会议部署部署安全工作。", "部署部署", "部署"),
    ("doubled-character", "营造了良好的的环境。", "的的", "的"),
    ("doubled-character", "会议通报了了情况。", "了了", "了"),
    ("doubled-character", "各企业负责人在在会上发言。", "在在", "在"),
    ("doubled-character", "会议要求扎实做好工工作。", "工工", "工"),
    (
        "doubled-clause",
        "要进一步压实责任，进一步压实责任，确保安全。",
        "进一步压实责任，进一步压实责任",
        "进一步压实责任",
    ),
    ("unpaired-mark", "组织学习《快递暂行条例的有关规定。", "《", ""),
    ("unpaired-mark", "开展“安全月活动。", "“", ""),
    ("unpaired-mark", "参加单位（含各区局共十二家。", "（", ""),
    ("unpaired-mark", "会议强调安全第一”。", "”", ""),
    ("unpaired-mark", "弘扬“工匠“精神。", "“", "”"),
    ("unpaired-mark", "弘扬”工匠”精神。", "”", "“"),
    ("nested-mark", "印发《关于转发〔快递业发展规划〕的通知》。", "〔快递业发展规划〕", "〈快递业发展规划〉"),
    ("nested-mark", "印发《关于转发《快递业发展规划》的通知》。", "《快递业发展规划》", "〈快递业发展规划〉"),
    ("nested-mark", "参观‘红色驿站’。", "‘红色驿站’", "“红色驿站”"),
    ("nested-mark", "他说：“要学好“两学”内容。”", "“两学”", "‘两学’"),
    ("nested-mark", "学习〈快递暂行条例〉。", "〈快递暂行条例〉", "《快递暂行条例》"),
    ("nested-bracket", "取得证书（三级（高级））。", "（高级）", "〔高级〕"),
    ("half-width-mark", "3月5日,召开会议。", ",", "，"),
    ("half-width-mark", "会议指出:安全第一。", ":", "："),
    ("half-width-mark", "安全第一;服务第一。", ";", "；"),
    ("half-width-mark", "参加单位(含区局)共十家。", "(含区局)", "（含区局）"),
    ("half-width-mark", '开展"安全月"活动。', '"安全月"', "“安全月”"),
    ("full-width-figure", "２０２６年召开会议。", "２０２６", "2026"),
    ("dash", "行动指南--学习体会。", "--", "——"),
    ("ellipsis", "收寄、分拣、投递...各个环节。", "...", "……"),
    ("ellipsis", "收寄、分拣、投递。。。", "。。。", "……"),
    ("marks-side-by-side", "会议强调，。要抓好落实。", "，。", ""),
    ("marks-side-by-side", "会议强调，，要抓好落实。", "，，", "，"),
    ("mark-between-titles", "学习《快递暂行条例》、《信访工作条例》。", "、", ""),
    ("mark-between-titles", "弘扬“雷锋精神”、“工匠精神”。", "、", ""),
    ("not-a-work", "召开《安全生产座谈会》。", "《安全生产座谈会》", "“安全生产座谈会”"),
    ("space", "会议 强调，要抓好安全。", " ", ""),
    ("space", "会议强调， 要抓好安全。", " ", ""),
    (
        "no-final-mark",
        "会议强调，各企业要把安全生产责任落实到每一个网点、每一名员工，切实抓好旺季服务保障的各项工作",
        "作",
        "作。",
    ),
    ("comma-between-names", "青松局，白云局等单位参加。", "，", "、"),
    ("comma-between-names", "近日，市公安局，市检察院、市交通委等部门负责人到场。", "，", "、"),
    ("comma-between-items", "推动高质量发展、高水平开放，高效率治理的新路。", "，", "、"),
    ("comma-between-items", "做到严要求、严管理，严考核。", "，", "、"),
    ("mark-before-last", "中通、圆通、等企业参加。", "、", ""),
    ("mark-after-number", "（一）、总体要求", "（一）、", "（一）"),
    ("mark-after-number", "1、压实责任。", "1、", "1."),
    ("mark-after-number", "首先、要提高认识。", "首先、", "首先，"),
    ("mark-after-number", "会议要求，第一、提高认识。", "第一、", "第一，"),
    ("colon-in-colon", "会议要求：各局做好三项工作：检查、培训、宣传。", "：", ""),
    ("range", "3月19日-20日，举行培训。", "3月19日-20日", "3月19日至20日"),
    ("range", "规划期为2021-2025年。", "2021-2025年", "2021—2025年"),
    ("range", "增长10-15%。", "10-15%", "10%～15%"),
    ("range", "投入20-30万元。", "20-30万", "20万～30万"),
    ("range", "每组5-8人。", "5-8人", "5～8人"),
    ("number-writing", "22年3月起施行。", "22年", "2022年"),
    ("number-writing", "二零二六年召开。", "二零二六年", "二〇二六年"),
    ("number-writing", "3月5号召开。", "3月5号", "3月5日"),
    ("number-writing", "共有2千人参加。", "2千", "2000"),
    ("number-writing", "共收寄3万5千件。", "3万5千", ""),
    ("number-writing", "投入1,200万元。", "1,200", "1200"),
    ("number-writing", "合格率达到百分之98。", "百分之98", "98%"),
    ("number-writing", "2026.3.5召开会议。", "2026.3.5", "2026年3月5日"),
    ("about-so-many", "近100余人参加。", "近100余", ""),
    ("about-so-many", "约50人左右参加。", "约50人左右", ""),
    ("about-so-many", "超过200多家企业参加。", "超过200多", ""),
    ("about-so-many", "派出三、四名党员。", "三、四", "三四"),
    ("about-so-many", "检查企业15多家。", "15多", ""),
    ("about-so-many", "王兰、李娜二名同志获奖。", "二", "两"),
    ("comma-between-names", "有中通、圆通，申通等企业参加。", "，", "、"),
    ("marks-side-by-side", "要争创一流。。", "。。", "。"),
    ("marks-side-by-side", "“安全第一。”，他说。", "。”，", ""),
    ("series", "（一）加强领导；（二）压实责任；（四）强化督导。", "（四）", "（三）"),
    ("count", "会议提出“四个加强”：一是加强领导；二是加强培训；三是加强检查。", "“四个加强”", ""),
    ("doubled-character", "会议由由副局长主持。", "由由", "由"),
    ("times-less", "投诉量减少2倍。", "减少2倍", ""),
    ("measure-name", "场地300平米。", "平米", "平方米"),
    ("mixed-commas", "投递12,000件，其中5000件、6000件分两批。", "12,000", ""),
    ("mixed-spaces", "3 月5日召开，4月6日再开。", "3 ", ""),
    ("impossible-date", "2月30日召开会议。", "2月30日", ""),
    ("impossible-date", "2025年2月29日召开会议。", "2025年2月29日", ""),
    ("impossible-date", "13月起施行。", "13月", ""),
    ("impossible-date", "9时75分开始。", "9时75分", ""),
    ("impossible-date", "上午15:00开始。", "上午15:", ""),
    ("weekday", "2026年3月27日（星期四），召开会议。", "星期四", "星期五"),
    ("weekday", "3月26日星期五召开会议。", "星期五", "星期四"),
    ("reversed-range", "3月20日至19日举行培训。", "3月20日至19日", ""),
    ("reversed-range", "2025年至2023年的数据。", "2025年至2023年", ""),
    ("story-date", "4月15日，召开会议。", "4月15日", ""),
    ("story-date", "2025年3月20日，召开会议。", "2025年3月20日", ""),
    ("series", "会议要求，一是抓好安全；三是抓好服务。", "三是", "二是"),
    ("series", "会议要求，一是抓好安全；二是抓好服务；二是抓好宣传。", "二是", "三是"),
    ("series", "会议要求，二是抓好安全；三是抓好服务。", "二是", ""),
    ("series", "会议要求，一要抓好安全；三要抓好服务。", "三要", "二要"),
    ("series", "会议要求，一是抓好安全。", "一是", ""),
    ("series", "会上，一是讲安全：一是讲消防，二是讲交通；二是讲服务；三是讲宣传。", "一是", ""),
    ("count", "会议提出三点要求：一是抓好安全；二是抓好服务。", "三点要求", ""),
    ("listed", "中通、圆通、申通、韵达等3家企业参加。", "3家", ""),
    ("listed", "青松、白云、红梅两区参加。", "两区", ""),
]

RIGHT = [
    ("doubled-word", "委员会委员会见了来访人员。"),
    ("doubled-word", "一步一步推进，一个一个解决，非常非常重要。"),
    ("doubled-word", "交通支队支队长到场。"),
    ("doubled-word", "服务越来越好，带来越来越多的便利。"),
    ("doubled-character", "市邮政管理局局领导和镇镇政府、区区长参加。"),
    ("doubled-character", "集中学习习近平总书记重要讲话。"),
    ("doubled-character", "要原原本本学、实实在在干，看看问问、热热闹闹。"),
    ("doubled-character", "全国人大代表柴闪闪参加。"),
    ("doubled-character", "区委书记为民办实事，推进进一步改革，其中中通公司率先完成。"),
    ("doubled-character", "为了了解情况，对对策作了说明，有目的的学习，结合实际的的确确有效。"),
    ("doubled-character", "全体党员员工、嘉定区区划调整、上上下下、方方面面。"),
    ("doubled-clause", "要讲安全，要讲安全责任。"),
    ("unpaired-mark", "1）加强管理；2）抓好服务。"),
    ("unpaired-mark", "会议强调“安全（含消防）第一”《条例》。"),
    ("nested-mark", "印发《关于印发〈方案〉的通知》（国邮发〔2022〕1号）。"),
    ("nested-mark", "《关于废止国邮发〔2022〕1号文件的通知》施行。"),
    ("nested-mark", "他说：“要学好‘两学’内容。”"),
    ("half-width-mark", "通过ISO 9001:2015认证，上午9:30开始，共10,000件，见www.example.cn。"),
    ("half-width-mark", "参观(ISO)标准。"),
    ("dash", "主题是——安全，型号为A--1。"),
    ("ellipsis", "收寄、分拣……各个环节。"),
    ("marks-side-by-side", "他说：“安全第一。”会后，《条例》（试行）、“办法”施行。"),
    ("mark-between-titles", "学习《快递暂行条例》（以下简称《条例》）、《信访工作条例》。"),
    ("not-a-work", "印发《活动方案》《奖励办法》。"),
    ("space", "开展“守底线 勇担当”活动。"),
    ("space", "参加 ISO 9001 认证。"),
    ("no-final-mark", "一、提高政治站位，压实安全生产责任"),
    ("comma-between-names", "会同市公安局，走访圆通公司等企业。"),
    ("comma-between-names", "青松局表示，了解白云局等单位的做法。"),
    ("comma-between-items", "重规划、重设计，重质量、重安全。"),
    ("mark-before-last", "促进团结、和谐发展、及时反馈、等待时机。"),
    ("mark-after-number", "（一）总体要求"),
    ("mark-after-number", "1.压实责任。"),
    ("colon-in-colon", "会议要求：安全第一。负责人说：“要落实。”"),
    ("range", "标准号为GB/T 9704-2012，电话021-62345678。"),
    ("range", "3月19日至20日，2021—2025年，5～8人，比分3-2。"),
    ("number-writing", "22年来，共有2000人参加，3.5万件，1200万元，98%。"),
    ("about-so-many", "近100人参加，100余人到场，约50人，一、二等奖，三、四季度，第三、四批。"),
    ("about-so-many", "最近100多年，十二名，第二名，二次创业，20多家，两名，2万多元，828万余元。"),
    ("comma-between-names", "走访中通、圆通，督促申通等企业整改。"),
    ("series", "成果有二，一是理论，一是实践。"),
    ("times-less", "业务量增长2倍，投诉量减少两成。"),
    ("measure-name", "场地300平方米，每平方公里十家。"),
    ("impossible-date", "2024年2月29日，12个月，24时，9时05分，13个月。"),
    ("weekday", "2026年3月27日（星期五），召开会议。"),
    ("weekday", "3月22日（周日）休息。"),
    ("reversed-range", "12月28日至1月3日，3月19日至20日，3月28日至4月2日，2023年至2025年。"),
    ("story-date", "3月20日，召开会议。"),
    ("story-date", "到2035年，12月5日的计划将完成。"),
    ("series", "一是抓好安全；二是抓好服务；三是抓好宣传。一要实，二要快。"),
    ("series", "对此，首要的一是查，二是改。统一是关键。"),
    ("series", "成绩有三：一是安全，二是服务。要求：一是检查，二是培训。"),
    ("count", "会议提出三点要求：一是安全；二是服务；三是宣传。"),
    ("count", "两个单位座谈。会议要求：一是安全；二是服务；三是宣传。"),
    ("listed", "中通、圆通等6家企业参加，青松、白云和红梅三区参加。"),
]


@pytest.mark.parametrize(("rule", "text", "quote", "suggestion"), FAULTS)
def test_it_is_found(rule, text, quote, suggestion):
    assert (quote, suggestion) in found(rule, text)


@pytest.mark.parametrize(("rule", "text"), RIGHT)
def test_it_is_left_alone(rule, text):
    assert found(rule, text) == []


def test_a_word_broken_in_the_title_is_found_by_the_story():
    body = "近日，召开产业工人队伍建设推进会。"
    assert found("split-title", body, title="参加产业工人 队伍建设推进会 推动改革") == [(" ", "")]
    assert found("split-title", body, title="产业工人队伍建设推进会 推动改革") == []


def test_a_quotation_of_several_paragraphs_ends_in_the_last_alone():
    assert found("unpaired-mark", "“安全第一。", "“服务第一。”") == []
    assert found("unpaired-mark", "“安全第一。", "服务第一。") == [("“", "")]


def test_the_same_sentence_twice_in_a_story():
    sentence = "各企业要把安全生产责任落实到每一个网点。"
    assert found("doubled-sentence", f"会议召开。{sentence}", f"会议要求落实。{sentence}") == [(sentence, "")]


def test_a_weekday_without_a_year_is_of_the_day_nearest_to_the_issue():
    assert found("weekday", "12月31日（星期三）召开。", day=date(2026, 1, 5)) == []
    assert found("weekday", "12月31日（星期四）召开。", day=date(2026, 1, 5)) == [("星期四", "星期三")]


def test_every_rule_of_form_has_true_and_tempting_cases():
    elsewhere = {
        "split-title",
        "doubled-sentence",
        "full-width-figure",
        "nested-bracket",
        "mixed-commas",
        "mixed-spaces",
    }
    form = {rule.name for rule in rules() if rule.family in ("doubling", "punctuation", "numbers")}
    assert form - {case[0] for case in FAULTS} <= elsewhere
    assert form - {case[0] for case in RIGHT} <= elsewhere
