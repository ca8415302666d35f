"""manage.py render_issue: any issue as a PDF, or one clear sentence."""

import hashlib
import re
import zlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from tests.scenes import scene
from tests.typesetting.printed import squeezed
from tests.typesetting.read_back import page_texts
from typesetting import reading

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def opened(bulletin, cast):
    return factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])


def run(*arguments):
    out = StringIO()
    call_command("render_issue", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("layout", [None, "gbt9704", "as-printed"])
def test_it_writes_the_pdf_and_says_pages_size_and_hash(opened, tmp_path, layout):
    path = tmp_path / "issue.pdf"
    said = run(opened.reference, "-o", str(path), *(["--layout", layout] if layout else []))
    pdf = path.read_bytes()
    assert f"{reading.page_count(pdf)} 页，{len(pdf)} 字节" in said
    assert hashlib.sha256(pdf).hexdigest() in said
    text = squeezed("".join(page_texts(pdf)))
    assert squeezed(opened.placements.get().version.title) in text
    assert f"{opened.year}年第{opened.number}期（总第{opened.total_number}期）" in text


@pytest.mark.parametrize(("variant", "mark"), [("archive", b"pdfaid"), ("accessible", b"pdfuaid")])
def test_it_writes_for_the_archive_or_for_screen_readers(opened, tmp_path, variant, mark):
    path = tmp_path / "issue.pdf"

    run(opened.reference, "-o", str(path), "--variant", variant)

    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", path.read_bytes(), re.DOTALL)
    # Not zlib.decompress: a stream whose last byte is a line's end loses it above.
    unpacked = [zlib.decompressobj().decompress(stream) if stream[:1] == b"x" else stream for stream in streams]
    assert [stream for stream in unpacked if mark in stream]


def test_a_supplement_is_called_by_its_series(bulletin, cast, tmp_path):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)], kind="supplement")
    path = tmp_path / "issue.pdf"
    assert "SHA-256" in run(issue.reference, "-o", str(path))
    assert "增刊第1期" in squeezed("".join(page_texts(path.read_bytes())))


@pytest.mark.parametrize("reference", ["2026-99", "2031-1", "nonsense", "", "2026-", "-1"])
def test_an_issue_that_is_not_there_is_one_clear_sentence(bulletin, tmp_path, reference):
    with pytest.raises(CommandError, match="这一期"):
        run("-o", str(tmp_path / "x.pdf"), "--", reference)
    assert not (tmp_path / "x.pdf").exists()


def test_a_folder_that_is_not_there_is_one_clear_sentence(opened, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run(opened.reference, "-o", str(tmp_path / "nowhere" / "x.pdf"))


def test_characters_of_another_font_are_named(bulletin, cast, tmp_path):
    article = factories.accepted(cast.lin, cast.lu, title="青浦局走访驿站", body="<p>负责人吕镕参加。</p>")
    issue = factories.make_issue(bulletin, cast.lu, [article])
    assert "镕" in run(issue.reference, "-o", str(tmp_path / "issue.pdf"))
