"""Writes a Word document anew with nothing but what an article can hold, so that the converter meets no surprises.

Tracked changes are accepted, numbers become text, fields become what they showed; the paragraphs bear the names of `Role`
as their styles. What has no place is counted (`Losses`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from .losses import Losses
from .numbering import MOST_STYLES, Numbering
from .package import Package, R, W
from .writing import A, file_of, picture

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V = "{urn:schemas-microsoft-com:vml}"
# Their children stand as if they stood alone.
TRANSPARENT = {W + name for name in ("smartTag", "fldSimple", "customXml", "dir", "bdo", "sdtContent", "ins", "moveTo")}
GONE = {W + "del", W + "moveFrom"}
KEPT_IN_RUN = {W + name for name in ("t", "tab", "noBreakHyphen", "sym", "br", "cr")}
PAGE_NUMBER = re.compile(r"[\W\d]*|第\s*\d*\s*页.*")
DRAWN = {"chart": "chart", "diagram": "diagram"}


@dataclass(frozen=True)
class Role:
    """What of a paragraph's looks says what it is; written as the name of a style: heading level, centred, indented…"""

    heading: int = 0  # 1-9; TITLE and SUBTITLE by the styles of these names
    is_title: bool = False
    is_subtitle: bool = False
    is_caption: bool = False
    is_centred: bool = False
    is_bold: bool = False
    size: int = 0  # half points; 0: as usual

    @property
    def name(self) -> str:
        flags = (self.is_title, self.is_subtitle, self.is_caption, self.is_centred, self.is_bold)
        return f"R{self.heading}" + "".join("1" if flag else "0" for flag in flags) + f"S{self.size}"

    @classmethod
    def named(cls, name: str) -> "Role":
        found = re.fullmatch(r"R(\d)([01])([01])([01])([01])([01])S(\d+)", name)
        if not found:
            return cls()
        heading, *flags, size = found.groups()
        is_title, is_subtitle, is_caption, is_centred, is_bold = (flag == "1" for flag in flags)
        return cls(int(heading), is_title, is_subtitle, is_caption, is_centred, is_bold, int(size))


@dataclass(frozen=True)
class Simple:
    """The file for the converter, the style names in it, and the part of each picture by its number."""

    docx: bytes
    roles: set[str]
    bullets: int
    pictures: dict[str, str]


def simplify(package: Package, losses: Losses) -> Simple:
    writer = Writer(package, losses)
    body = Element(W + "body")
    body.extend(writer.blocks(writer.source()))
    writer.name_other_parts()
    root = Element(W + "document")
    root.append(body)
    return Simple(file_of(root), writer.roles, writer.bullets, writer.pictures)


class Writer:
    """Goes through a document once, in its order. Subclasses make something else of its paragraphs and tables."""

    def __init__(self, package: Package, losses: Losses) -> None:
        self.package, self.losses = package, losses
        part = package.part_of_type("styles")
        root = package.xml(part) if part else None
        styles = root.findall(W + "style") if root is not None else []
        self.styles = {style.get(W + "styleId", ""): style for style in styles}
        self.numbering = Numbering(package, self.styles)
        self.roles: set[str] = set()
        self.pictures: dict[str, str] = {}
        self.bullets = 0
        self.carried: list[Element] = []  # the runs of a paragraph whose end was deleted
        self.depth_of_fields: list[bool] = []  # of each open field: whether its instructions are over

    # --- blocks ---------------------------------------------------------------------------------------------------
    def source(self) -> Element:
        """The body of the document as it lies in the file."""
        root = self.package.xml(self.package.document)
        found = root.find(W + "body") if root is not None else None
        return found if found is not None else Element(W + "body")

    def blocks(self, parent: Element) -> Iterator[Element]:
        for each in parent:
            if each.tag == W + "p":
                yield from self.paragraph(each)
            elif each.tag == W + "tbl":
                yield self.table(each)
            elif each.tag == W + "sdt" or each.tag in TRANSPARENT:
                yield from self.blocks(each)
            elif each.tag == MC + "AlternateContent":
                yield from self.blocks(_choice(each))
            elif each.tag in GONE:
                self.losses.add(_("deleted text of tracked changes, left out"), text_of(each))
            elif each.tag == W + "altChunk":
                self.losses.add(_("embedded document"))

    def paragraph(self, source: Element) -> Iterator[Element]:
        style = val(source, f"{W}pPr/{W}pStyle")
        if re.match(r"toc ?\d", self.style_name(style)):
            self.losses.add(_("table of contents"), text_of(source))
            return
        runs = self.whole(source)
        if runs is None:
            return
        bullet = self.numbering.is_bullet(source)
        label = self.numbering.label(source) if runs or source.find(f"{W}pPr/{W}numPr") is not None else ""
        role = self.role(source, style, runs)
        _trim(runs)
        if label and _words(runs):
            runs.insert(0, _run(label))
        paragraph = Element(W + "p")
        properties = ElementTree.SubElement(paragraph, W + "pPr")
        name = role.name if bullet is None else f"B{bullet + 1}"
        self.bullets = max(self.bullets, bullet + 1) if bullet is not None else self.bullets
        if bullet is None:
            self.roles.add(name)
        ElementTree.SubElement(properties, W + "pStyle", {W + "val": name})
        paragraph.extend(runs)
        yield paragraph

    def whole(self, source: Element) -> list[Element] | None:
        """The runs of a paragraph; None when its end was deleted: the next one begins with them."""
        runs = self.carried + list(self.runs(source))
        self.carried = []
        if source.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self.carried = runs
            return None
        return runs

    def role(self, source: Element, style: str, runs: list[Element]) -> Role:
        name = self.style_name(style)
        heading = re.fullmatch(r"(?:heading|标题) ?(\d)", name)
        spoken = [run for run in runs if _words([run])]
        sizes = {val(run, f"{W}rPr/{W}sz") for run in source.iter(W + "r") if text_of(run).strip()}
        size = sizes.pop() if len(sizes) == 1 else ""
        return Role(
            heading=int(heading[1]) if heading else 0,
            is_title=name in ("title", "标题"),
            is_subtitle=name in ("subtitle", "副标题"),
            is_caption=name in ("caption", "题注"),
            is_centred=(val(source, f"{W}pPr/{W}jc") or self.alignment(style)) == "center",
            is_bold=bool(spoken) and all(run.find(f"{W}rPr/{W}b") is not None for run in spoken),
            size=int(size) if size.isdigit() and len(size) < 4 else 0,
        )

    def style_name(self, style: str) -> str:
        return val(self.styles[style], W + "name").lower() if style in self.styles else style.lower()

    def alignment(self, style: str) -> str:
        found = self.styled(style, f"{W}pPr/{W}jc")
        return found.get(W + "val", "") if found is not None else ""

    def styled(self, style: str, path: str) -> Element | None:
        """What a style says by itself, or one that it rests on."""
        for _hop in range(MOST_STYLES):
            if style not in self.styles:
                break
            if (found := self.styles[style].find(path)) is not None:
                return found
            style = val(self.styles[style], W + "basedOn")
        return None

    def table(self, source: Element) -> Element:
        table = Element(W + "tbl")
        for row in through(source, W + "tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.losses.add(_("deleted text of tracked changes, left out"), text_of(row))
                continue
            written = ElementTree.SubElement(table, W + "tr")
            if row.find(f"{W}trPr/{W}tblHeader") is not None:
                ElementTree.SubElement(ElementTree.SubElement(written, W + "trPr"), W + "tblHeader")
            for cell in through(row, W + "tc"):
                self.cell(cell, written)
        return table

    def cell(self, source: Element, row: Element) -> None:
        cell = ElementTree.SubElement(row, W + "tc")
        properties = ElementTree.SubElement(cell, W + "tcPr")
        span = val(source, f"{W}tcPr/{W}gridSpan")
        if re.fullmatch(r"\d{1,2}", span, re.ASCII) and int(span) > 1:
            ElementTree.SubElement(properties, W + "gridSpan", {W + "val": span})
        merged = source.find(f"{W}tcPr/{W}vMerge")
        if merged is not None:
            kept = {W + "val": "restart"} if merged.get(W + "val") == "restart" else {}
            ElementTree.SubElement(properties, W + "vMerge", kept)
        cell.extend(self.blocks(source))

    # --- runs -----------------------------------------------------------------------------------------------------
    def runs(self, parent: Element) -> Iterator[Element]:
        for each in parent:
            if each.tag == W + "r":
                yield from self.run(each)
            elif each.tag in (W + "ins", W + "moveTo"):
                self.losses.add(_("inserted text of tracked changes, kept"), text_of(each))
                yield from self.runs(each)
            elif each.tag in GONE:
                if words := text_of(each):
                    self.losses.add(_("deleted text of tracked changes, left out"), words)
            elif each.tag == W + "hyperlink":
                self.losses.add(_("link, of which the words were kept"), text_of(each))
                yield from self.runs(each)
            elif each.tag == W + "sdt" or each.tag in TRANSPARENT:
                yield from self.runs(each)
            elif each.tag == MC + "AlternateContent":
                yield from self.runs(_choice(each))
            elif each.tag in (M + "oMath", M + "oMathPara"):
                words = "".join(text.text or "" for text in each.iter(M + "t"))
                self.losses.add(_("formula, of which the characters were kept"), words)
                yield _run(words)

    def run(self, source: Element) -> Iterator[Element]:
        if is_on(source, f"{W}rPr/{W}vanish"):
            if words := text_of(source):
                self.losses.add(_("hidden text"), words)
            return
        run = Element(W + "r")
        properties = ElementTree.SubElement(run, W + "rPr")
        for name in ("b", "i"):
            if is_on(source, f"{W}rPr/{W}{name}"):
                ElementTree.SubElement(properties, W + name)
        if (raised := val(source, f"{W}rPr/{W}vertAlign")) in ("superscript", "subscript"):
            ElementTree.SubElement(properties, W + "vertAlign", {W + "val": raised})
        self.contents(source, run)
        if len(run) > 1:
            yield run

    def contents(self, source: Element, run: Element) -> None:
        for each in source:
            if each.tag == W + "fldChar":
                self.field(each.get(W + "fldCharType", ""))
            elif self.depth_of_fields and not all(self.depth_of_fields):
                continue
            elif each.tag in KEPT_IN_RUN:
                self.keep(each, run)
            elif each.tag == MC + "AlternateContent":
                self.contents(_choice(each), run)
            elif each.tag == W + "ruby":
                base = each.find(W + "rubyBase")
                for inner in self.runs(base) if base is not None else ():
                    run.extend(child for child in inner if child.tag != W + "rPr")
            elif each.tag in (W + "drawing", W + "pict", W + "object"):
                self.drawn(each, run)

    def field(self, kind: str) -> None:
        if kind == "begin":
            self.depth_of_fields.append(False)
        elif kind == "separate" and self.depth_of_fields:
            self.depth_of_fields[-1] = True
        elif kind == "end" and self.depth_of_fields:
            self.depth_of_fields.pop()

    @staticmethod
    def keep(source: Element, run: Element) -> None:
        if source.tag in (W + "br", W + "cr"):
            if source.get(W + "type", "textWrapping") == "textWrapping":
                ElementTree.SubElement(run, W + "br")
        elif source.tag == W + "tab":
            ElementTree.SubElement(run, W + "t").text = " "
        else:
            kept = ElementTree.SubElement(run, source.tag, source.attrib)
            kept.text = source.text

    def drawn(self, source: Element, run: Element) -> None:
        if source.tag == W + "object":
            programs = (each.get("ProgID") for each in source.iter())
            self.losses.add(_("embedded object"), next(filter(None, programs), ""))
            return
        boxes = [box for box in source.iter(W + "txbxContent") if text_of(box).strip()]
        for box in boxes:
            self.losses.offer(_("text box"), _lines(box))
        blips = [blip.get(R + "embed", "") for blip in source.iter(A + "blip")]
        blips += [image.get(R + "id", "") for image in source.iter(V + "imagedata")]
        for blip in blips:
            kind, part = self.package.relationships.get(blip, ("", ""))
            if kind == "image" and self.package.size(part):
                number = str(len(self.pictures) + 1)
                self.pictures[number] = part
                run.append(picture(number))
            else:
                self.losses.add(_("linked picture that is not in the file"))
        if not boxes and not blips:
            self.name_drawing(source)

    def name_drawing(self, source: Element) -> None:
        kinds = [data.get("uri", "").rpartition("/")[2] for data in source.iter(A + "graphicData")]
        if "chart" in kinds:
            self.losses.add(_("chart"))
        elif "diagram" in kinds:
            self.losses.add(_("diagram"))

    # --- what stands beside the text ------------------------------------------------------------------------------
    def name_other_parts(self) -> None:
        kinds = (
            ("comments", W + "comment", _("comment"), self.losses.add),
            ("footnotes", W + "footnote", _("footnote"), self.losses.offer),
            ("endnotes", W + "endnote", _("endnote"), self.losses.offer),
        )
        for kind, tag, what, name in kinds:
            for root in self.roots(kind):
                for note in root.findall(tag):
                    if note.get(W + "type", "normal") == "normal" and (words := _lines(note)):
                        name(what, words)
        for kind, what in (("header", _("header")), ("footer", _("footer"))):
            for root in self.roots(kind):
                words = text_of(root).strip()
                if words and not PAGE_NUMBER.fullmatch(words):
                    self.losses.add(what, words)

    def roots(self, kind: str) -> Iterator[Element]:
        for part in self.package.parts_of_type(kind):
            root = self.package.xml(part)
            if root is not None:
                yield root


def through(parent: Element, tag: str) -> Iterator[Element]:
    """The children of this tag, also those within content controls and inserted ones."""
    for each in parent:
        if each.tag == tag:
            yield each
        elif each.tag == W + "sdt" or each.tag in TRANSPARENT:
            yield from through(each, tag)


def _choice(alternate: Element) -> Element:
    """The newer of the forms in which a drawing is kept; the older one would say the same again."""
    found = alternate.find(MC + "Choice")
    if found is None:
        found = alternate.find(MC + "Fallback")
    return found if found is not None else Element("none")


def _run(words: str) -> Element:
    run = Element(W + "r")
    ElementTree.SubElement(run, W + "t").text = words
    return run


def _trim(runs: list[Element]) -> None:
    """Without the spaces at both ends: first-line spaces are the typesetter's."""
    texts = [each for run in runs for each in run if each.tag != W + "rPr"]
    for ends, strip in ((texts, str.lstrip), (reversed(texts), str.rstrip)):
        for each in ends:
            if each.tag != W + "t":
                break
            each.text = strip(each.text or "")
            if each.text:
                break


def _words(runs: list[Element]) -> str:
    return "".join(text_of(run) for run in runs).strip()


def text_of(element: Element) -> str:
    """All its words, deleted ones too, a space between paragraphs."""
    words = ""
    for each in element.iter():
        if each.tag in (W + "t", W + "delText"):
            words += each.text or ""
        elif each.tag in (W + "p", W + "br", W + "tab") and words:
            words += " "
    return words


def _lines(element: Element) -> str:
    """All its words, a line a paragraph."""
    lines = (text_of(paragraph).strip() for paragraph in element.iter(W + "p"))
    return "\n".join(line for line in lines if line)


def val(element: Element, path: str) -> str:
    found = element.find(path)
    return found.get(W + "val", "") if found is not None else ""


def is_on(element: Element, path: str) -> bool:
    found = element.find(path)
    return found is not None and found.get(W + "val", "1") not in ("0", "false", "off", "none")
