"""Pages to take away as PDFs, comparisons (花脸稿) above all: asked for by one person, set by a worker, kept for a day."""

import hashlib
from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from articles.redline import Redline
from workflow.worker import notify

from .models import RedlinePdf

KEPT = timedelta(days=1)


def request(redline: Redline, *, by: User, shown_at: str) -> RedlinePdf:
    """Ask for its pages, unless this person has asked for the same today. `shown_at` is the address that shows it."""
    page = render_to_string("issues/redline_page.html", {"redline": redline})
    return request_page(page, redline.file_name("pdf"), by=by, shown_at=shown_at)


def request_page(page: str, name: str, *, by: User, shown_at: str) -> RedlinePdf:
    """Ask for a page of our own HTML, styled by typesetting/redline.css, as a file of this name."""
    digest = hashlib.sha256(page.encode()).hexdigest()
    values = {"page": page, "name": name, "shown_at": shown_at}
    asked, is_new = RedlinePdf.objects.get_or_create(asked_by=by, digest=digest, defaults=values)
    if is_new or (asked.is_failed and asked.ask_again()):
        notify("issues.tasks.render_redline", redline_id=asked.pk)
    return asked


def forget_old() -> None:
    settled = RedlinePdf.objects.exclude(state=RedlinePdf.State.QUEUED)
    for asked in settled.filter(requested_at__lt=timezone.now() - KEPT).defer("page"):
        asked.pdf.delete(save=False)
        asked.delete()
