"""Only what failed is tried again, and never what was signed or issued; a photo's file is checked before it is printed."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from articles import photos
from issues import previews, proofs, setting, signing
from issues.content import content_of
from issues.models import ArticlePreview, Proof
from tests import factories
from typesetting import rendering

State = Proof.State


@pytest.mark.parametrize("make", [factories.pending_issue, factories.signed_issue, factories.issued_issue])
def test_a_proof_that_is_ready_is_not_set_again(make, as_user, bulletin, cast):
    issue = make(bulletin, cast)
    before = issue.proofs.values().get()

    as_user(cast.lu).post(reverse("issues:retry", args=[issue.pk]))

    assert issue.proofs.values().get() == before


@pytest.mark.parametrize("make", [factories.signed_issue, factories.issued_issue])
def test_a_failed_proof_of_what_was_signed_stays_as_it_is(make, bulletin, cast):
    proof = make(bulletin, cast).proofs.create(digest="f" * 64, state=State.FAILED)

    assert not proofs.retry(proof)
    assert proof.state == State.FAILED


def test_a_failed_proof_is_queued_once(bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu)
    proof = issue.proofs.create(digest="f" * 64, state=State.FAILED, error="没有这个字")

    assert [proofs.retry(proof), proofs.retry(proof)] == [True, False]
    assert (proof.state, proof.error) == (State.QUEUED, "")


def test_a_preview_that_is_ready_is_not_set_again(as_user, cast, bulletin):
    article = factories.make_article(cast.lin)
    preview = previews.request(article)
    ArticlePreview.objects.update(state=State.READY)

    as_user(cast.lin).post(reverse("issues:article_preview_retry", args=[article.pk]))

    preview.refresh_from_db()
    assert preview.state == State.READY


def picture(colour):
    file = BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    return ContentFile(file.getvalue(), "x.jpg")


@pytest.mark.parametrize(("damage", "words"), [("change", "文件被改动过"), ("remove", "文件不见了")])
def test_a_photo_that_is_not_what_was_taken_in_is_not_printed(damage, words, bulletin, cast):
    article = factories.make_article(cast.lin)
    photo = photos.take_in(article, picture("red"), caption="青浦局现场培训")
    article.apply(article.SUBMIT, by=cast.lin)
    article.apply(article.ACCEPT, by=cast.lu)
    content = content_of(factories.make_issue(bulletin, cast.lu, [article]))
    photo.file.storage.delete(photo.file.name)
    if damage == "change":
        photo.file.storage.save(photo.file.name, picture("blue"))

    with pytest.raises(rendering.RenderingError, match=f"青浦局现场培训.*{words}"):
        rendering.render(content, photo_bytes=setting.photo_bytes)


def test_the_editor_reads_which_photo_of_which_article_it_is(bulletin, cast):
    article = factories.make_article(cast.lin, title="青浦局组织培训")
    photo = photos.take_in(article, picture("red"), caption="现场培训")
    article.apply(article.SUBMIT, by=cast.lin)
    article.apply(article.ACCEPT, by=cast.lu)
    issue = factories.make_issue(bulletin, cast.lu, [article])
    photo.file.storage.delete(photo.file.name)

    proof = setting.render_proof(signing.present_proof(issue))

    assert "现场培训" in proof.error
    assert "（青浦局组织培训）" in proof.error
