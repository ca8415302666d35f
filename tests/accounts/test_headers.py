"""What browsers and caches keep of signed-in pages, and what is refused before it is read."""

import pytest
from django.urls import reverse

from accounts.models import Mail
from tests import factories

pytestmark = pytest.mark.sqlite

LARGE = 2 * 1024 * 1024


@pytest.mark.parametrize("name", ["home", "accounts:profile", "issues:archive"])
def test_a_signed_in_page_is_kept_nowhere(as_user, cast, bulletin, name):
    assert as_user(cast.lu).get(reverse(name))["Cache-Control"] == "private, no-store"


def test_a_page_picture_is_kept_by_the_browser_that_may_see_it(as_user, cast, bulletin):
    issue = factories.pending_issue(bulletin, cast, pdf=factories.blank_pdf(), pages=2, first_pages=[1, 2])
    proof = issue.proofs.get()
    picture = reverse("issues:page", args=[issue.pk, proof.sha256, 1])

    kept = as_user(cast.fang).get(picture)["Cache-Control"]

    assert kept == "private, max-age=31536000, immutable"


def test_a_stranger_can_upload_nothing(client, db):
    class Unread:
        def read(self, *args):
            raise AssertionError("the body was read")

        readline = read

    answer = client.generic(
        "POST",
        reverse("accounts:login"),
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(300 * 1024 * 1024),
        **{"wsgi.input": Unread()},
    )

    assert answer.status_code == 413
    assert "25 MB" in answer.content.decode()


@pytest.mark.parametrize(("size", "status"), [(LARGE, 404), (26 * 1024 * 1024, 413)])
def test_a_signed_in_person_sends_up_to_25_megabytes(as_user, cast, size, status):
    answer = as_user(cast.lin).generic("POST", "/nowhere/", content_type="image/png", CONTENT_LENGTH=str(size))

    assert answer.status_code == status


def test_a_mail_about_an_account_names_no_secret(client, cast):
    client.post(reverse("accounts:password_reset"), {"email": "lin@example.cn"})

    assert Mail.objects.get().detail == ""
