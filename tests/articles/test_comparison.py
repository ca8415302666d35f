"""The comparison of whole stories: title, paragraphs, tables, photos."""

import pytest

from articles.comparison import Story, StoryPhoto, compare_stories
from articles.pieces import Paragraph, Table, pieces_of

FIRST = "会议要求，各单位要压实安全生产责任，逐项排查隐患。"
SECOND = "演练模拟分拨中心二层起火，值班人员立即启动应急预案。"
TABLE = "<table><caption>参演情况</caption><tbody><tr><th>单位</th><th>人数</th></tr>{}</tbody></table>"
MARKS = {"equal": "{}", "delete": "-{}-", "insert": "+{}+"}


def story(body="", title="", subtitle="", authors="", photos=()):
    return Story(title, subtitle, authors, body, tuple(StoryPhoto(*photo) for photo in photos))


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def marked(parts):
    return "".join(MARKS[kind].format(text) for kind, text in parts)


def text_of(row):
    return "".join(marked(cell.parts) for cell in row.cells)


def rows(*texts):
    """A table with these rows: rows("甲局 6", "乙局 8")."""
    return TABLE.format("".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in text.split())}</tr>" for text in texts))


def test_the_pieces_of_a_story_are_read_in_order():
    html = f"<h3>一、部署</h3><p>甲<br>乙</p>{rows('甲局 6')}<ul><li>丙</li></ul>丁<p> </p>"

    assert pieces_of(html) == [
        Paragraph("h3", "一、部署"),
        Paragraph("p", "甲\n乙"),
        Table("参演情况", [["单位", "人数"], ["甲局", "6"]]),
        Paragraph("li", "丙丁"),
    ]


def test_a_table_inside_a_cell_is_text_of_the_cell():
    inner = "<table><tr><td>内</td><td>表</td></tr></table>"

    (table,) = pieces_of(f"<table><tr><td><p>甲</p><p>乙</p></td><td>外{inner}</td></tr></table>")

    assert table.rows == [["甲\n乙", "外\n内\n表"]]


def test_titles_are_compared_by_character():
    found = compare_stories(
        story(title="联合消防部门\n开展演练", subtitle="甲"), story(title="联合区消防部门\n开展演练")
    )

    assert (marked(found.title), marked(found.subtitle)) == ("联合+区+消防部门\n开展演练", "-甲-")
    assert (found.places, found.deleted, found.inserted) == (2, 1, 1)


def test_paragraphs_are_found_again_wherever_they_stand():
    before = paragraphs(FIRST, SECOND, "结尾一段，青浦局将继续跟进。")
    after = paragraphs("结尾一段，青浦局将持续跟进。", FIRST, SECOND.replace("立即", "随即"))

    found = compare_stories(story(before), story(after))

    assert [(block.kind, block.before_at, block.after_at) for block in found.blocks] == [
        ("moved", 3, 1),
        ("same", 1, 2),
        ("changed", 2, 3),
        ("moved_away", 3, 1),
    ]
    assert (found.places, found.deleted, found.inserted, found.moved) == (3, 2, 2, 1)


def test_a_paragraph_that_became_a_heading_is_named():
    found = compare_stories(story("<p>一、工作部署</p>"), story("<h3>一、工作部署</h3>")).blocks[0]

    assert (found.kind, found.is_restyled, found.places) == ("same", True, 1)
    assert [str(label) for label in found.labels] == ["正文", "标题"]


def test_a_cell_is_compared_by_character():
    (table,) = compare_stories(story(rows("甲局 16", "乙局 8")), story(rows("甲局 18", "乙局 8"))).blocks

    assert [[marked(cell.parts) for cell in row.cells] for row in table.rows] == [
        ["单位", "人数"],
        ["甲局", "1-6-+8+"],
        ["乙局", "8"],
    ]
    assert table.places == 1


def test_rows_are_told_apart():
    before, after = rows("青浦局 16", "宝山局 8"), rows("松江局 3", "青浦局 16")

    (table,) = compare_stories(story(before), story(after)).blocks

    assert [(row.kind, text_of(row)) for row in table.rows] == [
        ("same", "单位人数"),
        ("added", "+松江局++3+"),
        ("same", "青浦局16"),
        ("deleted", "-宝山局--8-"),
    ]


def test_a_new_column_leaves_the_other_cells_as_they_were():
    (table,) = compare_stories(story(rows("青浦局 16")), story(rows("青浦局 16 已核"))).blocks

    assert text_of(table.rows[1]) == "青浦局16+已核+"
    assert [cell.operation for cell in table.rows[1].cells] == ["equal", "equal", "insert"]


def test_columns_that_were_joined_went_and_came():
    one, other = "青浦邮政管理局", "宝山区邮政分局"

    (table,) = compare_stories(story(rows(f"{one} {other}")), story(rows(f"{one}{other}"))).blocks

    assert text_of(table.rows[1]) == f"-{one}--{other}-+{one}{other}+"
    assert [cell.operation for cell in table.rows[1].cells] == ["delete", "delete", "insert"]


def test_a_table_is_never_taken_for_text():
    text = "单位人数青浦局十六人宝山局八人"

    found = compare_stories(story(paragraphs(FIRST, text)), story(paragraphs(FIRST) + rows(*text.split("局"))))

    assert [(block.kind, block.tag) for block in found.blocks] == [("same", "p"), ("deleted", "p"), ("added", "table")]


def test_a_table_that_was_moved_is_moved():
    table = rows("青浦局 16", "宝山局 8")

    found = compare_stories(story(table + paragraphs(FIRST, SECOND)), story(paragraphs(FIRST, SECOND) + table))

    assert [(block.kind, block.tag) for block in found.blocks] == [
        ("moved_away", "table"),
        ("same", "p"),
        ("same", "p"),
        ("moved", "table"),
    ]
    assert (found.moved, found.places, found.deleted, found.inserted) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ([(1, "甲")], [(1, "甲")], [("same", "甲")]),
        ([(1, "甲")], [(1, "甲"), (2, "乙")], [("same", "甲"), ("added", "+乙+")]),
        ([(1, "甲"), (2, "乙")], [(2, "乙")], [("same", "乙"), ("deleted", "-甲-")]),
        ([(1, "演练现场")], [(1, "演练会场")], [("changed", "演练-现-+会+场")]),
        ([(1, "甲", "一人")], [(1, "甲", "二人")], [("changed", "甲")]),
        (
            [(1, "甲"), (2, "乙"), (3, "丙")],
            [(3, "丙"), (1, "甲"), (2, "乙")],
            [("moved", "丙"), ("same", "甲"), ("same", "乙")],
        ),
    ],
)
def test_photos_are_added_taken_out_moved_and_captioned_anew(before, after, changes):
    found = compare_stories(story(photos=before), story(photos=after))

    assert [(photo.kind, marked(photo.caption)) for photo in found.photos] == changes
    assert found.places == sum(kind != "same" for kind, _caption in changes)


def test_photos_stand_behind_their_paragraphs():
    """A list is one block and several pieces; what was deleted has no place any more."""
    lists = "<ul><li>讲规程</li><li>练操作</li></ul>"
    before = story(
        paragraphs(FIRST, SECOND) + lists, photos=[(1, "甲", "", 1), (2, "乙", "", 3), (3, "丙"), (4, "丁", "", 1)]
    )
    after = story(paragraphs(SECOND, "新的一段。") + lists, photos=[(1, "甲", "", 1), (2, "乙", "", 3), (3, "丙")])

    found = compare_stories(before, after)

    standing = [(marked(block.parts), photo.key) for block, photos in found.flow for photo in photos]
    assert standing == [(SECOND, 1), ("练操作", 2)]
    assert [photo.key for photo in found.last_photos] == [3, 4]


def test_nothing_is_marked_where_nothing_changed():
    same = story(paragraphs(FIRST) + rows("甲局 6"), "题", "副题", "林", [(1, "甲")])

    found = compare_stories(same, same)

    assert (found.places, found.deleted, found.inserted, found.moved) == (0, 0, 0, 0)
