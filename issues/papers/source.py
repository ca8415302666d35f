"""What every form is made of: the signed content, the signed PDF and the signed photos, each checked against its hash."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from typesetting.content import ArticleContent, IssueContent, digest_of
from workflow.refusals import Refused

from .. import setting
from ..content import content_of
from ..models import Issue, SignOff
from .official import signed_bytes


@dataclass(frozen=True)
class Source:
    """One signed issue. `content` and `pdf` are what the sign-off names by their hashes."""

    issue: Issue
    signed: SignOff
    content: IssueContent
    pdf: bytes

    def photo_bytes(self, photo_id: int) -> bytes:
        """PdfError when the file is gone or changed, Refused when it is not the one that was signed."""
        data = setting.photo_bytes(photo_id)
        signed = {photo.photo_id: photo.sha256 for story in self.stories for photo in story.photos}
        if hashlib.sha256(data).hexdigest() != signed.get(photo_id):
            raise Refused(_("A photo is not the one that was signed. Please tell the administrator."))
        return data

    @property
    def stories(self) -> tuple[ArticleContent, ...]:
        return (*self.content.articles, *self.content.briefs)


def problem(issue: Issue) -> str:
    """Why nothing can be made of it; empty when it can."""
    if issue.is_past:
        return _("%(issue)s was taken over from the archive: nothing of it was signed here.") % {"issue": issue}
    if not issue.is_issued:
        return _("%(issue)s is not issued yet.") % {"issue": issue}
    return ""


def source_of(issue: Issue) -> Source:
    """Refused when the content or the PDF is not what was signed."""
    if why := problem(issue):
        raise Refused(why)
    signed = issue.sign_offs.get(withdrawn_at=None)
    pdf = signed_bytes(issue)
    if not issue.frozen or digest_of(issue.frozen.text) != signed.digest or issue.pdf_sha256 != signed.pdf_sha256:
        raise Refused(
            _("The content of %(issue)s is not what was signed. Please tell the administrator.") % {"issue": issue}
        )
    return Source(issue, signed, content_of(issue), pdf)
