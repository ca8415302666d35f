"""Keeps mails as files where there is no mail server."""

import os
import re
import threading
from email.utils import make_msgid
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from .letter import Letter


class EmlFileBackend(BaseEmailBackend):
    """Keeps each mail as one .eml file in EMAIL_FILE_PATH; a file that is there is whole and on the disk."""

    def __init__(self, *args, file_path=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # from environment.mail

    def send_messages(self, email_messages):
        for message in email_messages:
            if isinstance(message, Letter):
                self.write(message.wire_bytes(), message.extra_headers["Message-ID"])
            else:
                mime = message.message()
                self.write(mime.as_bytes(linesep="\r\n"), mime["Message-ID"] or make_msgid())
        return len(email_messages)

    def write(self, content: bytes, identifier: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{timezone.localtime():%Y%m%dT%H%M%S.%f}-{re.sub(r'[^A-Za-z0-9.@_-]', '', identifier)[:120]}.eml"
        target = self.folder / name
        part = self.folder / f".{name}.{os.getpid()}.{threading.get_ident()}.part"
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return target
