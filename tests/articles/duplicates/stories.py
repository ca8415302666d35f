"""Pairs of stories of our own writing: two of one event, and two that only look like it."""

from datetime import date
from typing import NamedTuple

from articles.duplicates.happening import facts_of

TOLD = date(2026, 4, 8)


class Story(NamedTuple):
    unit: str
    title: str
    text: str
    told: date = TOLD

    @property
    def paragraphs(self):
        return self.text.split("\n")

    @property
    def facts(self):
        return facts_of(self.title, self.paragraphs, told=self.told, unit=self.unit)


VISIT = Story(
    "青浦局",
    "区总工会到青浦慰问一线快递员",
    "4月2日，青浦区总工会副主席钱立群带队到访徐泾镇圆通总部园区，看望夜班分拣员，送去毛巾和茶叶。青浦邮政管理局陪同。\n"
    "钱立群在休息室坐下来，问大家夜里几点吃饭、孩子谁来接送，一一记在本子上。",
)
VISIT_BY_COMPANY = Story(
    "圆通",
    "春日问候进车间",
    "上周四的夜班多了几位客人。4月2日晚，区总工会钱立群副主席一行来到圆通，走访位于徐泾镇的总部，把慰问品交到分拣线上的同事手里。\n"
    "公司工会汇报了食堂改造和母婴室的进展。",
)
DRILL = Story(
    "青浦局",
    "青浦邮政管理局联合区消防救援支队开展分拨中心消防演练",
    "为检验火灾初期处置能力，4月1日，青浦邮政管理局联合区消防救援支队，在华新镇中通分拨中心开展消防应急演练。\n"
    "演练模拟传送带电机起火，疏散组、灭火组按预案到位，三分钟内清点完人数。",
)
DRILL_BY_COMPANY = Story(
    "中通",
    "中通华新分拨中心练兵忙",
    "警报响起，浓烟从二层飘出。4月1日上午，中通快递在华新镇的分拨中心里举行了一场消防疏散演习，青浦区消防救援站派来两辆消防车。\n"
    "青浦局工作人员到场观摩并作点评，建议把灭火器挪到更顺手的位置。",
)
SIGNING = Story(
    "宝山局",
    "宝山邮政管理局与区检察院签署寄递安全协作办法",
    "3月30日，宝山邮政管理局与宝山区检察院签署协作办法，约定按季通报线索，检察官孟庆和到场解读条款。\n办法共十二条，即日起施行。",
)
SIGNING_BY_OTHERS = Story(
    "上海邮政",
    "检邮携手　共守寄递通道",
    "一纸办法，两家携手。3月30日下午，宝山区人民检察院和宝山局坐到一起，就寄递线索移送签约。检察官孟庆和说，线索一到，检察院两天内给回音。\n"
    "上海邮政宝山片区派员参加。",
)
LECTURE = Story(
    "奉贤局",
    "奉贤局请来血液中心医生讲解无偿献血",
    "近日，奉贤邮政管理局在南桥镇城市驿站举办无偿献血讲座，市血液中心医生汤怀远讲解献血间隔与营养，三十名快递员到场。\n讲座后有九人登记献血。",
)
LECTURE_AGAIN = Story(
    "顺丰",
    "顺丰南桥网点小哥走近无偿献血",
    "日前，顺丰南桥网点十余名小哥来到南桥镇，听血液中心汤怀远医生讲无偿献血的知识，当场有人报名献血。\n奉贤局为大家准备了宣传折页。",
)
MEETING = Story(
    "圆通",
    "圆通参加快递员权益座谈会",
    "3月18日，青浦区检察院牵头召开维护快递员权益座谈会，区总工会、青浦局到会，圆通工会主席发言，谈到薪酬算法与工伤保险。\n会议形成三条意见。",
)
MEETING_AGAIN = Story(
    "中通",
    "把快递员权益放在心上　中通在区检察院座谈会上建言",
    "3月18日，在青浦区检察院召开的快递员权益座谈会上，中通代表介绍了工伤保险参保进度，并就薪酬算法提出建议。区总工会、青浦局一同参会。\n"
    "会后，中通将逐条对照。",
)
CONTEST = Story(
    "上海局",
    "上海市邮政管理局举办快递员技能竞赛决赛",
    "4月3日，全市快递员职业技能竞赛决赛在嘉定举行，来自12家企业的48名选手比拼智能分拣、装载和急件处置，申通选手苏望川夺得第一。\n市总工会派员观摩。",
)
CONTEST_BY_COMPANY = Story(
    "申通",
    "申通苏望川夺魁",
    "申通快递员苏望川捧回了金牌。4月3日，他在嘉定举行的全市快递员技能竞赛决赛中，以智能分拣和装载两项最高分胜出。\n公司为他举行了欢迎仪式。",
)

SAME = {
    "a visit by two": (VISIT, VISIT_BY_COMPANY),
    "a drill by two": (DRILL, DRILL_BY_COMPANY),
    "a signing by two": (SIGNING, SIGNING_BY_OTHERS),
    "a lecture without a day": (LECTURE, LECTURE_AGAIN),
    "a meeting that two companies took part in": (MEETING, MEETING_AGAIN),
    "a contest and its winner": (CONTEST, CONTEST_BY_COMPANY),
}

OTHER = {
    "a drill and a visit of one day in one district": (
        DRILL,
        Story(
            "青浦局",
            "青浦邮政管理局走访困难快递员",
            "4月1日，青浦邮政管理局来到赵巷镇，走访三名家庭困难的快递员，送上慰问金。\n下一步，青浦局将建立帮扶名册。",
        ),
    ),
    "two drills of one day at two companies": (
        DRILL,
        Story(
            "青浦局",
            "青浦邮政管理局组织圆通开展消防演练",
            "4月1日，青浦邮政管理局联合区消防救援支队，在徐泾镇圆通总部开展消防应急演练。\n演练模拟充电棚起火，员工用水带控制火势。",
        ),
    ),
    "two visits of one leader on one day": (
        VISIT,
        Story(
            "青浦局",
            "区总工会到青浦慰问女职工",
            "4月2日，青浦区总工会走访华新镇中通客服中心，慰问女职工，听取对哺乳室的意见。青浦邮政管理局陪同。\n客服中心有女职工两百名。",
        ),
    ),
    "the same training by two bureaus": (
        Story(
            "青浦局",
            "青浦邮政管理局组织绿色包装培训",
            "4月1日，青浦邮政管理局组织辖区企业开展绿色包装培训，解读包装规范和回收标准。\n十一家企业参加。",
        ),
        Story(
            "松江局",
            "松江邮政管理局开展绿色包装培训",
            "4月1日，松江邮政管理局组织辖区企业开展绿色包装培训，讲解包装规范和回收要求。\n企业签署了告知书。",
        ),
    ),
    "two trainings of one bureau on one day": (
        Story(
            "宝山局",
            "宝山邮政管理局开展消防安全培训",
            "4月1日，宝山邮政管理局组织辖区快递企业开展消防安全培训，讲解灭火器使用。\n二十名安全员参加。",
        ),
        Story(
            "宝山局",
            "宝山邮政管理局开展反诈培训",
            "4月1日，宝山邮政管理局组织辖区快递企业开展反诈培训，民警讲解典型案例。\n三十名客服参加。",
        ),
    ),
    "the yearly drill, a year later": (
        DRILL,
        DRILL._replace(text=DRILL.text.replace("4月1日", "2025年4月1日"), told=date(2025, 4, 9)),
    ),
    "the yearly drill without a year, a year later": (DRILL, DRILL._replace(told=date(2025, 4, 9))),
    "the yearly lecture without a day": (LECTURE, LECTURE._replace(told=date(2025, 4, 9))),
    "two party days of one branch": (
        Story(
            "宝山局",
            "宝山邮政管理局开展主题党日活动",
            "近日，宝山邮政管理局党支部开展主题党日活动，参观淞沪抗战纪念馆。\n党员重温入党誓词。",
        ),
        Story(
            "宝山局",
            "宝山邮政管理局召开党员大会",
            "近日，宝山邮政管理局党支部召开党员大会，学习警示教育通报。\n党员交流了体会。",
        ),
    ),
    "two companies' awards of one day": (
        Story("中通", "中通获评慈善企业", "4月1日，中通快递荣获上海慈善奖捐赠企业称号。\n公司多年支持乡村助学。"),
        Story("韵达", "韵达获评技能人才单位", "4月1日，韵达荣获青浦区技能人才培养示范单位称号。\n公司有技师八十名。"),
    ),
    "a bureau's meeting and the district's of one day": (
        Story(
            "浦东局",
            "浦东邮政管理局召开安全生产会议",
            "4月1日，浦东邮政管理局召开辖区安全生产工作会议，通报一季度隐患整改情况。\n十五家企业负责人参加。",
        ),
        Story(
            "浦东局",
            "浦东邮政管理局参加产业工人推进会",
            "4月1日，浦东新区召开产业工人队伍建设推进会，浦东邮政管理局参会。\n会议部署了工匠选树。",
        ),
    ),
}
