"""The redline as a Word file, fetched from the pages."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import reverse
from docx import Document

from accounts.models import Unit
from articles import remarks
from articles.models import Article
from tests.articles.test_word_redline import MIME, comments, settled
from tests.factories import make_remark, submitted
from tests.scenes import scene

# --- the pages --------------------------------------------------------------------------------------------------------
BODY = "<p>广泛凝聚安全{}，压实全员安全责任。</p>"


@scene
def revised(cast):
    """Handed in, returned, handed in anew."""
    article = submitted(cast.lin, title="青浦局\n开展演练", body=BODY.format("公示"))
    article.apply(Article.RETURN, by=cast.lu, note="请核对用词")
    article.body = BODY.format("共识")
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)
    return article


def fetched(client, article, **query):
    return client.get(reverse("articles:compare_word", args=[article.pk]), query)


@pytest.mark.parametrize("who", ["lin", "lu"])
def test_the_unit_and_the_office_fetch_it(as_user, cast, revised, who):
    answer = fetched(as_user(getattr(cast, who)), revised, a="1", b="2")

    assert answer["Content-Type"] == MIME
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%9D%92%E6%B5%A6%E5%B1%80")
    data = answer.getvalue()
    assert settled(data, accept=True) == ["青浦局", "开展演练", "广泛凝聚安全共识，压实全员安全责任。"]
    assert settled(data, accept=False) == ["青浦局", "开展演练", "广泛凝聚安全公示，压实全员安全责任。"]
    (comment,) = Document(BytesIO(data)).comments
    assert (comment.text, comment.author) == ("请核对用词", "陆一鸣")


def test_open_remarks_go_with_it_and_closed_ones_do_not(as_user, cast, revised):
    first, closed = make_remark(revised, cast.gu, "请核对用词"), make_remark(revised, cast.gu, "已经说清")
    remarks.answer(first, "已核对", by=cast.lin)
    remarks.close(closed, by=cast.lin)

    data = fetched(as_user(cast.lin), revised, a="1", b="2").getvalue()
    earlier = fetched(as_user(cast.lin), revised, a="2", b="1").getvalue()

    said = {(each.text, each.author) for each in Document(BytesIO(data)).comments}
    assert said == {("请核对用词", "陆一鸣"), ("请核对用词\n林向晚：已核对", "顾文岚")}
    assert "已核对" not in str([each.text for each in Document(BytesIO(earlier)).comments])


def test_a_title_with_a_stroke_keeps_all_its_words_in_the_name_of_the_file(as_user, cast):
    article = submitted(cast.lin, title="值守7/24小时", body=BODY)

    answer = fetched(as_user(cast.lin), article, a="1", b="1")

    assert unquote(answer["Content-Disposition"]).endswith("值守7／24小时（花脸稿）.docx")


@pytest.mark.parametrize("query", [{"a": "1", "b": "9"}, {"a": "9", "b": "1"}, {"a": "1", "b": "now"}, {}])
def test_what_is_no_version_leads_to_the_choice_of_versions(as_user, cast, revised, query):
    answer = fetched(as_user(cast.lu), revised, **query)

    assert answer["Location"] == reverse("articles:compare", args=[revised.pk])


@pytest.mark.parametrize("who", ["zhao", "shen"])
def test_another_units_comparison_is_not_found(as_user, cast, revised, who):
    assert fetched(as_user(getattr(cast, who)), revised, a="1", b="2").status_code == 404


def test_the_office_cannot_fetch_what_the_unit_is_writing(as_user, cast, revised):
    revised.apply(Article.RETURN, by=cast.lu, note="再改")

    assert fetched(as_user(cast.lu), revised, a="1", b="now").status_code == 302
    assert fetched(as_user(cast.lin), revised, a="1", b="now").status_code == 200


@pytest.mark.parametrize("name", ["detail", "compare"])
def test_the_comparison_offers_it(as_user, cast, revised, name):
    text = as_user(cast.lu).get(reverse(f"articles:{name}", args=[revised.pk])).text

    assert f'{reverse("articles:compare_word", args=[revised.pk])}?a=1&amp;b=2"' in text
    assert "下载花脸稿（Word）" in text


def test_the_office_does_not_read_what_is_said_within_the_unit(as_user, cast):
    article = submitted(cast.lin, title="演练", body=BODY.format("公示"))
    article.apply(Article.RETURN, by=cast.lu, note="请核对用词")
    Unit.objects.filter(pk=article.unit_id).update(approval=Unit.Approval.AUTO)
    article = Article.objects.get(pk=article.pk)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    article.apply(Article.SEND_BACK, by=cast.he, note="这话不能让编辑部看到")
    article.body = BODY.format("共识")
    article.save()
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    article.apply(Article.APPROVE, by=cast.he)
    last = str(article.current_version.number)

    told = {
        who: comments(fetched(as_user(getattr(cast, who)), article, a="1", b=last).getvalue()) for who in ("lin", "lu")
    }

    assert {words for _text, _who, words in told["lin"]} == {"请核对用词", "这话不能让编辑部看到"}
    assert {words for _text, _who, words in told["lu"]} == {"请核对用词"}
