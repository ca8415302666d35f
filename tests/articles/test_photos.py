import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from articles import checks, photos
from articles.forms import base_of
from articles.models import WRITING, Article, Photo
from tests import factories
from tests.factories import make_article, submitted
from tests.scenes import scene

pytestmark = pytest.mark.sqlite


def picture(kind="JPEG", size=(80, 60), colour="teal", mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def upload(client, article, *files):
    sent = [SimpleUploadedFile(name, content, content_type="image/jpeg") for name, content in files]
    return client.post(reverse("articles:photo_add", args=[article.pk]), {"photos": sent})


def stored(photo):
    with photo.file.open() as file:
        return file.read()


def png_bomb(side):
    """A tiny PNG that says it is side × side pixels, with matching compressed zeros."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(side // 8 + 1)) for _ in range(side)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@scene
def article(cast):
    return make_article(cast.lin)


@pytest.fixture
def lin(as_user, cast):
    return as_user(cast.lin)


def test_several_photos_are_taken_in_their_order(lin, article):
    answer = upload(lin, article, ("一.jpg", picture()), ("二.png", picture("PNG")))

    assert answer.status_code == 200
    assert [photo.content_type for photo in article.photos()] == ["image/jpeg", "image/png"]
    assert stored(article.photos()[0])[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("网页.png", b"<!doctype html><script>alert(1)</script>"),
        ("图.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("空.jpg", b""),
        ("半截.jpg", picture(size=(400, 400))[:300]),
        ("动图.gif", picture("GIF")),
        ("位图.jpg", picture("BMP")),
        ("位图.tif", picture("TIFF")),
        ("图.webp", picture("WEBP")),
        ("文档.jpg", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"),
        ("坏.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64),
        ("图.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    ],
)
def test_what_is_no_photo_is_refused_by_name_whatever_it_calls_itself(lin, article, name, content):
    answer = upload(lin, article, (name, content))

    assert answer.status_code == 422
    assert f"“{name}”" in answer.text
    assert not Photo.objects.exists()


def test_a_refused_file_does_not_cost_the_others(lin, article):
    answer = upload(lin, article, ("好.jpg", picture()), ("坏.jpg", b"x"), ("也好.png", picture("PNG")))

    assert answer.status_code == 200
    assert "“坏.jpg”" in answer.text
    assert len(article.photos()) == 2


def test_iphone_photos_are_told_what_to_do(lin, article):
    assert "HEIC" in upload(lin, article, ("IMG_1.HEIC", b"\0\0\0\x18ftypheic")).text


@pytest.mark.parametrize("side", [5_001, 20_000])
def test_a_bomb_is_refused_before_it_is_unpacked(lin, article, side):
    bomb = png_bomb(side)
    assert len(bomb) < 100_000

    answer = upload(lin, article, ("大.png", bomb))

    assert answer.status_code == 422
    assert "2500 万像素" in answer.text


def test_a_file_over_20_mb_is_refused(lin, article):
    assert "超过 20 MB" in upload(lin, article, ("大.jpg", picture() + bytes(photos.MAX_BYTES))).text


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_hidden_behind_or_inside_a_picture_does_not_come_along(lin, article, kind):
    secret = b"<script>alert('hidden')</script>"
    options = {"comment": secret} if kind == "JPEG" else {"pnginfo": PngImagePlugin.PngInfo()}
    if kind == "PNG":
        options["pnginfo"].add_text("Comment", secret.decode())

    upload(lin, article, ("图.jpg", picture(kind, **options) + b"PK\x03\x04" + secret))

    content = stored(Photo.objects.get())
    assert secret not in content
    assert b"PK\x03\x04" not in content


def test_it_is_turned_upright_and_says_nothing_of_place_and_camera(lin, article):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"

    upload(lin, article, ("横.jpg", picture(size=(80, 60), exif=exif)))

    photo = Photo.objects.get()
    content = stored(photo)
    assert (photo.width, photo.height) == (60, 80)
    assert b"Exif" not in content
    assert b"PhoneMaker" not in content


@pytest.mark.parametrize(
    ("kind", "mode", "colour"),
    [
        ("PNG", "RGBA", (0, 0, 0, 0)),
        ("PNG", "P", 0),
        ("PNG", "LA", (0, 0)),
        ("PNG", "I;16", 9),
        ("JPEG", "CMYK", 0),
        ("JPEG", "L", 5),
    ],
)
def test_every_colour_mode_becomes_grey_or_rgb(lin, article, kind, mode, colour):
    answer = upload(lin, article, ("图.png", picture(kind, mode=mode, colour=colour)))

    assert answer.status_code == 200
    with Image.open(BytesIO(stored(Photo.objects.get()))) as image:
        assert image.mode in ("L", "RGB")


def test_transparency_becomes_white_paper(lin, article):
    upload(lin, article, ("图.png", picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))))

    with Image.open(BytesIO(stored(Photo.objects.get()))) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


def test_more_than_print_needs_is_made_smaller(lin, article):
    upload(lin, article, ("大.jpg", picture(size=(4000, 2000))))

    photo = Photo.objects.get()
    assert (photo.width, photo.height) == (3000, 1500)


def test_they_are_moved_taken_out_and_brought_back(lin, article):
    upload(lin, article, ("一.jpg", picture()), ("二.jpg", picture(colour="red")), ("三.jpg", picture(colour="blue")))
    one, two, three = article.photos()

    answer = lin.post(reverse("articles:photo_move", args=[three.pk]), {"direction": "forward"})
    assert "已移到第 2 张，共 3 张" in answer.text
    assert Article.objects.get().photos() == [one, three, two]

    lin.post(reverse("articles:photo_remove", args=[one.pk]))
    assert Article.objects.get().photos() == [three, two]

    lin.post(reverse("articles:photo_restore", args=[one.pk]))
    assert Article.objects.get().photos() == [one, three, two]
    assert lin.post(reverse("articles:photo_move", args=[one.pk]), {"direction": "up"}).status_code == 400


def test_a_version_keeps_its_photos_and_captions(lin, cast, article):
    upload(lin, article, ("一.jpg", picture()))
    photo = article.photos()[0]
    Photo.objects.update(caption="当时的图说")
    article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.WITHDRAW, by=cast.lin)
    Photo.objects.update(caption="后来的图说")

    lin.post(reverse("articles:photo_remove", args=[photo.pk]))

    page = lin.get(reverse("articles:version", args=[article.pk, 1])).text
    assert "当时的图说" in page
    assert lin.get(reverse("articles:photo", args=[photo.pk])).status_code == 200


def test_the_picture_is_served_as_nothing_but_a_picture(lin, article):
    upload(lin, article, ("<script>.jpg", picture()))

    answer = lin.get(reverse("articles:photo", args=[Photo.objects.get().pk]))

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'inline; filename="photo-{Photo.objects.get().pk}.jpg"'
    assert "private" in answer["Cache-Control"]


def test_only_those_who_may_see_the_article_see_its_photos(as_user, cast, article, lin):
    upload(lin, article, ("一.jpg", picture()))
    page = reverse("articles:photo", args=[Photo.objects.get().pk])

    assert {as_user(user).get(page).status_code for user in (cast.zhao, cast.lu, cast.shen)} == {404}
    article.apply(Article.SUBMIT, by=cast.lin)
    assert as_user(cast.lu).get(page).status_code == 200
    assert as_user(cast.zhao).get(page).status_code == 404


def test_nobody_changes_the_photos_of_what_was_handed_in(as_user, cast, lin, article):
    upload(lin, article, ("一.jpg", picture()))
    photo = Photo.objects.get()
    other = submitted(cast.zhao)
    article.apply(Article.SUBMIT, by=cast.lin)

    for name in ("photo_move", "photo_remove", "photo_restore"):
        assert lin.post(reverse(f"articles:{name}", args=[photo.pk]), {"direction": "back"}).status_code == 404
    assert upload(lin, article, ("二.jpg", picture())).status_code == 404
    assert upload(lin, other, ("二.jpg", picture())).status_code == 404


def test_a_missing_file_is_not_found(lin, article):
    photo = Photo.objects.create(
        article=article, file="gone.jpg", width=1, height=1, content_type="image/jpeg", sha256="0"
    )

    assert lin.get(reverse("articles:photo", args=[photo.pk])).status_code == 404


def test_an_article_holds_a_limited_number(lin, article, monkeypatch):
    monkeypatch.setattr(photos, "MAX_PHOTOS", 1)

    answer = upload(lin, article, ("一.jpg", picture()), ("二.jpg", picture()))

    assert "一篇稿件最多 1 张照片" in answer.text
    assert len(article.photos()) == 1


def test_a_photo_too_small_for_print_is_told_at_once_and_in_the_checks(lin, article):
    answer = upload(lin, article, ("小.jpg", picture(size=(320, 240))), ("大.jpg", picture(size=(1600, 1200))))

    assert answer.text.count("太小：") == 1
    assert "320×240 像素，最多印 54 毫米宽" in answer.text
    findings = [finding.text for finding in checks.check(article, article.photos())]
    assert [text for text in findings if "像素" in text] == [
        "照片 1 只有 320×240 像素，最多印 54 毫米宽；要印足宽度，请换宽 680 像素以上的原图，不要用聊天软件转发的"
    ]


@pytest.mark.parametrize(("size", "is_small"), [((680, 200), False), ((400, 560), False), ((679, 559), True)])
def test_a_photo_is_small_when_neither_side_fills_its_place(size, is_small):
    assert Photo(width=size[0], height=size[1]).is_small is is_small


def test_the_warning_goes_with_what_was_handed_in(lin, cast, article):
    upload(lin, article, ("小.jpg", picture(size=(320, 240))))
    article.apply(Article.SUBMIT, by=cast.lin)

    assert any("像素" in finding.text for finding in checks.warnings(article.current_version, article.kind))


def test_what_a_photo_shows_is_kept_beside_its_caption(lin, cast, article):
    upload(lin, article, ("一.jpg", picture()))
    photo = article.photos()[0]
    fields = {"kind": "article", "title": article.title, "body": article.body, "base": base_of(article)}

    lin.post(
        reverse("articles:edit", args=[article.pk]),
        fields | {f"caption-{photo.pk}": "走访现场", f"alternative-{photo.pk}": " 两名快递员在驿站喝水 "},
    )

    photo.refresh_from_db()
    assert (photo.caption, photo.alternative) == ("走访现场", "两名快递员在驿站喝水")
    article.refresh_from_db()
    article.apply(Article.SUBMIT, by=cast.lin)
    page = lin.get(reverse("articles:version", args=[article.pk, 1])).text
    assert 'alt="两名快递员在驿站喝水"' in page


def test_a_photo_without_such_words_is_called_by_its_caption(lin, article):
    upload(lin, article, ("一.jpg", picture()))
    Photo.objects.update(caption="走访现场")

    assert 'alt="走访现场"' in lin.get(reverse("articles:detail", args=[article.pk])).text


def test_who_adds_a_photo_has_written_in_the_article(as_user, cast):
    article = make_article(cast.lin)
    both = factories.make_user("both", "双任", "editor", "contributor", unit=cast.lin.unit)
    upload(as_user(both), article, ("a.jpg", picture()))

    article.apply(Article.SUBMIT, by=cast.lin)

    assert article.part_of(both) == WRITING
    assert Article.ACCEPT not in article.transitions_for(both)
