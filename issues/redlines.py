"""Comparisons to take away as PDFs (花脸稿): asked for by one person, set by a worker, kept for a day."""

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
    digest = hashlib.sha256(page.encode()).hexdigest()
    values = {"page": page, "name": redline.file_name("pdf"), "shown_at": shown_at}
    asked, is_new = RedlinePdf.objects.get_or_create(asked_by=by, digest=digest, defaults=values)
    if is_new or (asked.is_failed and asked.ask_again()):
        notify("issues.tasks.render_redline", redline_id=asked.pk)
    return asked


def forget_old() -> None:
    settled = RedlinePdf.objects.exclude(state=RedlinePdf.State.QUEUED)
    for asked in settled.filter(requested_at__lt=timezone.now() - KEPT).defer("page"):
        asked.pdf.delete(save=False)
        asked.delete()
