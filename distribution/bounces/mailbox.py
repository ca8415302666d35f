"""Looks into the mailbox for returned mail (setting BOUNCES_FROM) and files what is new."""

import logging
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ReadingMark, ReturnedMail
from . import filing, folders, imap

log = logging.getLogger(__name__)

AT_ONCE = 500  # files in one look


def is_set() -> bool:
    return bool(settings.BOUNCES)


def mark() -> ReadingMark | None:
    """How the last look went; None where no mailbox is set. One not looked into yet has no `looked_at`."""
    if not settings.BOUNCES:
        return None
    return ReadingMark.objects.filter(source=_name()).first() or ReadingMark(source=_name())


def _name() -> str:
    source = settings.BOUNCES
    return source.get("folder") or f"{source['user']}@{source['host']}/{source['mailbox']}"


def read_new() -> None:
    if not settings.BOUNCES:
        return
    row, _is_new = ReadingMark.objects.get_or_create(source=_name())
    try:
        if "folder" in settings.BOUNCES:
            _read_folder(Path(settings.BOUNCES["folder"]), settings.BOUNCES["move_to"])
        else:
            _read_imap(row)
        row.error = ""
    except (OSError, imap.ImapError) as error:
        log.error("the mailbox for returned mail can't be read: %s", error)
        is_told = isinstance(error, imap.ImapError)
        row.error = str(error) if is_told else _("The folder for returned mail can't be read: %(why)s") % {"why": error}
    row.looked_at = timezone.now()
    row.save()


def _read_folder(folder: Path, target: str) -> None:
    found = list(folders.messages(folder))
    if target:
        fresh = found
    else:
        known: set[str] = set()
        for start in range(0, len(found), AT_ONCE):
            places = [message.place for message in found[start : start + AT_ONCE]]
            known.update(ReturnedMail.objects.filter(place__in=places).values_list("place", flat=True))
        fresh = [message for message in found if message.place not in known]
    for message in fresh[:AT_ONCE]:
        try:
            content = message.content()
        except FileNotFoundError:  # a mail program has just marked it as read, which gives it another name
            continue
        filing.file(content, message.place)
        if target:
            folders.move(message.path, Path(target))


def _read_imap(row: ReadingMark) -> None:
    with imap.mailbox(settings.BOUNCES) as box:
        # With another validity the server counts anew.
        last = row.mark.get("uid", 0) if row.mark.get("validity") == box.validity else 0
        for uid in box.after(last):
            content = box.content(uid)
            if content is not None:
                filing.file(content, f"{box.validity}.{uid}")
                if box.target:
                    box.move(uid)
            row.mark = {"validity": box.validity, "uid": uid}
            row.save()
