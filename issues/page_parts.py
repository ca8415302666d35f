"""The pages of a proof part by part: which stories begin, go on and end on each, and where on it they stand."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .models import Proof, Rendered

# In points, for the frame round a part: wider than any type area, so that the text doesn't touch it.
LEFT, WIDTH = 54, 487


@dataclass(frozen=True)
class Part:
    """One story's part of a page, in points from the upper edge. Numbers are as in the list, None for a brief."""

    article: int
    number: int | None
    top: float = 0.0
    bottom: float = 0.0
    begins: bool = True
    ends: bool = True
    left: int = LEFT
    width: int = WIDTH

    @property
    def height(self) -> float:
        return round(self.bottom - self.top, 1)

    @property
    def words(self) -> str:
        if self.number is None:
            return _("briefs")
        if self.begins:
            words = _("number %(number)s whole") if self.ends else _("beginning of number %(number)s")
        else:
            words = _("end of number %(number)s") if self.ends else _("number %(number)s goes on")
        return words % {"number": self.number}


@dataclass
class Page:
    number: int
    hash: str = ""
    parts: list[Part] = field(default_factory=list)
    is_present: bool = True

    @property
    def words(self) -> str:
        """What stands on it, for those who can't see it. Older pages than the list have other numbers: not told."""
        return "、".join(dict.fromkeys(part.words for part in self.parts)) if self.is_present else ""

    @property
    def framed(self) -> list[Part]:
        return [part for part in self.parts if part.height > 0]


def pages_of(proof: Rendered | None, *, is_present: bool = True) -> list[Page]:
    if proof is None or not proof.pages:
        return []
    page_hashes = proof.page_hashes or [""] * proof.pages
    pages = [Page(number, page_hash, is_present=is_present) for number, page_hash in enumerate(page_hashes, 1)]
    for part, page in _parts(proof):
        if 1 <= page <= len(pages):
            pages[page - 1].parts.append(part)
    return pages


def _parts(proof):
    places, number = getattr(proof, "places", []), 0
    for place in places:
        number += not place["is_brief"]
        areas = place["areas"]
        for at, (page, top, bottom) in enumerate(areas):
            begins, ends = at == 0, at == len(areas) - 1
            yield Part(place["article"], None if place["is_brief"] else number, top, bottom, begins, ends), page
    if not places:  # rendered before places were kept
        for number, page in enumerate(getattr(proof, "first_pages", []), 1):
            yield Part(0, number, ends=False), page


def spans_of(proof: Proof | None) -> dict[int, tuple[int, int]]:
    """The first and the last page of each article."""
    if proof is None:
        return {}
    areas = {place["article"]: place["areas"] for place in proof.places}
    return {article: (parts[0][0], parts[-1][0]) for article, parts in areas.items() if parts}
