"""Signs that need care: marks whose ink stands in the middle, ％ and ￥, addresses, numbers of lists, rare names."""

import math
import operator
import unicodedata

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageStat

from tests.typesetting.printed import article, issue
from typesetting import reading, rendering
from typesetting.fonts import roles
from typesetting.inspection import layout_check
from typesetting.lines import classes
from typesetting.lines.composer import Run, compose
from typesetting.lines.paragraph import GAP, Paragraph

SIZE = 16
URL = "https://www.spb.gov.cn/gjyzj/c100015/c100016/202611/a8b0e6d1.shtml?from=timeline&isappinstalled=0&source=wechat"


def set_page(*paragraphs, **changes):
    return reading.lines_of(rendering.render(issue(article(paragraphs=paragraphs), **changes), photo_bytes=bytes))


def line_with(lines, text):
    return next(line for line in lines if text in line.text)


@pytest.mark.parametrize("text", ["12.5％", "￥12.80", "25℃", "占3‰", "12㎡"])
def test_a_sign_of_a_number_stands_right_beside_it(text):
    paragraph = Paragraph(text, [1.0] * len(text))
    assert GAP not in paragraph.after[1 if "占" in text else 0 :]


def test_a_number_still_has_a_gap_beside_han():
    assert Paragraph("共12个", [1.0] * 4).after[0] == GAP


@pytest.mark.parametrize("text", ["怎么办？’我", "是吗？）然", "好！”他", "书》（以", "说：“好"])
def test_ink_of_marks_beside_each_other_never_touches(text):
    line = line_with(set_page("他说：‘" + text + "说"), text[0])
    at = line.text.index(text)
    for one, other in zip(line.characters[at : at + len(text)], line.characters[at + 1 : at + len(text)], strict=False):
        assert other.inked_left - one.inked_right > 0.05 * SIZE


def test_an_address_is_parted_behind_its_signs_and_leaves_no_hole():
    lines = set_page(f"请登录{URL}查询有关内容，并将结果报送本办公室汇总。")
    parts = [line for line in lines if any(character in line.text for character in "/&") and line.baseline > 80]
    assert "请登录https:" in parts[0].text
    assert len(parts) > 1
    for line in parts[:-1]:
        assert line.text[-1] in "/?&."
        widths = [after.left - before.left for before, after in zip(line.characters, line.characters[1:], strict=False)]
        assert max(widths) < 1.6 * SIZE
    content = issue(article(paragraphs=[f"请登录{URL}查询有关内容，并将结果报送本办公室汇总。"]))
    report = layout_check.check(rendering.render(content, photo_bytes=bytes), content)
    assert not [finding for finding in report.findings if finding.rule == "flush"]


def test_a_ratio_is_not_parted():
    for length in range(18, 30):
        lines = compose([Run("字" * length + "比例3∶1和20∶30的")], 26)
        assert not any(line.text[-1] == "∶" or line.text[0] == "∶" for line in lines)


def test_the_number_of_a_brief_keeps_off_a_date():
    brief = article(9, title="", paragraphs=["11月24日，青浦局开会。"], section="brief")
    lines = reading.lines_of(rendering.render(issue(briefs=(brief,)), photo_bytes=bytes))
    line = line_with(lines, "青浦局开会")
    assert line.text.startswith("1.11")
    assert line.characters[2].inked_left - line.characters[1].inked_right > 0.5 * SIZE


def test_a_list_number_keeps_off_a_date():
    pdf = rendering.render(issue(article(body="<ol><li>11月24日，开会。</li></ol>")), photo_bytes=bytes)
    line = line_with(reading.lines_of(pdf), "开会")
    assert line.characters[2].inked_left - line.characters[1].inked_right > 0.5 * SIZE


# Glyphs that are wrong in a font

SIGNS = (
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    "，。、；：？！…—·“”‘’（）《》〈〉【】『』「」〔〕～￥％＋－＝＊＃＆＠＄１２３４５６７８９０￣〆"
    "¥£€§°±×÷℃‰①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤⅩ〇№→←↑↓■□▲△●○★☆※≤≥≠≈∞√㎡㎏㎜㎝㎞′″αβγπμΩω々〃◎◇◆"
)
UNSURE = frozenset("f［√")  # slender in one font and not in the other: so small a picture says nothing
OWN, OTHER = 0.75, 0.855  # how well a sign that is right matches itself at least, and one that is wrong another


def shape(face, character):
    """The sign in a small picture of one size, its shades less their mean."""
    font = ImageFont.truetype(face.file, 40, index=face.index)
    image = Image.new("L", (80, 80))
    ImageDraw.Draw(image).text((20, 20), character, font=font, fill=255)
    ink = image.crop(image.getbbox())
    scale = 40 / max(ink.size)
    ink = ink.resize([max(1, round(side * scale)) for side in ink.size])
    square = Image.new("L", (48, 48))
    square.paste(ink, ((48 - ink.width) // 2, (48 - ink.height) // 2))
    shades = square.filter(ImageFilter.GaussianBlur(2)).resize((20, 20)).tobytes()
    return [shade - sum(shades) / len(shades) for shade in shades]


def product(one, other):
    return sum(map(operator.mul, one, other))


def likeness(one, other):
    """The correlation of two pictures, 1 when they are the same."""
    return product(one, other) / math.sqrt(product(one, one) * product(other, other))


def mistaken(face, reference, signs):
    """The signs that look like another sign of the reference, and not like themselves there, each with that other."""
    right = {sign: shape(reference, sign) for sign in signs}
    for sign in signs:
        drawn = shape(face, sign)
        own = likeness(drawn, right[sign])
        for other, picture in right.items() if own < OWN else ():
            same = unicodedata.normalize("NFKC", other) == unicodedata.normalize("NFKC", sign)
            if not same and sign not in UNSURE and likeness(drawn, picture) > max(OTHER, own + 0.25):
                yield sign + other


def has(face, sign):
    return ord(sign) in roles._glyphs(face).characters


@pytest.mark.parametrize("role", [roles.BODY, roles.KAI, roles.HEI, roles.SONG])
def test_no_sign_is_drawn_as_another_one(role):
    face = roles.whole_face(role)
    family = "Noto Sans CJK SC" if role == roles.HEI else "Noto Serif CJK SC"
    reference = next(one for one in roles.installed()[family] if one.weight == 80)
    assert len(SIGNS) > 200
    used = [sign for sign in SIGNS if has(face, sign) and has(reference, sign)]
    assert len(used) > 180
    assert not set(mistaken(face, reference, used))


def test_the_comparison_finds_the_dollar_that_is_drawn_for_a_yuan():
    face = roles.whole_face(roles.BODY)
    if face.family not in roles.MISDRAWN:
        pytest.skip(f"the body is set in {face.family}, which has it right")
    reference = next(one for one in roles.installed()["Noto Serif CJK SC"] if one.weight == 80)
    assert set(mistaken(face, reference, [*"$¥￥。，12AB"])) == {"￥$"}


@pytest.mark.parametrize("markup", ["{}", "<strong>{}</strong>", "<em>{}</em>"])
def test_a_yuan_sign_is_set_in_a_font_that_has_it(markup):
    body = f"<p>慰问金{markup.format('￥12.80')}元。</p>"
    pdf = rendering.render(issue(article(body=body)), photo_bytes=bytes)
    (sign,) = [one for line in reading.lines_of(pdf) for one in line.characters if one.text == "￥"]
    assert "Fandol" not in sign.font


# Rare names


def darkness(face, text):
    font = ImageFont.truetype(face.file, 60, index=face.index)
    image = Image.new("L", (70 * len(text), 90))
    ImageDraw.Draw(image).text((5, 5), text, font=font, fill=255)
    return ImageStat.Stat(image).mean[0]


@pytest.mark.parametrize("role", [roles.BODY, roles.KAI])
def test_a_name_in_another_font_is_hardly_darker_than_the_text(role):
    body, other = roles.whole_face(role), roles.face_of("喆", role)
    assert body != other
    text = "李王张陈杨赵黄周吴徐孙胡朱高林何郭马罗梁"
    assert darkness(other, text) < 1.2 * darkness(body, text)
    pdf = rendering.render(issue(article(body=f"<p>王喆同志，{'<em>李喆</em>'}同志。</p>")), photo_bytes=bytes)
    used = {one.font for line in reading.lines_of(pdf) for one in line.characters if one.text == "喆"}
    assert used
    assert all("Light" in name for name in used)
    assert classes.kind("喆") == classes.HAN
