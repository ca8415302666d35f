"""Puts papers into a package: one zip, the same bytes for the same papers, with a list of their SHA-256, SM3 and sizes."""

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core import checks
from django.utils import timezone

from .metadata import Record, paper_of
from .papers import MANIFEST, VERIFIER, Paper

HEAD = "归档包清单 1"
SOURCE = Path(__file__).with_name("verify_package.py")


@dataclass(frozen=True)
class Codes:
    """The check codes of a package: the two digests of its list, which names all its other files by theirs."""

    sha256: str
    sm3: str


def write(file: BinaryIO, papers: Iterable[Paper], record: Record) -> Codes:
    """Nothing is packed closer: old computers and damaged disks give back what lies there plainly."""
    lines, sizes = [HEAD], {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:

        def add(paper: Paper) -> None:
            archive.writestr(_entry(paper.name, record.issued_at), paper.data)
            sizes[paper.name] = len(paper.data)
            digests = hashlib.sha256(paper.data).hexdigest(), hashlib.new("sm3", paper.data).hexdigest()
            lines.append("\t".join([*digests, str(len(paper.data)), paper.name]))

        add(Paper(VERIFIER, SOURCE.read_bytes()))
        for paper in papers:
            add(paper)
        add(paper_of(record, sizes))
        manifest = "".join(f"{line}\n" for line in lines).encode()
        archive.writestr(_entry(MANIFEST, record.issued_at), manifest)
    return Codes(hashlib.sha256(manifest).hexdigest(), hashlib.new("sm3", manifest).hexdigest())


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    """Dated as the issue, not as the making, and the same on every system. zipfile marks names that need it as UTF-8."""
    entry = zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    return entry


def check_sm3(**_kwargs: Any) -> Sequence[checks.CheckMessage]:
    """Whether this Python can make a package at all."""
    try:
        hashlib.new("sm3")
    except ValueError:
        words = "这个 Python 的 hashlib 没有 SM3（国密杂凑算法），不能生成归档包。"
        hint = "请换用带 OpenSSL 1.1.1 以上、没有关掉 SM3 的 Python，例如 Debian 的 python3。"
        return [checks.Error(words, hint=hint, id="archiving.E001")]
    return []
