"""What was changed in an OFD is named: any one byte, and every fault of structure."""

import io
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.typesetting import ofd_engines
from tests.typesetting.printed import article, issue, photo
from typesetting import rendering
from typesetting.ofd import door, reading
from typesetting.ofd.package import ROOT, packed, zipped
from typesetting.ofd.reading import UnreadableOfd, unpacked

DOCUMENT, PAGE = "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"


@cache
def small():
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(stream, "PNG")
    content = issue(article(photos=(photo(1, "图"),)))
    return ofd_engines.written(rendering.render(content, photo_bytes=lambda _id: stream.getvalue()))


def changed(part, old, new):
    """The OFD with one part changed and every digest right, as by somebody who knows how."""
    parts = unpacked(small())
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    root = parts.pop(ROOT).decode()
    before, _list, after = root.partition('Name="各部件的SM3">')
    return packed(parts, lambda digests: before + _list + digests + after[after.index("<") :])


def test_nothing_is_found_in_what_was_written():
    assert door.check(small()) == []


def spans():
    """Where each part lies in the file, and its name."""
    with zipfile.ZipFile(io.BytesIO(small())) as archive:
        entries = archive.infolist()
    ends = [entry.header_offset for entry in entries[1:]] + [len(small())]
    return [(entry.filename, entry.header_offset, end) for entry, end in zip(entries, ends, strict=True)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_changed_byte_is_named(data):
    name, start, end = data.draw(st.sampled_from(spans()))
    place, bits = data.draw(st.integers(start, end - 1)), data.draw(st.integers(1, 255))
    ofd = bytearray(small())
    ofd[place] ^= bits

    faults = door.check(bytes(ofd))

    assert faults
    with zipfile.ZipFile(io.BytesIO(small())) as archive:
        entry = archive.getinfo(name)
    data_starts = start + 30 + len(name)
    if data_starts <= place < data_starts + entry.compress_size:
        assert any(f"“{name}”" in fault for fault in faults), faults


def test_the_bits_that_fill_up_a_last_byte_count_too():
    """They mean nothing to whoever unpacks the part."""
    found = 0
    for name, start, _end in spans():
        with zipfile.ZipFile(io.BytesIO(small())) as archive:
            entry = archive.getinfo(name)
        last = start + 30 + len(name) + entry.compress_size - 1
        for bit in range(8):
            ofd = bytearray(small())
            ofd[last] ^= 1 << bit
            faults = door.check(bytes(ofd))
            assert any(f"“{name}”" in fault for fault in faults), (name, bit)
            found += "条目被改动过" in faults[0]
    assert found > 5  # else this tests nothing


@pytest.mark.parametrize("more", [lambda ofd: ofd + b"\0", lambda ofd: b"\0" + ofd, lambda ofd: ofd[:-2] + b"\3\0abc"])
def test_what_stands_before_or_behind_is_found(more):
    assert door.check(more(small())) != []


@pytest.mark.parametrize("cut", [0, 1, 100, -1, -30])
def test_half_a_file_is_no_ofd(cut):
    (fault,) = door.check(small()[:cut])

    assert fault == "这不是 OFD 文件：包打不开。"


def test_a_pdf_is_no_ofd():
    with pytest.raises(UnreadableOfd, match="这不是 OFD"):
        door.text(b"%PDF-1.7\n")


def test_a_zip_of_something_else_is_no_ofd():
    assert door.check(zipped({"word/document.xml": b"<a/>"})) == ["OFD 包内缺少“OFD.xml”。"]


def test_a_part_that_is_gone_is_named():
    parts = unpacked(small())
    font = next(part for part in parts if part.endswith(".otf"))
    del parts[font]

    faults = door.check(zipped(parts))

    assert f"OFD 包内缺少“{font}”。" in faults
    assert any("引用的" in fault and font in fault for fault in faults)


def test_a_part_too_many_is_named():
    parts = unpacked(small()) | {"Doc_0/more.txt": b"x"}

    faults = door.check(zipped(parts))

    assert "OFD 包内没有任何地方引用“Doc_0/more.txt”。" in faults
    assert "“Doc_0/more.txt”与生成时不同：摘要值不一致。" in faults


@pytest.mark.parametrize(
    ("part", "old", "new", "words"),
    [
        (ROOT, b'"OFD-A"', b'"OFD"', "没有注明是存档用"),
        (DOCUMENT, b"</ofd:Pages>", b"</ofd:Pages><ofd:Permissions/>", "存档格式不允许"),
        (DOCUMENT, b"</ofd:Pages>", b"</ofd:Pages><ofd:VPreferences/>", "存档格式不允许"),
        (DOCUMENT, b'PageID="', b'PageID="99', "不存在"),
        (PAGE, b' Font="', b' Font="99', "不存在"),
        (PAGE, b'ResourceID="', b'ResourceID="99', "不存在"),
        (PAGE, b'<ofd:Layer ID="2"', b'<ofd:Layer ID="1"', "重复使用了编号 1"),
        (DOCUMENT, b"<ofd:MaxUnitID>", b"<ofd:MaxUnitID>0", ""),
        (PAGE, b"<ofd:Content>", b"<ofd:Content", "不是 XML"),
        (PAGE, b"</ofd:TextCode>", b"</ofd:TextCode><ofd:FillColor/>", "次序不合标准"),
        (PAGE, b"</ofd:Layer>", b"<ofd:Movie/></ofd:Layer>", "次序不合标准"),
        (DOCUMENT, b"<ofd:Goto>", b"<ofd:URI/><ofd:Goto>", "次序不合标准"),
    ],
)
def test_a_fault_of_structure_is_found_though_the_digests_are_right(part, old, new, words):
    faults = door.check(changed(part, old, new))

    if words:
        assert any(words in fault for fault in faults), faults
    else:
        assert faults == []  # a higher number than needed is none


def test_a_highest_number_that_is_exceeded_is_found():
    faults = door.check(changed(DOCUMENT, b"<ofd:MaxUnitID>", b"<ofd:MaxUnitID>1</ofd:MaxUnitID><ofd:MaxUnitID>"))

    assert "“Doc_0/Document.xml”写明的最大编号小于实际编号。" in faults


@pytest.mark.parametrize("wrong", [b"x", b"", b"-1"])
def test_a_number_that_is_none_is_found(wrong):
    assert door.check(
        changed(DOCUMENT, b"<ofd:MaxUnitID>", b"<ofd:MaxUnitID>%s</ofd:MaxUnitID><ofd:MaxUnitID>" % wrong)
    )
    assert door.check(changed(PAGE, b'<ofd:Layer ID="2"', b'<ofd:Layer ID="%s"' % wrong))


@pytest.mark.parametrize("wrong", [b"x", b"", b"1"])
def test_text_whose_place_is_no_number_is_not_read(wrong):
    ofd = changed(PAGE, b' Boundary="', b' Boundary="%s" Name="' % wrong)

    with pytest.raises(UnreadableOfd, match="不是数字"):
        door.text(ofd)


def test_a_font_outside_the_file_is_found():
    parts = unpacked(small())
    font = next(part for part in parts if part.endswith(".otf")).rpartition("/")[2].encode()
    faults = door.check(changed("Doc_0/PublicRes.xml", b"<ofd:FontFile>%s</ofd:FontFile>" % font, b""))

    assert any("没有嵌入" in fault for fault in faults)


def test_a_file_that_grows_beyond_all_measure_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    bomb = zipped({"OFD.xml": b"<a/>", "Doc_0/a.xml": b"\0" * 1_000_000})

    assert door.check(bomb) == ["OFD 解压后太大。"]
