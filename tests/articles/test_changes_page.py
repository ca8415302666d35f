"""What changed in an article (花脸稿), on its page and on the page where versions are compared."""

import random
import time

import pytest
from django.urls import reverse

from articles import revision, versions
from articles.models import Article
from tests.factories import make_photo, submitted
from tests.scenes import scene

pytestmark = pytest.mark.sqlite

BODY = "<p>广泛凝聚安全公示，压实全员安全责任。</p><p>下一步，青浦局将继续跟进。</p>"
NOTICE = '<del><span class="visually-hidden">删：</span>公示</del>'
SENSE = '<ins><span class="visually-hidden">增：</span>共识</ins>'


@scene
def returned(cast):
    """Handed in once, and returned."""
    article = submitted(cast.lin, title="青浦局开展演练", body=BODY)
    article.apply(Article.RETURN, by=cast.lu, note="请核对用词")
    return article


@scene
def revised(returned, cast):
    """Handed in twice, with two characters changed."""
    write(returned)
    returned.apply(Article.SUBMIT, by=cast.lin)
    return returned


def write(article, **fields):
    for name, value in ({"body": BODY.replace("公示", "共识")} | fields).items():
        setattr(article, name, value)
    article.save()


def page(client, article, name="detail", **query):
    return client.get(reverse(f"articles:{name}", args=[article.pk]), query)


def test_the_reviewer_sees_at_once_what_changed_since_the_return(as_user, cast, revised):
    text = page(as_user(cast.lu), revised).text

    assert f"广泛凝聚安全{NOTICE}{SENSE}，压实" in text
    assert "改 1 处：" in text
    assert "删 2 字" in text
    assert "对照" in text


def test_the_reviewer_may_read_the_text_alone(as_user, cast, revised):
    text = page(as_user(cast.lu), revised, show="text").text

    assert "<del>" not in text
    assert "广泛凝聚安全共识" in text


def test_what_was_handed_in_for_the_first_time_has_no_changes(as_user, cast):
    text = page(as_user(cast.lu), submitted(cast.lin)).text

    assert "?show=changes" not in text


def test_the_unit_sees_what_it_has_changed_since_it_was_returned(as_user, cast, returned):
    write(returned)
    client = as_user(cast.lin)

    assert NOTICE not in page(client, returned).text
    assert NOTICE in page(client, returned, show="changes").text


def test_the_unit_sees_all_that_the_office_changed_in_what_it_handed_in(as_user, cast):
    article = submitted(cast.lin, title="青浦局开展演练", body=BODY)
    for body in (BODY.replace("公示", "共识"), BODY.replace("公示", "共识").replace("继续", "持续")):
        wording = revision.Wording({"body": body}, {})
        revision.revise(article, wording, by=cast.lu, seen=article.current_version_id)
        article.refresh_from_db()

    text = page(as_user(cast.lin), article, show="changes").text

    assert NOTICE in text
    assert "改 2 处：" in text


def test_the_office_does_not_see_what_the_unit_is_writing(as_user, cast, returned):
    write(returned, title="青浦局凝聚共识")

    for name in ("detail", "compare"):
        assert "共识" not in page(as_user(cast.lu), returned, name, show="changes", a="1", b="now").text


def test_any_two_versions_can_be_compared(as_user, cast, revised):
    write(revised, body=BODY, title="青浦局组织演练")
    client = as_user(cast.lin)

    assert NOTICE in page(client, revised, "compare").text
    assert (
        f"安全{NOTICE.replace('公示', '共识')}{SENSE.replace('共识', '公示')}"
        in page(client, revised, "compare", a="2", b="1").text
    )
    assert "两版相同" in page(client, revised, "compare", a="1", b="1").text


def test_the_comparison_takes_no_version_that_is_not_there(as_user, cast, revised):
    answer = page(as_user(cast.lu), revised, "compare", a="99", b="<script>")

    assert answer.status_code == 200
    assert NOTICE in answer.text


def test_an_article_of_one_version_has_nothing_to_compare(as_user, cast):
    assert "还没有可以对照的版本" in page(as_user(cast.lu), submitted(cast.lin), "compare").text


def test_another_units_article_is_not_found(as_user, cast, revised):
    assert page(as_user(cast.zhao), revised, "compare").status_code == 404


def test_moved_paragraphs_tables_and_photos_are_seen(as_user, cast, returned):
    gone = make_photo(returned, caption="演练现场", position=1)
    returned.apply(Article.SUBMIT, by=cast.lin)
    returned.apply(Article.RETURN, by=cast.lu, note="请换照片")
    gone.is_removed = True
    gone.save()
    new = make_photo(returned, caption="演练会场", position=2)
    first, second, _ = BODY.replace("</p>", "</p>|").split("|")
    write(returned, body=f"{second}<table><tr><td>共 6 家</td></tr></table>{first}")

    text = page(as_user(cast.lin), returned, show="changes").text

    assert "原第 2 段移来" in text
    assert "原第 2 段移到第 1 段" in text
    assert '<td><ins><span class="visually-hidden">增：</span>共 6 家</ins></td>' in text
    assert "撤下的照片" in text
    assert "新增的照片" in text
    assert reverse("articles:photo", args=[gone.pk]) in text
    assert reverse("articles:photo", args=[new.pk]) in text


def test_another_description_of_a_photo_is_seen(as_user, cast, returned):
    photo = make_photo(returned, caption="演练现场", alternative="值班人员公示名单")
    returned.apply(Article.SUBMIT, by=cast.lin)
    returned.apply(Article.RETURN, by=cast.lu, note="再改")
    photo.alternative = "值班人员共识名单"
    photo.save()

    text = page(as_user(cast.lin), returned, show="changes").text

    assert f"画面内容：值班人员{NOTICE}{SENSE}名单" in text


def test_what_is_compared_can_do_nothing_to_the_page(as_user, cast, returned):
    write(returned, body="<p>&lt;script&gt;steal()&lt;/script&gt;</p>", title="<b>题")

    text = page(as_user(cast.lin), returned, show="changes").text

    assert "<script>steal" not in text
    assert "<b>题" not in text


def test_a_comparison_of_versions_asks_no_query(cast, revised, django_assert_num_queries):
    before, after = revised.versions.all()

    with django_assert_num_queries(0):
        assert versions.compare_texts(before, after).places == 1


@pytest.mark.parametrize("times", [1, 4])
def test_the_number_of_queries_does_not_grow_with_the_versions(
    as_user, cast, revised, times, django_assert_num_queries
):
    for turn in range(times):
        revised.apply(Article.RETURN, by=cast.lu, note="再改")
        write(revised, body=f"{BODY}<p>第{turn}次</p>")
        make_photo(revised, caption=f"第{turn}张")
        revised.apply(Article.SUBMIT, by=cast.lin)
    client = as_user(cast.lu)

    with django_assert_num_queries(10):
        page(client, revised, "compare", a="1")
    with django_assert_num_queries(39):
        page(client, revised)


def test_the_page_takes_no_second_for_the_longest_paragraph_with_three_in_ten_characters_changed(
    as_user, cast, returned
):
    """Seconds of computing; the bar is five times what it takes."""
    chance = random.Random(3)
    long = "".join(chance.choices(BODY, k=4800)).translate(str.maketrans("<>/p", "公共示识"))
    write(returned, body=f"<p>{long}</p>")
    returned.apply(Article.SUBMIT, by=cast.lin)
    returned.apply(Article.RETURN, by=cast.lu, note="再改")
    changed = "".join(chance.choice("安全责任") if chance.random() < 0.3 else each for each in long)
    write(returned, body=f"<p>{changed}</p>")
    client = as_user(cast.lin)
    started = time.process_time()

    answer = page(client, returned, show="changes")

    assert time.process_time() - started < 1
    assert answer.context["comparison"].places > 500
