"""Puts the structure tree of a PDF right where WeasyPrint 70 leaves it short of ISO 14289-1 and ISO 32000-1 14.8.

What goes on over a page's end is one element, not one for each page. Page numbers and the repeated heads of tables are
artifacts. Heads say what they head, captions belong to what they name, the contents are a TOC.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pydyf

# Elements that may go on over a page's end, and how WeasyPrint tags them.
PARTED = {
    "article": "/Art",
    "section": "/Sect",
    "p": "/P",
    "ul": "/L",
    "div": "/Div",
    "table": "/Table",
    "tbody": "/TBody",
}
RENAMED = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}  # a list is only ever the contents


def put_right(document: Any, pdf: pydyf.PDF) -> None:
    """Change the tags of a PDF that WeasyPrint has just made of `document`."""
    if "StructTreeRoot" in pdf.catalog:
        tree = _TagTree(pdf)
        tree.join_pages([page._page_box for page in document.pages])
        for element in list(tree.below(tree.document)):
            tree.put_right(element)
        tree.make_artifacts()


class _TagTree:
    def __init__(self, pdf: pydyf.PDF):
        self.pdf = pdf
        self.root = self._object(pdf.catalog["StructTreeRoot"])
        self.document = self._object(self.root["K"][0])

    def _object(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def kids(self, element: pydyf.Dictionary) -> list[pydyf.Dictionary]:
        """The elements right below this one; marked content and links are none."""
        found = [self._object(kid) for kid in element["K"] if isinstance(kid, bytes)]
        return [kid for kid in found if isinstance(kid, dict) and kid.get("Type") == "/StructElem"]

    def below(self, element: pydyf.Dictionary) -> Iterator[pydyf.Dictionary]:
        for kid in self.kids(element):
            yield kid
            yield from self.below(kid)

    # Pages

    def join_pages(self, boxes: list[Any]) -> None:
        """From the last page to the first, so that what stands on three pages is joined twice."""
        pages = self.pdf.page_references
        for number, (before, after) in reversed(list(enumerate(pairwise(boxes), 1))):
            names = [PARTED[tag] for tag in _going_on(before, after) if tag in PARTED]
            on_page = [kid for kid in self.kids(self.document) if kid["Pg"] == pages[number]]
            earlier = [kid for kid in self.kids(self.document) if pages.index(kid["Pg"]) < number]
            if names and on_page and earlier:
                self._join(self.document, earlier[-1], on_page[0], names)

    def _join(
        self, parent: pydyf.Dictionary, first: pydyf.Dictionary, second: pydyf.Dictionary, names: list[str]
    ) -> None:
        """Put what is in the second element into the first, where both are the halves of the one that `names` begins with."""
        if not first["S"] == second["S"] == names[0]:
            return
        heads = [kid for kid in self.kids(second) if kid["S"] == "/THead"]
        for head in heads if any(kid["S"] == "/THead" for kid in self.kids(first)) else ():
            second["K"].remove(head.reference)
        kids, last = self.kids(second), self.kids(first)[-1:]
        if names[0] == "/Table":
            names = ["/Table", "/TBody"]  # its rows go on, whatever stands between
        if names[1:] and kids and last:
            self._join(second, last[0], kids[0], names[1:])
        for kid in self.kids(second):
            kid["P"] = first.reference
        first["K"].extend(second["K"])
        parent["K"].remove(second.reference)
        second.clear()

    # Elements

    def put_right(self, element: pydyf.Dictionary) -> None:
        element["S"] = RENAMED.get(element["S"], element["S"])
        if element["S"] in ("/TH", "/TD"):
            self._describe_cell(element)
        before = None
        for kid in self.kids(element):
            if before and before["S"] == "/Caption" and kid["S"] == "/Table":
                self._move(before, element, kid, 0)
            elif before and kid["S"] == "/Caption" and (figure := self._figure(before)):
                self._move(kid, element, figure, len(figure["K"]))
            before = kid

    def _describe_cell(self, cell: pydyf.Dictionary) -> None:
        """Scope is enough for tables such as ours; ids of heads would need a tree of their own."""
        cell.pop("ID", None)
        cell["A"].pop("Headers", None)
        if cell["S"] == "/TH":
            group = self._object(self._object(cell["P"])["P"])
            cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"

    def _figure(self, element: pydyf.Dictionary) -> pydyf.Dictionary | None:
        return next((one for one in (element, *self.below(element)) if one["S"] == "/Figure"), None)

    def _move(self, element: pydyf.Dictionary, source: pydyf.Dictionary, target: pydyf.Dictionary, place: int) -> None:
        source["K"].remove(element.reference)
        target["K"].insert(place, element.reference)
        element["P"] = target.reference

    # Artifacts

    def make_artifacts(self) -> None:
        """Marked content whose element the tree doesn't hold is none of the text: page numbers and repeated heads."""
        held = {element.number for element in self.below(self.document)}
        numbers = self._object(self.root["ParentTree"])["Nums"]
        for page, elements in zip(numbers[::2], numbers[1::2], strict=True):
            if isinstance(elements, pydyf.Array):
                outside = {at for at, one in enumerate(elements) if int(one.split()[0]) not in held}
                elements[:] = ["null" if at in outside else one for at, one in enumerate(elements)]
                _mark_as_artifacts(self._object(self._object(self.pdf.page_references[page])["Contents"]), outside)
        for item in self.pdf.objects:
            is_element = isinstance(item, dict) and item.get("Type") == "/StructElem"
            if is_element and item.number not in held and item is not self.document:
                item.clear()


def _mark_as_artifacts(stream: pydyf.Stream, outside: set[int]) -> None:
    items = stream.stream
    for at, item in enumerate(items):
        if isinstance(item, dict) and item.get("MCID") in outside:
            items[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]


def _going_on(before: Any, after: Any) -> list[str]:
    """The tags of the elements that begin on one page and go on on the next, from the outside in."""
    later = list(_spine(after, 0))
    is_continued = any("continued" in element.get("class", "").split() for element in later)
    return [
        element.tag
        for element in _spine(before, -1)
        if any(element is other for other in later) or (is_continued and element.tag == "p")
    ]


def _spine(box: Any, place: int) -> Iterator[Any]:
    """The elements that stand last (-1) or first (0) on a page, each inside the one before."""
    box, seen = box.children[0], None
    while True:
        if box.element is not None and box.element is not seen:
            seen = box.element
            yield seen
        if not getattr(box, "children", None):
            return
        box = box.children[place]
