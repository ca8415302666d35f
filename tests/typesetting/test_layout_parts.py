"""Titles, stories, pictures and tables: how they are broken, read and measured before they are set."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.typesetting.printed import article, issue, photo, squeezed
from tests.typesetting.read_back import page_texts, picture_boxes
from typesetting import reading, rendering
from typesetting.fonts import cutting, roles
from typesetting.lines import classes, titles
from typesetting.page import body, pictures
from typesetting.page.presets import MM, PRESETS

CURRENT = PRESETS["current"]


def balanced(title, measure=18.9):
    return titles.balance(title, measure, classes.rule_width)


# Titles


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("上海市邮政管理局召开会议", ["上海市邮政管理局召开会议"]),
        ("奉贤邮政管理局组织开展寄递安全专题培训活动", ["奉贤邮政管理局组织开展", "寄递安全专题培训活动"]),
        ("宝山邮政管理局开展“守纪律　讲规矩”主题党日活动", ["宝山邮政管理局开展", "“守纪律　讲规矩”主题党日活动"]),
        ("党建引领聚合力　暖蜂服务到身边", ["党建引领聚合力　暖蜂服务到身边"]),
        ("青浦邮政管理局召开座谈会\n听取快递小哥意见", ["青浦邮政管理局召开座谈会", "听取快递小哥意见"]),
    ],
)
def test_a_title_is_broken_where_it_reads_best(title, lines):
    assert list(balanced(title)) == lines


def test_the_editors_own_lines_are_kept():
    assert balanced("上海\n市邮政管理局召开会议") == ("上海", "市邮政管理局召开会议")


def test_no_known_word_is_broken():
    title = "上海市邮政管理局联合属地公安机关组织开展寄递渠道安全生产专项整治行动"
    lines = balanced(title)
    assert "".join(lines) == title
    place, cuts = 0, set()
    for word in titles.segments(title):
        place += len(word)
        cuts.add(place)
    assert len(lines[0]) in cuts


def test_every_line_of_a_title_fits():
    for title in ("长" * 60, "一、二" * 20, "Postal Administration of Shanghai Qingpu District" * 2):
        assert all(sum(map(classes.rule_width, line)) <= 19.9 for line in balanced(title) or ())


# Stories


def kinds(html):
    return [(block.kind, block.text) for block in body.read(html)]


def test_blocks_are_read_in_order():
    html = "<h3>一、甲</h3><p>乙<strong>丙</strong></p><h4>（一）丁</h4><ul><li>戊</li></ul><ol start='3'><li><p>己</p></li></ol>"
    assert kinds(html) == [
        ("heading", "一、甲"),
        ("text", "乙丙"),
        ("subheading", "（一）丁"),
        ("text", "·戊"),
        ("text", "3. 己"),
    ]


def test_white_space_of_the_markup_is_no_text():
    assert kinds("\n<p>\n  甲 <strong> 乙</strong>\t丙\n</p>\n<p>&nbsp;</p>") == [("text", "甲 乙 丙")]


def test_text_outside_paragraphs_is_kept():
    assert kinds("甲<p>乙</p>丙<br>丁") == [("text", "甲"), ("text", "乙"), ("text", "丙\n丁")]


def test_styles_are_read():
    (block,) = body.read("<p>甲<strong>乙</strong><em>丙</em>丁</p>")
    assert [(run.text, run.style.role) for run in block.runs] == [("甲", ""), ("乙", "hei"), ("丙", "kai"), ("丁", "")]


def test_a_link_of_an_old_text_prints_as_its_words():
    (block,) = body.read('<p>甲<a href="https://example.cn/">乙</a></p>')
    assert block.text == "甲乙"
    assert {run.style for run in block.runs} == {body.Style()}


def test_a_table_is_read_with_its_head():
    (table,) = body.read("<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tr><td colspan=2>丙</td></tr></table>")
    assert table.head_rows == 1
    assert [[cell.blocks[0].text for cell in row] for row in table.rows] == [["甲", "乙"], ["丙"]]
    assert table.rows[1][0].columns == 2


def test_a_head_is_repeated_on_every_page_of_a_table():
    rows = "".join(f"<tr><td>单位{n}</td><td>{n}</td></tr>" for n in range(60))
    html = (
        f"<p>见下表。</p><table><thead><tr><th>单位名称</th><th>网点数</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    pages = page_texts(rendering.render(issue(article(body=html)), photo_bytes=bytes))
    with_rows = [squeezed(page) for page in pages if "单位" in squeezed(page).replace("单位名称", "")]
    assert len(with_rows) > 2
    assert all("单位名称" in page for page in with_rows)


# Photos


def jpeg(width, height):
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 160)).save(stream, "JPEG")
    return stream.getvalue()


@pytest.mark.parametrize("size", [(1600, 900), (600, 1600), (3000, 200), (40, 3000), (10, 10)])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_photos_stay_inside_the_type_area_on_one_page_with_their_captions(size, count):
    photos = [photo(n, f"第{n}张照片的说明文字", *size) for n in range(count)]
    pdf = rendering.render(issue(article(photos=photos)), photo_bytes=lambda photo_id: jpeg(*size))
    boxes = picture_boxes(pdf)
    assert len(boxes) == count
    for page, left, bottom, right, top in boxes:
        assert left > CURRENT.left_mm * MM - 1
        assert right < CURRENT.left_mm * MM + CURRENT.measure + 1
        assert bottom > CURRENT.bottom_mm * MM
        assert top < (297 - 37) * MM + 1
        assert (right - left) / (top - bottom) == pytest.approx(size[0] / size[1], rel=0.05)
        assert "照片的说明" in squeezed(page_texts(pdf)[page - 1])


def test_a_photo_without_a_caption_is_set():
    pdf = rendering.render(issue(article(photos=[photo(1), photo(2)])), photo_bytes=lambda photo_id: jpeg(900, 600))
    assert len(picture_boxes(pdf)) == 2


@pytest.mark.parametrize("ending", ["text", "photo", "photo with caption", "table"])
@pytest.mark.parametrize("paragraphs", [2, 6, 9, 10, 11, 12, 13, 14])
def test_the_end_matter_is_never_alone_on_its_page(ending, paragraphs):
    html = "<p>一段文字。</p>" * paragraphs
    html += "<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>" if ending == "table" else ""
    caption = "照片说明" if "caption" in ending else ""
    photos = [photo(1, caption, 900, 600)] if "photo" in ending else []
    pdf = rendering.render(issue(article(body=html, photos=photos)), photo_bytes=lambda photo_id: jpeg(900, 600))
    last = reading.page_count(pdf)
    before = squeezed(page_texts(pdf)[-1]).partition("报：")[0]
    assert "共印60份" in squeezed(page_texts(pdf)[-1])
    assert before or any(page == last for page, *_box in picture_boxes(pdf))


@pytest.mark.parametrize("length", [5, 15, 17, 20, 24, 25, 40, 90])
def test_publisher_and_date_stand_in_the_measure_whatever_their_length(length):
    publisher = ("市邮政管理局党建办公室" * 10)[:length]
    pdf = rendering.render(issue(publisher=publisher), photo_bytes=bytes)
    assert f"{publisher}编2026年3月27日" in squeezed(page_texts(pdf)[0])
    edge = CURRENT.left_mm * MM + CURRENT.measure
    dates = [line for line in reading.lines_of(pdf) if line.text.endswith("3月27日")]
    assert dates[0].right == pytest.approx(edge - CURRENT.body_size, abs=1)


def test_photos_stand_by_two_and_two():
    rows = pictures.arrange([photo(n) for n in range(5)], CURRENT)
    assert [len(row.pictures) for row in rows] == [1, 2, 2]
    assert all(row.height % CURRENT.row_height == pytest.approx(0, abs=1e-6) for row in rows)


# Fonts


def test_every_role_has_a_font_and_none_is_japanese():
    for role in roles.STACKS:
        assert roles.whole_face(role), role
        assert "JP" not in roles.whole_face(role).family


def test_the_body_is_set_in_a_fangsong_with_half_width_figures():
    assert roles.whole_face(roles.BODY).family in roles.STACKS[roles.BODY][:5]
    assert {roles.width(figure, roles.BODY) for figure in "0123456789"} == {0.5}


def test_a_cut_font_has_the_usual_characters_at_the_same_widths(settings, tmp_path):
    face = roles.whole_face(roles.BODY)
    path = tmp_path / "cut.otf"
    path.write_bytes(cutting.cut(face))
    cut, whole = roles._Glyphs(roles.Face("x", str(path), 0, 80)), roles._Glyphs(face)
    usual = [chr(code) for code in cutting.usual_characters() & set(whole.characters)]
    assert len(usual) > 7000
    assert all(cut.width(character) == whole.width(character) for character in usual)
    assert path.stat().st_size < 0.9 * Path(face.file).stat().st_size


# Pages as pictures


def test_a_page_is_drawn_as_a_picture():
    pdf = rendering.render(issue(), photo_bytes=bytes)
    with Image.open(io.BytesIO(reading.page_png(pdf, 1, 600))) as image:
        assert image.width == 600
        assert image.height == pytest.approx(600 * 297 / 210, abs=2)
        colours = image.convert("RGB").getcolors(1_000_000)
    assert any(red > 180 and green < 60 and blue < 60 for _count, (red, green, blue) in colours)


def test_there_is_no_page_beyond_the_last():
    pdf = rendering.render(issue(), photo_bytes=bytes)
    for page in (0, 2, -1):
        with pytest.raises(IndexError):
            reading.page_png(pdf, page, 100)


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_named_so(data):
    with pytest.raises(reading.UnreadablePdf):
        reading.page_count(data)
