from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from articles.models import Status as ArticleStatus
from issues import proofs, setting, signing
from issues.models import Issue, IssueRecipient, Placement, Status
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused


@scene
def signed(bulletin, cast):
    return factories.signed_issue(bulletin, cast)


@scene
def issued(signed, cast):
    signing.publish(signed, by=cast.gu)
    signed.refresh_from_db()
    return signed


def codes(issue):
    return [problem.code for problem in signing.problems(issue)]


def test_what_is_issued_is_what_was_signed(issued):
    with issued.pdf.open("rb") as file:
        assert sha256(file.read()).hexdigest() == issued.pdf_sha256
    assert issued.pdf_sha256 == sha256(factories.PDF).hexdigest()
    assert issued.status == Status.ISSUED
    assert issued.issued_at is not None


def test_its_articles_are_issued_with_it(issued):
    assert {placement.article.status for placement in issued.placements.all()} == {ArticleStatus.ISSUED}


def test_it_is_issued_once(issued, cast):
    with pytest.raises(Refused):
        signing.publish(issued, by=cast.gu)


def test_it_is_not_issued_before_it_is_signed(bulletin, cast):
    issue = factories.pending_issue(bulletin, cast)

    with pytest.raises(Refused):
        signing.publish(issue, by=cast.gu)

    assert not issue.pdf


def test_an_editor_does_not_issue_it_and_nothing_is_half_done(signed, cast):
    with pytest.raises(Refused):
        signing.publish(signed, by=cast.lu)

    signed.refresh_from_db()
    assert (signed.status, signed.pdf_sha256) == (Status.SIGNED, "")
    assert {placement.article.status for placement in signed.placements.all()} == {ArticleStatus.PLACED}


def test_a_text_is_not_changed_behind_the_signature(signed):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Issue.objects.filter(pk=signed.pk).update(editor_note="后来加的按语")


def test_a_pdf_changed_on_the_disk_is_not_issued(signed, cast):
    proof = signing.present_proof(signed)
    with proof.pdf.storage.open(proof.pdf.name, "wb") as file:
        file.write(b"%PDF-1.7 another one")

    with pytest.raises(Refused):
        signing.publish(signed, by=cast.gu)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE issues_issue SET number = 99 WHERE id = %s",
        "UPDATE issues_issue SET status = 'draft' WHERE id = %s",
        "UPDATE issues_placement SET position = 9 WHERE issue_id = %s",
        "UPDATE issues_issuerecipient SET text = 'X' WHERE issue_id = %s",
        "INSERT INTO issues_issuerecipient (issue_id, direction, text, position) VALUES (%s, 'up', 'X', 9)",
    ],
)
def test_the_database_itself_refuses_to_change_it(statement, issued):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [issued.pk])


def test_neither_articles_nor_recipients_are_added(issued, cast):
    article = factories.accepted(cast.lin, cast.lu)
    placement = Placement(issue=issued, article=article, version=article.current_version, section="branch", position=9)
    for row in (placement, IssueRecipient(issue=issued, direction="up", text="X", position=9)):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            row.save()


def test_a_version_that_was_printed_never_changes(issued):
    version = issued.placements.first().version

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_articleversion SET title = 'X' WHERE id = %s", [version.pk])


def test_an_empty_issue_is_not_sent(bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu)

    assert "empty" in codes(issue)
    with pytest.raises(Refused):
        signing.send_for_sign_off(issue, by=cast.lu)


def test_an_issue_of_briefs_alone_is_empty(bulletin, cast):
    brief = factories.accepted(cast.lin, cast.lu, kind="brief")

    assert "empty" in codes(factories.make_issue(bulletin, cast.lu, [brief]))


def test_missing_recipients_block_and_outdated_ones_warn(bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    factories.make_recipient_list(bulletin, issue.dated_on, up=["另一家"])
    outdated = signing.problems(issue)
    issue.recipients.all().delete()

    assert [(problem.code, problem.is_warning) for problem in outdated] == [("outdated_recipients", True)]
    assert codes(issue) == ["recipients"]


def test_an_earlier_open_number_is_a_warning(bulletin, cast):
    factories.make_issue(bulletin, cast.lu)
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])

    assert [(problem.code, problem.is_warning) for problem in signing.problems(issue)] == [("order", True)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_whole_way_with_real_pages(as_user, bulletin, cast):
    articles = [factories.accepted(cast.lin, cast.lu), factories.accepted(cast.zhao, cast.lu)]
    issue = factories.make_issue(bulletin, cast.lu, articles)
    as_user(cast.lu).post(reverse("issues:transition", args=[issue.pk, "send"]))
    issue.refresh_from_db()
    proof = proofs.newest_ready(issue)
    sheet = as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk]))
    assert sheet.context["proof"] == proof
    as_user(cast.fang).post(
        reverse("issues:sign", args=[issue.pk]), {"digest": proof.digest, "code": factories.code_of(cast.fang)}
    )

    as_user(cast.gu).post(reverse("issues:publish", args=[issue.pk]))

    answer = as_user(cast.shen).get(reverse("issues:archive_pdf", args=[issue.pk]))
    pdf = answer.getvalue()
    issue.refresh_from_db()
    assert (sha256(pdf).hexdigest(), issue.pdf_pages) == (issue.pdf_sha256, proof.pages)
    assert proof.first_pages == [1, 1]
    picture = as_user(cast.shen).get(reverse("issues:page", args=[issue.pk, issue.pdf_sha256, 1]))
    assert picture.content.startswith(b"\x89PNG")
    assert "immutable" in picture.headers["Cache-Control"]
    assert as_user(cast.shen).get(reverse("issues:page", args=[issue.pk, issue.pdf_sha256, 99])).status_code == 404


def test_the_pages_of_an_earlier_proof_are_not_shown_once_it_is_issued(as_user, issued, cast):
    proof = signing.present_proof(issued)
    earlier = issued.proofs.create(digest="e" * 64, sha256="e" * 64, state=proof.State.READY, pages=1)
    earlier.pdf.save("earlier.pdf", ContentFile(factories.PDF))

    answer = as_user(cast.gu).get(reverse("issues:page", args=[issued.pk, earlier.sha256, 1]))

    assert answer.status_code == 404


def test_old_proofs_go_but_the_signed_one_and_the_newest_stay(signed):
    signed_proof = signing.present_proof(signed)
    for n in range(setting.KEPT + 2):
        proof = signed.proofs.create(digest=f"{n:064}", sha256=f"{n:064}", state=signed_proof.State.READY)
        proof.ready_at = signed_proof.ready_at + timedelta(minutes=n + 1)
        proof.pdf.save(f"{n}.pdf", ContentFile(factories.PDF))
    gone = signed.proofs.get(digest=f"{0:064}").pdf

    setting.forget_old(signed)

    assert signed.proofs.count() == setting.KEPT + 1
    assert signed.proofs.filter(pk=signed_proof.pk).exists()
    assert not gone.storage.exists(gone.name)
