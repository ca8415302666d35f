"""The words as tables of Excel, one of each kind: the office's own entries and the shipped ones.

An entry is never rewritten. A shipped one that gets its last day becomes a row of the office's own.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tables.checked import Checked
from accounts.tables.columns import Column, Day, Known
from accounts.tables.table import Table, Values, Words

from . import keeping
from .asked import ASKED, COMMA_KINDS, NEEDED, lacks
from .models import Kind, Word
from .tables import SEPARATOR, shipped

WIDTHS = {"name": 30, "other": 26, "wrong": 26, "near": 26, "unless": 20, "extra": 12, "becomes": 26}
EXAMPLES: dict[str, dict[str, str]] = {
    Kind.UNITS: {"name": "示例邮政管理局", "other": "示例局"},
    Kind.PERSONS: {"name": "张示例", "other": "示例市市长"},
    Kind.DOCUMENTS: {"name": "示例市快递管理办法", "other": "办法"},
    Kind.PHRASES: {"name": "示例行动", "wrong": "示列行动"},
    Kind.SERIES: {"name": "三个示例", "other": "甲示例|乙示例|丙示例"},
    Kind.CONFUSIONS: {"name": "公示", "wrong": "共识", "near": "予以~"},
}
MAY_CHANGE = {"until", "becomes"}  # of an entry that has no last day yet


class Parts(Column):
    """Several parts with 、 between them; its value has |."""

    def read(self, text: str, known: Known) -> str:
        each = (part.strip() for part in re.split(r"[、|｜]", text))
        value: str = super().read(SEPARATOR.join(filter(None, each)), known)
        return value

    def words(self, value: Any, known: Known) -> str:
        return str(value).replace(SEPARATOR, "、")


class WordTable(Table):
    permission = keeping.EDIT
    home = "proofreading:words_of"

    def __init__(self, kind: Kind, title: Words) -> None:
        self.kind, self.name, self.title = kind, f"words-{kind.value}", title
        self.home_args = (kind.value,)
        self.key = ("name", "wrong" if kind == Kind.CONFUSIONS else "other", "since")
        self.notes = [
            gettext_lazy(
                "Red headers have to be filled in; each entry needs its source. Days are written like 2026-04-08."
            ),
            gettext_lazy(
                "An entry that is there is not rewritten: give it its last day, and add what holds from then on as a new row."
            ),
            *(format_lazy("{}：{}", label, hint) for _name, label, hint in ASKED[kind] if hint),
        ]
        self.columns = [
            *self._columns(),
            Day("since", gettext_lazy("Valid from"), width=14, example="2026-01-01"),
            Day("until", gettext_lazy("Valid to"), width=14),
            Column("source", gettext_lazy("Source"), is_required=True, width=40, example="示例市〔2026〕1号文件"),
        ]

    def _columns(self) -> Iterator[Column]:
        for name, label, _hint in ASKED[self.kind]:
            separates = self.kind in COMMA_KINDS and name in ("other", "wrong")
            column = Parts if separates and (self.kind, name) != (Kind.PERSONS, "other") else Column
            longest = getattr(Word._meta.get_field(name), "max_length", 0)
            yield column(
                name,
                label,
                is_required=name == "name" or NEEDED.get(self.kind) == name,
                longest=longest,
                width=WIDTHS[name],
                example=EXAMPLES[self.kind].get(name, ""),
            )

    def rows(self) -> QuerySet:
        return Word.objects.filter(kind=self.kind)

    def fixed(self) -> Sequence[Word]:
        """The shipped entries that no row of the office's own stands in place of."""
        taken = {word.entry.key for word in self.rows()}
        return [keeping.unsaved(entry) for entry in shipped().of(self.kind) if entry.key not in taken]

    def key_of(self, values: Values) -> tuple:
        return tuple(values.get(name) or "" for name in self.key)

    def match(self, values: Values, candidates: list[Any]) -> Any:
        return candidates[0]

    def label(self, values: Values) -> str:
        return str(values["name"])

    def row_faults(self, each: Checked) -> Iterator[tuple[str, str]]:
        values, since, until = each.values, each.values.get("since"), each.values.get("until")
        if since and until and until < since:
            yield "until", _("The last day must not lie before the first day.")
        yield from lacks(self.kind, values)
        if each.before is None or each.is_put_back:
            return
        for name in each.changes:
            if name not in MAY_CHANGE or each.before["until"]:
                yield (
                    name,
                    _("This entry is there already and is not rewritten. Give it its last day, and add another row."),
                )

    def create(self, all_values: list[Values], by: Any) -> list[Any]:
        rows = [self._filled(Word(kind=self.kind, by=by), values) for values in all_values]
        return list(Word.objects.bulk_create(rows))

    def update(self, changes: list[tuple[Any, Values]], by: Any) -> None:
        """A shipped entry becomes a row of the office's own."""
        for row, values in changes:
            self._filled(row, values)
            row.by, row.at = by, timezone.now()
        Word.objects.bulk_create(row for row, _values in changes if row.pk is None)
        Word.objects.bulk_update(
            [row for row, _values in changes if row.pk is not None], ["until", "becomes", "by", "at"]
        )


UNITS = WordTable(Kind.UNITS, gettext_lazy("Words: units"))
PERSONS = WordTable(Kind.PERSONS, gettext_lazy("Words: persons with titles"))
DOCUMENTS = WordTable(Kind.DOCUMENTS, gettext_lazy("Words: documents"))
PHRASES = WordTable(Kind.PHRASES, gettext_lazy("Words: set phrases"))
SERIES = WordTable(Kind.SERIES, gettext_lazy("Words: fixed series"))
CONFUSIONS = WordTable(Kind.CONFUSIONS, gettext_lazy("Words: wrong words"))
