"""Words and characters that stand twice by a slip."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..passages import ERROR, Mark, Rule, Whole

WORD = re.compile(r"([\u4e00-\u9fff]{2,8})\1")
SINGLE = re.compile(r"的的(?!确|士)")


def doubled_words(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in WORD.finditer(paragraph.text):
            why = _("“%(word)s” stands twice.") % {"word": found[1]}
            yield Mark(paragraph, found.start(), found.end(), why, _("house rule"), found[1])


def doubled_characters(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in SINGLE.finditer(paragraph.text):
            why = _("“%(word)s” stands twice.") % {"word": found[0][0]}
            yield Mark(paragraph, found.start(), found.end(), why, _("house rule"), found[0][0])


RULES = (
    Rule("doubled-word", "doubling", gettext_lazy("Doubled words"), "部门部门", ERROR, doubled_words),
    Rule("doubled-character", "doubling", gettext_lazy("Doubled characters"), "良好的的", ERROR, doubled_characters),
)
