"""The 采用通报 in words: the office's wording with what a report says put in for its names in braces.

A line is a paragraph. One that begins with # is a heading and gets its number; a paragraph is left out when all of what it
was to name is empty, such as missed commissions where there are none, and a heading with nothing below it too.
"""

import re
from collections.abc import Mapping
from html import escape

from django.utils.translation import gettext as _

from articles import richtext
from workflow.refusals import Refused

NAME = re.compile(r"\{([^{}]*)\}")
TABLE = "{排名表}"
NUMBERS = "一二三四五六七八九十"
HEADING = re.compile(rf"[{NUMBERS}]{{1,3}}、")

TITLE = "{时段}信息报送和采用情况的通报"
TEXT = """\
{时段}，各单位共报送稿件{报送}篇，采用{采用}篇，采用率{采用率}。现将有关情况通报如下。
# 得分情况
得分居前的单位是：{前三名}。
各单位报送、采用和得分情况如下。
{排名表}
# 值得肯定的
与{上期}相比，位次上升较多的单位是：{进步}。
得分较高的稿件是：{好稿}。
# 需要改进的
没有稿件被采用的单位是：{未采用}。
没有按时完成约稿的单位是：{未完成约稿}。
# 下一步要求
请各单位围绕近期重点工作，及时报送内容真实、数据准确的稿件。"""


def check(title: str, text: str, known: Mapping[str, str]) -> None:
    """Refuses what would stand in the 通报 unread: a name that nothing is put in for, or no words at all."""
    if not title.strip() or not text.strip():
        raise Refused(_("Please write a title and a text."))
    alone = "\n".join(line for line in text.splitlines() if line.strip() != TABLE)
    unknown = sorted({name for name in NAME.findall(title + alone) if name not in known})
    if unknown:
        words = _("Nothing can be put in for %(names)s. These names can stand in braces: %(known)s.")
        raise Refused(
            words % {"names": "、".join(f"{{{name}}}" for name in unknown), "known": "、".join(known)},
        )


def filled(text: str, said: Mapping[str, str]) -> str:
    """The text with what is said put in, a paragraph a line. The table keeps its name until the text is stored."""
    lines: list[str] = []
    headings = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            if lines and lines[-1].startswith("#"):
                lines.pop()
            lines.append(f"# {line.lstrip('# ')}")
        elif line == TABLE:
            lines.append(line)
        elif (names := NAME.findall(line)) and not all(said[name] for name in names):
            continue
        else:
            lines.append(NAME.sub(lambda found: said[found[1]], line))
    if lines and lines[-1].startswith("#"):
        lines.pop()
    for at, line in enumerate(lines):
        if line.startswith("#"):
            lines[at] = f"{_number(headings)}、{NAME.sub(lambda found: said[found[1]], line[2:])}"
            headings += 1
    return "\n".join(lines)


def _number(at: int) -> str:
    return NUMBERS[at] if at < len(NUMBERS) else f"十{NUMBERS[at - len(NUMBERS)]}"


def html(text: str, table: str) -> str:
    """As an article's text: 一、 makes a heading, and the table's name becomes the table."""
    blocks = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line == TABLE:
            blocks.append(table)
        else:
            tag = "h3" if HEADING.match(line) else "p"
            blocks.append(f"<{tag}>{escape(line, quote=False)}</{tag}>")
    return richtext.clean("\n".join(blocks))
