"""The only door to the rich-text editor and the sanitiser: what a story's text may contain, and its plain paragraphs."""

import re
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

import nh3
from ckeditor.widgets import CKEditorWidget
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

# Only what the printed page can show: paragraphs, the two levels of headings (一、 and （一）), bold, emphasis, lists, tables.
TAGS = {
    "p", "h3", "h4", "strong", "em", "sub", "sup", "br", "ul", "ol", "li", "a",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "*": set(),
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
BLOCKS = {"p", "h3", "h4", "li", "caption", "th", "td"}
_SAME_MEANING = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "div": "p"}


@dataclass(frozen=True)
class Paragraph:
    """One block of a story: its tag (p, h3, h4, li, th, td, caption) and its plain text."""

    tag: str
    text: str


def _keep_attribute(tag, attribute, value):
    if attribute == "href" and not re.match(r"(?i)(https?://|mailto:)", value.strip()):
        return None
    return value


def clean(html: str) -> str:
    """Safe HTML with nothing but `TAGS`. Idempotent; text is never dropped, except inside script and style."""
    for old, new in _SAME_MEANING.items():
        html = re.sub(rf"<(/?){old}(?=[\s>/])", rf"<\1{new}", html, flags=re.IGNORECASE)
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_keep_attribute,
        clean_content_tags={"script", "style"},
        link_rel="noopener noreferrer nofollow",
    )
    return re.sub(r"<p>(\s|&nbsp;|<br>)*</p>", "", html).strip()


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


def to_paragraphs(html: str) -> list[Paragraph]:
    """The blocks of cleaned HTML in reading order, with their plain text; empty ones left out."""
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    return [Paragraph(tag, text.strip()) for tag, text in parser.blocks if text.strip()]


def to_text(html: str) -> str:
    """Plain text, a paragraph a line."""
    return "\n".join(paragraph.text for paragraph in to_paragraphs(html))


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
        "pastefromword,pastetext,pastetools,selectall,table,tableselection,tabletools,toolbar,undo",
        "extraPlugins": "divarea,bulletin",
        "toolbar": [
            ["Paragraph", "Heading", "Subheading"],
            ["Bold"],
            ["NumberedList", "BulletedList", "Table"],
            ["Undo", "Redo"],
        ],
        "allowedContent": "p h3 h4 strong em sub sup br ul ol li caption thead tbody tr; a[!href]; table;"
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
            "ok": _("Done"),
            "cancel": _("Leave as it was"),
        }
        return super().get_context(name, clean(value or ""), attrs)
