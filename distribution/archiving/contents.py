"""What a package of an issue holds, read from the signed content, the log and the disk."""

from collections.abc import Iterator

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from issues.content import content_of
from issues.models import Issue
from issues.models import Paper as Form
from issues.papers import requests
from issues.papers.kinds import DOCX, KINDS, OFD
from typesetting.content import digest_of
from workflow.refusals import Refused

from .. import access
from . import sheets, stories
from .metadata import NOTE, Record, Signature
from .papers import CONTENT, README, Paper, text

FORMS = (OFD, DOCX)  # beside the official PDF

SETTINGS = {
    "archive_name": "档案馆名称",
    "archive_code": "档案馆代码",
    "fonds_name": "全宗名称",
    "fonds_creator": "立档单位名称",
    "fonds_number": "全宗号",
    "retention": "保管期限",
}


def problem(issue: Issue) -> str:
    """Why no package can be made of it; empty when one can."""
    if issue.is_past:
        return _("%(issue)s was taken over from the archive: it was neither signed nor mailed here.") % {"issue": issue}
    if issue.amends:
        return _("%(issue)s goes into the package of the issue that it is about.") % {"issue": issue}
    if not issue.is_issued:
        return _("%(issue)s is not issued yet.") % {"issue": issue}
    return ""


def record_of(issue: Issue) -> Record:
    """Refused when the official PDF or the signed content is not what was signed."""
    if why := problem(issue):
        raise Refused(why)
    signed = issue.sign_offs.select_related("by").get(withdrawn_at=None)
    assert issue.frozen, "what is issued was signed"
    assert issue.issued_at, "what is issued has its moment"
    try:
        pdf = access.official_pdf(issue)
    except access.PdfDamaged as damage:
        raise Refused(_("The official PDF on the disk is missing or was changed.")) from damage
    if digest_of(issue.frozen.text) != signed.digest or issue.pdf_sha256 != signed.pdf_sha256:
        raise Refused(
            _("The content of %(issue)s is not what was signed. Please tell the administrator.") % {"issue": issue}
        )
    return Record(
        content=content_of(issue),
        signature=Signature(str(signed.by), signed.at, signed.digest, signed.pdf_sha256),
        issued_at=issue.issued_at,
        pdf_name=f"原件/{issue}.pdf",
        pdf_size=len(pdf),
        pdf_pages=issue.pdf_pages or 0,
        acts=(*sheets.acts_of(issue), *sheets.mailing_acts(issue)),
        settings=settings.ARCHIVE,
    )


def papers_of(issue: Issue, record: Record) -> Iterator[Paper]:
    """One after the other, so that no more than one of them is in memory."""
    assert issue.frozen, "what is issued was signed"
    page = render_to_string("distribution/archiving/readme.txt", _readme(issue, record))
    yield text(README, page)
    yield Paper(record.pdf_name, access.official_pdf(issue))
    yield Paper(CONTENT, issue.frozen.text.encode())
    for paper in _forms(issue):
        yield Paper(f"其他版本/{requests.file_name(issue, KINDS[paper.kind])}", requests.data_of(paper))
    told = stories.of(issue)
    for story in told:
        yield from stories.papers_of(story)
    yield stories.trail(told)
    yield stories.remarks(told)
    yield stories.confirmations(told)
    yield sheets.sign_off(issue, [story.placement for story in told])
    yield sheets.log(issue)
    yield sheets.history("过程/编排与签发经过.csv", sheets.acts_of(issue))
    yield from sheets.mailing(issue)
    yield from sheets.related(issue)


def _forms(issue: Issue) -> list[Form]:
    """The forms that go along, as far as they are proven."""
    return [
        paper for paper in issue.papers.filter(kind__in=[kind.code for kind in FORMS]).order_by("pk") if paper.is_ready
    ]


def _without(issue: Issue) -> list[str]:
    """The names of the forms that are not there: they are said, so that nobody takes the package for whole."""
    have = {paper.kind for paper in _forms(issue)}
    return [str(kind.label) for kind in FORMS if kind.code not in have]


def _readme(issue: Issue, record: Record) -> dict[str, object]:
    return {
        "record": record,
        "note": NOTE,
        "missing": missing_settings(),
        "without": _without(issue),
        "is_mailed": hasattr(issue, "mailing"),
    }


def missing_settings() -> list[str]:
    """What is not set, by the names that the metadata gives it."""
    return [label for name, label in SETTINGS.items() if not settings.ARCHIVE[name]]
