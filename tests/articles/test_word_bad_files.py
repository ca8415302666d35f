"""A file that can't be read is refused with one sentence that says what to do, and takes little memory."""

import importlib.util
import json
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from articles import word
from articles.docx import legacy
from articles.models import Article
from tests.articles import word_files

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
SAVE_AS = "请在 WPS 或 Word 里“另存为”.docx 再传。"


def simple():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    document.add_paragraph("培训分三天进行。")
    return document


def changed(data, changes, *, extra=()):
    """The zip with some of its parts replaced, and others added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, changes[name](part) if name in changes else part)
        for name, part in extra:
            new.writestr(name, part)
    return out.getvalue()


def with_document(xml):
    return changed(word_files.data_of(simple()), {"word/document.xml": lambda part: xml(part)})


def ole(*streams):
    """As much of an OLE file as names its streams."""
    return legacy.OLE + bytes(1000) + b"".join(name.encode("utf-16-le") + bytes(64) for name in streams)


def spreadsheet():
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return changed(word_files.data_of(simple()), {"[Content_Types].xml": lambda part: kind})


def macros():
    old = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    new = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    return changed(word_files.data_of(simple()), {"[Content_Types].xml": lambda part: part.replace(old, new)})


def bomb():
    return with_document(lambda part: b"<w>" + b" " * (250 * MEGABYTE) + b"</w>")


def lying_bomb():
    """Its directory says that the part is small."""
    data = bytearray(with_document(lambda part: b"<w>" + b" " * (40 * MEGABYTE) + b"</w>"))
    size = (40 * MEGABYTE + 7).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def entities():
    laughs = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10 if at else "lol"}">' for at in range(12))
    return with_document(lambda part: f"<!DOCTYPE w [{laughs}]><w>&a11;</w>".encode())


def deep():
    return with_document(lambda part: part.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 5000))


def many_headers():
    """Each part is small enough, all together are not."""
    head = b'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    header = head + b"<w:p/>" * 20_000 + b"</w:hdr>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"
    links = "".join(f'<Relationship Id="h{at}" Type="{kind}" Target="h{at}.xml"/>' for at in range(9)).encode()
    return changed(
        word_files.data_of(simple()),
        {"word/_rels/document.xml.rels": lambda part: part.replace(b"</Relationships>", links + b"</Relationships>")},
        extra=[(f"word/h{at}.xml", header) for at in range(9)],
    )


def many_elements():
    return with_document(lambda part: part.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 1_000_000))


BAD = {
    "加密.docx": (lambda: ole("EncryptedPackage"), "“加密.docx”加了密码，打不开。请去掉密码再传。"),
    "断.docx": (lambda: word_files.data_of(simple())[:9000], f"“断.docx”已损坏，打不开。{SAVE_AS}"),
    "文.docx": (lambda: "只是文字".encode(), f"“文.docx”不是 Word 文件。{SAVE_AS}"),
    "空.docx": (bytes, f"“空.docx”不是 Word 文件。{SAVE_AS}"),
    "表.docx": (spreadsheet, f"“表.docx”不是 Word 文件。{SAVE_AS}"),
    "表.xls": (lambda: ole("Workbook"), f"“表.xls”不是 Word 文件。{SAVE_AS}"),
    "宏.docm": (macros, "“宏.docm”带有宏。请“另存为”不带宏的 .docx 再传。"),
    "弹.docx": (bomb, "“弹.docx”解开后过大，不能装入。请把文字复制到新的 Word 文件里再传。"),
    "谎.docx": (lying_bomb, f"“谎.docx”已损坏，打不开。{SAVE_AS}"),
    "实体.docx": (entities, f"“实体.docx”已损坏，打不开。{SAVE_AS}"),
    "深.docx": (deep, "“深.docx”解开后过大，不能装入。请把文字复制到新的 Word 文件里再传。"),
    "眉.docx": (many_headers, "“眉.docx”解开后过大，不能装入。请把文字复制到新的 Word 文件里再传。"),
    "多.docx": (many_elements, "“多.docx”解开后过大，不能装入。请把文字复制到新的 Word 文件里再传。"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_with_what_to_do(name):
    make, sentence = BAD[name]

    with pytest.raises(word.NotWord) as refused:
        word.read(make(), name)

    assert str(refused.value) == sentence


def test_an_older_file_without_libreoffice_says_how_to_save_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(word.NotWord) as refused:
        word.read(ole("WordDocument"), "旧.wps")

    assert str(refused.value) == f"“旧.wps”是旧格式（.doc、.wps、.rtf），这里读不了。{SAVE_AS}"


def test_an_older_file_goes_through_libreoffice(monkeypatch, tmp_path):
    """A program that stands for it: it writes what it is to write, and finds a profile of its own and no network."""
    (tmp_path / "made.docx").write_bytes(word_files.data_of(simple()))
    program = tmp_path / "soffice"
    program.write_text(
        '#!/bin/sh\ncase "$*" in *UserInstallation=file://*) ;; *) exit 1;; esac\n[ -n "$http_proxy" ] || exit 1\n'
        f'while [ "$1" != --outdir ]; do shift; done\nmkdir -p "$2"\ncp "{tmp_path}/made.docx" "$2/in.docx"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert word.read(ole("WordDocument"), "旧.doc").paragraphs == ["培训分三天进行。"]

    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(word.NotWord, match="没有读出来"):
        word.read(ole("WordDocument"), "旧.doc")


def huge_picture():
    """A PNG that says it is 30,000 pixels wide and high, in a few bytes."""

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def with_huge_picture():
    document = simple()
    document.add_picture(word_files.picture())
    data = word_files.data_of(document)
    part = next(name for name in zipfile.ZipFile(BytesIO(data)).namelist() if name.startswith("word/media/"))
    return changed(data, {part: lambda old: huge_picture()})


@pytest.mark.parametrize("span", ["一", "", "-1", "0", "99999999999"])
def test_a_cell_of_nonsensical_width_is_an_ordinary_one(span):
    document = simple()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "一格"
    table.cell(0, 0)._tc.get_or_add_tcPr().get_or_add_gridSpan()
    data = word_files.data_of(document)
    assert b"<w:gridSpan/>" in zipfile.ZipFile(BytesIO(data)).read("word/document.xml")
    spanned = f'<w:gridSpan w:val="{span}"/>'.encode()

    article = word.read(changed(data, {"word/document.xml": lambda part: part.replace(b"<w:gridSpan/>", spanned)}))

    assert article.tables == [[["一格", ""]]]


def test_a_picture_of_too_many_pixels_is_named_and_the_rest_comes_in():
    article = word.read(with_huge_picture(), "稿.docx")

    assert article.paragraphs == ["培训分三天进行。"]
    assert article.photos == []
    assert [(loss.what, loss.count) for loss in article.losses] == [("像素过多的图片，请缩小后单独添加", 1)]


def largest_text():
    """Just under the limit of elements."""
    return with_document(
        lambda part: part.replace(
            b"<w:body>", b"<w:body>" + "<w:p><w:r><w:t>一段文字。</w:t></w:r></w:p>".encode() * 16_000
        )
    )


MEASURED = {
    **{name: make for name, (make, _sentence) in BAD.items()},
    "图.docx": with_huge_picture,
    "长.docx": largest_text,
}


@pytest.mark.parametrize("name", [*MEASURED, "大.docx"])
def test_it_takes_less_than_300_megabytes(tmp_path, name):
    file = tmp_path / name
    if name in MEASURED:
        file.write_bytes(MEASURED[name]())
    else:
        with file.open("wb") as stream:
            stream.truncate(200 * MEGABYTE)
    # Not ru_maxrss, which a new program takes over from the one that started it.
    program = (
        "import sys\nfrom django.core.management import execute_from_command_line as run\n"
        "try:\n    run(['manage.py', 'import_word', sys.argv[1], '--dry-run', '--json'])\n"
        "finally:\n    print([line for line in open('/proc/self/status') if 'VmHWM' in line][0], file=sys.stderr)\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "bulletin_cms.settings", "PATH": "/usr/bin:/bin"}

    done = subprocess.run(
        [sys.executable, "-c", program, file], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )

    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if name in ("图.docx", "长.docx") else 1)
    assert int(done.stderr.split()[-2]) < 300_000  # kilobytes


def test_the_command_prints_what_was_read_and_stores_nothing(db, tmp_path):
    file = tmp_path / "稿.docx"
    document = simple()
    document.add_table(1, 1).cell(0, 0).text = "一格"
    document.add_picture(word_files.picture())
    file.write_bytes(word_files.data_of(document))
    out = StringIO()

    call_command("import_word", file, "--dry-run", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {
        "title": "青浦局开展专题培训",
        "subtitle": "",
        "unit": "",
        "authors": "",
        "contact": "",
        "paragraphs": ["培训分三天进行。"],
        "photos": [{"caption": "", "width": 800, "height": 600}],
        "tables": [[["一格"]]],
        "losses": [],
    }
    assert Article.objects.count() == 0


def test_the_command_says_when_the_file_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"fehlt\.docx"):
        call_command("import_word", tmp_path / "fehlt.docx", "--dry-run")


def test_the_word_files_in_the_installed_packages_are_read():
    """What the packages bring along: python-docx its template, mammoth nothing."""
    folders = [Path(importlib.util.find_spec(name).origin).parent for name in ("docx", "mammoth")]
    files = [file for folder in folders for file in folder.rglob("*.docx")]

    assert files, f"No Word file in {folders}: the packages have changed"
    for file in files:
        word.read(file.read_bytes(), file.name)
