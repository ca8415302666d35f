import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import richtext
from articles.models import Article
from tests.factories import make_article

PAYLOADS = [
    "<script>steal()</script>",
    "<img src=x onerror=steal()>",
    "<svg/onload=steal()>",
    "<svg><script>steal()</script></svg>",
    "<a href='javascript:steal()'>点这里</a>",
    "<a href='JaVaScRiPt&colon;steal()'>点这里</a>",
    "<a href='&#106;avascript:steal()'>点这里</a>",
    "<a href='java\tscript:steal()'>点这里</a>",
    "<a href='data:text/html,<script>steal()</script>'>点这里</a>",
    "<a href='//evil.example/'>点这里</a>",
    "<a href='vbscript:steal()'>点这里</a>",
    "<p onclick=steal()>字</p>",
    "<p style='background:url(javascript:steal())'>字</p>",
    "<style>@import 'http://evil.example/a.css';</style>",
    "<link rel=stylesheet href=http://evil.example/a.css>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>",
    "<iframe src=http://evil.example/></iframe>",
    "<iframe srcdoc='<script>steal()</script>'></iframe>",
    "<object data=http://evil.example/x.swf></object>",
    "<embed src=http://evil.example/x.swf>",
    "<form action=http://evil.example/><input name=a><button formaction=javascript:steal()>字</button></form>",
    "<math><mi//xlink:href='data:x,<script>steal()</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=steal()>'>",
    "<table background=javascript:steal()><tr><td>字</td></tr></table>",
    "<!--><img src=x onerror=steal()>-->",
    "<![CDATA[<img src=x onerror=steal()>]]>",
    "<textarea><script>steal()</script></textarea>",
    "<template><script>steal()</script></template>",
    "<xmp><p title='</xmp><img src=x onerror=steal()>'></xmp>",
    "<details open ontoggle=steal()>字</details>",
    "<video><source onerror=steal()></video>",
    "<scr<script>ipt>steal()</script>",
    "<b><div><i onmouseover=steal()>字</b></i></div>",
    "<body onload=steal()>字</body>",
    "<p id=main class=btn>字</p>",
    "\x00<script\x00>steal()</script>",
    # In the shapes that were published for CKEditor 4: its protected comments, stand-ins, CDATA and dialogs.
    "<!--{cke_protected}{C}%3Cimg%20src%3Dx%20onerror%3Dsteal()%3E-->",
    "<!--{cke_protected}%3Cscript%3Esteal()%3C%2Fscript%3E-->",
    "<!-- {cke_protected} --!><img src=x onerror=steal()> -->",
    "<!--{cke_temp}0--><!--><img src=x onerror=steal()>",
    "<p><!--[if gte mso 9]--!><svg onload=steal()>--></p>",
    "<img data-cke-realelement='%3Cimg%20src%3Dx%20onerror%3Dsteal()%3E' data-cke-real-node-type=1 class=cke_iframe src=x>",
    "<img data-cke-realelement='%3Ciframe%20src%3Djavascript%3Asteal()%3E%3C%2Fiframe%3E'>",
    "<a data-cke-saved-href='javascript:steal()' data-cke-pa-onclick='steal()' href='#'>点这里</a>",
    "<img data-cke-saved-src=x data-cke-pa-onerror=steal() src=x>",
    "<cke:encoded>%3Cimg%20src%3Dx%20onerror%3Dsteal()%3E</cke:encoded>",
    "<style><![CDATA[</style><img src=x onerror=steal()>]]></style>",
    "<textarea>{cke_protected_1}</textarea><img src=x onerror=steal() a=</textarea>>",
    "<p title='x\" onmouseover=\"steal()'>字</p>",
    "<video><source onerror==steal() src=x><source o\x00nerror=steal() /onerror=steal() src=x></video>",
    "<iframe srcdoc='&LT;svg onload=window.parent.steal()&GT;'></iframe>",
    "<img alt='`\"><svg onload=steal()>' src=x>",
]
TAG = re.compile(r"<\s*/?\s*([a-zA-Z0-9]+)([^>]*)>")


def assert_safe(html):
    for name, rest in TAG.findall(html):
        assert name in richtext.TAGS, html
        for attribute, _value in re.findall(r'([a-z-]+)="([^"]*)"', rest):
            assert attribute in {"colspan", "rowspan", "scope", "start"}, html


def test_a_link_goes_and_its_words_stay():
    assert richtext.clean('<p>见<a href="http://example.cn/">通知</a>。</p>') == "<p>见通知。</p>"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_or_loads_survives(payload):
    html = richtext.clean(f"<p>前</p>{payload}<p>后</p>")

    assert_safe(html)
    assert "前" in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_row_written_past_the_forms_is_cleaned_when_it_is_shown(db, cast, payload):
    article = make_article(cast.lin)
    # PostgreSQL itself refuses NUL.
    Article.objects.filter(pk=article.pk).update(body=payload.replace("\x00", ""))

    assert_safe(Article.objects.get().html)


@given(st.text(alphabet=st.sampled_from("<>/=\"'&;:!-pabisrcthefon jvx#10字，\n"), max_size=80))
def test_any_text_comes_out_safe_and_stays_as_it_is_afterwards(text):
    once = richtext.clean(text)

    assert_safe(once)
    assert richtext.clean(once) == once


@given(st.text(max_size=60))
def test_plain_text_goes_in_and_out_unchanged(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if line.isprintable()]

    html = richtext.clean(richtext.from_text("\n".join(lines)))

    assert [block.text for block in richtext.to_blocks(html)] == lines


def test_what_print_can_show_stays():
    html = (
        "<h3>一、基本情况</h3><h4>（一）部署</h4><p>要<strong>高度</strong>重视H<sub>2</sub>O。</p>"
        '<ol start="3"><li>其三</li></ol><ul><li>要点</li></ul>'
        '<table><tbody><tr><td colspan="2">合计</td></tr></tbody></table>'
    )

    assert richtext.clean(html) == html


def test_other_words_for_the_same_become_ours():
    assert (
        richtext.clean("<h1>大</h1><div><b>粗</b><i>斜</i></div>") == "<h3>大</h3><p><strong>粗</strong><em>斜</em></p>"
    )


def test_empty_paragraphs_go():
    assert richtext.clean("<p>一</p><p>&nbsp;</p><p><br></p><p>二</p>") == "<p>一</p><p>二</p>"


def test_the_editor_is_handed_clean_text():
    field = richtext.Editor().render("body", "<p>字</p><script>steal()</script>", {"id": "id_body"})

    assert "&lt;p&gt;字&lt;/p&gt;</textarea>" in field
    assert "steal" not in field
