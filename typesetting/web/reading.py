"""Reads the words back from the HTML that was written, and names what a place that takes pasted text would drop."""

import hashlib
import io
import zipfile
from html.parser import HTMLParser

TEXT_NAME = "正文.html"
_UNSEEN = {"head", "style", "script", "title"}
_DROPPED = {"id", "class"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.unseen: list[str] = []
        self.faults: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen.append(tag)
        names = {name for name, _value in attrs}
        dropped = (names & _DROPPED) | {name for name in names if name.startswith("on")}
        self.faults |= dropped | ({tag} & {"style", "script", "link", "img", "iframe"})

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unseen:
            self.unseen.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)


def text(html: bytes) -> list[str]:
    """What the page shows, in its order."""
    return _read(html.decode()).words


def pasted(package: bytes) -> bytes:
    """The text for 公众号 out of its zip."""
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return file.read(TEXT_NAME)


def photo_hashes(package: bytes) -> list[str]:
    """The SHA-256 of the photos of a zip for 公众号, in the order of their numbers."""
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        names = sorted(name for name in file.namelist() if name != TEXT_NAME)
        return [hashlib.sha256(file.read(name)).hexdigest() for name in names]


def dropped(html: bytes) -> set[str]:
    """The elements and attributes in it that the platform drops or never loads."""
    return _read(html.decode()).faults


def _read(html: str) -> _Words:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return reader
