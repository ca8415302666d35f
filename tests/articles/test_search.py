import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import search
from articles.models import Article
from tests.factories import make_article
from tests.scenes import scene

STORIES = [
    ("青浦邮政管理局表扬拾金不昧的快递小哥", "4月1日，快递小哥小吴收到失主送来的锦旗，锦旗上写着“拾金不昧”。"),
    ("宝山邮政管理局召开安全生产例会", "会议通报了一季度安全生产情况，安全检查共出动60人次。"),
    ("韵达公司举办技能比武", "ABC认证的选手参加，成绩3.5分，用时２小时。"),
    ("上海邮政开展\n暖心助考活动", "高考期间，绿衣使者为考生免费送水。"),
    ("青浦局走访社区", "居民说：“谢谢小哥！”走访组一一记录，一件一件落实。"),
]


@scene
def stories(cast):
    return [make_article(cast.lin, title=title, body=f"<p>{text}</p>") for title, text in STORIES]


def found(query):
    return set(Article.objects.matching(query).values_list("pk", flat=True))


def scan(stories, word):
    """The slow and certain way: a substring of the title or of a paragraph."""
    wanted = search.normalise(word)
    return {
        story.pk
        for story, (title, text) in zip(stories, STORIES, strict=True)
        if any(wanted in search.normalise(part) for part in (title, text))
    }


@pytest.mark.parametrize("length", [1, 2, 3, 4, 8])
def test_every_word_of_any_length_is_found(stories, length):
    for _, text in STORIES:
        plain = search.normalise(text)
        for start in range(len(plain) - length + 1):
            word = plain[start : start + length]
            assert found(word) == scan(stories, word), word


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_finds_exactly_what_a_substring_scan_finds(stories, data):
    source = data.draw(st.sampled_from([part for story in STORIES for part in story]))
    length = data.draw(st.sampled_from([1, 2, 3, 4, 8]))
    start = data.draw(st.integers(0, max(0, len(source) - length)))
    word = "".join(source[start : start + length].split())
    if data.draw(st.booleans()):
        word = "".join(data.draw(st.permutations(word)))

    assert found(word) == (scan(stories, word) if search.normalise(word) else {story.pk for story in stories})


@pytest.mark.parametrize("word", ["锦旗", "小哥", "旗", "开展暖心", "abc", "ＡＢＣ", "2小时", "。", "“谢谢小哥！”"])
def test_words_that_other_indexes_miss(stories, word):
    assert found(word) == scan(stories, word) != set()


def test_every_word_of_a_query_must_be_there(stories):
    assert found("小哥 锦旗") == scan(stories, "小哥") & scan(stories, "锦旗")
    assert found("小哥 例会") == set()


@pytest.mark.parametrize("query", ["", "   ", "\x00"])
def test_an_empty_query_finds_all(stories, query):
    assert found(query) == {story.pk for story in stories}


@pytest.mark.parametrize(
    "query", ['"', "'", "小哥'); DROP TABLE", "* OR 1=1", "NEAR(a b)", "\\", "%", "a" * 400, "☃", "𠮷"]
)
def test_no_query_breaks_it(stories, query):
    assert found(query) == set()


def test_what_is_changed_is_found_by_its_new_words_alone(stories):
    article = stories[0]
    article.title, article.body = "改过的标题", "<p>改过的正文。</p>"
    article.save()

    assert article.pk in found("改过的标题")
    assert article.pk not in found("锦旗")


def test_tags_are_not_text(cast):
    make_article(cast.lin, title="标题", body="<p>安全<strong>生产</strong></p>")

    assert len(found("安全生产")) == 1
    assert found("strong") == set()
