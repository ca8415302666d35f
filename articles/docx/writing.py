"""Writes a document of Word and its parts as a .docx: the smallest one that is read by Word and by the converter."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from typesetting import packing

from .package import R, W

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True)
class Part:
    """A part beside the document: its kind (styles, comments, settings, image), its place below word/, its name there."""

    kind: str
    target: str
    data: bytes
    name: str


def picture(number: str) -> Element:
    drawing = Element(W + "drawing")
    inline = ElementTree.SubElement(drawing, WP + "inline")
    data = ElementTree.SubElement(ElementTree.SubElement(inline, A + "graphic"), A + "graphicData")
    fill = ElementTree.SubElement(ElementTree.SubElement(data, PIC + "pic"), PIC + "blipFill")
    ElementTree.SubElement(fill, A + "blip", {R + "embed": f"P{number}"})
    ElementTree.SubElement(inline, WP + "docPr", {"descr": f"photo {number}"})
    return drawing


def file_of(document: Element) -> bytes:
    """A .docx of the document and one empty picture, which all pictures in it name. Not packed: it is read at once."""
    names = [blip.get(R + "embed", "") for blip in document.iter(A + "blip")]
    parts = [Part("image", "media/none.png", b"", name) for name in names]
    return packed(document, parts, compression=zipfile.ZIP_STORED)


def packed(document: Element, parts: Sequence[Part], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A .docx of the document and its parts: the same bytes for the same content."""
    main = [Part("officeDocument", "word/document.xml", b"", "main")]
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": _types(parts),
        "_rels/.rels": _links(main),
        "word/document.xml": ElementTree.tostring(document, "utf-8", xml_declaration=True),
        "word/_rels/document.xml.rels": _links(parts),
        **{f"word/{part.target}": part.data for part in parts},
    }
    return packing.packed(files, compression=compression)


def _types(parts: Sequence[Part]) -> str:
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    known = {"png": "image/png", "xml": "application/xml", "rels": rels}
    types = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in known.items())
    own = {"document.xml": "document.main"} | {part.target: part.kind for part in parts if part.kind != "image"}
    for target, kind in own.items():
        types += f'<Override PartName="/word/{target}" ContentType="{WORD}.{kind}+xml"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>'


def _links(parts: Sequence[Part]) -> str:
    links = "".join(
        f'<Relationship Id="{part.name}" Type="{R[1:-1]}/{part.kind}" Target="{part.target}"/>' for part in parts
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
