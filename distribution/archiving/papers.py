"""The files of a package: their names, which are safe on every system, and the form in which tables are written."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

# Names of the format. verify_package.py, which imports nothing, has them once more.
METADATA, MANIFEST, README, VERIFIER = "元数据.xml", "清单.txt", "说明.txt", "验证.py"
CONTENT = "原件/定稿内容.json"

_UNSAFE = re.compile(r'[<>:"/\\|?*]')
LONGEST_PART = 24  # a path has to fit into the 260 characters of Windows, wherever it is unpacked
# What a spreadsheet would calculate.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


class Paper(NamedTuple):
    """A file of the package. `name` is its path in it, with strokes."""

    name: str
    data: bytes


def text(name: str, words: str) -> Paper:
    """With the ends of lines that the plainest editor of Windows shows."""
    lines = (line.rstrip() for line in words.strip().splitlines())
    return Paper(name, ("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))


def table(name: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> Paper:
    """As CSV that a spreadsheet opens by a double click. No cell is a formula: those that look so begin with an apostrophe."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_cell(value) for value in row] for row in (head, *rows))
    return Paper(name, out.getvalue().encode("utf-8-sig"))


def _cell(value: object) -> str:
    words = moment(value) if isinstance(value, date) else "" if value is None else str(value)
    return f"'{words}" if words.startswith(_FORMULA) or words.lstrip().startswith(_FORMULA) else words


def moment(value: date | None) -> str:
    """2026-04-08 12:00:00, in local time; a day without the hour; empty for none."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if value else ""


def part(words: str, longest: int = LONGEST_PART) -> str:
    """Words as a part of a path. Its caller puts a number in front, so that it is never a name that Windows keeps to itself."""
    kept = "".join("_" if _is_unsafe(character) else character for character in unicodedata.normalize("NFC", words))
    return " ".join(kept.split())[:longest].strip(" .")


def file_part(name: str) -> str:
    """The name of a file as a part of a path, with its ending."""
    stem, dot, ending = name.rpartition(".")
    return f"{part(stem)}.{part(ending, 8).lower()}" if dot else part(name)


def _is_unsafe(character: str) -> bool:
    return bool(_UNSAFE.match(character)) or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn")
