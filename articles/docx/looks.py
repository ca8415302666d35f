"""How the text looks in a Word file that we write: like the page, as far as Word can."""

from .package import W

SETTINGS = (
    f'<w:settings xmlns:w="{W[1:-1]}"><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)
INDENT, NO_INDENT = (f'<w:ind w:firstLineChars="{chars}" w:firstLine="{chars * 16 // 5}"/>' for chars in (200, 0))
CENTRED, RIGHT = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
GRID = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def _run(font: str, half_points: int) -> str:
    fonts = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/>'
    return f'<w:rPr>{fonts}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'


# Of each style its name, its paragraphs and its characters. Word knows the built-in ones by these English names.
PARAGRAPHS = {
    "Title": ("Title", '<w:keepNext/><w:spacing w:before="560" w:line="700" w:lineRule="exact"/>' + NO_INDENT + CENTRED,
              _run("方正小标宋简体", 44)),
    "Subtitle": ("Subtitle", "<w:keepNext/>" + NO_INDENT + CENTRED, _run("楷体", 32)),
    "Heading1": ("heading 1", "<w:keepNext/>" + INDENT + '<w:outlineLvl w:val="0"/>', _run("黑体", 32)),
    "Heading2": ("heading 2", "<w:keepNext/>" + INDENT + '<w:outlineLvl w:val="1"/>', _run("楷体", 32)),
    "ListParagraph": ("List Paragraph", '<w:ind w:left="640" w:firstLineChars="0" w:firstLine="0"/>', ""),
    "Caption": ("caption", NO_INDENT + CENTRED, _run("黑体", 28)),
    "TableText": ("Table Text", '<w:spacing w:line="440" w:lineRule="exact"/>' + NO_INDENT, _run("仿宋", 28)),
    "Authors": ("Authors", NO_INDENT + RIGHT, ""),
}  # fmt: skip


def style_sheet() -> str:
    normal = (
        f'<w:pPr><w:spacing w:line="560" w:lineRule="exact"/>{INDENT}<w:jc w:val="both"/></w:pPr>{_run("仿宋", 32)}'
    )
    styles = f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>{normal}</w:style>'
    for style, (name, paragraph, run) in PARAGRAPHS.items():
        styles += (
            f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
            f'<w:next w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>{run}</w:style>'
        )
    styles += (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{GRID}</w:tblBorders></w:tblPr></w:style>"
    )
    return f'<w:styles xmlns:w="{W[1:-1]}">{styles}</w:styles>'
