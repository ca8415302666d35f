"""The only door to mammoth: reads a Word file into what an article holds, and says what it could not take over."""

from dataclasses import dataclass, field
from io import BytesIO

import mammoth
from django.utils.translation import gettext as _
from PIL import Image

from typesetting.blocks import blocks

from . import richtext
from .docx import legacy, outline
from .docx.losses import Loss, Losses, NotWord
from .docx.package import LARGEST_FILE, LARGEST_PICTURE, Package
from .docx.simplify import Simple, simplify
from .photos import MAX_PHOTOS, MAX_PIXELS

__all__ = ["LARGEST_FILE", "Loss", "NotWord", "WordArticle", "WordPhoto", "read"]

SUFFIXES = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png"}
# What is kept of all pictures together.
MOST_PICTURE_BYTES = 60 * 1024 * 1024


@dataclass(frozen=True)
class WordPhoto:
    """A JPEG or PNG as it lay in the file, its size in pixels, and behind which block of the body (typesetting.blocks) it
    stood, counted from 1; None is behind the last one."""

    data: bytes = field(repr=False)
    name: str
    caption: str
    width: int
    height: int
    after: int | None


@dataclass(frozen=True)
class WordArticle:
    """What an article holds; `body` is clean HTML (articles.richtext), the title has a line for each printed one."""

    title: str
    subtitle: str
    unit: str
    authors: str
    contact: str
    body: str
    paragraphs: list[str]
    photos: list[WordPhoto]
    tables: list[list[list[str]]]
    losses: list[Loss]

    def as_dict(self) -> dict[str, object]:
        photos = [{"caption": each.caption, "width": each.width, "height": each.height} for each in self.photos]
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "unit": self.unit,
            "authors": self.authors,
            "contact": self.contact,
            "paragraphs": self.paragraphs,
            "photos": photos,
            "tables": self.tables,
            "losses": [loss.as_dict() for loss in self.losses],
        }


def read(data: bytes, name: str = "Word") -> WordArticle:
    """Read a .docx; a .doc, .wps or .rtf where LibreOffice is installed. Raises NotWord, whose words name the file."""
    if len(data) > LARGEST_FILE:
        raise too_large(name)
    if legacy.is_legacy(data):
        data = legacy.to_docx(data, name)
    package, losses = Package(data, name), Losses()
    simple = simplify(package, losses)
    found = outline.outline(_html(simple))
    photos = _photos(package, simple, found, losses)
    text = [block for block in found.blocks if block.tag != "table"]
    return WordArticle(
        title="\n".join(found.title),
        subtitle=found.subtitle,
        unit=found.unit,
        authors=found.authors,
        contact=found.contact,
        body=richtext.clean(outline.as_html(found.blocks)),
        paragraphs=[richtext.INVISIBLE.sub("", block.text) for block in text],
        photos=photos,
        tables=[
            [[cell.text.strip() for cell in row] for row in block.rows]
            for block in found.blocks
            if block.tag == "table"
        ],
        losses=list(losses),
    )


def too_large(name: str) -> NotWord:
    words = _("“%(file)s” is larger than 20 MB. Please make its photos smaller, or hand them in one by one.")
    return NotWord(words % {"file": name})


def _html(simple: Simple) -> str:
    """The converter's HTML: each paragraph bears its role as class, each picture its number as address."""
    styles = [f"p.{name} => p.{name}:fresh" for name in sorted(simple.roles)]
    styles += [f"p.B{level} => li:fresh" for level in range(1, simple.bullets + 1)]
    converted = mammoth.convert_to_html(
        BytesIO(simple.docx),
        style_map="\n".join([*styles, "b => strong", "i => em"]),
        include_default_style_map=False,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(lambda image: {"src": image.alt_text.rpartition(" ")[2]}),
    )
    return str(converted.value)


def _photos(package: Package, simple: Simple, found: outline.Outline, losses: Losses) -> list[WordPhoto]:
    photos: list[WordPhoto] = []
    kept = 0
    for number, caption, after in found.photos:
        part = simple.pictures[number]
        file = part.rpartition("/")[2]
        if kept + package.size(part) > MOST_PICTURE_BYTES or package.size(part) > LARGEST_PICTURE:
            losses.add(_("photo that is too large: please add it by itself"), file)
        elif len(photos) >= MAX_PHOTOS:
            losses.add(_("photo beyond the most that an article holds"), file)
        elif photo := _photo(
            package.read(part, LARGEST_PICTURE) or b"", file, caption, _place(found.blocks, after), losses
        ):
            photos.append(photo)
            kept += len(photo.data)
    return photos


def _place(found: list[outline.Block], count: int) -> int | None:
    """Behind which block of the body a picture stands that came after so many of these."""
    if count >= len(found):
        return None
    return max(1, len(blocks(richtext.clean(outline.as_html(found[:count])))))


def _photo(data: bytes, file: str, caption: str, after: int | None, losses: Losses) -> WordPhoto | None:
    """None, and a loss, for what no photo can be made of. Only the head of the picture is read, nothing is decoded."""
    too_many = _("picture of too many pixels: please make it smaller, then add it by itself")
    try:
        with Image.open(BytesIO(data)) as image:
            kind, (width, height) = str(image.format), image.size
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        losses.add(too_many, file)
        return None
    except (OSError, SyntaxError, ValueError):
        losses.add(_("picture that is damaged or of an unknown kind"), file)
        return None
    if width * height > MAX_PIXELS:
        losses.add(too_many, f"{file} ({width}×{height})")
        return None
    if kind not in SUFFIXES:
        losses.add(_("picture that is no JPG or PNG: please save it as JPG, then add it by itself"), f"{file} ({kind})")
        return None
    return WordPhoto(data, f"{file.rpartition('.')[0]}.{SUFFIXES[kind]}", caption, width, height, after)
