"""Reads the log of a Postfix mail server (setting MAIL_LOG): what became of mails that it took, or may have taken.

A mail of ours is known by its Message-ID; from then on the log names it by its number in the server's queue. Lines are read
once, also those of a log that was rotated in between.
"""

import gzip
import hashlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import settling
from ..models import Delivery, HeldAddress, Outgoing, QueuedAtServer, ReadingMark, Reminder
from . import filing
from .reasons import Kind, kind_of

log = logging.getLogger(__name__)

CHUNK = 512 * 1024
MOST_CHUNKS = 100  # in one look
_HEAD = 256  # by these first bytes a log is found again when it was renamed

_LINE = re.compile(r"\bpostfix[\w.-]*/(?:[\w-]+/)?([\w-]+)\[\d+\]: ([0-9A-Za-z]{6,30}): (.*)$")
_MESSAGE_ID = re.compile(r"message-id=(<\d{1,18}\.\d{1,18}(?:\.\d{8})?\.[0-9a-f]{16}@[^<>\s@]{1,253}>)$")
_RESULT = re.compile(r"to=<([^<>]*)>,(?: orig_to=<([^<>]*)>,)? relay=([^,]*),.*?dsn=([\d.]+), status=(\w+) \((.*)\)$")
_EXPIRED = re.compile(r"from=<[^<>]*>, status=expired, (.*)$")
# Handed to a filter on the same machine, which gives it back under another number.
_ITSELF = re.compile(r"^(?:localhost|127\.0\.0\.1|\[?::1)|\[127\.0\.0\.1\]|\[::1\]")


def mark() -> ReadingMark | None:
    """How the last look went; None where no log is set. One not looked into yet has no `looked_at`."""
    if not settings.MAIL_LOG:
        return None
    return ReadingMark.objects.filter(source=settings.MAIL_LOG).first() or ReadingMark(source=settings.MAIL_LOG)


def read_new() -> None:
    if not settings.MAIL_LOG:
        return
    row, _is_new = ReadingMark.objects.get_or_create(source=settings.MAIL_LOG)
    try:
        for lines, mark in _unread(Path(settings.MAIL_LOG), row.mark):
            with transaction.atomic():
                _take(lines)
                row.mark = mark
                row.save()
        row.error = ""
    except (OSError, EOFError) as error:
        log.error("the mail server's log can't be read: %s", error)
        row.error = _("The mail server's log can't be read: %(why)s") % {"why": error}
    row.looked_at = timezone.now()
    row.save()


# --- the file ------------------------------------------------------------------------------------------------------
def _unread(path: Path, mark: dict) -> Iterator[tuple[list[str], dict]]:
    """Whole lines that were not read yet, with the mark to keep when they are: what is left of the rotated log, then the
    present one."""
    left = MOST_CHUNKS
    for file_path, start in _files(path, mark):
        with _opened(file_path) as file:
            file.seek(start)
            while left and (lines := _whole_lines(file)):
                left -= 1
                yield lines, _mark_of(file_path, file.tell())


def _files(path: Path, mark: dict) -> list[tuple[Path, int]]:
    """Which files are to be read, each from where."""
    if not mark or _is_it(path, mark):
        return [(path, mark.get("offset", 0))]
    older = sorted(path.parent.glob(f"{path.name}?*"), key=lambda each: each.stat().st_mtime)
    found = [place for place, each in enumerate(older) if _is_it(each, mark)]
    if not found:
        return [(path, 0)]
    return [(older[found[-1]], mark["offset"]), *((each, 0) for each in older[found[-1] + 1 :]), (path, 0)]


def _is_it(path: Path, mark: dict) -> bool:
    """Whether this is the log of the mark: it begins as that did, and is not shorter than what was read of it."""
    with _opened(path) as file:
        head = file.read(mark["head"])
        return _hash(head) == mark["hash"] and (_is_packed(path) or path.stat().st_size >= mark["offset"])


def _mark_of(path: Path, offset: int) -> dict:
    with _opened(path) as file:
        head = file.read(min(_HEAD, offset))
    return {"head": len(head), "hash": _hash(head), "offset": offset}


def _hash(head: bytes) -> str:
    return hashlib.sha256(head).hexdigest()


def _is_packed(path: Path) -> bool:
    return path.suffix == ".gz"


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb")) if _is_packed(path) else path.open("rb")


def _whole_lines(file: BinaryIO) -> list[str]:
    """Up to the last line's end within a chunk; a line without an end is left for the next look, unless it has no end."""
    start, chunk = file.tell(), file.read(CHUNK)
    whole = chunk.rfind(b"\n") + 1 or (CHUNK if len(chunk) == CHUNK else 0)
    file.seek(start + whole)
    return chunk[:whole].decode(errors="replace").splitlines()


# --- what the lines say --------------------------------------------------------------------------------------------
def _take(lines: list[str]) -> None:
    said = [found.groups() for line in lines if (found := _LINE.search(line))]
    ours = dict(_known({queue_id for _program, queue_id, _words in said}))
    before = set(ours.items())
    gone = set()
    for program, queue_id, words in said:
        if program == "cleanup":
            if found := _MESSAGE_ID.search(words):
                ours[queue_id] = found[1]
        elif queue_id in ours:
            if words == "removed":
                gone.add(queue_id)
            else:
                _settle(ours[queue_id], words)
    QueuedAtServer.objects.filter(queue_id__in=gone).delete()
    # The server gives a number again, in the course of time.
    new = [
        QueuedAtServer(queue_id=key, message_id=value) for key, value in set(ours.items()) - before if key not in gone
    ]
    QueuedAtServer.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["queue_id"], update_fields=["message_id"], batch_size=500
    )


def _known(queue_ids: set[str]) -> Iterator[tuple[str, str]]:
    wanted = sorted(queue_ids)
    for start in range(0, len(wanted), 500):
        rows = QueuedAtServer.objects.filter(queue_id__in=wanted[start : start + 500])
        yield from rows.values_list("queue_id", "message_id")


def _settle(message_id: str, words: str) -> None:
    if found := _RESULT.search(words):
        to, orig_to, relay, dsn, status, answer = found.groups()
        row = _row(message_id) if status in ("sent", "bounced") else None
        if row and status == "bounced":
            addresses = tuple(address.lower() for address in (to, orig_to) if address)
            _returned(row, answer, dsn, addresses)
        elif row and not (_ITSELF.search(relay) and "queued as" in answer):
            settling.arrived(row, _("the mail server's log: %(words)s") % {"words": answer[:300]})
    elif (found := _EXPIRED.search(words)) and (row := _row(message_id)):
        _returned(row, f"expired, {found[1]}", "", (), Kind.OTHER)


def _returned(row: Outgoing, answer: str, dsn: str, addresses: tuple[str, ...], kind: Kind | None = None) -> None:
    words = (answer if dsn in answer else f"{dsn} {answer}")[:500]
    kind = kind or kind_of(words, dsn)
    filing.returned(row, words, kind, dsn, HeldAddress.Source.LOG, addresses)


def _row(message_id: str) -> Outgoing | None:
    for model in (Delivery, Reminder):
        if row := model._default_manager.select_related("mailing").filter(message_id=message_id).first():
            return row
    return None
