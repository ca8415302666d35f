"""Word files that LibreOffice wrote, whose XML differs from python-docx's, and older files that it reads for us.

`make test` installs it (ops/packages); a plain pytest without it says so.
"""

import shutil
import subprocess

import pytest

from articles import word
from articles.docx.numbering import written
from tests.articles import word_files
from tests.articles.test_word import losses, stories

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed (ops/packages tests)")
DOCX, DOC = "docx:MS Word 2007 XML", "doc"


def convert(kind, files, folder):
    """All of them by one start of the program; gives what it wrote, in their order."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", folder, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return [folder / f"{path.stem}.{kind[:4].strip(':')}" for path in files]


def saved(found, shape, folder):
    paths = []
    for at, story in enumerate(found):
        paths.append(folder / f"{at}.docx")
        paths[-1].write_bytes(word_files.data_of(shape(story)))
    return paths


def numbers(paragraphs):
    return [f"{written(at, 'chineseCounting')}、{text}" for at, text in enumerate(paragraphs, 1)]


@pytest.mark.parametrize(
    ("shape", "kinds", "shown"),
    [
        (word_files.tracked, [DOCX], list),
        (word_files.numbered, [DOCX], numbers),
        (word_files.with_spaces, [DOC, DOCX], list),
    ],
    ids=["tracked", "numbered", "doc"],
)
def test_the_real_stories_come_in_from_files_of_libreoffice(bulletins_dir, tmp_path, shape, kinds, shown):
    found = list(stories(bulletins_dir))
    assert len(found) > 20
    files = saved(found, shape, tmp_path)
    for at, kind in enumerate(kinds):
        files = convert(kind, files, tmp_path / f"made{at}")

    for story, path in zip(found, files, strict=True):
        article = word.read(path.read_bytes(), path.name)

        assert article.title.splitlines() == word_files.title_lines(story)
        assert article.subtitle == (story["subtitle"] or "")
        assert article.paragraphs == shown(story["paragraphs"])


def test_an_old_file_comes_in_with_its_table_and_its_photo(tmp_path):
    document = word_files.Document()
    word_files.centred(document, "站点开展夜间安全巡查", size=22)
    document.add_paragraph("巡查分两组进行。")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["站点", "次数", "东站", "三次"], strict=True):
        cell.text = text
    document.add_picture(word_files.picture())
    document.add_paragraph("巡查持续到月底。")
    (tmp_path / "old.docx").write_bytes(word_files.data_of(document))
    (old,) = convert(DOC, [tmp_path / "old.docx"], tmp_path)

    article = word.read(old.read_bytes(), "旧稿.doc")

    assert article.title == "站点开展夜间安全巡查"
    assert article.paragraphs == ["巡查分两组进行。", "巡查持续到月底。"]
    assert article.tables == [[["站点", "次数"], ["东站", "三次"]]]
    assert len(article.photos) == 1
    assert losses(article) == {}
