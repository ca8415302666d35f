"""How each form is made of the signed source, and how what was made is proven to say the same."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from typesetting import said
from typesetting.web import forms as web
from typesetting.web import reading

from .kinds import PAGE, WECHAT
from .source import Source


@dataclass(frozen=True)
class Proof:
    """Of how many signed characters so many are the same and in their order; `ink` is the most pixels of a page that differ
    from the signed PDF at 100 dpi, None where pages are not compared. `fault` says what is wrong, empty when nothing is."""

    characters_equal: int
    characters: int
    ink: int | None = None
    fault: str = ""

    @property
    def holds(self) -> bool:
        return not self.fault and 0 < self.characters == self.characters_equal


@dataclass(frozen=True)
class Form:
    """`make` gives the file's bytes, the same for the same source."""

    make: Callable[[Source], bytes]
    prove: Callable[[Source, bytes], Proof]


def proof_of_text(signed: Iterable[str], made: Iterable[str]) -> Proof:
    found = said.compare(signed, made)
    if found.is_equal:
        return Proof(found.equal, found.characters)
    words = _(
        "its text differs from the signed one at “%(place)s” (%(equal)s of %(characters)s characters are the same)"
    )
    fault = words % {"place": found.differs_at, "equal": found.equal, "characters": found.characters}
    return Proof(found.equal, found.characters, fault=fault)


# --- the web -------------------------------------------------------------------------------------------------------
def _page(source: Source) -> bytes:
    return web.page(source.content, photo_bytes=source.photo_bytes)


def _prove_page(source: Source, made: bytes) -> Proof:
    return proof_of_text(said.whole(source.content), reading.text(made))


def _wechat(source: Source) -> bytes:
    return web.wechat(source.content, photo_bytes=source.photo_bytes)


def _prove_wechat(source: Source, made: bytes) -> Proof:
    html = reading.pasted(made)
    if lost := reading.dropped(html):
        return Proof(0, 0, fault=_("it holds what is dropped there: %(names)s") % {"names": "、".join(sorted(lost))})
    signed = [photo.sha256 for story in source.stories for _text, photos in story.parts for photo in photos]
    if reading.photo_hashes(made) != signed:
        return Proof(0, 0, fault=_("its photos are not the signed ones"))
    return proof_of_text(said.for_pasting(source.content), reading.text(html))


FORMS = {
    WECHAT.code: Form(_wechat, _prove_wechat),
    PAGE.code: Form(_page, _prove_page),
}
