"""Nothing outside gets into a PDF: no address is followed, no file is read, and what is refused stops the rendering."""

import http.server
import io
import threading

import pytest
from PIL import Image

from tests.typesetting.printed import article, issue, photo, squeezed
from tests.typesetting.read_back import page_texts, picture_boxes
from typesetting import rendering
from typesetting.press import door as pdf

MARKER = "本机机密标记"


@pytest.fixture
def server():
    """A web server on this machine that counts who comes."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.hits.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(MARKER.encode())

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.hits = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(MARKER, encoding="utf-8")
    return path


def picture(image_format="PNG", size=(60, 40)):
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(stream, image_format)
    return stream.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'

HTML_DOORS = [
    '<img src="{address}">',
    '<link rel="stylesheet" href="{address}">',
    '<link rel="attachment" href="{address}">',
    '<a rel="attachment" href="{address}">x</a>',
    '<object data="{address}"></object>',
    '<embed src="{address}">',
    '<style>@import "{address}";</style>',
    "<style>@import url({address});</style>",
    '<p style="background: url({address})">x</p>',
    '<p style="list-style: url({address}); display: list-item">x</p>',
    "<style>p::before {{ content: url({address}) }}</style><p>x</p>",
    '<style>@font-face {{ font-family: x; src: url({address}) }}</style><p style="font-family: x">x</p>',
    "<style>@page {{ background: url({address}) }}</style>",
    "<style>@color-profile --x {{ src: url({address}) }}</style>",
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{address}#a"/></svg>',
    '<base href="{address}"><img src="x.png">',
]
CSS_DOORS = [
    '@import "{address}";',
    "@import url({address});",
    "body {{ background: url({address}) }}",
    "@font-face {{ font-family: x; src: url({address}) }} body {{ font-family: x }}",
    "@page {{ background: url({address}) }}",
]


def tried(html="<p>正文</p>", css="", photo_bytes=lambda photo_id: picture()):
    """The PDF, or None when the rendering was refused."""
    try:
        return pdf.to_pdf(html, css, photo_bytes=photo_bytes)
    except pdf.PdfError:
        return None


def holds_marker(made):
    return made is not None and (MARKER.encode() in made or MARKER in "".join(page_texts(made)))


@pytest.mark.parametrize("door", HTML_DOORS)
def test_html_reaches_neither_net_nor_files(door, server, secret):
    for address in (
        f"http://127.0.0.1:{server.server_port}/x",
        secret.as_uri(),
        str(secret),
        f"//127.0.0.1:{server.server_port}/x",
    ):
        assert not holds_marker(tried(door.format(address=address)))
    assert server.hits == []


@pytest.mark.parametrize("door", CSS_DOORS)
def test_css_reaches_neither_net_nor_files(door, server, secret):
    for address in (f"http://127.0.0.1:{server.server_port}/x", secret.as_uri(), str(secret)):
        assert not holds_marker(tried(css=door.format(address=address)))
    assert server.hits == []


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x.png", "https://127.0.0.1/x", "ftp://127.0.0.1/x", "file:///etc/hostname", "data:image/png;base64,AA==",
     "photo:1/../2", "photo:", "photo:-1", "PHOTO:1", "photo:1?x", "photo:1#x"],
)  # fmt: skip
def test_a_refused_picture_stops_the_rendering(address):
    with pytest.raises(pdf.PdfError):
        pdf.to_pdf(f'<p>正文</p><img src="{address}">', "", photo_bytes=lambda photo_id: picture())


@pytest.mark.parametrize(
    "data",
    [SVG, b"", b"%PDF-1.4", b"GIF89a" + bytes(50), picture("PNG")[:60], b"\xff\xd8\xff" + bytes(100),
     b"\x89PNG\r\n\x1a\n" + SVG, picture("BMP"), picture("TIFF"), picture("GIF")],
    ids=["svg", "empty", "pdf", "gif", "cut png", "cut jpeg", "svg as png", "bmp", "tiff", "whole gif"],
)  # fmt: skip
def test_a_photo_that_is_no_sound_png_or_jpeg_stops_the_rendering(data):
    with pytest.raises(rendering.RenderingError):
        rendering.render(issue(article(photos=[photo(5)])), photo_bytes=lambda photo_id: data)


def test_a_photo_that_is_too_large_stops_the_rendering(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PHOTO_BYTES", 100)
    with pytest.raises(rendering.RenderingError):
        rendering.render(issue(article(photos=[photo(6)])), photo_bytes=lambda photo_id: picture(size=(600, 400)))


def test_a_photo_with_too_many_pixels_stops_the_rendering(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PHOTO_PIXELS", 100)
    with pytest.raises(rendering.RenderingError):
        rendering.render(issue(article(photos=[photo(7)])), photo_bytes=lambda photo_id: picture(size=(61, 41)))


def test_a_photo_that_is_missing_stops_the_rendering():
    def lost(photo_id):
        raise FileNotFoundError(photo_id)

    with pytest.raises(rendering.RenderingError):
        rendering.render(issue(article(photos=[photo(8)])), photo_bytes=lost)


@pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
def test_a_sound_photo_is_on_the_page(image_format):
    content = issue(article(photos=[photo(9, "走访现场")]))
    made = rendering.render(content, photo_bytes=lambda photo_id: picture(image_format, (600, 400)))
    assert picture_boxes(made)
    assert "走访现场" in squeezed("".join(page_texts(made)))


@pytest.mark.parametrize("door", HTML_DOORS)
def test_a_story_with_an_address_in_it_is_set_without_it(door, server, secret):
    body = "<p>开头。</p>" + door.format(address=f"http://127.0.0.1:{server.server_port}/x") + "<p>结尾。</p>"
    made = rendering.render(issue(article(body=body)), photo_bytes=lambda photo_id: picture())
    text = squeezed("".join(page_texts(made)))
    assert text.index("开头。") < text.index("结尾。")
    assert server.hits == []


def test_a_link_in_a_story_is_text_and_is_not_followed(server):
    body = f'<p>见<a href="http://127.0.0.1:{server.server_port}/x">市局网站</a>和<a href="file:///etc/hostname">文件</a>。</p>'
    made = rendering.render(issue(article(body=body)), photo_bytes=lambda photo_id: picture())
    assert "见市局网站和文件。" in squeezed("".join(page_texts(made)))
    assert b"file:///" not in made
    assert server.hits == []
