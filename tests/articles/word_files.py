"""Word files as units send them, made by python-docx, with the XML that it has no words for."""

from io import BytesIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def data_of(document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def picture(size=(800, 600), colour="green", kind="JPEG") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    out.seek(0)
    return out


def centred(document, text, *, style=None, size=None):
    paragraph = document.add_paragraph(text, style=style)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if size:
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), True
    return paragraph


# --- stories in several shapes --------------------------------------------------------------------------------------
def title_lines(story):
    return [line for line in story["title_lines"] if not line.startswith("——")]


def plain(story):
    """No formatting at all, as text copied out of a chat."""
    document = Document()
    for line in [*title_lines(story), *subtitle_line(story), *story["paragraphs"]]:
        document.add_paragraph(line)
    return document


def subtitle_line(story):
    return [f"——{story['subtitle']}"] if story["subtitle"] else []


def with_headings(story):
    """The title in Word's own style, one paragraph with its lines broken by hand."""
    document = Document()
    title = document.add_paragraph(style="Title")
    for at, line in enumerate(title_lines(story)):
        run = title.add_run(line)
        if at < len(title_lines(story)) - 1:
            run.add_break()
    if story["subtitle"]:
        document.add_paragraph(story["subtitle"], style="Subtitle")
    for text in story["paragraphs"]:
        document.add_paragraph(text, style="Body Text")
    return document


def with_spaces(story):
    """A centred bold title, first lines pushed in by spaces, empty lines between."""
    document = Document()
    for line in title_lines(story):
        centred(document, line, size=22)
    for line in subtitle_line(story):
        centred(document, line, size=16)
    document.add_paragraph("")
    for at, text in enumerate(story["paragraphs"]):
        paragraph = document.add_paragraph()
        paragraph.add_run("　　" if at % 2 else "    ")
        paragraph.add_run(f"{text}  ")
        document.add_paragraph("  ")
    return document


def numbered(story, form="chineseCounting", text="%1、"):
    """Each paragraph numbered by Word."""
    document = Document()
    for line in title_lines(story):
        centred(document, line, size=22)
    for line in subtitle_line(story):
        centred(document, line, size=16)
    number = add_list(document, [(form, text)])
    for paragraph in story["paragraphs"]:
        number_paragraph(document.add_paragraph(paragraph), number)
    return document


def tracked(story):
    """A sentence of each paragraph was inserted, and one deleted; whole paragraphs too."""
    document = plain(story)
    for paragraph in document.paragraphs[-len(story["paragraphs"]) :]:
        text = paragraph.text
        paragraph.clear()
        half = len(text) // 2
        paragraph.add_run(text[:half])
        change(paragraph, "del", "这半句已经删去。")
        change(paragraph, "ins", text[half:])
    gone = document.add_paragraph()
    change(gone, "del", "这一段全删了。")
    return document


# --- parts ----------------------------------------------------------------------------------------------------------
def change(paragraph, kind, text):
    """A tracked change at the end of the paragraph: ins, del, moveFrom or moveTo."""
    tag = "delText" if kind == "del" else "t"
    paragraph._p.append(
        parse_xml(
            f'<w:{kind} {nsdecls("w")} w:id="1" w:author="编辑" w:date="2026-04-01T08:00:00Z">'
            f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r></w:{kind}>'
        )
    )


def add_list(document, levels, *, overrides=""):
    """Add a list to numbering.xml; a level is (format, text) or (format, text, more XML). Returns its number."""
    root = document.part.numbering_part.element
    abstract = 100 + len(root.findall(qn("w:abstractNum")))
    rows = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{"".join(more)}<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text, *more) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}">{rows}</w:abstractNum>'))
    return add_num(document, abstract, overrides)


def add_num(document, abstract, overrides=""):
    root = document.part.numbering_part.element
    number = 100 + len(root.findall(qn("w:num")))
    inner = f'<w:abstractNumId w:val="{abstract}"/>{overrides}'
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}">{inner}</w:num>'))
    return number


def abstract_of(document, number):
    nums = document.part.numbering_part.element.findall(qn("w:num"))
    return (
        next(num for num in nums if num.get(qn("w:numId")) == str(number)).find(qn("w:abstractNumId")).get(qn("w:val"))
    )


def number_paragraph(paragraph, number, level=0):
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )
    return paragraph


def add_notes(document, kind, *texts):
    """A part of footnotes: python-docx makes none."""
    notes = "".join(
        f'<w:{kind} w:id="{at}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>' for at, text in enumerate(texts, 1)
    )
    xml = f"<w:{kind}s {nsdecls('w')}>{notes}</w:{kind}s>".encode()
    part = Part(PackURI(f"/word/{kind}s.xml"), f"{WORD}.{kind}s+xml", xml, document.part.package)
    document.part.relate_to(part, f"{RELATIONSHIP_TYPE.FOOTNOTES.rpartition('/')[0]}/{kind}s")


def add_text_box(paragraph, text):
    """As Word writes it: the new form and, for older programs, the same again."""
    box = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    spaces += ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} {spaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx>'
            f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )


def add_object(paragraph, program="Excel.Sheet.12"):
    office = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    paragraph._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:object><o:OLEObject {office} ProgID="{program}"/></w:object></w:r>')
    )
