"""What is remembered from one rendering to the next changes no byte of the PDF."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from tests.typesetting.printed import article, issue, photo, real_issue
from typesetting import rendering
from typesetting.page.presets import PRESETS
from typesetting.press import door, speed

TABLE = "<table><thead><tr><th>单位</th><th>网点</th></tr></thead><tr><td>青浦</td><td>12</td></tr></table>"
MIXED = """<h3>一、总体情况</h3><p>全市共有<strong>快递网点</strong>3200个，其中AED设备<em>已配</em>85%。详见
<a href="https://example.cn/">公告</a>，面积12m<sup>2</sup>，CO<sub>2</sub>排放下降。</p><h4>（一）名单</h4>
<p>镕喆堃赟龑等同志到会，Ünï，“双十一”期间——每天……共１２次，全年office automation共计。</p><ul><li>第一项</li></ul>"""


def jpeg(photo_id=1):
    stream = io.BytesIO()
    Image.new("RGB", (900, 600), (90, 120, 160)).save(stream, "JPEG")
    return stream.getvalue()


def everything(has_code=False):
    """An issue with every part that a page can have."""
    long = "这一段文字用来占满几行，其中的引号“如此”、顿号、逗号，都要挤一挤。" * 12
    return issue(
        article(
            1, title="青浦邮政管理局召开座谈会\n听取快递小哥意见", subtitle="甲乙丙", body=MIXED + f"<p>{long}</p>" * 4
        ),
        article(2, body=f"<p>{long}</p>{TABLE}", photos=[photo(1, "说明"), photo(2, "另一张")]),
        article(3, title="党建引领聚合力　暖蜂服务到身边", paragraphs=[long] * 6),
        briefs=(article(4, title="", paragraphs=["简讯一条。"], section="brief"),),
        editor_note="编者的话，写在前面。",
        has_contents=True,
        issue_to=("各区局",),
        verify_link="https://bulletin.example.cn/v/abcd2345efgh6/" if has_code else "",
    )


def without_memory(content, layout):
    """As WeasyPrint alone makes it."""
    door.font_configuration()
    speed.remove()
    try:
        return rendering.render(content, photo_bytes=jpeg, layout=layout)
    finally:
        speed.install()


@pytest.mark.parametrize(("layout", "has_code"), [*((layout, False) for layout in PRESETS), ("current", True)])
def test_every_part_of_a_page_is_the_same_to_the_byte(layout, has_code):
    content = everything(has_code)
    alone = without_memory(content, layout)
    assert [rendering.render(content, photo_bytes=jpeg, layout=layout) == alone for _ in range(2)] == [True, True]


@pytest.mark.parametrize("name", ["000", "003", "004"])
def test_a_real_issue_is_the_same_to_the_byte(bulletins_dir, name):
    content, _texts = real_issue(bulletins_dir, name)
    alone = without_memory(content, "current")
    assert rendering.render(content, photo_bytes=jpeg) == alone


def test_other_issues_in_between_change_nothing():
    before = rendering.render(everything(), photo_bytes=jpeg)
    for text in ("别的文字ABC。", "第三种 office 文字，１２３。"):
        rendering.render(issue(article(title=text, paragraphs=[text * 30])), photo_bytes=jpeg)
    assert rendering.render(everything(), photo_bytes=jpeg) == before


def test_the_memory_has_an_end():
    memory = speed.Newest(3)
    for key in "abcd":
        memory.made("a", str)
        memory.made(key, str)
    assert sorted(memory) == ["a", "c", "d"]


RENDERING = """
import hashlib, logging
import django, weasyprint
from weasyprint.layout import inline
from weasyprint.pdf import stream
from weasyprint.text import ffi, line_break
{change}
django.setup()
logging.basicConfig()
from typesetting.press import door
page = "<html lang='zh-CN'><head><title>a</title></head><body><p>b</p></body></html>"
print(door.made_faster(), hashlib.sha256(door.to_pdf(page, "p {{ white-space: pre }}", photo_bytes=bytes)).hexdigest())
"""


def rendered(change=""):
    """What a new process prints and logs that renders a page, WeasyPrint changed like this."""
    command = [sys.executable, "-c", RENDERING.format(change=change)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split(), done.stderr


@pytest.fixture(scope="module")
def made_with_speed():
    (was_made_faster, made), log = rendered()
    assert (was_made_faster, log) == ("True", "")
    return made


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("weasyprint.__version__ = '70.1'", "70.1"),
        ("del ffi.FROM_UNITS", "FROM_UNITS"),
        ("stream.Font, stream.PdfFont = type('Font', (stream.Font,), {}), stream.Font", "Font"),
        ("inline.split_first_line = lambda *a, **k: line_break.split_first_line(*a, **k)", "split_first_line"),
    ],
)
def test_it_stands_back_from_a_weasyprint_that_it_does_not_know(change, said, made_with_speed):
    (was_made_faster, made), log = rendered(change)
    assert (was_made_faster, made) == ("False", made_with_speed)
    assert said in log


def test_a_page_that_is_not_well_formed_is_read_as_html():
    made = door.to_pdf("<html lang=zh-CN><title>题</title><p>一<br>二<p>三", "", photo_bytes=jpeg)
    assert made.startswith(b"%PDF")
