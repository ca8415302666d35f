"""Takes in uploaded pictures: only real JPEG and PNG files, decoded and re-encoded, so that nothing else comes along."""

import hashlib
import struct
import warnings
from collections.abc import Mapping, Sequence
from io import BytesIO
from operator import attrgetter

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from typesetting.blocks import blocks

from . import places
from .difference import in_order
from .models import Article, Photo

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_PHOTOS = 20
# A4 across at 300 dpi needs 2,480; what is larger is made smaller.
MAX_EDGE = 3000
# The suffix and type of what is stored. MPO is what Pillow calls the JPEG of some telephones.
FORMATS = {"JPEG": ("jpg", "image/jpeg"), "MPO": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}
# What Pillow raises for damaged, cut off and hostile files.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class PhotoRefused(Exception):
    """The file can't be taken; the text names the file and says what to do."""


def response(photo: Photo) -> FileResponse:
    """The picture for a browser that may see it, fenced so that nothing in the file can run. Raises Http404."""
    try:
        content = photo.file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    suffix = str(photo.file.name).rpartition(".")[2]
    answer = FileResponse(content, content_type=photo.content_type, filename=f"photo-{photo.pk}.{suffix}")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def take_in(article: Article, upload, *, caption: str = "", after: int | None = None) -> Photo:
    """Store one uploaded file as the article's last photo behind this block (`place`). Raises PhotoRefused."""
    content, size, kind = _picture(upload)
    suffix, content_type = FORMATS[kind]
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        if article.all_photos.filter(is_removed=False).count() >= MAX_PHOTOS:
            raise PhotoRefused(
                _("“%(file)s” was not taken: an article holds at most %(count)s photos.")
                % {"file": upload.name, "count": MAX_PHOTOS}
            )
        last = article.all_photos.aggregate(last=Max("position"))["last"] or 0
        return article.all_photos.create(
            file=ContentFile(content, name=f"{sha256[:20]}.{suffix}"),
            caption=caption,
            after=after,
            position=last + 1,
            width=size[0],
            height=size[1],
            content_type=content_type,
            sha256=sha256,
        )


def move(photo: Photo, to: int) -> int:
    """To this place, counted from 1, among the article's photos; returns the place that it has then, 0 when it was taken out.

    It goes to the paragraph of the photo that it passes.
    """
    with transaction.atomic():
        photos = Article.objects.select_for_update().get(pk=photo.article_id).photos()
        if photo not in photos:
            return 0
        moved = photos.pop(photos.index(photo))
        to = max(1, min(to, len(photos) + 1))
        before, behind = photos[: to - 1], photos[to - 1 :]
        if behind and moved.place > behind[0].place:
            moved.after = behind[0].after
        elif before and moved.place < before[-1].place:
            moved.after = before[-1].after
        _put_in_order([*before, moved, *behind])
    return to


def place(photo: Photo, after: int | None) -> None:
    """Behind this block of the text (typesetting.blocks), or behind the last one."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=photo.article_id)
        photos = article.photos()
        if photo not in photos:
            return
        placed = photos[photos.index(photo)]
        placed.after = max(1, min(after, len(blocks(article.body)))) if after else None
        _put_in_order(sorted(photos, key=attrgetter("place")))


def stay(article: Article) -> None:
    """Leave each photo in the text behind its paragraph when others have come or gone. Before the text is saved."""
    placed = list(article.all_photos.filter(after__isnull=False))
    if not placed:
        return
    to = places.carried(Article.objects.values_list("body", flat=True).get(pk=article.pk), article.body)
    for photo in placed:
        photo.after = places.follow(photo.after, to)
    Photo.objects.bulk_update(placed, ["after"])


def put(article: Article, wanted: Mapping[int, int | None]) -> None:
    """Photos by their keys behind these blocks of the article's text, which need not be saved yet."""
    last = len(blocks(article.body))
    placed = list(article.all_photos.filter(pk__in=wanted))
    for photo in placed:
        after = wanted[photo.pk]
        photo.after = max(1, min(after, last)) if after else None
    Photo.objects.bulk_update(placed, ["after"])


def settle(wanted: Sequence[Photo], present: Sequence[Photo]) -> None:
    """Give photos that were put elsewhere in the order, which was `present`, a place in the text between those beside them."""
    pairs = [(present.index(photo), at) for at, photo in enumerate(wanted)]
    moved = {at for _was, at in in_order(pairs, [1] * len(wanted))[1]}
    stayed = [at for at in range(len(wanted)) if at not in moved]
    for at in sorted(moved):
        photo, before, behind = wanted[at], [s for s in stayed if s < at][-1:], [s for s in stayed if s > at][:1]
        if behind and photo.place > wanted[behind[0]].place:
            photo.after = wanted[behind[0]].after
        elif before and photo.place < wanted[before[0]].place:
            photo.after = wanted[before[0]].after


def _put_in_order(photos: list[Photo]) -> None:
    for position, each in enumerate(photos, 1):
        each.position = position
    Photo.objects.bulk_update(photos, ["position", "after"])


def _picture(upload) -> tuple[bytes, tuple[int, int], str]:
    """The re-encoded bytes, width and height, and the format."""
    if upload.size > MAX_BYTES:
        raise PhotoRefused(
            _("“%(file)s” is larger than 20 MB. Please make it smaller, then add it again.") % {"file": upload.name}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=["JPEG", "PNG"]) as image:
                return _encoded(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused(
            _("“%(file)s” has more than 25 million pixels. Please make it smaller, then add it again.")
            % {"file": upload.name}
        ) from error
    except _BROKEN as error:
        raise PhotoRefused(_refusal(upload.name)) from error


def _refusal(name: str) -> str:
    if name.lower().endswith((".heic", ".heif")):
        return _("“%(file)s” is a HEIC photo. Please save it as JPG on the telephone, then add it again.") % {
            "file": name
        }
    return _(
        "“%(file)s” is not a JPG or PNG photo, or is damaged. Please open it, save it as JPG, then add it again."
    ) % {"file": name}


def _encoded(image: Image.Image) -> tuple[bytes, tuple[int, int], str]:
    kind = image.format
    # Large JPEGs are decoded at a half or a quarter at once: less memory. A no-op for PNG.
    image.draft("RGB", (MAX_EDGE, MAX_EDGE))
    image.load()
    picture = ImageOps.exif_transpose(image)
    picture.thumbnail((MAX_EDGE, MAX_EDGE))
    picture = _flat(picture)
    out = BytesIO()
    # A new picture has no metadata; nothing of the old one's is handed over.
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if kind == "PNG":
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=90, subsampling=0, optimize=True)
    return out.getvalue(), clean.size, str(kind)


def _flat(picture: Image.Image) -> Image.Image:
    """Grey or RGB, transparency on white paper."""
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode in ("1", "I", "I;16", "F"):
        return picture.convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture).convert("RGB")
    return picture.convert("RGB")
