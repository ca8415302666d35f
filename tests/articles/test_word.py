"""A Word file as a unit sends it becomes what an article holds, and what has no place is named."""

import json

import pytest
from docx import Document

from articles import word
from articles.docx.numbering import written
from tests.articles import word_files
from typesetting.blocks import blocks


def stories(folder):
    for path in sorted(folder.glob("*.json")):
        yield from json.loads(path.read_text())["articles"]


def losses(article):
    return {loss.what: (loss.count, loss.where) for loss in article.losses}


def read(document):
    return word.read(word_files.data_of(document), "稿件.docx")


SHAPES = [word_files.plain, word_files.with_headings, word_files.with_spaces, word_files.tracked]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_real_stories_come_in_character_by_character(bulletins_dir, shape):
    found = list(stories(bulletins_dir))
    assert len(found) > 20
    for story in found:
        article = read(shape(story))

        assert article.title.splitlines() == word_files.title_lines(story)
        assert article.subtitle == (story["subtitle"] or "")
        assert article.paragraphs == story["paragraphs"]


@pytest.mark.parametrize(
    ("form", "text", "first"),
    [
        ("chineseCounting", "%1、", ["一、", "二、", "三、"]),
        ("chineseCountingThousand", "（%1）", ["（一）", "（二）", "（三）"]),
        ("chineseCounting", "%1是", ["一是", "二是", "三是"]),
        ("decimal", "%1.", ["1.", "2.", "3."]),
        ("decimal", "(%1)", ["(1)", "(2)", "(3)"]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
        ("japaneseCounting", "第%1条", ["第一条　", "第二条　", "第三条　"]),
    ],
)
def test_the_numbers_that_word_showed_become_text(bulletins_dir, form, text, first):
    for story in stories(bulletins_dir):
        article = read(word_files.numbered(story, form, text))

        shown = [paragraph[: len(label)] for paragraph, label in zip(article.paragraphs, first, strict=False)]
        assert shown == first[: len(shown)]
        assert [each.removeprefix(label) for each, label in zip(article.paragraphs, first, strict=False)] == story[
            "paragraphs"
        ][:3]


def numbered_lines(levels, lines, *, setup=None):
    document = Document()
    number = word_files.add_list(document, levels)
    word_files.centred(document, "标题", size=22)
    for level, text in lines:
        word_files.number_paragraph(document.add_paragraph(text), number, level)
    return read(document).paragraphs


LEVELS = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "(%4)")]


def test_lower_levels_begin_anew_after_upper_ones():
    lines = [(0, "甲"), (1, "乙"), (1, "丙"), (2, "丁"), (2, "戊"), (0, "己"), (1, "庚"), (2, "辛"), (3, "壬")]

    assert numbered_lines(LEVELS, lines) == [
        "一、甲", "（一）乙", "（二）丙", "1.丁", "2.戊", "二、己", "（一）庚", "1.辛", "(1)壬",
    ]  # fmt: skip


def test_a_level_may_never_begin_anew():
    levels = [("chineseCounting", "%1、"), ("decimal", "%2.", '<w:lvlRestart w:val="0"/>')]

    assert numbered_lines(levels, [(0, "甲"), (1, "乙"), (0, "丙"), (1, "丁")]) == ["一、甲", "1.乙", "二、丙", "2.丁"]


def test_several_levels_in_one_number():
    levels = [("chineseCounting", "第%1章"), ("decimal", "%1.%2", "<w:isLgl/>")]

    assert numbered_lines(levels, [(0, "甲"), (1, "乙"), (1, "丙")]) == ["第一章　甲", "1.1 乙", "1.2 丙"]


def test_an_override_begins_where_it_says_and_a_shared_list_goes_on():
    document = Document()
    first = word_files.add_list(document, [("decimal", "%1.")])
    abstract = word_files.abstract_of(document, first)
    going_on = word_files.add_num(document, abstract)
    anew = word_files.add_num(
        document, abstract, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    )
    word_files.centred(document, "标题", size=22)
    for number, text in [(first, "甲"), (first, "乙"), (going_on, "丙"), (anew, "丁"), (anew, "戊")]:
        word_files.number_paragraph(document.add_paragraph(text), number)

    assert read(document).paragraphs == ["1.甲", "2.乙", "3.丙", "5.丁", "6.戊"]


def test_a_style_may_bear_the_number():
    document = Document()
    number = word_files.add_list(document, [("chineseCounting", "%1、")])
    style = document.styles["Heading 2"]
    word_files.number_paragraph(type("Styled", (), {"_p": style.element}), number)
    word_files.centred(document, "标题", size=22)
    document.add_paragraph("加强领导", style="Heading 2")
    document.add_paragraph("压实责任", style="Heading 2")

    article = read(document)

    assert article.paragraphs == ["一、加强领导", "二、压实责任"]
    assert article.body == "<h3>一、加强领导</h3>\n<h3>二、压实责任</h3>"


def test_numbers_up_to_a_hundred_and_more_are_written_as_word_writes_them():
    numbers = (1, 10, 11, 20, 21, 100, 101, 110, 1001)
    chinese = ["一", "十", "十一", "二十", "二十一", "一百", "一百零一", "一百一十", "一千零一"]
    assert [written(number, "chineseCounting") for number in numbers] == chinese
    assert [written(number, "upperRoman") for number in (4, 9, 14, 40)] == ["IV", "IX", "XIV", "XL"]
    assert [written(n, form) for n, form in ((27, "lowerLetter"), (7, "decimalZero"), (3, "ideographTraditional"))] == [
        "aa", "07", "丙",
    ]  # fmt: skip


def test_headings_get_their_levels():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    for text in (
        "一、基本情况",
        "培训分三天进行。",
        "（一）第一天",
        "一、这一段以序号开头，却是一整段正文，所以不是标题。",
    ):
        document.add_paragraph(text)

    assert read(document).body.splitlines() == [
        "<h3>一、基本情况</h3>",
        "<p>培训分三天进行。</p>",
        "<h4>（一）第一天</h4>",
        "<p>一、这一段以序号开头，却是一整段正文，所以不是标题。</p>",
    ]


def test_the_lines_of_names_go_to_their_fields():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    word_files.centred(document, "来源：青浦邮政管理局　作者：林向晚")
    document.add_paragraph("培训分三天进行。")
    document.add_paragraph("（供稿：青浦邮政管理局 贺思齐）")
    document.add_paragraph("联系人：林向晚　联系电话：021-5500 0000")

    article = read(document)

    assert article.paragraphs == ["培训分三天进行。"]
    assert (article.unit, article.authors) == ("青浦邮政管理局", "林向晚 贺思齐")
    assert article.contact == "林向晚 021-5500 0000"


def test_photos_come_with_their_captions_and_places():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    document.add_paragraph("第一段在照片前面。")
    document.add_picture(word_files.picture((800, 600)))
    word_files.centred(document, "▲培训现场")
    document.add_paragraph("第二段在照片后面。")
    document.add_picture(word_files.picture((640, 480), kind="PNG"))

    article = read(document)

    assert article.paragraphs == ["第一段在照片前面。", "第二段在照片后面。"]
    assert [(p.caption, p.width, p.height, p.after) for p in article.photos] == [
        ("培训现场", 800, 600, 1),
        ("", 640, 480, None),
    ]


def test_the_place_of_a_photo_is_counted_in_blocks_of_the_text():
    """A list is one block, and what stood above the text stands behind its first paragraph."""
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    document.add_picture(word_files.picture())
    document.add_paragraph("第一段。")
    for item in ("讲规程", "练操作"):
        document.add_paragraph(item, style="List Bullet")
    document.add_paragraph("第二段在清单后面。")
    document.add_picture(word_files.picture())
    document.add_paragraph("最后一段。")

    article = read(document)

    assert len(blocks(article.body)) == 4
    assert [photo.after for photo in article.photos] == [1, 3]


def test_a_table_that_frames_photos_is_none():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    document.add_paragraph("只有一段。")
    table = document.add_table(2, 2)
    for at, caption in enumerate(["左边的照片", "右边的照片"]):
        table.cell(0, at).paragraphs[0].add_run().add_picture(word_files.picture())
        table.cell(1, at).text = caption

    article = read(document)

    assert [photo.caption for photo in article.photos] == ["左边的照片", "右边的照片"]
    assert (article.tables, article.paragraphs) == ([], ["只有一段。"])


def test_tables_keep_their_cells_apart_from_the_paragraphs():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    document.add_paragraph("情况如下。")
    table = document.add_table(3, 2)
    for row, texts in zip(table.rows, [("单位", "人数"), ("青浦局", "12"), ("合计", "")], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(2, 0).merge(table.cell(2, 1))
    document.add_paragraph("以上。")

    article = read(document)

    assert article.tables == [[["单位", "人数"], ["青浦局", "12"], ["合计"]]]
    assert article.paragraphs == ["情况如下。", "以上。"]
    assert '<td colspan="2">合计</td>' in article.body


def test_lists_with_bullets_stay_lists():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    document.add_paragraph("会议要求：")
    for text in ("落实责任；", "守住底线。"):
        document.add_paragraph(text, style="List Bullet")

    assert read(document).body.splitlines()[1:] == ["<ul>", "<li>落实责任；</li>", "<li>守住底线。</li>", "</ul>"]


def test_tracked_changes_are_accepted_and_told():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    paragraph = document.add_paragraph("培训分")
    word_files.change(paragraph, "del", "两")
    word_files.change(paragraph, "ins", "三")
    paragraph.add_run("天进行。")
    moved = document.add_paragraph("这里")
    word_files.change(moved, "moveFrom", "移走的话")
    word_files.change(moved, "moveTo", "移来的话。")

    article = read(document)

    assert article.paragraphs == ["培训分三天进行。", "这里移来的话。"]
    assert losses(article) == {
        "修订中删去的文字（没有装入）": (2, "两；移走的话"),
        "修订中插入的文字（已装入）": (2, "三；移来的话。"),
    }


def test_what_has_no_place_is_named_with_its_words():
    document = Document()
    word_files.centred(document, "青浦局开展专题培训", size=22)
    paragraph = document.add_paragraph("培训分三天进行。")
    document.add_comment(paragraph.runs, text="请核对天数", author="贺思齐")
    document.add_comment(paragraph.runs, text="请补充人数", author="贺思齐")
    word_files.add_text_box(paragraph, "安全生产月")
    word_files.add_object(paragraph)
    word_files.add_notes(document, "footnote", "见有关规定")
    document.sections[0].header.paragraphs[0].text = "内部材料"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"

    article = read(document)

    assert article.paragraphs == ["培训分三天进行。"]
    assert losses(article) == {
        "文本框": (1, "安全生产月"),
        "嵌入对象": (1, "Excel.Sheet.12"),
        "批注": (2, "请核对天数；请补充人数"),
        "脚注": (1, "见有关规定"),
        "页眉": (1, "内部材料"),
    }
    assert {loss.what: loss.words for loss in article.losses if loss.words} == {
        "文本框": ("安全生产月",),
        "脚注": ("见有关规定",),
    }
