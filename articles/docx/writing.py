"""Writes the simplified document as the smallest .docx that the converter reads."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from .package import R, W

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def picture(number: str) -> Element:
    drawing = Element(W + "drawing")
    inline = ElementTree.SubElement(drawing, WP + "inline")
    data = ElementTree.SubElement(ElementTree.SubElement(inline, A + "graphic"), A + "graphicData")
    fill = ElementTree.SubElement(ElementTree.SubElement(data, PIC + "pic"), PIC + "blipFill")
    ElementTree.SubElement(fill, A + "blip", {R + "embed": f"P{number}"})
    ElementTree.SubElement(inline, WP + "docPr", {"descr": f"photo {number}"})
    return drawing


def file_of(document: Element) -> bytes:
    """A .docx of the document and one empty picture, which all pictures in it name."""
    pictures = [blip.get(R + "embed", "") for blip in document.iter(A + "blip")]
    kind = R[1:-1]
    links = "".join(f'<Relationship Id="{name}" Type="{kind}/image" Target="media/none.png"/>' for name in pictures)
    package = "http://schemas.openxmlformats.org/package/2006"
    main = f'<Relationship Id="main" Type="{kind}/officeDocument" Target="word/document.xml"/>'
    types = '<Default Extension="png" ContentType="image/png"/><Default Extension="xml" ContentType="application/xml"/>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types">{types}</Types>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships">{main}</Relationships>')
        archive.writestr("word/document.xml", ElementTree.tostring(document, "utf-8"))
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{package}/relationships">{links}</Relationships>'
        )
        archive.writestr("word/media/none.png", b"")
    return out.getvalue()
