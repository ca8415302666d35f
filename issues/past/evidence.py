"""What speaks for a line of a past issue being a title, a paragraph's first line, its next…

The figures are weights on one scale (natural logarithms of odds, by judgement and trial); each
stands beside the rule it belongs to. `Evidence.trait` looks at one line, `between` at two.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from issues.past.text import ReadLine, compact, share, tidy
from typesetting.lines import widths
from typesetting.lines.sentences import ends_sentence

# --- what a line says ---------------------------------------------------------------------------

NUMBER = "[一二三四五六七八九十]{1,3}"
# How paragraphs of these reports begin, and titles never or seldom.
REPORT_BEGINS = re.compile(
    r"近日|日前|近期|近年来|今年|去年|当前|截至|连日来|当[天日]|"
    r"(\d{4}年)?\d{1,2}月(\d{1,2}日|[上中下]旬|[，,])|\d{4}年(以来|[，,])|\d{1,2}日[，,上下]|自\d"
)
PARAGRAPH_BEGINS = re.compile(
    r"为[^，]{2,60}[，,]|[^，。]{0,6}会议?[上中后][，,]|会议(强调|要求|指出|认为|还|就|对|期间|由|传达|学习|听取|审议|部署|邀请)|"
    r"下一步|下阶段|接下来|"
    r"在[^。]{2,40}[，,]|根据|按照|通过[^。]{2,30}[，,]|座谈|仪式|培训[中会期]|调研[中组期]|检查[中组]|"
    r"[^，。]{2,16}(表示|强调|指出|介绍|认为|要求|提出)[，,：]|" + NUMBER + r"、|[（(]" + NUMBER + "[)）]"
)
# A sentence begins so, but within its paragraph oftener than at its head.
SENTENCE_BEGINS = re.compile(
    "同时|此外|其中|随后|首先|其次|再次|最后|期间|据悉|据了解|目前|(第?[一二三四五六七八九十]+|其[一二三])([是要]|[，,])"
)
UNIT_BEGINS = re.compile(
    r"[^，。、：]{0,24}(邮政管理局|公司|分公司|党委|党组|党支部|党总支|工会|团委|协会|市局|省区|管理处)"
    r"|(中国邮政|上海邮政|上海|顺丰|圆通|申通|中通|韵达|极兔|德邦|京东)"
)
TITLE_VERBS = re.compile(
    "开展|召开|组织|举行|举办|参加|参与|赴|调研|启动|荣获|喜获|获评|获赠|推进|推动|部署|落实|学习|贯彻|印发|联合|会同|签署|签订|"
    "深化|走访|慰问|助力|助推|护航|践行|弘扬|聚焦|打造|赋能|引领|加强|强化|做好|守护|传承|接受|完成|发布|揭牌|成立|探索|构建|"
    "筑牢|提升|凝聚|激发|争做|争当|共建|共筑|表彰|部署|督导|检查|约谈|宣讲|培训|点亮|传递|关爱|送清凉|显成效"
)
TITLE_ENDS = re.compile(
    "(会议?|活动|仪式|培训班?|工作|行动|精神|检查|调研|慰问|建设|发展|热潮|保障|安全|成效|新篇章|力量|荣誉|称号|锦旗|"
    "党课|党日|竞赛|[大比]赛|演练|宣传|管理|服务|座谈|试点|挂牌|运营|站|奖|项目|方案|任务|协议|论坛|讲座|志愿者?|督导|整治|"
    "先锋|典型|风采|担当|作为|实效|落地|见效|关爱|防线|环境|温暖|清凉|人才|治理|快递员|小哥|之家|阵地|网点|企业)[”》）]*$"
)
# A line that begins so goes on with a sentence.
GOES_ON = re.compile(
    r"(?!与此|与会|得益|过去|着力|着眼|和谐|化解|了解|地方|地处|地铁|等待|而今)[的地得和及与等了们性化者着过并且而]"
    r"|[，。、；：！？”’》）】」,.;:!?)]"
)
SUBTITLE = re.compile(r"\s*(—{1,2}|─{1,2}|―{1,2}|－{1,2}|--|–{1,2})\s*(?=[^\s\d—─―－–-])")
BRIEFS_HEADING = re.compile(
    r"[【〖\[（(《★☆●◆■◎※*—-]*\s*(?:(?:工作|行业|企业|基层|要闻|综合|信息|一句话)?简\s*讯(?:集锦|速递|汇总)?"
    r"|短\s*讯|一句话新闻|一句话信息|信息快递|简明信息)\s*[】〗\]）)》★☆●◆■◎※*—-]*\s*[：:]?"
)
NOTE_BEGINS = re.compile(r"[【〖\[（(]?\s*(编\s*者\s*按|编后语?|按\s*语|【按】|按\s*[：:])")
HEADING = re.compile(rf"{NUMBER}、|[（(]{NUMBER}[)）]|[（(]?\d{{1,2}}[)）．、]|\d{{1,2}}\.(?!\d)")
CAPTION = re.compile(r"[（(【▲△▼↑↓]*\s*(图为|图中|图片|照片|[上下左右]图|图[一二三四五六七八九\d])|[▲△▼]")
CREDIT = re.compile(
    r"[（(【]?\s*(撰稿|供稿|来稿|投稿|作者|通讯员|文字|摄影|文图|图文|文[/／]图|稿件来源|信息来源|来源)\s*[：:/／]?.{0,40}$"
    r"|[（(][^（）()，。；：]{2,30}[)）]$"
)
# Sizes over that of the running text: what is larger may be a title, what is smaller stands below a picture.
LARGER, SMALLER = 1.12, 0.95
PAIRS = ("“”", "‘’", "《》", "〈〉", "（）", "【】", "「」", "『』", "()")


def title_likeness(text: str) -> float:
    """How much the words alone look like (a line of) a title."""
    score = -1.0
    score += -9 if re.search("[。；，、,;:：.]$", text) else 0  # titles end without a mark
    score += -9 if re.search("[。；;]", text) else 0
    outside = re.sub("[“《（(【][^”》）)】]{0,200}[”》）)】]", "", text)
    commas = len(re.findall("[，,]", outside))
    score -= 2.5 * min(commas, 1) + 1.5 * max(commas - 1, 0)  # a comma joins clauses of a sentence
    score += -4 if REPORT_BEGINS.match(text) or re.match("在[^。]{2,40}[，,]", text) else 0
    score += -2 if PARAGRAPH_BEGINS.match(text) or SENTENCE_BEGINS.match(text) else 0
    score += -9 if re.match("[，。、；：！？”’》）】」的了等]", text) else 0
    if ends_sentence(text):
        score += 2.5 if re.search("[？！?!]$", text) and not commas else -2.0  # … but for a question
    score += 2 if UNIT_BEGINS.match(text) else 0
    score += 0.7 * min(len(TITLE_VERBS.findall(text)), 2)
    score += 1.2 if TITLE_ENDS.search(text) else 0
    score += 0.8 if " " in outside.strip() else 0  # two phrases side by side
    length = widths.width(text)
    score += -4 if length < 4 else -1.5 if length < 6 else 0
    score += -1.5 * max(0.0, length - 60) / 10
    return score


HALF_WIDTH = re.compile("(?<=[^\\x00-\\x7f])[,;:!?]|[()]")


def full_width(text: str) -> str:
    return HALF_WIDTH.sub(lambda match: chr(ord(match[0]) + 0xFEE0), text)


def balanced(text: str) -> bool:
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in PAIRS)


def bigrams(text: str) -> set[str]:
    text = re.sub(r"[\W\d_]", "", compact(text))
    return {text[at : at + 2] for at in range(len(text) - 1)}


def brief_starts(lines: Sequence[ReadLine]) -> dict[int, str]:
    """The lines that begin a numbered brief, with their text after the number.

    Numbers count up by one, so `1.11月24日` is brief 1 of the 11th month, and a line that happens to
    begin with `3.8万` is none.
    """
    starts: dict[int, str] = {}
    begin = next((at for at, line in enumerate(lines) if BRIEFS_HEADING.fullmatch(line.text)), None)
    if begin is None:
        return starts
    for at in range(begin + 1, len(lines)):
        text = tidy(lines[at].text)
        mark = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"[len(starts) : len(starts) + 1]
        bullet = r"[●◆■★▲◇•·○]\s*"
        match = re.match(rf"[（(]?{len(starts) + 1}[)）.．、]+\s*|{mark}\s*|{bullet}", text)
        after_end = at == begin + 1 or ends_sentence(lines[at - 1].text)
        if match and after_end and match.end() < len(text):
            starts[at] = text[match.end() :]
    return starts


# --- what an issue's lines say together -----------------------------------------------------------


class Evidence:
    def __init__(self, lines: Sequence[ReadLine], contents: Sequence[str] = ()):
        self.lines = lines
        self.texts = [tidy(line.text) for line in lines]
        self.contents = [compact(entry) for entry in contents]
        self.measure = widths.measure_of(self.texts)
        self.full: dict[tuple[int, bool], bool] = {}
        self.briefs = brief_starts(lines)
        self.gaps = [line.gap for line in lines]
        if self.measure and self.gaps_are_chance():
            self.gaps = [0] * len(lines)

    @cached_property
    def shows_sizes(self) -> bool:
        return any((line.size or 1) >= LARGER for line in self.lines)

    @cached_property
    def shows_bold(self) -> bool:
        """Whether some lines are bold, and the running text is not."""
        return 0 < share(bool(line.bold) for line in self.lines) < 0.5

    @cached_property
    def gaps_part_paragraphs(self) -> bool:
        """Whether a blank line stands between any two paragraphs (and none inside them)."""
        after_end = [
            gap > 0 for before, gap in zip(self.lines, self.gaps[1:], strict=False) if ends_sentence(before.text)
        ]
        return len(after_end) >= 6 and share(after_end) > 0.75

    def gaps_are_chance(self) -> bool:
        """Whether blank lines stand inside paragraphs, too: between full lines that end no sentence."""
        inside = [
            self.gaps[at] > 0 and not self.lines[at].breaks_page
            for at in range(1, len(self.lines))
            if not ends_sentence(self.texts[at - 1]) and self.is_full(at, False)
        ]
        return len(inside) >= 10 and share(inside) > 0.1

    # -- one line

    def trait(self, at: int, role: str) -> float:
        kind, _space, further = role.partition(" ")
        line, text = self.lines[at], self.texts[at]
        if role == "briefs heading":
            return 8.0 if BRIEFS_HEADING.fullmatch(line.text) else -50.0
        score = -25.0 if BRIEFS_HEADING.fullmatch(line.text) else 0.0
        if kind == "title":
            return score + self.title_trait(at) - 0.5 * (int(further or 1) - 1)
        if kind == "subtitle":
            dashed = bool(SUBTITLE.match(line.text))
            return score + ((5.0 if dashed else -12.0) if not further else title_likeness(text) - 1.0)
        if kind == "aside":
            return score + self.aside_trait(line, text)
        score += self.body_trait(at, first=not further)
        if kind == "brief" and not further:
            score += 0 if not self.briefs else 4 if at in self.briefs else -5
        if kind == "note" and not further and at == 0:
            score += 8 if NOTE_BEGINS.match(text) else -2
        return score

    def title_trait(self, at: int) -> float:
        line, text = self.lines[at], self.texts[at]
        score = title_likeness(text)
        if self.measure and widths.least_width(text) > self.measure + 1:
            score -= 4  # a title is broken before the line is full
        if self.is_in_contents(text):
            score += 8
        if self.shows_sizes:
            score += 6 if (line.size or 1) >= LARGER else -2.5
        if (line.size or 1) < SMALLER:
            score -= 6
        if line.centred:
            score += 1.5
        if self.shows_bold:
            score += 1.5 if line.bold else -0.5
        if SUBTITLE.match(line.text):
            score -= 6
        if HEADING.match(text) or CAPTION.match(text) or CREDIT.match(text):
            score -= 3
        return score + 2.5 * (self.said_again(at) - 0.4)

    def said_again(self, at: int) -> float:
        """How much of the line the report below it says again (a title is; half a sentence seldom)."""
        own = bigrams(self.texts[at])
        if len(own) < 3:
            return 0.4
        below = "".join(self.texts[at + 1 : at + (12 if self.measure else 4)])[:320]
        return len(own & bigrams(below)) / len(own)

    def is_in_contents(self, text: str) -> bool:
        text = compact(text)
        return len(text) >= 5 and any(text in entry or (len(entry) >= 8 and entry in text) for entry in self.contents)

    def aside_trait(self, line: ReadLine, text: str) -> float:
        room = self.measure or 40
        if ends_sentence(text) and not CAPTION.match(text):
            return -9
        if HEADING.match(text) and widths.width(text) < room - 3 and not re.search("[，；、：]$", text):
            return 1.5
        if CAPTION.match(text) or CREDIT.match(text):
            return 3.0
        is_small = (line.size or 1) < (LARGER if self.shows_sizes else SMALLER)
        return 2.0 if line.centred and is_small and not SUBTITLE.match(text) else -9.0  # below a picture

    def body_trait(self, at: int, *, first: bool) -> float:
        line, text = self.lines[at], self.texts[at]
        following = self.texts[at + 1] if at + 1 < len(self.texts) else ""
        score = 0.0
        begins = 1.2 if REPORT_BEGINS.match(text) else 0.8 if PARAGRAPH_BEGINS.match(text) else 0
        begins -= 0.6 if SENTENCE_BEGINS.match(text) else 0
        score += begins if first else -0.5 * begins
        if not self.measure and UNIT_BEGINS.match(text):
            score += 0.6 if first else -1.0  # a page seldom ends right before a unit's name
        if GOES_ON.match(text):
            score += -4 if first else 0.5
        if self.measure:
            room = self.measure - (widths.FIRST_LINE_INDENT if first else 0)
            score += 0 if widths.fits(text, following, room) else -5  # no first line is that long
        if line.indented is not None:
            weight = 2.5 if line.size else 1.0  # on a page it is measured, in an extract counted
            score += weight * ((2.5 if line.indented else -3.5) if first else (-3.5 if line.indented else 0.5))
        if self.shows_sizes and (line.size or 1) >= LARGER:
            score -= 5
        if line.size and line.centred:
            score -= 3
        return score

    # -- two lines

    def between(self, at: int, before: str, role: str) -> float:
        """How well `role` of line `at` follows upon the role before it."""
        kind_before, _space, _further = before.partition(" ")
        kind, _space, further = role.partition(" ")
        if further and kind in ("paragraph", "brief", "note"):
            return self.goes_on(at, first_line=before == kind)
        if kind_before in ("paragraph", "brief", "note"):
            return self.ends(at) + self.starts(at, kind) + (-3.0 if kind_before == "brief" and kind == "title" else 0)
        if kind_before == "title":
            return self.after_title(at, kind)
        if role == "subtitle 2":
            return 8.0 if self.lines[at - 1].is_full and self.lines[at].centred else 0.0
        if before == "briefs heading":
            return -4.0 if kind == "title" else 0.0
        return -1.0 if kind == "aside" else self.starts(at, kind) if kind == "title" else 0.0

    def goes_on(self, at: int, *, first_line: bool) -> float:
        """The line before runs on into this one."""
        before, line = self.lines[at - 1], self.lines[at]
        ended, full = ends_sentence(before.text), self.is_full(at, first_line)
        if self.measure:
            score = (-0.5 if full else -7.0) if ended else (3.0 if full else -4.5)
        else:
            score = self.cut_by_page(at, ended=ended, full=full)
        if before.ends_paragraph is not None:
            score += -5.0 if before.ends_paragraph else 1.0
        if self.gaps[at] and not line.breaks_page:
            score -= 4.0
        return score

    def cut_by_page(self, at: int, *, ended: bool, full: bool) -> float:
        """A paragraph on one line was cut in two where its page ended, which is where a printed line did."""
        shown = self.lines[at].breaks_page
        if ended:  # seldom, but a page may end where a sentence does
            return (1.5 if shown else -1.0) if full else -8.0
        as_title = widths.width(self.texts[at - 1]) < widths.PRINT_MEASURES[-1]  # short enough to be one
        if full:
            return 3.0 if shown or not as_title else 1.5
        return 0.5 if shown else -2.5 if as_title else -1.0

    def ends(self, at: int) -> float:
        """The paragraph ends with the line before."""
        before = self.lines[at - 1]
        score = 1.0 if ends_sentence(before.text) else -2.0 if re.search("[：:；;]$", before.text) else -6.5
        score -= 3.0 if re.search("[，、,]$", before.text) else 0
        if before.ends_paragraph is not None:
            score += 3.0 if before.ends_paragraph else -4.0
        return score

    def starts(self, at: int, kind: str) -> float:
        gap = self.gaps[at]
        if self.lines[at].breaks_page:
            return 0.0
        if kind == "title" or kind == "briefs":
            return 2.0 if gap and not self.gaps_part_paragraphs else 0.5 * bool(gap)
        if self.gaps_part_paragraphs:
            return 1.0 if gap else -1.5
        return -1.5 if gap else 0.0

    def after_title(self, at: int, kind: str) -> float:
        before, line = self.lines[at - 1], self.lines[at]
        open_pair = not balanced(before.text)
        if kind == "title":
            closes = open_pair and balanced(before.text + line.text)
            unlike = abs((before.size or 1) - (line.size or 1)) > 0.1  # the lines of a title are of one size
            broken = bool(before.is_full and (line.size or 1) >= LARGER and not unlike)  # by the program
            return (
                (6.0 if broken else 2.0 if closes else 0.0)
                - (4.0 if unlike else 0.0)
                - (2.5 if self.gaps[at] and not line.breaks_page else 0.0)
            )
        score = -2.5 if open_pair else 0.0
        if before.ends_paragraph is not None:
            score += 0.5 if before.ends_paragraph else -4.0
        if kind == "paragraph" and self.gaps[at] and not self.gaps_part_paragraphs:
            score += 1.0  # a blank line under the title
        return score

    def is_full(self, at: int, first_line: bool) -> bool:
        """Whether the print had to break the line before where it ends, were the text to run on."""
        if self.lines[at - 1].is_full:
            return True
        if (at, first_line) not in self.full:
            self.full[at, first_line] = self.breaks_here(at, widths.FIRST_LINE_INDENT if first_line else 0)
        return self.full[at, first_line]

    def breaks_here(self, at: int, indent: int) -> bool:
        before, text = self.texts[at - 1], self.texts[at]
        return self.must_break(before, text, indent) or (
            # Half-width marks typed (or put in by the extraction) for full-width ones.
            bool(HALF_WIDTH.search(before)) and self.must_break(full_width(before), text, indent)
        )

    def must_break(self, before: str, text: str, indent: int) -> bool:
        if self.measure:
            return widths.is_full(before, text, self.measure - indent)
        # A paragraph per line, cut where the printed page ended: at the end of some printed line.
        return any(
            len(before) in widths.line_ends(before + text[:30], measure - indent, measure)
            for measure in widths.PRINT_MEASURES
        )
