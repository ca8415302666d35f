"""Headings that were pasted as plain paragraphs: 一、 belongs in 黑体 and （一） in 楷体 (GB/T 9704-2012 7.3.3)."""

import re

from django.utils.translation import gettext as _

from ..fonts import roles
from .expected import PLAIN
from .findings import Faults, Report
from .record import Record

LEVELS = ((re.compile("[一二三四五六七八九十]+、"), "黑体"), (re.compile("[（(][一二三四五六七八九十]+[）)]"), "楷体"))
LONGEST = 40  # characters: what is longer is a paragraph that begins with a number
ENDS = "。！？；：，、…”.!?;:,"


def check_headings(record: Record, report: Report) -> None:
    for flow in record.flows.values():
        for start, _end, piece in flow.found:
            if piece.rule == "text" and piece.kind == PLAIN and not piece.before and set(piece.roles) == {roles.BODY}:
                report.check_all("heading", flow.page(start), _unmarked(piece.text))


def _unmarked(text: str) -> Faults:
    for pattern, font in LEVELS:
        if pattern.match(text) and len(text) <= LONGEST and text[-1] not in ENDS:
            yield (
                text,
                _("This looks like a heading, but is set as text. As a heading it stands in %(font)s.")
                % {"font": font},
            )
