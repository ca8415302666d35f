"""Where a sentence ends, and how the printed lines of a paragraph are put together again."""

import re
from collections.abc import Iterable

# With what may stand behind the full stop: closing marks, and (奉贤局) or another word on who wrote it.
SENTENCE_END = re.compile(
    r"(?:[。！？!?…．]|(?<=[^\x00-\x7f])\.)[”’」』）)》】\"']*(?:[（(][^（）()，。]{1,20}[）)])?$"
)


def ends_sentence(text: str) -> bool:
    return bool(SENTENCE_END.search(text))


def run_on(lines: Iterable[str]) -> str:
    """The lines as one run of text: a line's end leaves no space, except between words."""
    text = ""
    for line in lines:
        text += joint(text, line) + line
    return text


def joint(before: str, after: str) -> str:
    """What stands between two lines once they are one."""
    return " " if re.search("[A-Za-z]$", before) and re.match("[A-Za-z]", after) else ""
