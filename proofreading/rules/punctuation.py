"""Marks by GB/T 15834-2011."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..passages import ERROR, Mark, Rule, Whole

HAN = r"[\u3400-\u9fff]"
# Half-width marks between Chinese characters, figures and closing marks of a Chinese sentence.
HALF = re.compile(rf"(?:(?<={HAN})|(?<=[”’》〉）〕%])|(?<=\d))[,;:?!](?={HAN}|[“‘《〈（〔]|$)|(?<={HAN})[,;:?!](?=[\d“‘])")
FULL = dict(zip(",;:?!()", "，；：？！（）", strict=True))


def half_width(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in HALF.finditer(paragraph.text):
            why = _("A Chinese sentence has full-width marks.")
            yield Mark(paragraph, found.start(), found.end(), why, "GB/T 15834-2011 5.1", FULL[found[0]])


RULES = (Rule("half-width-mark", "punctuation", gettext_lazy("Half-width marks"), "揭晓,中通", ERROR, half_width),)
