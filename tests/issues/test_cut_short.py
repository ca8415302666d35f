"""印发 that was cut short, also by a real kill, leaves one file and can be done again."""

import pytest
from django.urls import reverse

from issues import signing
from tests import factories
from tests.servers import ServerFailed
from tests.site import site

pytestmark = pytest.mark.django_db


# --- 印发 cut short -----------------------------------------------------------------------------------------------------
def official_files(settings):
    return [path for path in (settings.MEDIA_ROOT / "issues").rglob("*") if path.is_file()]


def cut_short(issue, cast, *, half=False):
    """The copy is on the disk, its transaction never was."""
    pdf, proof = signing.signed_pdf(issue)
    name = signing._copied(pdf, issue, proof.sha256)
    if half:
        with issue.pdf.storage.open(name, "wb") as file:
            file.write(pdf[:10])


@pytest.mark.parametrize("half", [False, True])
def test_a_second_try_uses_the_copy_of_one_that_was_cut_short(half, settings, bulletin, cast, as_user):
    issue = factories.signed_issue(bulletin, cast)
    cut_short(issue, cast, half=half)

    signing.publish(issue, by=cast.gu)

    issue.refresh_from_db()
    assert [path.name for path in official_files(settings)] == [f"{issue.pdf_sha256}.pdf"]
    assert issue.pdf.read() == factories.PDF
    answer = as_user(cast.shen).get(reverse("issues:archive_pdf", args=[issue.pk]) + "?download")
    assert f"{issue.number}%E6%9C%9F.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_what_is_not_issued_after_all_goes_with_the_sign_off(settings, bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)
    cut_short(issue, cast)

    signing.withdraw_sign_off(issue, by=cast.fang, note="日期要改")

    assert official_files(settings) == []


# --- a real kill ----------------------------------------------------------------------------------------------------------
PREPARE = """
from types import SimpleNamespace
from accounts.models import Tier
from tests import factories
unit = factories.make_unit("青浦邮政管理局", "青浦局", Tier.BRANCH)
roles = {"lin": "contributor", "zhao": "contributor", "lu": "editor", "gu": "chief_editor", "fang": "signer"}
cast = SimpleNamespace(**{name: factories.make_user(name, name, role, unit=unit) for name, role in roles.items()})
bulletin = factories.make_bulletin(review_steps=1)
factories.make_recipient_list(bulletin)
factories.signed_issue(bulletin, cast)
"""
PUBLISH = """
import os, signal
from django.db import connection
from accounts.models import User
from issues import signing
from issues.models import Issue
def killed(execute, sql, params, many, context):
    if {is_killed} and sql.startswith("UPDATE") and "issued" in params:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(killed):
    signing.publish(Issue.objects.get(), by=User.objects.get(username="gu"))
issue = Issue.objects.get()
print(issue.status, issue.pdf_sha256, issue.pdf.name)
"""


@pytest.mark.slow
def test_a_process_killed_between_file_and_commit_leaves_one_file(tmp_path):
    with site(tmp_path) as here:
        here.shell(PREPARE)
        with pytest.raises(ServerFailed):
            here.shell(PUBLISH.format(is_killed=True))
        folder = tmp_path / "var" / "media" / "issues"
        left = [path.name for path in folder.rglob("*.pdf")]
        assert here.shell("from issues.models import Issue; print(Issue.objects.get().status)") == "signed"

        status, sha256, name = here.shell(PUBLISH.format(is_killed=False)).split()

        assert (status, name.rpartition("/")[2]) == ("issued", f"{sha256}.pdf")
        assert [path.name for path in folder.rglob("*.pdf")] == left == [f"{sha256}.pdf"]
