"""A past issue as the Word file that it was printed from: centred red masthead, titles in a larger size, running text, 版记."""

from dataclasses import dataclass

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from tests.articles.word_files import data_of

RED = RGBColor(0xC0, 0, 0)


@dataclass(frozen=True)
class Form:
    """How an office types it. Points; `indent` is "first line", "spaces" or ""."""

    title_size: float = 22
    body_size: float = 16
    line: float | None = 28
    is_bold: bool = True
    indent: str = "first line"
    title_breaks: bool = False  # the lines of a title in one paragraph, broken by hand
    empty_before_titles: int = 0
    space_before_titles: float = 0
    in_styles: bool = False  # size, alignment and indent by the styles of Word, not by hand
    head: str = "tab"  # how publisher and date share a line: "tab", "spaces", "table", "lines"
    number_line: str = "{year}年第{number}期（总第{total}期）"
    contents: bool = False
    note: str = ""
    briefs_heading: str = "简讯"
    foot: str = "lines"  # or "table"
    page_numbers: bool = True
    running_head: str = ""
    has_masthead: bool = True


def word_issue(parts: dict, form: Form = Form()) -> bytes:
    """`parts` has the form of `PastIssue.as_dict()`; a line （…） at the end of a story stands at the right."""
    return data_of(_Writer(form).document_of(parts))


class _Writer:
    def __init__(self, form: Form) -> None:
        self.form, self.document = form, Document()
        page = self.document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2.7)
        page.top_margin, page.bottom_margin = Cm(3.5), Cm(3)
        style = self.document.styles["Normal"]
        style.font.size = Pt(form.body_size)
        style.font.name = "Times New Roman"
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
        style.paragraph_format.space_after = Pt(0)
        if form.line:
            style.paragraph_format.line_spacing = Pt(form.line)
        if form.in_styles:
            self.add_styles()

    def add_styles(self) -> None:
        title = self.document.styles["Title"]
        title.font.size, title.font.bold = Pt(self.form.title_size), self.form.is_bold
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        body = self.document.styles["Body Text"]
        body.paragraph_format.first_line_indent = Pt(2 * self.form.body_size)
        body.paragraph_format.space_after = Pt(0)

    def document_of(self, parts: dict):
        if self.form.has_masthead:
            self.masthead(parts)
        if self.form.contents:
            self.centred("目　录", 18)
            for number, article in enumerate(parts["articles"], 1):
                self.paragraph(f"{article['title'].replace(' ', '　')}……{number}")
        if self.form.note:
            self.body(self.form.note)
        for article in parts["articles"]:
            self.article(article)
        if parts["briefs"]:
            self.title([self.form.briefs_heading])
            for number, brief in enumerate(parts["briefs"], 1):
                self.body(f"{number}.{brief}")
        self.foot(parts["recipients"])
        if self.form.page_numbers:
            self.page_numbers()
        if self.form.running_head:
            self.document.sections[0].header.paragraphs[0].text = self.form.running_head
        return self.document

    def masthead(self, parts: dict) -> None:
        form = self.form
        for line, size in (("上海市邮政快递行业", 26), ("党建、文明创建工作简报", 36)):
            self.centred(line, size, colour=RED)
        if parts.get("number"):
            values = {"year": parts["year"], "number": parts["number"], "total": parts["total_number"]}
            self.centred(form.number_line.format(**values), form.body_size)
        year, month, day = (int(part) for part in parts["date"].split("-"))
        publisher, date = f"{parts['publisher']}编", f"{year}年{month}月{day}日"
        if form.head == "table":
            left, right = self.document.add_table(1, 2).rows[0].cells
            left.text, right.text = publisher, date
        elif form.head == "lines":
            self.paragraph(publisher)
            self.paragraph(date).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            self.paragraph(publisher + {"tab": "\t", "spaces": " " * 8}[form.head] + date)
        self.paragraph("")

    def article(self, article: dict) -> None:
        subtitles = [line for line in article["title_lines"] if line.startswith("——")]
        self.title([line for line in article["title_lines"] if line not in subtitles])
        for line in subtitles:
            self.centred(line, self.form.body_size)
        for text in article["paragraphs"]:
            if text.startswith("（") and text.endswith("）"):
                self.paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
            elif text.endswith(("现场", "合影")):
                self.centred(text, 14)
            else:
                self.body(text)

    def title(self, lines: list[str]) -> None:
        for _at in range(self.form.empty_before_titles):
            self.paragraph("")
        lines = [line.replace(" ", "　") for line in lines]
        lines = ["\n".join(lines)] if self.form.title_breaks else lines
        for at, line in enumerate(lines):
            paragraph = self.centred(line, self.form.title_size, style="Title" if self.form.in_styles else None)
            if at == 0 and self.form.space_before_titles:
                paragraph.paragraph_format.space_before = Pt(self.form.space_before_titles)

    def body(self, text: str) -> None:
        if self.form.in_styles:
            self.document.add_paragraph(text, style="Body Text")
            return
        paragraph = self.paragraph(("　　" if self.form.indent == "spaces" else "") + text)
        if self.form.indent == "first line":
            paragraph.paragraph_format.first_line_indent = Pt(2 * self.form.body_size)

    def foot(self, recipients: dict) -> None:
        lines = [f"报：{recipients['报'][0]}", *recipients["报"][1:]]
        lines += [f"{key}：{'，'.join(recipients[key])}" for key in ("送", "发") if recipients.get(key)]
        if self.form.foot == "lines":
            for line in lines:
                self.paragraph(line)
            return
        table = self.document.add_table(0, 2)
        for key, texts in recipients.items():
            left, right = table.add_row().cells
            left.text, right.text = f"{key}：", "\n".join(texts) if key == "报" else "，".join(texts)

    def paragraph(self, text: str, style: str | None = None):
        return self.document.add_paragraph(text, style=style)

    def centred(self, text: str, size: float, *, colour: RGBColor | None = None, style: str | None = None):
        paragraph = self.paragraph("", style)
        for at, line in enumerate(text.split("\n")):
            run = paragraph.add_run(line)
            if at < text.count("\n"):
                run.add_break(WD_BREAK.LINE)
            if style is None:
                run.font.size, run.bold = Pt(size), self.form.is_bold if size == self.form.title_size else None
            if colour:
                run.font.color.rgb = colour
        paragraph.paragraph_format.line_spacing = None if style else Pt(max(size * 1.5, self.form.line or 0))
        if style is None:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return paragraph

    def page_numbers(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run("— ")
        for kind, words in (("begin", ""), ("", " PAGE "), ("end", "")):
            run = paragraph.add_run()
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            element.text = words
            run._r.append(element)
        paragraph.add_run(" —")
