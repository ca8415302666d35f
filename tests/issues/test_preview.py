"""The pages beside the work: addressed by what they look like, with the places of the stories on them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Photo, Status
from issues import assembly, page_parts, previews, proofs, setting, signing, tasks
from issues.models import ArticlePreview, Proof
from tests import factories
from tests.scenes import scene
from tests.typesetting.read_back import find_first
from typesetting import places

pytestmark = pytest.mark.sqlite

TEXT = "<p>" + "青浦邮政管理局组织辖区企业检查消防通道，讲解灭火器的使用方法，逐一登记需要整改的地方。" * 5 + "</p>"


@scene
def issue(bulletin, cast):
    """Three articles and two briefs."""
    articles = [
        factories.accepted(by, cast.lu, title=title, body=TEXT)
        for by, title in (
            (cast.lin, "青浦局检查消防通道"),
            (cast.lin, "青浦局登记整改事项"),
            (cast.zhao, "宝山局走访网点"),
        )
    ]
    briefs = [
        factories.accepted(cast.lin, cast.lu, title="", kind="brief", body=f"<p>4月{day}日，{what}。</p>")
        for day, what in ((2, "青浦局为快递员送去清凉饮品"), (3, "青浦局与街道共建暖心驿站"))
    ]
    return factories.make_issue(bulletin, cast.lu, articles + briefs)


@scene
def draft(cast, bulletin):
    return factories.make_article(cast.lin, title="青浦局组织急救培训", body=TEXT)


def set_issue(issue):
    return setting.render_proof(proofs.request(issue))


def files(settings):
    return sorted(path.relative_to(settings.MEDIA_ROOT).as_posix() for path in Path(settings.MEDIA_ROOT).rglob("*.*"))


def address(name, *args):
    return reverse(f"issues:{name}", args=args)


def measured(name, issue):
    set_issue(issue)
    return getattr(issue.proofs.get(), name)


# --- where the stories stand -----------------------------------------------------------------------------------------
def test_each_story_has_its_place_on_the_pages(issue):
    known = measured("places", issue)

    placed = [placement.article_id for placement in issue.placements.order_by("pk")]
    assert [place["article"] for place in known] == placed
    assert [place["is_brief"] for place in known] == [False] * 3 + [True] * 2
    ends = [(area[0], area[2]) for place in known for area in place["areas"]]
    starts = [(area[0], area[1]) for place in known for area in place["areas"]]
    assert starts == sorted(starts)
    assert all(top < bottom for (_page, top), (_same, bottom) in zip(starts, ends, strict=True))


def test_a_story_stands_where_its_words_are_printed(issue):
    proof = set_issue(issue)
    with proof.pdf.open("rb") as file:
        pdf = file.read()

    for place, words in zip(
        proof.places, ["检查消防通道", "登记整改事项", "宝山局走访", "送去清凉", "共建暖心"], strict=True
    ):
        (page, height), (first, top, bottom) = find_first(pdf, words), place["areas"][0]
        assert page == first
        assert top <= height <= bottom


def test_the_space_left_is_that_between_the_text_and_the_end_matter(issue, bulletin):
    first = set_issue(issue)
    before = first.free_rows
    article = Article.objects.get(title="宝山局走访网点")

    assembly.take_out(article.placement, by=issue.created_by)
    after = set_issue(issue)

    ((_page, top, bottom),) = first.places[2]["areas"]
    assert (first.pages - after.pages) * 22 + after.free_rows - before == round((bottom - top) / 28.95) > 9


def test_without_end_matter_the_whole_page_counts(draft):
    measures = places.measure(*rendered_alone(draft))

    assert len(measures.page_hashes) == 1
    assert measures.free_rows == 22 - 2 - -(-(len(TEXT) - 7 + 2) // 26)


def rendered_alone(article):
    setting.render_preview(previews.request(article))
    with ArticlePreview.objects.get().pdf.open("rb") as file:
        return file.read(), previews.content_of(article)


def test_pages_are_told_in_words(issue):
    words = [page.words for page in page_parts.pages_of(set_issue(issue))]

    assert words[0] == "第 1 篇全文、第 2 篇开头"
    assert words[1].startswith("第 2 篇结尾、第 3 篇全文")
    assert words[-1].endswith("简讯")


# --- what the desk shows ---------------------------------------------------------------------------------------------
def test_the_head_line_tells_articles_briefs_pages_and_the_space_left(as_user, cast, issue):
    proof = set_issue(issue)

    page = as_user(cast.lu).get(address("desk", issue.pk)).text

    assert f"3 篇、简讯 2 条，{proof.pages} 页，末页余 {proof.free_rows} 行" in page
    over_both = [place for place in proof.places if (place["areas"][0][0], place["areas"][-1][0]) == (1, 2)]
    assert page.count("第 1–2 页</span>") == len(over_both) > 0
    assert page.count("<rect data-place=") == sum(len(place["areas"]) for place in proof.places)


def test_a_page_that_looks_the_same_keeps_its_address(as_user, cast, issue):
    before = set_issue(issue).page_hashes
    last = Article.objects.get(body__contains="暖心驿站")

    assembly.take_out(last.placement, by=cast.lu)
    after = set_issue(issue).page_hashes

    assert after[0] == before[0]
    assert after[-1] != before[-1]


def test_the_picture_of_a_look_is_kept_for_ever_by_the_browser(as_user, cast, issue):
    page_hash = set_issue(issue).page_hashes[0]
    editor = as_user(cast.lu)

    answer = editor.get(address("page_picture", issue.pk, page_hash) + "?size=m")

    assert answer.content.startswith(b"\x89PNG")
    assert "immutable" in answer["Cache-Control"]
    assert editor.get(address("page_picture", issue.pk, "0" * 64)).status_code == 404
    assert editor.get(address("page_picture", issue.pk, page_hash) + "?size=huge").status_code == 404


def test_polling_brings_the_pages_alone_and_then_nothing(as_user, cast, issue):
    editor = as_user(cast.lu)
    have = editor.get(address("desk", issue.pk)).context["board"].state
    Proof.objects.update(state="queued", ready_at=None)
    have = editor.get(address("state", issue.pk)).context["board"].state
    assert editor.get(address("pages", issue.pk), {"have": have}).status_code == 204
    set_issue(issue)

    answer = editor.get(address("pages", issue.pk), {"have": have})

    assert 'id="col-pages"' in answer.text
    assert 'id="issue-list"' not in answer.text
    assert f'id="pg-{issue.placements.first().article_id}" hx-swap-oob="true"' in answer.text
    assert editor.get(address("pages", issue.pk), {"have": answer.context["board"].state}).status_code == 204


@pytest.mark.parametrize(("age", "pace"), [(0, "100ms"), (3, "250ms"), (10, "1000ms"), (90, "3000ms")])
def test_the_longer_it_takes_the_less_often_the_page_asks(age, pace, as_user, cast, issue, settings):
    proof = signing.present_proof(issue)
    Proof.objects.filter(pk=proof.pk).update(requested_at=timezone.now() - timedelta(seconds=age))

    page = as_user(cast.lu).get(address("state", issue.pk)).text

    assert f'hx-trigger="every {pace}" hx-target="#col-pages"' in page
    assert ("后台程序" in page) == (age == 90)


@pytest.mark.parametrize("count", [2, 9])
def test_the_queries_of_a_poll_do_not_grow_with_the_articles(count, as_user, cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu)
    factories.many_articles(cast.lin, count, status=Status.PLACED, issue=issue)
    proof, editor = proofs.request(issue), as_user(cast.lu)
    have = editor.get(address("state", issue.pk)).context["board"].state

    with CaptureQueriesContext(
        connection,
    ) as waiting:
        assert editor.get(address("pages", issue.pk), {"have": have}).status_code == 204
    setting.render_proof(proof)
    with CaptureQueriesContext(connection) as arrived:
        assert editor.get(address("pages", issue.pk), {"have": have}).status_code == 200

    assert (len(waiting), len(arrived)) == (5, 39)


# --- many changes ----------------------------------------------------------------------------------------------------
def test_only_the_newest_of_many_changes_is_set(issue, cast):
    before = proofs.request(issue)
    for placement in issue.placements.exclude(section="brief")[:2]:
        assembly.take_out(placement, by=cast.lu)
    newest = issue.proofs.get()

    for proof in (before, newest):
        tasks.render_proof(proof_id=proof.pk)

    assert newest != before
    assert [(proof.pk, proof.state) for proof in Proof.objects.all()] == [(newest.pk, "ready")]


def test_what_changes_while_it_is_being_set_is_set_anew(issue, cast):
    being_set = proofs.request(issue)
    being_set.claim(60)

    assembly.take_out(issue.placements.first(), by=cast.lu)

    assert issue.proofs.count() == 2
    assert issue.proofs.waiting().get() == signing.present_proof(issue)


def test_old_pages_leave_nothing_on_the_disk(as_user, cast, issue, settings):
    editor = as_user(cast.lu)
    article = issue.placements.filter(section="branch").first().article
    for turn in range(2 * setting.KEPT):
        proof = set_issue(issue)
        for page_hash in proof.page_hashes:
            editor.get(address("page_picture", issue.pk, page_hash))
        issue.editor_note = f"第 {turn} 次。"
        issue.save()

    page_hashes = {page_hash for proof in issue.proofs.all() for page_hash in proof.page_hashes}
    assert issue.proofs.count() == setting.KEPT
    assert len([name for name in files(settings) if name.startswith("proofs/")]) == setting.KEPT
    pictures = {name.split("/")[-1].split("-")[0] for name in files(settings) if name.startswith("pages/")}
    assert pictures <= page_hashes
    assert article


def test_what_cannot_be_set_is_named_beside_the_old_pages(as_user, cast, issue):
    set_issue(issue)
    broken = Article.objects.get(title="青浦局登记整改事项")
    photo = Photo.objects.create(
        article=broken, file=ContentFile(b"no picture", "x.jpg"), width=9, height=9, content_type="image/jpeg"
    )
    broken.placement.version = broken.versions.create(
        number=9, title=broken.title, body=TEXT, photos=[{"photo": photo.pk, "caption": ""}], created_by=cast.lin
    )
    broken.placement.save()

    set_issue(issue)

    page = as_user(cast.lu).get(address("desk", issue.pk)).text
    assert "（青浦局登记整改事项）" in page
    assert page.count('<span class="wait">比本期次序旧</span>') == issue.proofs.get(state="ready").pages
