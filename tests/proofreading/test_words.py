"""Families 4 to 8: names, documents, set phrases, wrong words, personal data and the house's style."""

from dataclasses import replace
from datetime import date

import pytest

from proofreading.engine import rules, shipped
from proofreading.tables import Entry
from tests.proofreading.texts import findings, found

FAULTS = [
    ("party-department", "会同松江区组织部开展培训。", "区组织部", "区委组织部"),
    ("party-department", "市宣传部派员指导。", "市宣传部", "市委宣传部"),
    ("former-unit", "按照中国银保监会要求。", "中国银保监会", "国家金融监督管理总局"),
    ("unit-name", "国家市场监管管理总局发文。", "国家市场监管管理总局", "国家市场监督管理总局"),
    ("unit-name", "上海市邮政管里局召开会议。", "上海市邮政管里局", "上海市邮政管理局"),
    ("full-name-first", "松江局召开会议。松江邮政管理局要求落实。", "松江局", ""),
    ("dropped-district", "赴松江交通委调研。松江区交通委介绍情况。", "松江交通委", "松江区交通委"),
    ("name-marks", "走访“红蜂·暖心驿站”。“红蜂·暖心驿站”建成。参观“红蜂”暖心驿站。", "红蜂”暖心驿站", ""),
    (
        "turned-pair",
        "取得（四级/中级）证书，共有（四级/中级）五人、（中级/四级）两人。",
        "（中级/四级）",
        "（四级/中级）",
    ),
    ("first-one", "举办首届“技能大赛”。第一届“技能大赛”闭幕。", "第一届", "首届"),
    (
        "turned-term",
        "建设快递便民中心，快递便民中心启用，快递便民中心运行，便民快递中心受欢迎。",
        "便民快递中心",
        "快递便民中心",
    ),
    ("person-name", "学习习进平总书记讲话。", "习进平", "习近平"),
    ("person-title", "国务院总理李克强出席。", "国务院总理李克强", ""),
    ("precedence", "赵乐际、李强出席。", "赵乐际、李强", "李强、赵乐际"),
    ("document-short-name", "印发《快递安全工作办法》（以下简称《意见》）。", "《意见》", "《办法》"),
    ("document-short-name", "印发《快递安全工作方案》（以下简称《实施意见》）。", "《实施意见》", ""),
    ("document-introduced", "《方案》提出三项任务。", "《方案》", ""),
    ("document-introduced", "《方案》提出，要落实《快递安全方案》（以下简称《方案》）。", "《方案》", ""),
    ("document-unused", "印发《快递安全方案》（以下简称《方案》）。", "《方案》", ""),
    ("document-name", "宣传《快递市场管理条例》。", "快递市场管理条例", "快递市场管理办法"),
    ("document-name", "宣传《邮件快件包装管理规定》。", "邮件快件包装管理规定", "邮件快件包装管理办法"),
    ("document-name", "学习《党政机关公文处理办法条例》。", "党政机关公文处理办法条例", "党政机关公文处理工作条例"),
    ("document-name", "依据《邮政行业安全监督管理办法》。", "邮政行业安全监督管理办法", "邮政业寄递安全监督管理办法"),
    (
        "document-twice",
        "印发《网点消防安全检查方案》。《网点消防安全检查方案》要求落实《网点消防安会检查方案》。",
        "《网点消防安会检查方案》",
        "",
    ),
    (
        "set-phrase",
        "学习习近平新时代特色社会主义思想。",
        "习近平新时代特色社会主义思想",
        "习近平新时代中国特色社会主义思想",
    ),
    ("set-phrase", "构建人类共同命运体。", "人类共同命运体", "人类命运共同体"),
    ("set-phrase", "卓厉奋发、勇毅前行。", "卓厉奋发", "踔厉奋发"),
    ("set-phrase", "解决急愁难盼问题。", "急愁难盼", "急难愁盼"),
    ("set-phrase", "铸牢中华民族共同意识。", "铸牢中华民族共同意识", "铸牢中华民族共同体意识"),
    ("set-phrase", "坚持三个代表重要思想。", "三个代表重要思想", "“三个代表”重要思想"),
    (
        "phrase-order",
        "增强核心意识、政治意识、大局意识、看齐意识。",
        "核心意识、政治意识、大局意识、看齐意识",
        "政治意识、大局意识、核心意识、看齐意识",
    ),
    (
        "phrase-order",
        "坚持道路自信、理论自信、文化自信、制度自信。",
        "道路自信、理论自信、文化自信、制度自信",
        "道路自信、理论自信、制度自信、文化自信",
    ),
    (
        "phrase-order",
        "坚定“四个自信”、增强“四个意识”、做到“两个维护”。",
        "坚定“四个自信”、增强“四个意识”、做到“两个维护”",
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”",
    ),
    ("phrase-order", "提升幸福感、获得感、安全感。", "幸福感、获得感、安全感", "获得感、幸福感、安全感"),
    ("phrase-order", "贯彻创新、协调、绿色、共享发展理念。", "创新、协调、绿色、共享", ""),
    ("phrase-marks", "增强四个意识。", "四个意识", "“四个意识”"),
    ("phrase-marks", "服务一带一路建设。", "一带一路", "“一带一路”"),
    ("party-congress", "学习党的二十大三中全会精神。", "党的二十大三中全会", "党的二十届三中全会"),
    ("party-congress", "十五五时期的任务。", "十五五", "“十五五”"),
    ("wrong-word", "广泛凝聚行业公示。", "公示", "共识"),
    ("wrong-word", "利用业务时间读书。", "业务时间", "业余时间"),
    ("wrong-word", "日前正值业务旺季。", "日前", "目前"),
    ("wrong-word", "截止目前已有十家。", "截止", "截至"),
    ("wrong-word", "及时反应群众诉求。", "反应", "反映"),
    ("wrong-word", "维护快递员合法权力。", "权力", "权利"),
    ("wrong-word", "全面布署旺季服务。", "布署", "部署"),
    ("wrong-word", "渡过春节假期。", "渡过", "度过"),
    ("wrong-word", "表示忠心感谢。", "忠心", "衷心"),
    ("script-form", "推动行業發展。", "業", "业"),
    ("left-over", "企业向投递员她表示感谢。", "投递员她", "她"),
    ("left-over", "组织3个名党员参加。", "个", ""),
    ("sentence-frame", "对质量、安全在内的两项认证。", "在内", ""),
    ("sentence-frame", "防止事故不再发生。", "防止事故不再", ""),
    ("sentence-frame", "依托平台，积极助力城市治理的重要作用。", "积极助力城市治理的重要作用", ""),
    ("sentence-frame", "各局开展安全生产座谈会。", "开展", "召开"),
    ("sentence-frame", "目的是为了保障安全。", "目的是为了", "目的是"),
    ("said-twice", "会议再次重申安全要求。", "再次重申", "重申"),
    ("said-twice", "约近20人请假。", "约", ""),
    ("set-phrase", "依据中华人民共国法律。", "中华人民共国", "中华人民共和国"),
    (
        "set-phrase",
        "团结在以习近平总书记为核心的党中央周围。",
        "以习近平总书记为核心的党中央",
        "以习近平同志为核心的党中央",
    ),
    ("set-phrase", "推动党史学教育走深走实。", "党史学教育", "党史学习教育"),
    ("wrong-word", "进一步提高政治战位。", "政治战位", "政治站位"),
    ("unit-name", "国家邮政管理局发文。", "国家邮政管理局", "国家邮政局"),
    ("de", "各企业认真的落实安全责任。", "认真的", "认真地"),
    ("de", "工作开展的很顺利。", "的", "得"),
    ("lacks-de", "这是推动行业治理能力提升重要抓手。", "提升", "提升的"),
    ("personal-number", "联系电话13812345678。", "13812345678", "138****5678"),
    ("personal-number", "身份证号11010519491231002X。", "11010519491231002X", "110105********002X"),
    ("personal-address", "刘女士家住中山路12弄3号501室。", "中山路12弄3号501室", ""),
    ("own-name", "本刊讯：召开会议。", "本刊", "本简报"),
]

RIGHT = [
    ("party-department", "区委组织部、市委宣传部、属地社会工作部参加。"),
    ("former-unit", "原中国银保监会发文。"),
    ("unit-name", "国家市场监督管理总局、上海市邮政管理局、北京市邮政管理局发文。"),
    ("full-name-first", "松江邮政管理局召开会议。松江局要求落实。"),
    ("dropped-district", "松江区交通委、松江邮政管理局参加。"),
    ("name-marks", "走访“红蜂·暖心驿站”，“红蜂”行动开展。"),
    ("turned-pair", "取得（四级/中级）证书、（三级/高级）证书。"),
    ("first-one", "举办首届“技能大赛”、第一届“读书节”。"),
    ("turned-term", "建设快递便民中心、便民快递中心各一处。"),
    ("person-name", "学习习近平总书记讲话。"),
    ("person-title", "国务院总理李强出席，时任国务院总理李克强批示。"),
    ("precedence", "李强、赵乐际、王沪宁出席。"),
    (
        "document-short-name",
        "印发《快递安全工作若干措施》（以下简称《若干措施》）、《条例（试行）》（以下简称《条例》）。",
    ),
    ("document-introduced", "印发《快递安全方案》（以下简称《方案》）。《方案》提出任务。"),
    ("document-unused", "印发《快递安全方案》（以下简称《方案》）。《方案》提出任务。"),
    ("document-name", "宣传《快递市场管理办法》《邮件快件绿色包装规范》《邮件快件包装基本要求》《邮政法》。"),
    ("document-twice", "印发《邮件快件包装管理办法》《邮件快件绿色包装规范》。"),
    ("set-phrase", "学习习近平新时代中国特色社会主义思想，当好中国现代化的开路先锋，实现中华民族的伟大复兴。"),
    ("phrase-order", "增强政治意识、大局意识、核心意识、看齐意识，推动创新、绿色发展，富强、民主。"),
    ("phrase-order", "增强“四个意识”、坚定“四个自信”、做到“两个维护”。"),
    ("phrase-marks", "增强“四个意识”，学习《四个意识读本》。"),
    ("party-congress", "学习党的二十大和二十届三中全会精神，“十五五”时期。"),
    ("wrong-word", "公示期满，拟表彰名单予以公示；处理业务时间较长；日前，市局召开会议；报名截止日期为3月。"),
    ("wrong-word", "员工开展活动，公共应急体系，建设试点，及时问候，完成工作，因积水漫延受损，推广“邮好驿站”经验。"),
    ("wrong-word", "压茬推进，权力清单，化学反应，社区公示栏，控制理想温度。"),
    ("script-form", "乾县、瞭望、李堃、王喆参加。"),
    ("left-over", "向其他快递员介绍，对工人他们表示慰问时，缓和与周边关系，普及和宣传，120个家庭，3个名额。"),
    ("sentence-frame", "包括质量、安全在内的两项认证，助力乡村振兴，发挥了重要作用，防止事故发生，召开座谈会。"),
    ("sentence-frame", "开展交流、召开座谈会，开展活动并召开会议，标志性成果。"),
    ("said-twice", "会议重申安全要求，约20人参加，赠送口罩。"),
    ("set-phrase", "开展党员学习教育、党性学习教育。"),
    ("de", "得到有效的贯彻执行，取得积极的推动作用，扎实的工作，切实的保障。"),
    ("lacks-de", "作为推进基层治理重要抓手，形成了有力保障。"),
    ("personal-number", "单号SF1234567890123，客服电话12305，订单138123456789012。"),
    ("personal-address", "中山路12弄3号501室为网点所在地。"),
    ("own-name", "学习本刊物。"),
]


@pytest.mark.parametrize(("rule", "text", "quote", "suggestion"), FAULTS)
def test_it_is_found(rule, text, quote, suggestion):
    assert (quote, suggestion) in found(rule, text)


@pytest.mark.parametrize(("rule", "text"), RIGHT)
def test_it_is_left_alone(rule, text):
    assert found(rule, text) == []


def test_the_house_names_leading_persons_by_function_from_a_day_on():
    text = "市局党组书记、局长王某出席会议。"
    assert found("named-leader", text.replace("王某", "王明"), day=date(2026, 3, 27)) == [("王明", "")]
    assert found("named-leader", text.replace("王某", "王明"), day=date(2023, 11, 30)) == []
    assert found("named-leader", "局主要负责人主持会议。") == []


def test_the_settings_of_the_house_say_lengths_and_the_closing():
    house = replace(shipped().house, longest_article=10, asks_for_next_steps=True)
    tables = replace(shipped(), house=house)
    assert found("length", "会议召开，要求抓好安全生产。", tables=tables) == [("。", "")]
    assert found("length", "会议召开，要求抓好安全生产。") == []


def test_a_title_has_no_final_mark_and_a_brief_one_paragraph():
    assert found("title-mark", "会议召开。", title="召开会议。") == [("。", "")]
    assert found("title-mark", "会议召开。", title="召开会议") == []
    assert found("brief-paragraphs", "甲。", "乙。", kind="brief") == [("乙", "")]


def test_every_rule_of_words_has_true_and_tempting_cases():
    elsewhere = {"phrase-day", "named-leader", "length", "next-steps", "title-mark", "brief-paragraphs"}
    of_words = {rule.name for rule in rules() if rule.family not in ("doubling", "punctuation", "numbers")}
    assert of_words - {case[0] for case in FAULTS} <= elsewhere
    assert of_words - {case[0] for case in RIGHT} <= elsewhere


@pytest.mark.parametrize(
    ("text", "quotes"), [("青浦邮政管理局召开会议。", []), ("浦东政管理局召开会议。", ["浦东政管理局"])]
)
def test_the_end_of_another_name_is_no_miswritten_name(text, quotes):
    """浦邮政管理局 in 青浦邮政管理局, where the office's own table has 浦东邮政管理局 alone."""
    tables = shipped()
    tables = replace(tables, entries=(*tables.entries, Entry("units", "浦东邮政管理局", source="本站单位表")))
    assert [quote for quote, _right in found("unit-name", text, tables=tables)] == quotes


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("联系电话13812345678。", "error"),
        ("身份证号11010519491231002X。", "error"),
        ("刘女士家住中山路12弄3号501室。", "error"),
        ("车牌为沪A12345的货车。", "query"),
    ],
)
def test_personal_data_keep_an_issue_back_until_masked_or_confirmed(text, level):
    assert [each.level for each in findings(text) if each.rule.startswith("personal-")] == [level]
