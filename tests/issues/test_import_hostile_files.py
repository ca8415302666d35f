"""Files that were made to take for ever are refused with a sentence, and soon."""

import time
import zlib

import pytest
from django.core.management import CommandError, call_command

from issues.past import reading
from issues.past.evidence import title_likeness


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, the first of which is the catalog."""
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def pdf_with(content: bytes, page_extra: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % page_extra
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, content)


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def refused(tmp_path, name: str, data: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(CommandError) as error:
        call_command("import_issue", path, dry_run=True)
    return str(error.value)


def test_a_line_of_two_hundred_thousand_brackets(tmp_path):
    began = time.monotonic()

    words = refused(tmp_path, "x.txt", "总第1期\n".encode() + "（".encode() * 200_000)

    assert "第 2 行有 200000 字" in words
    assert time.monotonic() - began < 20


def test_the_longest_line_of_brackets_is_weighed_soon():
    began = time.process_time()

    title_likeness("（" * reading.LONGEST_LINE)

    assert time.process_time() - began < 1


def test_fifty_thousand_lines(tmp_path):
    words = refused(tmp_path, "x.txt", "青浦局组织安全培训，讲解规程。\n".encode() * 50_000)

    assert "共 50000 行" in words


def test_a_page_of_nested_arrays(tmp_path):
    nested = b"/Resources " + b"[" * 100_000 + b"]" * 100_000

    words = refused(tmp_path, "x.pdf", pdf_with(stream(b"BT ET"), nested))

    assert "x.pdf" in words


def test_a_stream_that_takes_all_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "READ_MEGABYTES", 60)

    words = refused(tmp_path, "x.pdf", pdf_with(stream(b"1 0 0 1 0 0 cm\n" * 16_000_000)))

    assert "x.pdf" in words


def test_a_file_that_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "READ_SECONDS", 0.2)

    words = refused(tmp_path, "x.pdf", pdf_with(stream(b"0 0 1 1 re f\n" * 5_000_000)))

    assert "太久" in words


def test_a_missing_file_is_still_said_to_be_missing(tmp_path):
    with pytest.raises(CommandError, match="nowhere.txt"):
        call_command("import_issue", tmp_path / "nowhere.txt", dry_run=True)
