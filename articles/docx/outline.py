"""Tells from the converted paragraphs which are the title, the names, the captions, the headings and the text."""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from .simplify import Role

SHORT, SHORTEST_TEXT = 45, 12
MOST_TITLE_LINES, LONGEST_TITLE, LONGEST_FIELD = 3, 198, 100
HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
SUBHEADING = re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]")
ENDS_TEXT = re.compile(r"[。！？；：…，、][”’』」）]?$")
DASHES = re.compile(r"^(?:—+|–+|-{2,}|―+|──)\s*")
UNIT = re.compile(r"(局|公司|中心|处|室|委|办|协会|学会|所|站|部|支部|党委|网点|集团|学校|街道|政府|分公司)$")
LABELS = {
    "unit": "供稿单位|来稿单位|报送单位|投稿单位|稿件来源|信息来源|来源|单位",
    "authors": "供稿人|撰稿人|投稿人|作者|撰稿|撰文|通讯员|文|执笔",
    "contact": "联系人及电话|联系人|联系电话|联系方式|手机号码|手机|电话",
    "either": "供稿",
}
LABEL = re.compile("(?P<label>" + "|".join(LABELS.values()) + r")\s*[:：]\s*")
NAME_LINES = 6  # so many lines at either end may name unit and persons
MARKS = "▲△↑↓◆●"
INLINE = {"strong", "em", "sub", "sup"}


@dataclass
class Block:
    """A paragraph, heading, list item or table as converted; `images` are the numbers of the pictures in it."""

    tag: str
    html: str = ""
    text: str = ""
    role: Role = field(default_factory=Role)
    images: list[str] = field(default_factory=list)
    rows: list[list["Block"]] = field(default_factory=list)


@dataclass
class Outline:
    title: list[str] = field(default_factory=list)
    subtitle: str = ""
    unit: str = ""
    authors: str = ""
    contact: str = ""
    blocks: list[Block] = field(default_factory=list)
    photos: list[tuple[str, str, int]] = field(default_factory=list)  # number, caption, after how many blocks


def outline(html: str) -> Outline:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    found = Outline()
    blocks = _with_captions(_photo_tables_apart(parser.blocks), found)
    blocks = _take_title(blocks, found)
    _take_names(blocks, found)
    set_levels(blocks)
    found.blocks = blocks
    return found


def as_html(blocks: list[Block]) -> str:
    """The text in the tags of articles.richtext; list items that follow one another in one list."""
    parts, in_list = [], False
    for block in blocks:
        if (block.tag == "li") != in_list:
            in_list = not in_list
            parts.append("<ul>" if in_list else "</ul>")
        parts.append(block.html if block.tag == "table" else f"<{block.tag}>{block.html}</{block.tag}>")
    return "\n".join([*parts, "</ul>"] if in_list else parts)


class _Parser(HTMLParser):
    """Reads the converter's HTML: blocks one after the other, tables whole."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.open: Block | None = None
        self.tables: list[Block] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.tables.append(Block("table"))
        if tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        if tag in ("td", "th") and self.tables:
            rows = self.tables[-1].rows
            if not rows:
                rows.append([])
            rows[-1].append(Block(tag))
        if self.tables:
            self._in_table(tag, given)
        elif tag in ("p", "li"):
            self._begin(tag, Role.named(given.get("class", "")))
        elif tag == "img" and self.open:
            self.open.images.append(given["src"])
        elif tag == "br":
            self._break()
        elif tag in INLINE and self.open:
            self.inline.append(tag)
            self.open.html += f"<{tag}>"

    def handle_endtag(self, tag: str) -> None:
        if self.tables:
            table = self.tables[-1]
            if tag == "table":
                self._end_table()
            elif tag == "p":
                self._cell_html("</p>")
            elif tag not in ("img", "br"):
                table.html += f"</{tag}>"
        elif tag in ("p", "li"):
            self.open = None
        elif tag in INLINE and self.open and self.inline:
            self.open.html += f"</{self.inline.pop()}>"

    def handle_data(self, text: str) -> None:
        if self.tables:
            self.tables[-1].html += escape(text, quote=False)
            if self.tables[-1].rows and self.tables[-1].rows[-1]:
                self.tables[-1].rows[-1][-1].text += text
        elif self.open:
            self.open.html += escape(text, quote=False)
            self.open.text += text

    def _begin(self, tag: str, role: Role) -> None:
        self.open, self.inline = Block(tag, role=role), []
        self.blocks.append(self.open)

    def _break(self) -> None:
        """A line that is broken by hand begins a paragraph: so it looked."""
        if not self.open:
            return
        tag, role, inline = self.open.tag, self.open.role, self.inline
        self.open.html += "".join(f"</{each}>" for each in reversed(inline))
        self._begin(tag, role)
        self.inline = inline
        self.open.html += "".join(f"<{each}>" for each in inline)

    def _in_table(self, tag: str, given: dict[str, str]) -> None:
        table = self.tables[-1]
        if tag == "img":
            if table.rows and table.rows[-1]:
                table.rows[-1][-1].images.append(given["src"])
            table.images.append(given["src"])
            return
        if tag == "p":
            self._cell_html("<p>")
            return
        kept = "".join(f' {name}="{escape(given[name])}"' for name in ("colspan", "rowspan") if name in given)
        table.html += f"<{tag}{kept}>"

    def _cell_html(self, tag: str) -> None:
        table = self.tables[-1]
        table.html += tag
        if tag == "</p>" and table.rows and table.rows[-1]:
            table.rows[-1][-1].text += "\n"

    def _end_table(self) -> None:
        table = self.tables.pop()
        # A single paragraph needs no tag in its cell.
        table.html = re.sub(r"<(t[dh])([^>]*)><p>((?:(?!</?p>).)*)</p></\1>", r"<\1\2>\3</\1>", f"{table.html}</table>")
        table.html = table.html.replace("<p></p>", "")
        if self.tables:
            outer = self.tables[-1]
            outer.html += table.html
            outer.images += table.images
            if outer.rows and outer.rows[-1]:
                outer.rows[-1][-1].text += "\n".join(cell.text for row in table.rows for cell in row)
                outer.rows[-1][-1].images += table.images
        else:
            self.blocks.append(table)


def _photo_tables_apart(blocks: list[Block]) -> list[Block]:
    """A table that only sets photos side by side becomes these photos, each with the words in or below its cell."""
    out: list[Block] = []
    for block in blocks:
        if block.tag != "table" or not block.images:
            out.append(block)
            continue
        cells = [cell for row in block.rows for cell in row]
        is_frame = all(len(cell.text.strip()) <= SHORT and not ENDS_TEXT.search(cell.text.strip()) for cell in cells)
        out += _framed(block) if is_frame else [block, *(Block("p", images=[each]) for each in block.images)]
    return out


def _framed(table: Block) -> list[Block]:
    out: list[Block] = []
    for at, row in enumerate(table.rows):
        below = table.rows[at + 1] if at + 1 < len(table.rows) else []
        for column, cell in enumerate(row):
            if not cell.images:
                continue
            words = cell
            if not cell.text.strip() and column < len(below) and not below[column].images:
                words = below[column]
            out.append(Block("p", images=cell.images))
            if text := words.text.strip():
                out.append(_text_block(" ".join(text.split()), Role(is_caption=True)))
                words.text = ""
    left = [cell.text.strip() for row in table.rows for cell in row if cell.text.strip()]
    return out + [_text_block(text, Role()) for text in left]


def _text_block(text: str, role: Role) -> Block:
    return Block("p", escape(text, quote=False), text, role)


def _with_captions(blocks: list[Block], found: Outline) -> list[Block]:
    """Without pictures, their captions, and empty paragraphs; `found.photos` gets what was taken."""
    out: list[Block] = []
    wanting: list[int] = []  # the photos that may still get a caption
    for block in blocks:
        block.text = block.text.strip()
        if block.images and block.tag != "table":
            first = len(found.photos)
            found.photos += [(number, "", len(out)) for number in block.images]
            wanting = list(range(first, len(found.photos)))
            if block.text and _is_caption(block):
                _caption(found, wanting, block)
            elif block.text:
                out.append(block)
            continue
        if not block.text and block.tag != "table":
            continue
        if wanting and block.tag == "p" and _is_caption(block):
            _caption(found, wanting, block)
            wanting = []
            continue
        wanting = []
        out.append(block)
    return out


def _is_caption(block: Block) -> bool:
    text = block.text
    if block.role.is_caption or text[0] in MARKS or re.match(r"(图|照片)\s*\d*\s*[:：.、]?", text) and len(text) <= 60:
        return True
    return block.role.is_centred and len(text) <= 60 and not ENDS_TEXT.search(text) and not HEADING.match(text)


def _caption(found: Outline, wanting: list[int], block: Block) -> None:
    number, _none, after = found.photos[wanting[0]]
    text = re.sub(r"^(图|照片)\s*\d*\s*[:：]\s*", "", block.text.strip(MARKS + " 　"))
    found.photos[wanting[0]] = (number, text[:LONGEST_FIELD], after)


def _take_title(blocks: list[Block], found: Outline) -> list[Block]:
    """Fills in title and subtitle; returns the rest."""
    lines: list[Block] = []
    rest = list(blocks)
    while rest and len(lines) < MOST_TITLE_LINES and _is_title_line(rest[0], lines, rest[1:]):
        lines.append(rest.pop(0))
    if not lines or sum(len(line.text) for line in lines) > LONGEST_TITLE:
        return blocks
    found.title = [" ".join(line.text.split()) for line in lines]
    _move_photos(found, len(lines))
    if rest and _is_subtitle(rest[0]):
        found.subtitle = DASHES.sub("", rest.pop(0).text)
        _move_photos(found, 1)
    return rest


def _move_photos(found: Outline, count: int) -> None:
    found.photos = [(number, caption, max(0, after - count)) for number, caption, after in found.photos]


def _is_subtitle(block: Block) -> bool:
    is_marked = block.role.is_subtitle or DASHES.match(block.text) is not None
    return block.tag == "p" and is_marked and len(block.text) <= LONGEST_FIELD


def _is_title_line(block: Block, before: list[Block], after: list[Block]) -> bool:
    if block.tag != "p" or _is_subtitle(block) or LABEL.match(block.text.strip("（( ")):
        return False
    if before:
        return _goes_on(block, before[-1], after)
    if block.role.is_title or block.role.heading == 1:
        return True
    looks = len(block.text) <= 2 * SHORT and not ENDS_TEXT.search(block.text) and not HEADING.match(block.text)
    return looks and bool(after)


def _goes_on(block: Block, last: Block, after: list[Block]) -> bool:
    """Whether this line belongs to the title that `last` began."""
    if block.role.is_title != last.role.is_title or block.role.heading != last.role.heading:
        return False
    if block.role.is_title:
        return True
    numbered = HEADING.match(block.text) or SUBHEADING.match(block.text)
    if numbered or len(block.text) > SHORT or ENDS_TEXT.search(block.text) or _is_byline(block.text):
        return False
    return block.role == last.role and bool(after)


def _is_byline(text: str) -> bool:
    return bool(LABEL.search(text)) or text[0] in "（(" or bool(re.search(r"\d{4}年\d+月\d+日$", text))


def _take_names(blocks: list[Block], found: Outline) -> None:
    """Takes the lines of names at either end out of the blocks."""
    first = []
    for block in blocks[:NAME_LINES]:
        if not _name_line(block):
            break
        first.append(block)
    last = [block for block in blocks[len(first) :][-NAME_LINES:] if _name_line(block)]
    for block in [*first, *last]:
        _read_names(block.text.strip("（()）[]【】 　"), found)
    for block in [*first, *last]:
        at = next(at for at, each in enumerate(blocks) if each is block)
        del blocks[at]
        found.photos = [(n, c, after - 1 if after > at else after) for n, c, after in found.photos]


def _name_line(block: Block) -> bool:
    text = block.text.strip("（(【[ 　")
    return block.tag == "p" and len(text) <= 80 and LABEL.match(text) is not None and "。" not in text


def _read_names(text: str, found: Outline) -> None:
    labels = list(LABEL.finditer(text))
    for at, match in enumerate(labels):
        end = labels[at + 1].start() if at + 1 < len(labels) else len(text)
        value = text[match.end() : end].strip(" 　,，;；、（()）")
        kind = next(kind for kind, names in LABELS.items() if match["label"] in names.split("|"))
        if value:
            _put(found, kind, value)


def _put(found: Outline, kind: str, value: str) -> None:
    if kind == "either":
        unit = [word for word in re.split(r"[\s　]+", value) if UNIT.search(word)]
        people = [word for word in re.split(r"[\s　]+", value) if not UNIT.search(word)]
        if unit:
            _put(found, "unit", " ".join(unit))
        if people:
            _put(found, "authors", " ".join(people))
        return
    before = getattr(found, kind)
    if value not in before.split(" "):
        setattr(found, kind, f"{before} {value}".strip()[:LONGEST_FIELD])


def set_levels(blocks: list[Block]) -> None:
    """一、 and the upper headings become h3, （一） and the lower ones h4; bold goes from them."""
    styled = [block.role.heading for block in blocks if block.tag == "p" and block.role.heading]
    top = min(styled, default=0)
    for block in blocks:
        if block.tag != "p":
            continue
        is_line = len(block.text) <= SHORT and not ENDS_TEXT.search(block.text)
        if HEADING.match(block.text) and is_line:
            block.tag = "h3"
        elif SUBHEADING.match(block.text) and is_line:
            block.tag = "h4"
        elif block.role.heading and len(block.text) <= 2 * SHORT:
            block.tag = "h3" if block.role.heading == top else "h4"
        if block.tag != "p":
            block.html = escape(block.text, quote=False)
