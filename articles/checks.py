"""What the form of an article needs or should have: title, day, length, photos, headings. Nothing here blocks; the office
sees the same. What its words say is the proofreader's affair."""

import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import richtext
from .models import PRINT_HEIGHT, PRINT_WIDTH, Article, ArticleVersion, Kind, Photo

# 一、 is a heading of the first level and （一） of the second (GB/T 9704-2012 7.3.3); 1． and （1） print as the text does.
HEADINGS = (
    (re.compile("[一二三四五六七八九十]{1,3}、"), gettext_lazy("Heading: 一、")),
    (re.compile("[（(][一二三四五六七八九十]{1,3}[）)]"), gettext_lazy("Subheading: （一）")),
)
LONGEST_HEADING, SENTENCE_ENDS = 40, "。！？；：，、…”.!?;:,"


@dataclass(frozen=True)
class Finding:
    """One line of the panel. `field` is the control's id, `paragraph` (1-based) and `quote` the place in the text."""

    level: str  # bad: needed; warn: correct it; ask: look at it; ok: fine
    text: str
    field: str = ""
    paragraph: int = 0
    quote: str = ""

    @property
    def icon(self) -> str:
        return {"bad": "stop", "warn": "warn", "ask": "question", "ok": "check"}[self.level]

    @property
    def css(self) -> str:
        return {"bad": "bad", "ok": "ok"}.get(self.level, "warn")


def check(article: Article, photos: list[Photo]) -> list[Finding]:
    """Findings on the article as it stands (it needn't be saved), the needed first, what is fine last."""
    kind = article.kind
    findings = [*_title(article, kind), *_date(article), *_length(article, kind), *_photos(photos)]
    findings += _headings(article, kind)
    order = ("bad", "warn", "ask", "ok")
    return sorted(findings, key=lambda finding: order.index(finding.level))


def warnings(version: ArticleVersion, kind: str) -> list[Finding]:
    """What should be corrected in a text that was handed in; no query."""
    photos = [
        Photo(
            pk=entry["photo"],
            caption=entry["caption"],
            width=entry.get("width", PRINT_WIDTH),
            height=entry.get("height", PRINT_HEIGHT),
        )
        for entry in version.photos
    ]
    findings = [*_title(version, kind), *_length(version, kind), *_photos(photos)]
    findings += _headings(version, kind)
    return [finding for finding in findings if finding.level in ("bad", "warn")]


def _title(article, kind):
    lines = article.title.splitlines()
    if not lines:
        if kind == Kind.ARTICLE:
            yield Finding("bad", _("There is no title yet"), "id_title")
        return
    if len(lines) > 3:
        words = _("The title has %(count)s lines; it is printed in one to three") % {"count": len(lines)}
        yield Finding("warn", words, "id_title")
    else:
        yield Finding("ok", _("The title is there"))


def _date(article):
    if article.event_on is None:
        yield Finding("ask", _("The day of the event is not given"), "id_event_on")
    elif article.event_on > timezone.localdate():
        yield Finding("ask", _("The day of the event still lies ahead"), "id_event_on")
    else:
        yield Finding("ok", _("The day of the event is there"))


def _length(article, kind):
    count = article.characters
    if not count:
        yield Finding("bad", _("There is no text yet"), "id_body")
    elif kind != Kind.BRIEF and count < 100:
        words = _("%(count)s characters are short for an article; perhaps it is a brief") % {"count": count}
        yield Finding("ask", words, "id_kind")
    else:
        yield Finding("ok", _("The text is there"))


def _photos(photos):
    for number, photo in enumerate(photos, 1):
        if not photo.caption.strip():
            yield Finding("warn", _("Photo %(number)s has no caption") % {"number": number}, f"caption-{photo.pk}")
        if photo.is_small:
            yield Finding("warn", small(photo, number), f"caption-{photo.pk}")
    if photos and all(photo.caption.strip() for photo in photos):
        yield Finding("ok", _("All photos have captions"))


def small(photo: Photo, number: int) -> str:
    """What to say of a photo with too few pixels."""
    words = _(
        "Photo %(number)s has only %(width)s × %(height)s pixels and is printed %(mm)s mm wide. For the full width take "
        "one of at least %(least)s pixels; the telephone's original, not one from a chat"
    )
    size = {"width": photo.width, "height": photo.height, "mm": photo.printed_mm, "least": PRINT_WIDTH}
    return words % (size | {"number": number})


def _headings(article, kind):
    """Numbered lines without a full stop that were pasted as plain paragraphs, so that they print as text."""
    if kind == Kind.BRIEF:
        return
    for number, paragraph in enumerate(richtext.to_blocks(article.body), 1):
        text = paragraph.text
        if paragraph.tag != "p" or len(text) > LONGEST_HEADING or text[-1] in SENTENCE_ENDS:
            continue
        for pattern, level in HEADINGS:
            if pattern.match(text):
                words = _(
                    "“%(quote)s” looks like a heading: choose “%(level)s” for it in the editor, paragraph %(number)s"
                )
                values = {"quote": text[:12], "level": level, "number": number}
                yield Finding("warn", words % values, "id_body", number, text[:12])
