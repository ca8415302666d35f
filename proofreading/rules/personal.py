"""Family 7: numbers and addresses of persons, which an issue should not tell (个人信息保护法).

They are errors, although some may be printed: so each is masked, or somebody says why it stands, before the issue is signed.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..passages import ERROR, QUERY, Mark, Paragraph, Rule, Whole

FAMILY = "personal"
LAW = "《中华人民共和国个人信息保护法》第二十八条"
MOBILE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
CARD = re.compile(r"(?<!\d)[3-6]\d{15,18}(?!\d)")
ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:路|街|村|苑|里|坊|弄)[\d一二三四五六七八九十]{1,5}(?:弄|号|支弄)[^，。；、]{0,12}?\d{2,4}室"
)
PERSON = re.compile(r"女士|先生|老人|阿姨|大爷|奶奶|爷爷|居民|住户|用户|收件人|家住|住在|小[张王李刘陈]")
PLATE = re.compile(r"[沪苏浙皖京津冀鲁豫粤][A-Z][·\s]?[A-Z0-9]{5,6}(?![A-Z0-9])")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_identity(number: str) -> bool:
    """By the check digit of GB 11643-1999."""
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def is_card(number: str) -> bool:
    """By Luhn's check digit (GB/T 15694.1)."""
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def numbers(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in MOBILE.finditer(paragraph.text):
            digits = re.sub(r"\D", "", found[0])
            yield _hidden(
                paragraph, found, _("A mobile number: is it to be printed?"), f"{digits[:3]}****{digits[-4:]}"
            )
        for found in IDENTITY.finditer(paragraph.text):
            if is_identity(found[0]):
                why = _("An identity number must not be printed.")
                yield _hidden(paragraph, found, why, found[0][:6] + "*" * 8 + found[0][-4:])
        for found in CARD.finditer(paragraph.text):
            if is_card(found[0]) and not IDENTITY.fullmatch(found[0]):
                why = _("A bank card's number: is it to be printed?")
                yield _hidden(paragraph, found, why, "*" * (len(found[0]) - 4) + found[0][-4:])
        for found in PLATE.finditer(paragraph.text):
            yield _hidden(paragraph, found, _("A car's number: is it to be printed?"), "", QUERY)


def addresses(whole: Whole) -> Iterator[Mark]:
    """A flat's address, when a private person is spoken of nearby."""
    for paragraph in whole.paragraphs:
        for found in ADDRESS.finditer(paragraph.text):
            if PERSON.search(paragraph.text[max(0, found.start() - 40) : found.end() + 20]):
                start = found.start() + max(found[0].rfind(word, 0, 8) for word in ("住", "在", "于", "到")) + 1
                why = _("A private person's address: is it to be printed?")
                yield Mark(paragraph, start, found.end(), why, LAW)


def _hidden(paragraph: Paragraph, found: re.Match[str], why: str, masked: str, level: str = "") -> Mark:
    return Mark(paragraph, found.start(), found.end(), why, LAW, masked, level=level)


RULES = (
    Rule("personal-number", FAMILY, gettext_lazy("Numbers of persons"), "", ERROR, numbers),
    Rule("personal-address", FAMILY, gettext_lazy("Addresses of persons"), "", ERROR, addresses),
)
