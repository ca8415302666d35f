"""What a backup's file refuses to be: cut short, changed, put together by others, or leading out of its folder."""

import json
import zipfile
from hashlib import sha256

import pytest

from bulletin_cms import backup_file
from bulletin_cms.backup_file import MANIFEST, About
from workflow.refusals import Refused

PARTS = {"database.sqlite3": b"rows" * 40, "media/photos/2026/04/a.jpg": bytes(range(256)), "media/b.pdf": b"%PDF"}


@pytest.fixture
def kept(tmp_path):
    """The path of a whole backup of PARTS."""
    sources = tmp_path / "sources"
    sources.mkdir()
    for number, content in enumerate(PARTS.values()):
        (sources / str(number)).write_bytes(content)
    about = About("2026-04-08T02:00:00+08:00", "sqlite", "3.40", ["accounts.0001_initial"], {"accounts_user": 9})
    parts = ((name, sources / str(number)) for number, name in enumerate(PARTS))
    backup_file.write(tmp_path / "kept.zip", parts, about)
    return tmp_path / "kept.zip"


def found(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewritten(kept, change):
    """The same file with its manifest and contents as `change` leaves them."""
    with zipfile.ZipFile(kept) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(contents.pop(MANIFEST))
    change(manifest, contents)
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        archive.writestr(MANIFEST, json.dumps(manifest))


def test_what_went_in_comes_out(kept, tmp_path):
    manifest = backup_file.read(kept, into=tmp_path / "out")

    assert found(tmp_path / "out") == PARTS
    assert manifest.about.rows == {"accounts_user": 9}
    assert manifest.size == sum(map(len, PARTS.values()))


def test_a_part_of_it_is_refused_wherever_it_was_cut(kept):
    whole = kept.read_bytes()
    for length in range(0, len(whole), 7):
        kept.write_bytes(whole[:length])
        with pytest.raises(Refused, match="kept.zip"):
            backup_file.read(kept)


def test_no_changed_byte_changes_what_is_read(kept, tmp_path):
    whole, refused = kept.read_bytes(), 0
    for place in range(0, len(whole), 5):
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            backup_file.read(kept, into=tmp_path / str(place))
        except Refused:
            refused += 1
        else:  # a date or a mark of the zip, which is not read
            assert found(tmp_path / str(place)) == PARTS
    assert refused > len(whole) / 10


def test_a_file_that_was_exchanged_is_named(kept):
    rewritten(kept, lambda _manifest, contents: contents.update({"media/b.pdf": b"%PDG"}))

    with pytest.raises(Refused, match=r"media/b\.pdf"):
        backup_file.read(kept)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest, contents: contents.update(more=b""),
        lambda manifest, contents: contents.pop("media/b.pdf"),
        lambda manifest, contents: manifest["entries"].pop("media/b.pdf"),
        lambda manifest, contents: manifest.pop("entries"),
        lambda manifest, contents: manifest.update(format="bulletin_cms backup 2"),
        lambda manifest, contents: manifest.update(surprise=1),
        lambda manifest, contents: manifest["entries"].update({"media/b.pdf": 4}),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(kept, change):
    rewritten(kept, change)

    with pytest.raises(Refused):
        backup_file.read_manifest(kept)


@pytest.mark.parametrize(
    "name",
    [
        "../out.txt",
        "media/../../out.txt",
        "/out.txt",
        "media//out.txt",
        "media\\..\\out.txt",
        "elsewhere/out.txt",
        "media/./a",
    ],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(kept, tmp_path, name):
    entry = {"size": 1, "sha256": sha256(b"x").hexdigest()}
    rewritten(
        kept, lambda manifest, contents: (manifest["entries"].update({name: entry}), contents.update({name: b"x"}))
    )

    with pytest.raises(Refused, match="目录以外"):
        backup_file.read(kept, into=tmp_path / "deep" / "out")
    assert not (tmp_path / "deep").exists()


def test_a_name_that_stands_in_it_twice_is_refused(kept):
    with zipfile.ZipFile(kept, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("media/b.pdf", b"%PDF")

    with pytest.raises(Refused):
        backup_file.read_manifest(kept)


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", "一份别的文件".encode()])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "other.zip").write_bytes(content)

    with pytest.raises(Refused, match="other.zip"):
        backup_file.read_manifest(tmp_path / "other.zip")


def test_another_zip_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(Refused, match="other.zip"):
        backup_file.read_manifest(tmp_path / "other.zip")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Refused, match="none.zip"):
        backup_file.read_manifest(tmp_path / "none.zip")
