"""The pages of one article beside its text."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from issues import previews, setting, tasks
from issues.models import ArticlePreview
from tests import factories
from tests.issues.test_preview import address, draft, files, rendered_alone
from tests.typesetting.read_back import page_texts
from typesetting import content

__all__ = ["draft"]

pytestmark = pytest.mark.sqlite


# --- the article's own page ------------------------------------------------------------------------------------------
def test_an_article_is_set_alone(draft, as_user, cast):
    writer = as_user(cast.lin)
    writer.post(address("article_preview", draft.pk))

    tasks.render_preview(preview_id=ArticlePreview.objects.get().pk)

    page = writer.get(address("article_preview", draft.pk)).text
    preview = ArticlePreview.objects.get()
    assert f"1 页，末页余 {preview.free_rows} 行" in page
    picture = writer.get(address("article_page_picture", draft.pk, preview.page_hashes[0]))
    assert picture.content.startswith(b"\x89PNG")
    assert "immutable" in picture["Cache-Control"]


def test_a_brief_is_set_as_a_brief(cast, bulletin):
    brief = factories.make_article(cast.lin, title="", kind="brief", body="<p>4月1日，青浦局走访网点。</p>")

    pdf, _content = rendered_alone(brief)

    assert "简讯" in page_texts(pdf)[0]


def test_the_old_pages_stay_until_the_new_text_is_set(draft, as_user, cast):
    writer = as_user(cast.lin)
    setting.render_preview(previews.request(draft))
    have = writer.get(address("article_preview", draft.pk)).context["state"]
    assert writer.get(address("article_preview", draft.pk), {"have": have}).status_code == 204
    draft.body += "<p>又添了一段。</p>"
    draft.save()

    writer.post(address("article_preview", draft.pk))

    page = writer.get(address("article_preview", draft.pk)).text
    assert page.count('<span class="wait">正在排…</span>') == 1


def test_looking_at_the_pages_of_an_article_writes_nothing(draft, as_user, cast):
    page = as_user(cast.lin).get(address("article_preview", draft.pk)).text

    assert "正在排版" in page
    assert not ArticlePreview.objects.exists()


def test_a_text_saved_while_it_was_set_is_not_overtaken_by_its_past(draft):
    preview = previews.request(draft)
    preview.claim(30)
    draft.title = "青浦局组织第二次急救培训"
    draft.save()
    newest = previews.request(draft)

    assert not preview.store(b"%PDF of the text before", page_hashes=["0"])

    preview.refresh_from_db()
    assert (preview.digest, preview.state, preview.page_hashes) == (newest.digest, "queued", [])
    assert not preview.pdf
    setting.render_preview(preview)
    assert ArticlePreview.objects.get().state == "ready"


def test_a_page_that_is_open_gets_its_pictures_although_the_text_was_set_anew(draft, as_user, cast):
    writer = as_user(cast.lin)
    setting.render_preview(previews.request(draft))
    (page_hash,) = ArticlePreview.objects.get().page_hashes
    draft.title = "青浦局组织第二次急救培训"
    draft.save()
    setting.render_preview(previews.request(draft))

    for size in ("m", "l"):
        answer = writer.get(address("article_page_picture", draft.pk, page_hash), {"size": size})
        assert answer.content.startswith(b"\x89PNG")
        again = writer.get(
            address("article_page_picture", draft.pk, ArticlePreview.objects.get().page_hashes[0]), {"size": size}
        )
        assert again.content != answer.content


def test_each_text_replaces_the_files_of_those_before_the_last(draft, as_user, cast, settings):
    writer = as_user(cast.lin)
    for turn in range(4):
        draft.title = f"青浦局组织第{turn}次急救培训"
        draft.save()
        setting.render_preview(previews.request(draft))
        writer.get(address("article_page_picture", draft.pk, ArticlePreview.objects.get().page_hashes[0]))

    kinds = [name.split("/")[0] for name in files(settings)]
    assert kinds.count("proofs") == 2
    assert kinds.count("pages") <= 2


def test_what_nobody_writes_any_more_is_forgotten(draft, as_user, cast, settings):
    setting.render_preview(previews.request(draft))
    as_user(cast.lin).get(address("article_page_picture", draft.pk, ArticlePreview.objects.get().page_hashes[0]))
    ArticlePreview.objects.update(requested_at=timezone.now() - timedelta(days=2))

    tasks.render_waiting_previews()

    assert files(settings) == []
    assert not ArticlePreview.objects.exists()


def test_a_text_that_cannot_be_set_says_why_and_is_tried_again(draft, as_user, cast):
    draft.body = "<p>这个字没有字库：\U0001f9ff。</p>"
    draft.save()
    setting.render_preview(previews.request(draft))
    writer = as_user(cast.lin)

    page = writer.get(address("article_preview", draft.pk)).text
    assert "文字已保存，版面没有排出来" in page
    assert "1F9FF" in page
    writer.post(address("article_preview_retry", draft.pk))

    assert ArticlePreview.objects.get().state == "queued"


@pytest.mark.parametrize("who", ["lu", "zhao", "gu", "shen"])
def test_nobody_else_sees_the_pages_of_a_draft(who, draft, as_user, cast):
    setting.render_preview(previews.request(draft))
    page_hash, other = ArticlePreview.objects.get().page_hashes[0], as_user(getattr(cast, who))

    assert other.get(address("article_preview", draft.pk)).status_code == 404
    assert other.get(address("article_page_picture", draft.pk, page_hash)).status_code == 404


def test_what_was_handed_in_has_no_preview_any_more(draft, as_user, cast):
    draft.apply(Article.SUBMIT, by=cast.lin)

    assert as_user(cast.lin).get(address("article_preview", draft.pk)).status_code == 404


def test_a_poll_of_the_article_asks_few_questions(draft, as_user, cast):
    writer = as_user(cast.lin)
    have = writer.post(address("article_preview", draft.pk)).context["state"]

    with CaptureQueriesContext(connection) as queries:
        writer.get(address("article_preview", draft.pk), {"have": have})

    assert len(queries) <= 7


def test_the_digest_is_that_of_the_article_alone(draft):
    assert content.digest(previews.content_of(draft)) == previews.request(draft).digest
