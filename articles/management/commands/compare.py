import codecs
import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from articles.difference import Difference, Part, compare

LARGEST = 2_000_000  # bytes; an issue has a fiftieth of it
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # Notepad calls it Unicode
LINE_END = re.compile("\r\n?")
MARKS = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}


class Command(BaseCommand):
    help = "Show by character what became of the paragraphs of one text file (a paragraph a line) in another."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", type=Path, help="the text before (.txt: UTF-8, GB 18030 or UTF-16)")
        parser.add_argument("new", type=Path, help="the text after")
        parser.add_argument(
            "--json", action="store_true", help='print for each paragraph [["equal"|"delete"|"insert", text], …]'
        )

    def handle(self, *, old: Path, new: Path, **options: Any) -> None:
        differences = compare(paragraphs(old), paragraphs(new))
        if options["json"]:
            rows = ",\n ".join(json.dumps(_parts(each), ensure_ascii=False) for each in differences)
            self.stdout.write(f"[{rows}]")
        else:
            self.stdout.write("\n".join(_marked(each) for each in differences))


def paragraphs(path: Path) -> list[str]:
    """The lines of a text file. CommandError when it can't be read, or is no text."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    if len(data) > LARGEST:
        raise CommandError(_("%(file)s is larger than 2 MB. Compare the articles one by one.") % {"file": path})
    for encoding in ("utf-16",) if data.startswith(UTF_16) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return LINE_END.sub("\n", text).removesuffix("\n").split("\n") if text else []
    raise CommandError(_("%(file)s is not plain text. Save it as plain text (.txt, UTF-8).") % {"file": path})


def _parts(difference: Difference) -> list[Part]:
    return difference.in_order or [("equal", "")]


def _marked(difference: Difference) -> str:
    return "".join(MARKS[operation].format(text) for operation, text in difference.in_order)
