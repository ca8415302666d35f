"""Family 3: how numbers, ranges and units are written (GB/T 15835-2011)."""

import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..numerals import CHINESE
from ..passages import ERROR, QUERY, WARNING, Mark, Paragraph, Rule, Whole
from .patterns import Pattern, finder

FAMILY = "numbers"
HYPHEN = r"\s?(?:-{1,2}|－|~|–|——)\s?"
COUNTED = (
    r"(?:万|亿|元|余|多)*(?:[个名人家件次元吨米岁天份项张台辆条户所处场期批组箱单车套册]|"
    r"公里|公斤|小时|分钟|平方米|人次|群众|单位|企业)"
)
FEW = gettext_lazy(
    "The word before the number and the one after it contradict or repeat each other; one of them is enough."
)
ROUND = gettext_lazy("余 and 多 stand behind a round number: 100余人, not 15余人.")
RANGE = gettext_lazy("A range is written with 至, — or ～, not with a hyphen.")


def _is_code(paragraph: Paragraph, found: re.Match[str]) -> bool:
    """ISO9001-2015, 021-6234: part of a code."""
    before, after = paragraph.text[: found.start()][-1:], paragraph.text[found.end() :][:1]
    return bool(re.match(r"[A-Za-z\d./\-—〔]", before) or re.match(r"[A-Za-z\d/\-]", after))


RANGES = finder(
    Pattern(
        re.compile(rf"((?:\d{{4}}年)?(?:\d{{1,2}}月)?\d{{1,2}}日?){HYPHEN}((?:\d{{1,2}}月)?\d{{1,2}}日)"),
        r"\1至\2",
        RANGE,
        "GB/T 15835-2011 5.1.3",
        unless=_is_code,
    ),
    Pattern(
        re.compile(rf"((?:19|20)\d\d年?){HYPHEN}((?:19|20)\d\d年)"),
        r"\1—\2",
        RANGE,
        "GB/T 15835-2011 5.1.3",
        unless=_is_code,
    ),
    Pattern(
        re.compile(rf"(\d{{1,2}}[:：]\d\d){HYPHEN}(\d{{1,2}}[:：]\d\d)"),
        r"\1—\2",
        RANGE,
        "GB/T 15835-2011 5.1.3",
        unless=_is_code,
    ),
    Pattern(
        re.compile(
            r"(\d{1,9}(?:\.\d{1,4})?(?:%|℃|[个名人家件次元吨米天月年])?)"
            + HYPHEN
            + r"(\d{1,9}(?:\.\d{1,4})?(?:℃|[个名人家件次元吨米天月年]))(?!月|日)"
        ),
        r"\1～\2",
        RANGE,
        "GB/T 15835-2011 5.1.3",
        unless=lambda paragraph, found: _is_code(paragraph, found) or re.match(r"(19|20)\d\d", found[2]) is not None,
    ),
    Pattern(
        re.compile(
            r"(?<![\d.万亿%A-Za-z-])(\d{1,9}(?:\.\d{1,4})?)\s?(?:-|－|~|～|—|至|到)\s?(\d{1,9}(?:\.\d{1,4})?)(%|万|亿)"
        ),
        r"\1\3～\2\3",
        gettext_lazy("Both ends of such a range need the unit, or the first is misread."),
        "GB/T 15835-2011 5.1.3",
    ),
)


def _digits(text: str) -> str:
    return str(int(text[:-1]) * {"千": 1000, "百": 100, "十": 10}[text[-1]])


WRITING = finder(
    Pattern(
        re.compile(r"(?<![\d.])([012]\d)年(?=\d{1,2}月)"),
        r"20\1年",
        gettext_lazy("A year has four figures."),
        "GB/T 15835-2011 5.1.4",
    ),
    Pattern(
        re.compile(r"二[零○oO0〇][零○oO0〇一二三四五六七八九]{2}年"),
        lambda found: re.sub("[零○oO0]", "〇", found[0]),
        gettext_lazy("In a year the Chinese zero is 〇."),
        "GB/T 15835-2011 5.2.5",
        ERROR,
    ),
    Pattern(
        re.compile(r"(\d{1,2}月\d{1,2})号"),
        r"\1日",
        gettext_lazy("In a written date stands 日."),
        "GB/T 15835-2011 5.1.4",
    ),
    Pattern(
        re.compile(r"(?<![\d.])((?:19|20)\d\d)[./](\d{1,2})[./](\d{1,2})(?![\d.])"),
        r"\1年\2月\3日",
        gettext_lazy("In a text a date is written with 年, 月 and 日."),
        "GB/T 15835-2011 5.1.4",
    ),
    Pattern(
        re.compile(r"百分之(\d+(?:\.\d+)?)"),
        r"\1%",
        gettext_lazy("With Arabic figures stands %."),
        "GB/T 15835-2011 4.1.1",
    ),
    Pattern(
        re.compile(rf"(?<![\d.,])\d{{1,3}}[千百](?=(?:余|多)?{COUNTED})"),
        lambda found: _digits(found[0]),
        gettext_lazy("With Arabic figures only 万 and 亿 may stand."),
        "GB/T 15835-2011 5.3",
    ),
    Pattern(
        re.compile(r"\d+万\d+千(?!克|米|瓦)"),
        "",
        gettext_lazy("With Arabic figures only 万 and 亿 may stand."),
        "GB/T 15835-2011 5.3",
    ),
    Pattern(
        re.compile(r"\d{1,3}(?:,\d{3})+(?=[万亿])"),
        lambda found: found[0].replace(",", ""),
        gettext_lazy("Before 万 and 亿 figures have no comma."),
        "GB/T 15835-2011 5.1.1",
    ),
    Pattern(
        re.compile(rf"(?<!\d)\d{{1,3}}，\d{{3}}(?={COUNTED})"),
        lambda found: found[0].replace("，", ","),
        gettext_lazy("The comma inside a number is half-width."),
        "GB/T 15835-2011 5.1.1",
    ),
)
APPROXIMATE = finder(
    Pattern(
        re.compile(
            r"(?<![第、一二三四五六七八九十])([一二三四五六七八])、([二三四五六七八九])(?=十?(?:万|百|千)?[个名天次件位人户里])"
        ),
        lambda found: found[1] + found[2] if CHINESE.index(found[2]) == CHINESE.index(found[1]) + 1 else found[0],
        gettext_lazy("Two numbers that stand together for “about so many” have no 、."),
        "GB/T 15834-2011 4.5.3.4",
    ),
    Pattern(
        re.compile(
            rf"(?:将近|接近|(?<![最附邻临相靠远])近|不足|不到)\d[\d,.]*(?:万|亿|千|百)?[余多](?=[万亿]?{COUNTED})"
        ),
        "",
        FEW,
        "GB/T 15835-2011 4.1.1",
        ERROR,
    ),
    Pattern(
        re.compile(rf"(?:大?约|超过|超|逾)\d[\d,.]*(?:万|亿)?[余多](?=[万亿]?{COUNTED})"),
        "",
        FEW,
        "GB/T 15835-2011 4.1.1",
    ),
    Pattern(
        re.compile(r"(?:大约|大概|约|将近|(?<![最附邻临相靠远])近)\d[\d,.]*[^，。；、\d]{0,4}(?:左右|上下)"),
        "",
        FEW,
        "GB/T 15835-2011 4.1.1",
    ),
    Pattern(
        re.compile(r"(?:超过|超|逾|至少|最少|最低)\d[\d,.]*[^，。；、\d]{0,4}以上"), "", FEW, "GB/T 15835-2011 4.1.1"
    ),
    Pattern(re.compile(r"(?<![.\d])\d*[1-9][余多](?=[家个名人件次项份位户台辆])"), "", ROUND, "GB/T 15835-2011 5.2.1"),
    Pattern(re.compile(r"百分点%"), "百分点", FEW, "GB/T 15835-2011 4.1.1", ERROR),
    Pattern(
        re.compile(r"(?<![第十百千零〇一三四五六七八九、])二(?=[名位家](?!国))"),
        "两",
        gettext_lazy("Before a measure word stands 两."),
        "《现代汉语八百词》“二”“两”",
    ),
    Pattern(re.compile(r"[十百千万]几余|\d+余多|[几数]十?余(?=[个名家])"), "", FEW, "GB/T 15835-2011 5.2.1"),
)
TIMES_LESS = finder(
    Pattern(
        re.compile(
            r"(?:减少|降低|下降|缩短|缩小|缩减|压缩|压降|节约|减轻)了?(?:近|约|至|到)?(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]+)倍"
        ),
        "",
        gettext_lazy("What becomes less is given in percent or as a part, not as a multiple (倍)."),
        "GB/T 15835-2011 4.1.1",
    ),
)
UNITS = finder(
    *(
        Pattern(
            re.compile(rf"(?<=[\d万亿余多]){wrong}(?![A-Za-z])"),
            right,
            gettext_lazy("This is not the name of a legal unit of measure."),
            "GB 3100-1993",
        )
        for wrong, right in (
            ("平米", "平方米"),
            ("公分", "厘米"),
            ("立米", "立方米"),
            ("(?:KM|Km)", "km"),
            ("(?:KG|Kg)", "kg"),
            ("平方(?![米公千毫厘分])", "平方米"),
        )
    )
)


def mixed_commas(whole: Whole) -> Iterator[Mark]:
    """10,000 and 20000 in one issue: asked once, at the rarer form."""
    forms: dict[bool, list[tuple[Paragraph, re.Match[str]]]] = defaultdict(list)
    for paragraph in whole.paragraphs:
        for found in re.finditer(
            rf"(?<![\d,.A-Za-z])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{4,}})(?=余?{COUNTED})", paragraph.text
        ):
            forms["," in found[0]].append((paragraph, found))
    if forms[True] and forms[False]:
        rarer = min(forms.values(), key=len)
        paragraph, found = rarer[0]
        why = _("Numbers are written with and without commas in one issue.")
        yield Mark(paragraph, found.start(), found.end(), why, "GB/T 15835-2011 5.1.1")


def mixed_spaces(whole: Whole) -> Iterator[Mark]:
    """3 月 and 3月 in one issue: asked once, at the rarer form."""
    forms: dict[bool, list[tuple[Paragraph, re.Match[str]]]] = defaultdict(list)
    for paragraph in whole.paragraphs:
        for found in re.finditer(r"\d( ?)(?=[年月日个名家人次万亿])", paragraph.text):
            forms[bool(found[1])].append((paragraph, found))
    if forms[True] and forms[False]:
        rarer = min(forms.values(), key=len)
        paragraph, found = rarer[0]
        why = _("Figures stand with and without spaces in one issue.")
        yield Mark(paragraph, found.start(), found.end(), why, _("house rule"))


RULES = (
    Rule("range", FAMILY, gettext_lazy("Ranges"), "19日-20日", WARNING, RANGES),
    Rule("number-writing", FAMILY, gettext_lazy("How numbers are written"), "3万5千件", WARNING, WRITING),
    Rule("about-so-many", FAMILY, gettext_lazy("About so many"), "近100余人", WARNING, APPROXIMATE),
    Rule("times-less", FAMILY, gettext_lazy("Multiples of what becomes less"), "减少2倍", ERROR, TIMES_LESS),
    Rule("measure-name", FAMILY, gettext_lazy("Names of measures"), "300平米", WARNING, UNITS),
    Rule("mixed-commas", FAMILY, gettext_lazy("Commas in numbers"), "", QUERY, mixed_commas, is_across=True),
    Rule("mixed-spaces", FAMILY, gettext_lazy("Spaces around figures"), "", QUERY, mixed_spaces, is_across=True),
)
