"""Makes up issues' parts: titles, subtitles, paragraphs and lists as such bulletins have them.

The sentences are our own; they only resemble reports in what makes reading them hard.
"""

import random

BUREAUS = ["宝山", "青浦", "奉贤", "松江", "黄浦", "浦东"]
COMPANIES = [
    "圆通速递有限公司",
    "申通快递有限公司",
    "上海韵达货运有限公司",
    "中通快递股份有限公司",
    "上海顺丰速运有限公司",
]
POST = ["中国邮政集团有限公司上海市分公司", "中国邮政集团有限公司上海邮政国际业务分公司"]
VERBS = ["开展", "组织开展", "召开", "参加", "举行", "推进落实", "启动", "赴街道调研", "联合区总工会开展", "荣获"]
TOPICS = [
    "消防安全隐患排查",
    "“蓝丝带”志愿服务",
    "端午节前廉政提醒谈话",
    "快递包装绿色转型现场观摩会",
    "2024年度党支部书记述职评议会",
    "“绿色站点·共建家园”主题活动",
    "《快递市场管理办法》宣讲培训",
    "旺季服务保障动员部署会",
    "“三送一访”关爱快递员行动",
    "第12届技能比武",
    "无障碍服务窗口建设",
    "防汛防台应急演练",
    "DHL等外资企业座谈会",
]
PHRASES = [
    "同心护航旺季",
    "暖“蜂”同行 情满申城",
    "一件快递见初心",
    "小站点里的大课堂",
    "风雨中的“黄马甲”",
    "把清凉送到路口",
]
OPENINGS = [
    "近日，",
    "日前，",
    "{month}月{day}日，",
    "{month}月{day}日下午，",
    "为进一步规范行业秩序，",
    "2024年{month}月，",
    "{month}月上旬，",
    "",
]
CLAUSES = [
    "各网点负责人逐项对照清单查找不足",
    "党员带头认领了{n}项任务",
    "围绕夜间配送、电动车充电和临时休息三件难事",
    "与会人员参观了新建成的便民驿站",
    "把整改时限压缩到{n}天以内",
    "志愿者分成{n}个小组走进社区",
    "累计发放宣传折页{n}00余份",
    "重点讲解了实名收寄系统的操作要点",
    "“老带新”结对名单当场公布",
    "先后听取了3家企业的书面汇报",
    "对照《服务规范》逐条打分",
    "形成问题、责任、措施“三张清单”",
    "用上海话编排的快板赢得阵阵掌声",
    "试行“1+2”值班办法",
    "站点里添置了微波炉、雨衣柜和药箱",
    "平均每票节省胶带0.{n}米",
    "由街道出场地、企业出设备、行业出队伍",
    "引导从业人员成为流动的“平安观察员”",
]
ENDINGS = [
    "取得了较好效果",
    "受到一线员工的欢迎",
    "为旺季平稳运行打下基础",
    "得到市民点赞",
    "推动问题逐一销号",
    "确保件件有回音",
]
SHORT = ["会议还通报了其他工作。", "局机关各处室参加活动。", "活动取得圆满成功。", "特此说明。"]
NUMERALS = "一二三四五六"


def parts(chance: random.Random, *, briefs: bool | None = None) -> dict:
    units = [("上海市邮政管理局", "上海局")] * chance.randint(1, 2)
    units += [(f"{name}邮政管理局", f"{name}局") for name in chance.sample(BUREAUS, chance.randint(2, 5))]
    units += [(chance.choice(POST), "上海邮政")]
    units += [(name, name[:2]) for name in chance.sample(COMPANIES, chance.randint(1, 3))]
    has_briefs = chance.random() < 0.5 if briefs is None else briefs
    return {
        "articles": [article(chance, *unit) for unit in units],
        "briefs": [brief(chance) for _at in range(chance.randint(1, 4))] if has_briefs else [],
        "recipients": recipients(chance),
    }


def article(chance: random.Random, unit: str, short: str) -> dict:
    topic = chance.choice(TOPICS)
    lines, subtitle = title(chance, unit, topic)
    first = sentence(chance, f"{unit}围绕{topic}，")
    paragraphs = [first + sentence(chance)] + [
        paragraph(chance, short) for _at in range(chance.choice([0, 1, 1, 2, 2, 3, 5]))
    ]
    if chance.random() < 0.2:
        paragraphs.append(chance.choice(SHORT))
    if chance.random() < 0.5:
        paragraphs.append(f"下一步，{short}将" + sentence(chance, "").lstrip("，"))
    shown = [line for line in lines if not line.startswith("——")]
    return {"title": "".join(shown), "title_lines": lines, "subtitle": subtitle, "paragraphs": paragraphs}


def title(chance: random.Random, unit: str, topic: str) -> tuple[list[str], str | None]:
    form = chance.choice(["one", "one", "two", "two", "two phrases", "subtitle", "three"])
    verb = chance.choice(VERBS)
    if form == "one" and len(unit) < 14:
        return [f"{unit}{verb}{topic}"], None
    if form == "subtitle":
        subtitle = f"{unit}{verb}侧记"
        return [chance.choice(PHRASES), "——" + subtitle], subtitle
    if form == "two phrases":
        return [f"{chance.choice(PHRASES)} {chance.choice(['显担当', '助力高质量发展', '共建平安行业'])}"], None
    if form == "three":
        return [f"{unit}会同有关部门", verb + topic, "推动行业服务提质增效"], None
    return [f"{unit}{verb}", topic], None


def paragraph(chance: random.Random, short: str) -> str:
    form = chance.choice(["plain", "plain", "plain", "list", "meeting", "heading", "quote"])
    if form == "list":
        return (
            f"{short}提出要求："
            + "；".join(f"{NUMERALS[at]}是{clause(chance)}" for at in range(chance.randint(2, 4)))
            + "。"
        )
    if form == "heading":
        return f"{chance.choice(NUMERALS)}、{clause(chance)}。" + sentence(chance, "")
    if form == "quote":
        return f"“{clause(chance)}。”一名快递员说。" + sentence(chance, "")
    if form == "meeting":
        return (
            f"{chance.choice(['会上', '活动中', '座谈会上', '会议强调'])}，"
            + sentence(chance, "")
            + sentence(chance, "")
        )
    return "".join(sentence(chance) for _at in range(chance.randint(1, 5)))


def sentence(chance: random.Random, opening: str | None = None) -> str:
    if opening is None:
        opening = chance.choice(["", "", "同时，", "其中，", "此外，", chance.choice(OPENINGS)])
    opening = opening.format(month=chance.randint(1, 12), day=chance.randint(1, 28))
    clauses = [clause(chance) for _at in range(chance.randint(1, 4))]
    return opening + "，".join([*clauses, chance.choice(ENDINGS)]) + chance.choice("。。。。。！")


def clause(chance: random.Random) -> str:
    return chance.choice(CLAUSES).format(n=chance.randint(2, 9))


def brief(chance: random.Random) -> str:
    company = chance.choice(COMPANIES)
    return f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日，{company}" + sentence(chance, "")


def recipients(chance: random.Random) -> dict:
    up = ["国家邮政局精神文明建设指导委员会", "上海市精神文明建设委员会", "上海市快递行业精神文明创建指导小组"]
    across = [
        "上海市文明办",
        "上海市建交系统文明办",
        "上海市邮政管理局各处室、管理局、文明办",
        "上海市快递行业协会",
        "各快递企业",
    ]
    found = {"报": up[: chance.randint(1, 3)], "送": across[: chance.randint(2, 5)]}
    if chance.random() < 0.2:
        found["发"] = ["各派出机构", "各品牌快递企业上海总部"]
    return found
