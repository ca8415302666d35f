"""Reads the HTML that a clipboard holds: Word's, WPS's, Excel's, a web page's. Gives blocks and losses as articles.docx."""

import re
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from . import richtext
from .docx.losses import Losses
from .docx.numbering import before_words, written
from .docx.outline import ENDS_TEXT, SHORT, Block, as_html
from .docx.simplify import Role

HEADINGS = {f"h{level}": level for level in range(1, 7)}
MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sub": "sub", "sup": "sup"}
STRUCK = {"del", "s", "strike"}
FRAMES = {"iframe", "video", "audio", "object", "embed", "mpvideo"}
DRAWN = {"img", "svg", "canvas"}
UNSEEN = {"rt", "rp", "datalist", "template"}
BLOCKS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "pre", "blockquote", "section", "article", "main", "header", "footer",
    "aside", "figure", "figcaption", "address", "center", "caption", "hr", "details", "summary", *HEADINGS,
}  # fmt: skip
TABLE = {"table", "thead", "tbody", "tfoot", "tr", "td", "th"}
TAGS = BLOCKS | TABLE | FRAMES | DRAWN | UNSEEN | STRUCK | set(MARKS) | {"span", "a", "ins", "br", "ruby"}
ATTRIBUTES = {
    "*": {"style", "class", "hidden"},
    "img": {"src", "alt", "width", "height"},
    "svg": {"width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
    "li": {"value"},
}
VOID = {"br", "img", "hr", "embed"}
# The page gives this scheme to the pictures that it takes in as photos.
TAKEN = "photo"
ICON, SHORT_ALTERNATIVE = 32, 8  # pixels: what is smaller in both ways is an emoji or a button
# What Word puts before the items of a list; the letters are signs of its fonts Wingdings and Symbol.
BULLET = re.compile(r"[·•●○◆◇■□▪▫►➢✓√★☆–—*§ØüÜlnuvqo-]")
SYMBOLS = re.compile(r"font-family:[^;]*(wingdings|webdings|symbol)", re.IGNORECASE)
LIST_FORMS = {
    "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting", "japanese-informal": "chineseCounting",
}  # fmt: skip
BLANKS = " \t\r\n\f\xa0\u2000-\u200a\u202f"
WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3001-\u303f“”‘’…—"


@dataclass
class Frame:
    """An open tag, and what it hands down to those inside it."""

    tag: str
    mark: str = ""  # the tag of our own that it stands for
    marks: tuple[str, ...] = ()  # of it and those around it
    role: Role = field(default_factory=Role)
    is_label: bool = False  # a number or bullet of Word's
    keeps_lines: bool = False
    listed: "List | None" = None


@dataclass
class List:
    """An open list: how its numbers look (empty: bullets), and the last one."""

    form: str
    number: int = 0

    def next(self, value: str) -> str:
        """The number of the next item as it is shown; empty for a bullet."""
        if not self.form:
            return ""
        self.number = _whole(value, self.number + 1)
        return written(self.number, self.form) + ("、" if self.form == "chineseCounting" else ".")


@dataclass
class Cell:
    tag: str
    spans: str
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Table:
    rows: list[tuple[bool, list[Cell]]] = field(default_factory=list)  # whether the row is of the head; its cells
    holds_table: bool = False
    holds_picture: bool = False
    in_head: bool = False

    def blocks(self) -> list[Block]:
        """The table as one block; what is in it, where it only sets other things beside one another."""
        cells = [cell for _is_head, row in self.rows for cell in row]
        words = ["".join(block.text for block in cell.blocks) for cell in cells]
        is_frame = all(len(text) <= SHORT and not ENDS_TEXT.search(text) for text in words)
        if self.holds_table or len(cells) < 2 or not any(words) or (self.holds_picture and is_frame):
            return [block for cell in cells for block in cell.blocks]
        html = ""
        for part, is_head in (("thead", True), ("tbody", False)):
            rows = "".join(_row(row) for in_head, row in self.rows if in_head == is_head and row)
            html += f"<{part}>{rows}</{part}>" if rows else ""
        return [Block("table", f"<table>{html}</table>", " ".join(words))]


def _row(cells: list[Cell]) -> str:
    return f"<tr>{''.join(f'<{cell.tag}{cell.spans}>{_inside(cell.blocks)}</{cell.tag}>' for cell in cells)}</tr>"


def _inside(blocks: list[Block]) -> str:
    """A single paragraph needs no tag in its cell."""
    return blocks[0].html if len(blocks) == 1 and blocks[0].tag == "p" else as_html(blocks)


@dataclass
class Found:
    """Blocks in reading order, how many pictures the page takes in as photos, how many are lost, and what else."""

    blocks: list[Block]
    photos: int
    pictures: int
    losses: Losses


def read(html: str) -> Found:
    # Word's conditions are no comments: what stands between them is what a browser shows.
    html = re.sub(r"<!\[(?:if|endif)[^\]>]{0,80}\]>", "", html)
    reader = _Reader()
    reader.feed(richtext.well_formed(html, TAGS, ATTRIBUTES, {TAKEN}))
    reader.close()
    reader.end_block()
    return Found(reader.sinks[0], reader.photos, reader.pictures, reader.losses)


class _Reader(HTMLParser):
    """Reads well-formed HTML: blocks one after the other, tables whole."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.losses, self.photos, self.pictures = Losses(), 0, 0
        self.sinks: list[list[Block]] = [[]]  # where blocks go: the text, and each open cell
        self.tables: list[Table] = []
        self.stack = [Frame("")]
        self.gone: tuple[Frame, str] | None = None  # the tag that is left out, and what it is called
        self.words = self.style = ""  # of what is left out, or of a label
        self.item: str | None = None  # the next block begins an item: its number, empty for a bullet
        self.open: Block | None = None
        self.marks: list[str] = []  # those open in the open block

    # --- tags -----------------------------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        frame = replace(self.stack[-1], tag=tag, mark="")
        if tag not in VOID:
            self.stack.append(frame)
        if self.gone:
            return
        if tag in DRAWN:
            self._picture(frame, given)
        elif (why := _why_gone(tag, given)) is not None:
            self._leave_out(frame, why)
        elif tag == "br":
            self._break()
        elif tag in TABLE:
            self._table(tag, given)
        elif tag in BLOCKS:
            self._block(frame, given)
        else:
            self._inline(frame, given)

    def handle_endtag(self, tag: str) -> None:
        frame = self.stack.pop()
        if self.gone:
            self._left_out(frame)
        elif frame.is_label and not self.stack[-1].is_label:
            self._label()
        elif tag in TABLE:
            self._table_ends(tag)
        elif tag in BLOCKS:
            self.end_block()
            self.item = None if tag == "li" else self.item
        elif frame.mark and self.open and frame.mark in self.marks:
            self.marks.remove(frame.mark)
            self.open.html += f"</{frame.mark}>"

    def handle_data(self, text: str) -> None:
        if self.gone or self.stack[-1].is_label:
            self.words += text
        elif self.stack[-1].keeps_lines:
            first, *others = text.split("\n")
            self._add(first)
            for line in others:
                self._break()
                self._add(line)
        else:
            self._add(text)

    # --- what is left out -----------------------------------------------------------------------------------------
    def _leave_out(self, frame: Frame, why: str) -> None:
        if frame.tag in FRAMES:
            self.losses.add(why)
            why = ""
        if frame.tag not in VOID:
            self.gone, self.words = (frame, why), ""

    def _left_out(self, frame: Frame) -> None:
        if self.gone and frame is self.gone[0]:
            if self.gone[1] and self.words.strip():
                self.losses.add(self.gone[1], self.words)
            self.gone, self.words = None, ""

    def _picture(self, frame: Frame, given: dict[str, str]) -> None:
        alternative = given.get("alt", "").strip()
        if self.tables:
            self.tables[-1].holds_picture = True
        if given.get("src"):
            self.photos += 1
        elif not _is_icon(given):
            self.pictures += 1
        elif len(alternative) <= SHORT_ALTERNATIVE:
            self._add(alternative)  # an emoji
        self._leave_out(frame, "")

    # --- text -----------------------------------------------------------------------------------------------------
    def _block(self, frame: Frame, given: dict[str, str]) -> None:
        self.end_block()
        style = _plain_style(given)
        outline = re.search(r"mso-outline-level:([1-9])", style)
        if frame.tag in HEADINGS or outline:
            frame.role = Role(heading=HEADINGS.get(frame.tag) or int(outline[1]) if outline else HEADINGS[frame.tag])
        if frame.tag in ("ul", "ol"):
            frame.listed = List(_form(given, style) if frame.tag == "ol" else "", _whole(given.get("start", ""), 1) - 1)
        elif frame.tag == "li":
            self.item = frame.listed.next(given.get("value", "")) if frame.listed else ""
        frame.keeps_lines = frame.keeps_lines or frame.tag == "pre" or "white-space:pre" in style

    def _inline(self, frame: Frame, given: dict[str, str]) -> None:
        style = _plain_style(given)
        self.style = f"{self.style};{style}" if frame.is_label else style
        frame.keeps_lines = frame.keeps_lines or "white-space:pre" in style
        if "mso-list:ignore" in style and not frame.is_label:
            frame.is_label, self.words = True, ""
        mark = MARKS.get(frame.tag, "strong" if re.search(r"font-weight:(bold|[6-9]00)", style) else "")
        is_plain = mark == "strong" and re.search(r"(?<!bidi-)font-weight:(normal|[1-5]00)", style)
        if mark and not is_plain and mark not in frame.marks and not frame.is_label:
            frame.mark, frame.marks = mark, (*frame.marks, mark)
            if self.open:
                self.marks.append(mark)
                self.open.html += f"<{mark}>"

    def _label(self) -> None:
        """Word's number becomes text, its bullet an item of a list."""
        label = self.words.strip(BLANKS)
        is_bullet = len(label) == 1 and (BULLET.fullmatch(label) or SYMBOLS.search(self.style))
        self.words = self.style = ""
        if not is_bullet:
            self._add(before_words(label))
        elif not self.open:
            self.item = ""

    def _add(self, text: str) -> None:
        text = re.sub(rf"[{BLANKS}]+", _space, text)
        if not self.open or not self.open.text:
            text = text.lstrip(" \n\u3000")
        elif self.open.text[-1] == " ":
            text = text.lstrip(" \n")
        if not text:
            return
        block = self.open or self._begin()
        # A line's end in the source is no space between two Chinese characters.
        before = block.text[-1:]
        joint = re.sub(rf"(?<=[{WIDE}])\n(?=[{WIDE}])", "", before + text)[len(before) :].replace("\n", " ")
        block.text += joint
        block.html += escape(joint, quote=False)

    def _begin(self) -> Block:
        top = self.stack[-1]
        self.open = block = Block("li" if self.item == "" else "p", role=top.role)
        if self.item:
            block.text = block.html = self.item
        self.item = None
        self.marks = list(top.marks)
        block.html += "".join(f"<{mark}>" for mark in self.marks)
        return block

    def _break(self) -> None:
        """A line that is broken by hand begins a paragraph: so it looked."""
        if self.open and self.tables:
            self.open.html += "<br>"
            self.open.text += " "
        else:
            self.end_block()

    def end_block(self) -> None:
        block, self.open = self.open, None
        if not block or not block.text.strip():
            return
        block.html += "".join(f"</{mark}>" for mark in reversed(self.marks))
        block.html = re.sub(r"</(strong|em|sub|sup)><\1>|<(strong|em|sub|sup)></\2>", "", block.html)
        block.html = re.sub(r"(?:[ \u3000]|<br>)+((?:</\w+>)*)$", r"\1", block.html)
        block.text = block.text.strip(" \u3000")
        self.sinks[-1].append(block)

    # --- tables ---------------------------------------------------------------------------------------------------
    def _table(self, tag: str, given: dict[str, str]) -> None:
        self.end_block()
        if tag == "table":
            for outer in self.tables[-1:]:
                outer.holds_table = True
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].rows.append((self.tables[-1].in_head, []))
        elif tag in ("td", "th"):
            spans = [(name, _whole(given.get(name, ""), 1)) for name in ("colspan", "rowspan")]
            cell = Cell(tag, "".join(f' {name}="{count}"' for name, count in spans if count > 1))
            self.tables[-1].rows[-1][1].append(cell)
            self.sinks.append(cell.blocks)
        else:
            self.tables[-1].in_head = tag == "thead"

    def _table_ends(self, tag: str) -> None:
        self.end_block()
        if tag in ("td", "th"):
            self.sinks.pop()
        elif tag == "table":
            self.sinks[-1].extend(self.tables.pop().blocks())


def _why_gone(tag: str, given: dict[str, str]) -> str | None:
    """What it is called that this tag holds and an article doesn't; empty for what nobody misses, None for what is kept."""
    style = _plain_style(given)
    if tag in UNSEEN or re.search(r"mso-element:comment|mso-(foot|end)note-id", style):
        return ""
    if tag in STRUCK or "line-through" in style:
        return _("struck text")
    if "hidden" in given or re.search(r"(?<![\w-])display:none|mso-hide:all", style):
        return _("hidden text")
    if "msocommentreference" in given.get("class", "").lower():
        return _("comment")
    if re.search(r"mso-element:footnote(?![\w-])", style):
        return _("footnote")
    if re.search(r"mso-element:endnote(?![\w-])", style):
        return _("endnote")
    return _("video or embedded page") if tag in FRAMES else None


def _plain_style(given: dict[str, str]) -> str:
    return re.sub(r"\s", "", given.get("style", "")).lower()


def _form(given: dict[str, str], style: str) -> str:
    found = re.search(r"list-style(?:-type)?:([\w-]+)", style)
    named = found[1] if found else given.get("type", "")
    return LIST_FORMS.get(named, "decimal")


def _is_icon(given: dict[str, str]) -> bool:
    sizes = [re.search(rf"(?:^|;){side}:(\d+)(?:\.\d+)?px", _plain_style(given)) for side in ("width", "height")]
    texts = [found[1] if found else given.get(side, "") for found, side in zip(sizes, ("width", "height"), strict=True)]
    return all(0 <= _whole(text, ICON + 1) <= ICON for text in texts)


def _whole(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text.strip(), re.ASCII) else default


def _space(blanks: re.Match[str]) -> str:
    return "\n" if "\n" in blanks[0] else " "
