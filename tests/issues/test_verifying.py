"""核验: whether a file or a check code is genuine, and what became of the issue since; for everybody."""

import hashlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from issues import signing, verifying
from issues.models import Edition, Proof
from tests import factories, old_issues
from tests.distribution.test_amendments import amendment as amended
from tests.issues.test_amendments import original
from tests.scenes import scene

__all__ = ["original"]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def issued(bulletin, cast):
    return factories.issued_issue(bulletin, cast)


def ask(client, **query):
    return client.get(reverse("issues:verify"), query)


def test_the_official_pdf_is_known_by_its_check_sum(issued, client):
    page = ask(client, sha256=issued.pdf_sha256.upper())

    assert "真实有效" in page.text
    assert str(issued) in page.text
    assert page.context["found"].code == issued.sign_offs.get().code


@pytest.mark.parametrize("sha256", ["0" * 64, "abc", "' OR 1=1 --", "é" * 64])
def test_any_other_file_is_not(sha256, issued, client):
    page = ask(client, sha256=sha256)

    assert "这份文件不是本编辑部签发的 PDF" in page.text
    assert page.context["found"] is None


def test_one_byte_more_is_another_file(issued, client):
    with issued.pdf.open() as file:
        pdf = file.read()

    def send(data):
        file = SimpleUploadedFile("第10期.pdf", data, "application/pdf")
        return client.post(reverse("issues:verify"), {"file": file}, follow=True)

    assert "真实有效" in send(pdf).text
    answer = send(pdf + b"\n")
    assert "不是本编辑部签发" in answer.text
    assert answer.context["sha256"] == hashlib.sha256(pdf + b"\n").hexdigest()
    assert "第10期.pdf" in answer.text


@pytest.mark.parametrize("reference", ["2026年第10期", "2026-10", "２０２６－１０"])
def test_a_copy_on_paper_is_known_by_number_and_code(reference, issued, client):
    code = issued.sign_offs.get().code

    assert "真实有效" in ask(client, issue=reference, code=code.lower().replace(" ", "")).text
    assert "不是这一期的校验码" in ask(client, issue=reference, code="0000 0000").text
    assert "不是这一期的校验码" in ask(client, issue="2026-11", code=code).text


@pytest.mark.parametrize(
    ("edition", "words"),
    [
        (Edition.CORRECTION, "真实，后有更正"),
        (Edition.REVISION, "真实，已由更正版代替"),
        (Edition.WITHDRAWAL, "真实，但已撤回"),
    ],
)
def test_what_became_of_it_since_is_said(edition, words, original, client, cast):
    amendment = amended(original, cast, edition)

    page = ask(client, sha256=original.pdf_sha256)

    assert words in page.text
    assert str(amendment) in page.text
    assert "真实有效" not in page.text


def test_what_was_signed_and_never_issued_is_not_in_force(bulletin, cast, client):
    issue = factories.signed_issue(bulletin, cast)
    sha256 = issue.sign_offs.get().pdf_sha256
    signing.withdraw_sign_off(issue, by=cast.fang, note="改日期")

    assert verifying.of_file(sha256).standing == verifying.Standing.NOT_ISSUED
    assert verifying.of_code(str(issue), issue.sign_offs.get().code) is None
    assert "没有印发" in ask(client, sha256=sha256).text


def test_a_past_issue_set_again_is_not_called_the_original(bulletin, cast, client):
    past = old_issues.past_issue(year=2001, number=1, date=date(2001, 1, 8))
    Proof.objects.create(issue=past, digest="d" * 64, sha256="a" * 64, state=Proof.State.READY)

    page = ask(client, sha256="a" * 64)

    assert "不是当年的原件" in page.text
    assert "真实有效" not in page.text
