"""Issues from before this system, and the files in which they are brought."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Tier
from issues.models import PastFile
from issues.past import intake
from issues.past.importing import import_issue
from issues.past.masthead import Masthead
from issues.past.reading import PastArticle, PastIssue
from issues.past.units import NamedUnit
from workflow.refusals import Refused


def make_past_file(by, text=None, *, name="往期.txt", bulletin=None):
    """A file of a past issue as it was brought; read by now when it has a text."""
    upload = SimpleUploadedFile(name, (text or "空").encode())
    if refusal := intake.take_in(upload, bulletin=bulletin, by=by):
        raise Refused(refusal)
    asked = PastFile.objects.first()
    if text is not None:
        intake.read(asked)
        asked.refresh_from_db()
    return asked


def past_issue(title="青浦局旧事一则", text="4月1日，青浦局开展安全培训。", **head):
    """An issue from before this system, imported: without a PDF. `head` is what its masthead says."""
    masthead = Masthead(**({"year": 2026, "number": 10, "date": date(2026, 4, 8)} | head))
    unit = NamedUnit("青浦邮政管理局", "青浦局", Tier.BRANCH)
    story = PastArticle([title], title, None, [text], 1, unit)
    return import_issue(PastIssue("旧刊.txt", masthead, articles=[story]))[0]
