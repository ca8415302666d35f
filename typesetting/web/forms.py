"""Writes the signed content as HTML: a file that needs nothing else, and one with inline styles alone beside its photos."""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import css_inline
from django.template.loader import render_to_string
from PIL import Image

from .. import said, wording
from ..content import ArticleContent, IssueContent, PhotoContent
from ..packing import packed
from .reading import TEXT_NAME

PhotoBytes = Callable[[int], bytes]

WIDEST = 1600  # pixels of a photo's longer edge on the page: more than a screen shows
_KINDS = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png")}


@dataclass(frozen=True)
class WebPhoto:
    """A photo with its number in the issue; `source` is its address on the page."""

    number: int
    content: PhotoContent
    source: str = ""

    @property
    def mark(self) -> str:
        return said.PHOTO_MARK.format(self.number)


@dataclass(frozen=True)
class WebStory:
    article: ArticleContent
    parts: list[tuple[str, list[WebPhoto]]]

    @property
    def credit(self) -> str:
        return said.credit(self.article)


def page(content: IssueContent, *, photo_bytes: PhotoBytes) -> bytes:
    """The whole issue as one file: no address leads out of it, and its photos are in it."""
    return _page("page", content, lambda photo: _data(photo_bytes(photo.photo_id)))


def wechat(content: IssueContent, *, photo_bytes: PhotoBytes) -> bytes:
    """A zip of the text and the numbered photos, in whose places the text has their numbers: the platform takes no picture
    from outside, and drops style elements, classes and ids."""
    text = inlined(_page("wechat", content, lambda photo: "").decode(), _style("wechat"))
    photos = [photo_bytes(photo.photo_id) for photo in _photos(content)]
    files: dict[str, bytes | str] = {TEXT_NAME: text}
    files |= {f"照片{number:02}.{_kind(data)[1]}": data for number, data in enumerate(photos, 1)}
    return packed(files)


def inlined(html: str, css: str) -> str:
    """A piece of HTML with the style sheet in its style attributes."""
    return css_inline.inline_fragment(html.strip(), css, load_remote_stylesheets=False).strip()


def _page(name: str, content: IssueContent, source: Callable[[PhotoContent], str]) -> bytes:
    articles, briefs = _stories(content, source)
    context = {
        "content": content,
        "title": wording.full_title(content),
        "number": wording.number_line(content),
        "date": wording.date_line(content.dated_on),
        "articles": articles,
        "briefs": briefs,
        "style": _style(name) if name == "page" else "",
    }
    return (render_to_string(f"typesetting/web/{name}.html", context).strip() + "\n").encode()


def _style(name: str) -> str:
    return render_to_string(f"typesetting/web/{name}.css")


def _stories(content: IssueContent, source: Callable[[PhotoContent], str]) -> tuple[list[WebStory], list[WebStory]]:
    number, found = 0, []
    for article in (*content.articles, *content.briefs):
        parts = []
        for text, photos in article.parts:
            numbered = [WebPhoto(number + place, photo, source(photo)) for place, photo in enumerate(photos, 1)]
            number += len(photos)
            parts.append((text, numbered))
        found.append(WebStory(article, parts))
    return found[: len(content.articles)], found[len(content.articles) :]


def _photos(content: IssueContent) -> Iterator[PhotoContent]:
    """In the order in which they stand."""
    for article in (*content.articles, *content.briefs):
        for _text, photos in article.parts:
            yield from photos


def _kind(data: bytes) -> tuple[str, str]:
    """Its type and its ending. ValueError when it is no picture that an issue can have."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return _KINDS[image.format or ""]
    except (KeyError, OSError) as error:
        raise ValueError("neither a JPEG nor a PNG") from error


def _data(data: bytes) -> str:
    """The photo in an address of its own, no bigger than a screen can show."""
    kind, _ending = _kind(data)
    with Image.open(io.BytesIO(data)) as image:
        if max(image.size) > WIDEST:
            image.thumbnail((WIDEST, WIDEST))
            out = io.BytesIO()
            image.save(out, "JPEG", quality=85) if kind == "image/jpeg" else image.save(out, "PNG")
            data = out.getvalue()
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
