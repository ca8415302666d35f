"""The only door to the rich-text editor and the sanitiser: what a story's text may contain, and its plain paragraphs."""

import re
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

import nh3
from ckeditor.widgets import CKEditorWidget
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Only what the printed page can show: paragraphs, the two levels of headings (一、 and （一）), bold, emphasis, lists, tables.
# No links: the print has none, and on a reader's page a link from a pasted text would lead out of an official document.
TAGS = {
    "p", "h3", "h4", "strong", "em", "sub", "sup", "br", "ul", "ol", "li",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "*": set(),
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
BLOCKS = {"p", "h3", "h4", "li", "caption", "th", "td"}
# What no bulletin prints; far beyond it the page takes minutes to set.
LONGEST_PARAGRAPH, DEEPEST_LIST, MOST_CELLS = 5_000, 6, 1_000
# Tags may stand in their like so often; parsing takes the square of that.
DEEPEST_TAG = 20
NESTED = re.compile(r"<(/?)(ul|ol|table|strong|b|em|i|sub|sup|a|span|font)\b[^>]*>", re.IGNORECASE)
# Nobody sees them: zero-width signs, marks of direction, the separators of lines and paragraphs.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SAME_MEANING = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "div": "p"}


@dataclass(frozen=True)
class TextBlock:
    """One block of a story: its tag (p, h3, h4, li, th, td, caption) and its plain text."""

    tag: str
    text: str


def clean(html: str) -> str:
    """Safe HTML with nothing but `TAGS`, and no invisible characters. Idempotent; text is never dropped, except inside
    script and style."""
    html = _flattened(html)
    for old, new in _SAME_MEANING.items():
        html = re.sub(rf"<(/?){old}(?=[\s>/])", rf"<\1{new}", html, flags=re.IGNORECASE)
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags={"script", "style"},
        link_rel=None,
    )
    return re.sub(r"<p>(\s|&nbsp;|<br>)*</p>", "", INVISIBLE.sub("", html)).strip()


# They end where another begins, so that they never stand in one another.
_END_BY_THEMSELVES = {"p", "li", "dt", "dd", "thead", "tbody", "tfoot", "tr", "td", "th"}


def well_formed(html: str, tags: set[str], attributes: dict[str, set[str]], schemes: set[str]) -> str:
    """Foreign HTML as a browser would understand it, every tag closed, with these tags and attributes alone. To be read,
    never to be shown: it may still hold what `clean` takes out."""
    names = "|".join(sorted({*tags, "font"} - _END_BY_THEMSELVES))
    return nh3.clean(
        _flattened(html, re.compile(rf"<(/?)({names})\b[^>]*>", re.IGNORECASE)),
        tags=tags,
        attributes=attributes,
        clean_content_tags={"script", "style", "title", "xml"},
        url_schemes=schemes,
        link_rel=None,
    )


def _flattened(html: str, nested: re.Pattern[str] = NESTED) -> str:
    """Without the tags that stand too deep in their like; their text stays."""
    depths: dict[str, int] = {}

    def kept(match: re.Match) -> str:
        closes, tag = match[1], match[2].lower()
        depth = depths.get(tag, 0) + (0 if closes else 1)
        depths[tag] = max(0, depth - 1) if closes else depth
        return match[0] if depth <= DEEPEST_TAG else ""

    return nested.sub(kept, html)


def excess(html: str) -> str:
    """What of cleaned HTML is more than a page can hold, and what to do; empty when all is well."""
    longest = max((len(block.text) for block in to_blocks(html)), default=0)
    if longest > LONGEST_PARAGRAPH:
        words = gettext("One paragraph has %(count)s characters, at most %(most)s fit. Please break it into several.")
        return words % {"count": longest, "most": LONGEST_PARAGRAPH}
    depth, cells = _lists_and_cells(html)
    if depth > DEEPEST_LIST:
        words = gettext(
            "Lists stand %(count)s deep in one another, at most %(most)s are printed. Please take levels out."
        )
        return words % {"count": depth, "most": DEEPEST_LIST}
    if cells > MOST_CELLS:
        words = gettext("One table has %(count)s cells, at most %(most)s fit. Please divide it.")
        return words % {"count": cells, "most": MOST_CELLS}
    return ""


def _lists_and_cells(html: str) -> tuple[int, int]:
    """How deep lists stand in one another, and the cells of the largest table."""
    depth = deepest = cells = most = 0
    for tag in re.findall(r"<(/?(?:ul|ol|table)|td|th)\b", html):
        if tag in ("ul", "ol"):
            depth += 1
        elif tag in ("/ul", "/ol"):
            depth -= 1
        elif tag in ("td", "th"):
            cells += 1
        else:
            cells = 0
        deepest, most = max(deepest, depth), max(most, cells)
    return deepest, most


def to_safe(html: str) -> SafeString:
    """Cleaned, and marked for templates as not to be escaped."""
    return mark_safe(clean(html))  # noqa: S308 - this is what the sanitiser is for


def from_text(text: str) -> str:
    """Plain text, a paragraph a line, as HTML."""
    return "\n".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.splitlines() if line.strip())


class _Blocks(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[str]] = []

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.blocks.append([tag, ""])
        elif tag == "br" and self.blocks:
            self.blocks[-1][1] += "\n"

    def handle_data(self, data):
        if not self.blocks:
            self.blocks.append(["p", ""])
        self.blocks[-1][1] += data


def to_blocks(html: str) -> list[TextBlock]:
    """The blocks of cleaned HTML in reading order, with their plain text; empty ones left out."""
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    return [TextBlock(tag, text.strip()) for tag, text in parser.blocks if text.strip()]


class NotThere(Exception):
    """These words don't stand in that place."""


_TOKENS = re.compile(r"<[^>]*>|&#?\w+;|.", re.DOTALL)


def replace(html: str, number: int, start: int, quote: str, text: str) -> str:
    """Cleaned HTML with `text` in place of `quote`, which stands at this character of this block of `to_blocks`, from 1.

    Tags between its characters stay. Raises NotThere.
    """
    tokens = _TOKENS.findall(html)
    blocks: list[list[int]] = []  # of each the tokens that are characters of its text
    for at, token in enumerate(tokens):
        tag = re.match(r"<(\w+)", token)
        if tag and tag[1] in BLOCKS:
            blocks.append([])
        elif tag is None and not token.startswith("<") or tag and tag[1] == "br":
            if not blocks:
                blocks.append([])
            blocks[-1].append(at)
    filled = [block for block in blocks if _plain(tokens, block).strip()]
    if not 1 <= number <= len(filled):
        raise NotThere
    block = filled[number - 1]
    lead = len(_plain(tokens, block)) - len(_plain(tokens, block).lstrip())
    places = block[lead + start : lead + start + len(quote)]
    if not places or _plain(tokens, places) != quote:
        raise NotThere
    for at in places:
        tokens[at] = ""
    tokens[places[0]] = escape(text, quote=False)
    return "".join(tokens)


def _plain(tokens: list[str], places: list[int]) -> str:
    return "".join("\n" if tokens[at].startswith("<") else unescape(tokens[at]) for at in places)


def to_text(html: str) -> str:
    """Plain text, a paragraph a line."""
    return "\n".join(block.text for block in to_blocks(html))


def count_characters(html: str) -> int:
    """Characters as the office counts them: without white space."""
    return len(re.sub(r"\s", "", unescape(to_text(html))))


class Editor(CKEditorWidget):
    """CKEditor 4 with nothing on offer that the printed page can't show. The text is cleaned before it is shown, too.

    Needs `CSP` on its page, and static/js/editor-setup.js before it starts. Of the bundled plugins only those named
    here are loaded (the editor lives in the page itself: divarea, no iframe).
    """

    CONFIG = {
        "customConfig": "",
        "stylesSet": False,
        "contentsCss": [],
        "skin": "moono-lisa",
        "plugins": "a11yhelp,basicstyles,clipboard,contextmenu,enterkey,entities,floatingspace,indentlist,list,"
        "pastetext,selectall,table,tableselection,tabletools,toolbar,undo",
        "extraPlugins": "divarea,bulletin",
        "toolbar": [
            ["Paragraph", "Heading", "Subheading"],
            ["Bold"],
            ["NumberedList", "BulletedList", "Table"],
            ["JoinLines"],
            ["Undo", "Redo"],
        ],
        "allowedContent": "p h3 h4 strong em sub sup br ul ol li caption thead tbody tr; table;"
        " td th[colspan,rowspan]; ol[start]",
        "entities": False,
        "basicEntities": True,
        "disableNativeSpellChecker": False,
        "defaultLanguage": "zh-cn",
        "height": 340,
        "width": "100%",
    }
    # For its page alone. Inline handlers and styles are the editor's own; scripts still come from this site only.
    CSP = {"script-src-attr": ["'unsafe-inline'"], "style-src": ["'self'", "'unsafe-inline'"]}

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs)
        self.config = dict(self.CONFIG)

    def get_context(self, name, value, attrs):
        self.config["title"] = _("Text")
        self.config["labels"] = {
            "Paragraph": _("Text"),
            "Heading": _("Heading: 一、"),
            "Subheading": _("Subheading: （一）"),
            "JoinLines": _("Put broken lines together"),
            "ok": _("Done"),
            "cancel": _("Leave as it was"),
        }
        return super().get_context(name, clean(value or ""), attrs)
