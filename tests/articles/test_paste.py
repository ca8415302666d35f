"""What is pasted is cleaned by the rules of Word files, and a line says what came."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles import pasting, richtext
from articles.docx.losses import Loss
from tests.articles import clipboards
from tests.articles.test_richtext import PAYLOADS, assert_safe

pytestmark = pytest.mark.sqlite


def test_text_from_word_comes_in_as_it_looked():
    pasted = pasting.read(clipboards.WORD)

    assert pasted.body.split("\n") == [
        "<h3>秋季安全检查</h3>",
        "<h3>一、检查安排</h3>",
        "<p>九月三日，青浦局组织16家企业开展秋季安全检查。检查组看了分拨中心，逐项记录问题。</p>",
        "<ul>",
        "<li>消防通道畅通</li>",
        "</ul>",
        '<table><tbody><tr><td>企业</td><td colspan="2">问题数</td></tr>'
        "<tr><td>甲企业</td><td>2</td><td>已改</td></tr></tbody></table>",
    ]
    assert pasted.words == "粘贴了 4 段、1 张表；1 张图片、1 处删去的文字、1 处批注没有带入"


def test_text_from_wps_comes_in_as_it_looked():
    pasted = pasting.read(clipboards.WPS)

    assert pasted.body == "<h4>（一）加强宣传引导</h4>\n<p>快递小哥走进社区，向居民讲解寄递知识。</p>"
    assert pasted.losses == [Loss("删去的文字", 1, "原来")]


def test_text_from_a_web_page_comes_in_without_its_dress():
    pasted = pasting.read(clipboards.WEB)

    assert pasted.body.split("\n") == [
        "<p><strong>社区里的夜间服务点</strong></p>",
        "<p>每天晚上七点以后，<strong>三处网点</strong>仍有人值守。</p>",
        "<p>[微笑]</p>",
        "<p>居民说，下班后也能寄件了。</p>",
        "<p>服务点还备有雨伞。</p>",
        "<p>“方便多了。”</p>",
    ]
    assert pasted.words == "粘贴了 6 段；1 张图片、1 处视频或嵌入的网页没有带入"


def test_cells_from_excel_are_a_table():
    pasted = pasting.read(clipboards.EXCEL)

    assert pasted.body == (
        "<table><tbody><tr><td>区县</td><td>网点</td><td>件量<br>（万件）</td></tr>"
        "<tr><td>青浦</td><td>16</td><td>3.8</td></tr></tbody></table>"
    )
    assert pasted.words == "粘贴了 1 张表"


def test_plain_text_is_a_paragraph_a_line():
    pasted = pasting.read("", clipboards.PLAIN)

    assert pasted.body == "<p>九月三日，青浦局开展检查。</p>\n<h3>二、下一步打算</h3>\n<p>继续加强 A&lt;B 的宣传。</p>"
    assert pasted.words == "粘贴了 3 段"


def test_a_few_words_join_the_sentence_that_they_are_pasted_into():
    assert pasting.read("<p>分拨<b>中心</b></p>").body == "分拨<strong>中心</strong>"
    assert pasting.read("", "分拨中心").body == "分拨中心"


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ("<ol><li>甲<li>乙</ol>", "<p>1.甲</p>\n<p>2.乙</p>"),
        (
            "<ol start=3 style='list-style-type:cjk-ideographic'><li>甲<li value=7>乙</ol>",
            "<h3>三、甲</h3>\n<h3>七、乙</h3>",
        ),
        ("<ul><li>甲<ul><li>乙</ul></ul><p>丙", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n<p>丙</p>"),
        ("<b style='font-weight:normal'><p>甲</p><p>乙</p></b>", "<p>甲</p>\n<p>乙</p>"),
        ("<b><p>甲</p><p>乙</p></b>", "<p><strong>甲</strong></p>\n<p><strong>乙</strong></p>"),
        ("<pre>第一行\n第二行</pre>", "<p>第一行</p>\n<p>第二行</p>"),
        (
            "<table><tr><td><table><tr><td>甲<td>乙</table><p>丙</table>",
            "<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>\n<p>丙</p>",
        ),
        ("<table><tr><td><img src='file:///a.jpg'><td>演练现场</table>", "演练现场"),
        (
            "<table><thead><tr><th>甲<th>乙</thead><tr><td>1<td>2</table>",
            "<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
        ("<h2>甲</h2><h3>乙</h3><p>丙", "<h3>甲</h3>\n<h4>乙</h4>\n<p>丙</p>"),
        ("<ruby>青<rt>qing</rt>浦<rt>pu</rt></ruby>", "青浦"),
        ("<p>甲<span style='display: none'>乙</span></p>", "甲"),
        ("<p>DHL\nExpress 与\n顺丰</p>", "DHL Express 与顺丰"),
        ("<p>甲</p><!--[if !mso]>乙<![endif]--><![if !mso]><p>丙</p><![endif]>", "<p>甲</p>\n<p>丙</p>"),
    ],
)
def test_each_thing_becomes_what_an_article_can_hold(html, body):
    assert pasting.read(html).body == body


def test_pictures_that_the_page_takes_in_are_counted_as_photos():
    pasted = pasting.read('<p>甲</p><img src="photo:"><img src="https://example.org/1.png">')

    assert (pasted.photos, pasted.pictures) == (1, 1)
    assert pasted.words == "粘贴了 1 段、照片 1 张；1 张图片没有带入"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_or_loads_comes_in(payload):
    body = pasting.read(f"<p>前</p>{payload}<p>后</p>").body

    assert_safe(body)
    assert "前" in body


WORDS = st.text(alphabet="青浦局开展检查，。16 A<&>“”", min_size=1, max_size=30).filter(str.strip)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_no_character_of_plain_text_is_lost(lines):
    pasted = pasting.read("", "\n".join(lines))

    assert re.sub(r"\s", "", richtext.to_text(pasted.body)) == re.sub(r"\s", "", "".join(lines))


@given(st.text(alphabet=st.sampled_from("<>/=\"'!-[]pbdivtableolixmsh:字，\n"), max_size=120))
def test_any_html_comes_out_safe(html):
    body = pasting.read(html).body

    assert_safe(body)
    assert richtext.clean(body) == body


@pytest.mark.parametrize(
    "html", ["<div>" * 50_000 + "字", "<table><tr><td>" * 15_000 + "字", "<p><span style='mso-list:Ignore'>" * 15_000]
)
def test_deep_html_takes_no_time(html):
    pasting.read(html)


@pytest.mark.parametrize("html", ["a" * 2_000_001, "<b>" * 60_001])
def test_more_than_any_article_is_refused(as_user, cast, html):
    assert as_user(cast.lin).post(reverse("articles:paste"), {"html": html}).status_code == 413


def test_the_answer_is_the_text_and_what_is_said(as_user, cast):
    answer = as_user(cast.lin).post(reverse("articles:paste"), {"html": "<p>甲</p><p>乙</p>", "text": "甲\n乙"})

    assert answer.json()["html"] == "<p>甲</p>\n<p>乙</p>"
    assert answer.json()["said"] == "粘贴了 2 段"


def test_it_is_posted_with_a_token(cast, client):
    client.force_login(cast.lin)
    client.handler.enforce_csrf_checks = True

    assert client.post(reverse("articles:paste"), {"html": "<p>甲</p>"}).status_code == 403
