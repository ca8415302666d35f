"""A comparison as a Word file: who accepts its revisions has the new text, who rejects them the old one."""

import json
import random
import re
import zipfile
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from xml.etree import ElementTree

import mammoth
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import word
from articles.comparison import Story, StoryPhoto, compare_stories
from articles.docx.package import W
from articles.docx.revisions import NO_XML, word_file
from articles.pieces import Table, pieces_of
from articles.redline import Compared, Redline, Remark, Side

AT = datetime(2026, 4, 8, 1, 5, tzinfo=UTC)
FIRST = "会议要求，各单位要压实安全生产责任，逐项排查隐患。"
SECOND = "演练模拟分拨中心二层起火，值班人员立即启动应急预案。"
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def story(body="", title="", subtitle="", authors="", photos=()):
    return Story(title, subtitle, authors, body, tuple(StoryPhoto(*photo) for photo in photos))


def made(*pairs, remarks=()):
    """The file of these pairs of stories."""
    stories = tuple(Compared(compare_stories(*pair), remarks=remarks) for pair in pairs)
    sides = Side("第 1 版", "林向晚", AT), Side("第 2 版", "陆一鸣", AT)
    return word_file(Redline("青浦局开展演练", "青浦局", *sides, stories))


# --- another reader than Word: accepts or rejects all revisions -------------------------------------------------------
def opened(data, part="document"):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(f"word/{part}.xml"))


def settled(data, *, accept):
    """The lines and the tables (rows of cells) that are left."""
    gone, kind = ("del", "Del") if accept else ("ins", "Ins")
    return _settled(opened(data).find(W + "body"), gone, kind)


def _settled(container, gone, kind):
    found, open_line = [], ""
    for element in container:
        if element.tag == W + "p":
            open_line += _text(element, gone)
            if element.find(f"{W}pPr/{W}rPr/{W}{gone}") is None:
                found.append(open_line)
                open_line = ""
        elif element.tag == W + "tbl":
            rows = [row for row in element.iter(W + "tr") if row.find(f"{W}trPr/{W}{gone}") is None]
            cells = [
                [
                    "\n".join(filter(None, _settled(cell, gone, kind)))
                    for cell in row.iter(W + "tc")
                    if cell.find(f"{W}tcPr/{W}cell{kind}") is None
                ]
                for row in rows
            ]
            assert not open_line  # a paragraph can't be joined to a table
            found += [cells] if cells else []
    return [each for each in [*found, open_line] if each]


def _text(paragraph, gone):
    runs = [each for each in paragraph if each.tag != W + gone]
    return "".join(words.text or "" for run in runs for words in run.iter() if words.tag in (W + "t", W + "delText"))


def as_mammoth_reads(data, *, accept):
    """Without white space. mammoth accepts all; what was deleted and inserted change places where all is rejected."""
    if not accept:
        data = turned(data)
    return re.sub(r"\s", "", mammoth.extract_raw_text(BytesIO(data)).value)


def turned(data):
    names = {"ins": "del", "del": "ins", "delText": "t"}
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                root = ElementTree.fromstring(content)
                for element in root.iter():
                    element.tag = W + names.get(element.tag.removeprefix(W), element.tag.removeprefix(W))
                content = ElementTree.tostring(root)
            new.writestr(name, content)
    return out.getvalue()


def said(story):
    """What the file should say of it: lines and tables."""
    found = [*story.title.split("\n"), *story.subtitle.split("\n")]
    for piece in pieces_of(story.body):
        if isinstance(piece, Table):
            rows = [["\n".join(filter(None, cell.split("\n"))) for cell in row] for row in piece.rows]
            found += [*piece.caption.split("\n"), *([rows] if rows else [])]
        else:
            found += piece.text.split("\n")
    found += [line for photo in story.photos for line in f"[照片] {photo.caption}".split("\n")]
    found += story.authors.split("\n")
    return [_printable(each) for each in found if each]


def _printable(each):
    return NO_XML.sub("", each) if isinstance(each, str) else [[NO_XML.sub("", cell) for cell in row] for row in each]


def flat(found):
    text = "".join(each if isinstance(each, str) else "".join(cell for row in each for cell in row) for each in found)
    return re.sub(r"\s", "", text)


def assert_both_texts_are_in_it(before, after):
    data = made((before, after))
    for accept, wanted in ((True, said(after)), (False, said(before))):
        assert settled(data, accept=accept) == wanted
        assert as_mammoth_reads(data, accept=accept) == flat(wanted)
    Document(BytesIO(data))


# --- any two stories --------------------------------------------------------------------------------------------------
words = st.text(alphabet="公示共识，的12ab <&", max_size=12)
sentence = st.sampled_from(
    [FIRST, SECOND, FIRST + SECOND, SECOND.replace("立即", "随即"), "下一步，青浦局将继续跟进。"]
)
paragraph = st.one_of(sentence, words).map(str.strip).filter(bool)
cell = st.one_of(st.sampled_from(["青浦邮政管理局", "宝山局", "16", ""]), words)


@st.composite
def block(draw):
    tag = draw(st.sampled_from(["p", "p", "p", "h3", "h4", "li", "br", "table"]))
    if tag == "table":
        rows = draw(st.lists(st.lists(cell, min_size=1, max_size=3), min_size=1, max_size=3))
        caption = draw(st.sampled_from(["", "参演情况", "参演人数"]))
        cells = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
        return f"<table><caption>{caption}</caption><tbody>{cells}</tbody></table>"
    text = escape(draw(paragraph))
    if tag == "br":
        return f"<p>{text}<br>{escape(draw(paragraph))}</p>"
    return f"<ul><li>{text}</li></ul>" if tag == "li" else f"<{tag}>{text}</{tag}>"


@st.composite
def two_stories(draw):
    blocks = draw(st.lists(block(), max_size=6))
    changed = [each if draw(st.booleans()) else draw(block()) for each in draw(st.permutations(blocks))]
    changed = changed[: draw(st.integers(0, 7))] + draw(st.lists(block(), max_size=1))
    photos = [(key, draw(st.sampled_from(["演练现场", "演练会场", ""]))) for key in range(draw(st.integers(0, 3)))]
    others = draw(st.permutations(photos))[: draw(st.integers(0, 3))] + [(9, "新照片")][: draw(st.integers(0, 1))]
    titles = st.sampled_from(["", "青浦局\n开展演练", "青浦邮政管理局\n开展消防演练", "青浦局开展演练"])
    ends = st.sampled_from(["", "林向晚", "林向晚、赵知远"])
    before = story("".join(blocks), draw(titles), draw(ends), draw(ends), photos)
    return before, story("".join(changed), draw(titles), draw(ends), draw(ends), others)


@settings(max_examples=150, deadline=None)
@given(two_stories())
def test_accepting_gives_the_new_text_and_rejecting_the_old_one(stories):
    assert_both_texts_are_in_it(*stories)


# --- the stories of the real issues -----------------------------------------------------------------------------------
def edited(paragraphs, chance):
    """As an office would: words replaced, paragraphs moved, joined, deleted, added."""
    texts = [text for text in paragraphs if chance.random() > 0.05]
    for _turn in range(len(texts) // 2 + 1):
        at = chance.randrange(len(texts)) if texts else 0
        text = texts[at] if texts else ""
        act = chance.choice(["word", "word", "word", "move", "join", "split", "add"])
        if act == "word" and len(text) > 4:
            place = chance.randrange(len(text) - 3)
            texts[at] = text[:place] + chance.choice(["共识", "", "进一步", "、"]) + text[place + chance.randrange(3) :]
        elif act == "move" and texts:
            texts.insert(chance.randrange(len(texts)), texts.pop(at))
        elif act == "join" and at + 1 < len(texts):
            texts[at : at + 2] = ["".join(texts[at : at + 2])]
        elif act == "split" and len(text) > 20:
            texts[at : at + 1] = [text[: len(text) // 2], text[len(text) // 2 :]]
        elif act == "add":
            texts.insert(at, f"下一步，将在{at}个网点推广。")
    return texts


def test_the_real_stories_with_any_edits_give_both_texts(bulletins_dir):
    chance = random.Random(8)
    for path in sorted(bulletins_dir.glob("*.json")):
        for article in json.loads(path.read_text())["articles"]:
            texts = article["paragraphs"]
            before, after = (
                story("".join(f"<p>{escape(text)}</p>" for text in each), "\n".join(article["title_lines"]))
                for each in (texts, edited(texts, chance))
            )
            assert_both_texts_are_in_it(before, after)


# --- what it says besides ---------------------------------------------------------------------------------------------
def comments(data):
    """Each with the text of the paragraph that it stands on."""
    root = opened(data)
    told = {str(each.comment_id): (each.author, each.text) for each in Document(BytesIO(data)).comments}
    return [
        ("".join(paragraph.itertext()), *told[mark.get(W + "id")])
        for paragraph in root.iter(W + "p")
        for mark in paragraph.findall(W + "commentRangeStart")
    ]


def test_only_what_changed_bears_the_name_and_the_time_of_who_changed_it():
    root = opened(made((story("<p>凝聚安全公示，压实责任。</p>"), story("<p>凝聚安全共识，压实责任。</p>"))))

    revisions = [(each.tag, "".join(each.itertext()), each.get(W + "author"), each.get(W + "date"))
                 for each in root.iter() if each.get(W + "author")]  # fmt: skip
    assert revisions == [
        (W + "del", "公示", "陆一鸣", "2026-04-08T01:05:00Z"),
        (W + "ins", "共识", "陆一鸣", "2026-04-08T01:05:00Z"),
    ]


def test_each_revision_has_a_number_of_its_own():
    before, after = story(f"<p>{FIRST}</p><p>{SECOND}</p>"), story(f"<p>{SECOND}</p><p>{FIRST}新</p>")
    root = opened(made((before, after), (after, before)))

    numbers = [each.get(W + "id") for each in root.iter() if each.get(W + "author")]
    assert len(numbers) == len(set(numbers)) > 4


def test_a_paragraph_that_was_moved_says_from_where():
    before, after = story(f"<p>短的一段。</p><p>{FIRST}</p>"), story(f"<p>{FIRST}</p><p>短的一段。</p>")

    (comment,) = Document(BytesIO(made((before, after)))).comments

    assert (comment.text, comment.author) == ("原第 1 段移来", "陆一鸣")


def test_remarks_are_comments_on_the_title():
    after = story(f"<p>{FIRST}</p>", "新题")
    data = made((story(f"<p>{FIRST}</p>", "旧题"), after), remarks=(Remark("请核对\n用词", "顾文岚", AT),))

    (comment,) = Document(BytesIO(data)).comments
    assert (comment.text, comment.author, comment.initials) == ("请核对\n用词", "顾文岚", "顾")
    title = opened(data).find(f"{W}body/{W}p")
    assert title.find(f"{W}commentRangeStart") is not None
    assert settled(data, accept=True) == said(after)


def test_remarks_on_a_paragraph_are_comments_where_it_stands_now():
    before = story(f"<p>短的一段。</p><p>{FIRST}</p><table><tbody><tr><td>甲</td></tr></tbody></table>", "题")
    after = story(f"<p>{FIRST}</p><p>短的一段。</p><table><tbody><tr><td>甲</td></tr></tbody></table>", "题")
    data = made((before, after), remarks=tuple(Remark(f"第{at}", "顾文岚", AT, at) for at in (0, 1, 2, 3)))

    numbers = {each.text: str(each.comment_id) for each in Document(BytesIO(data)).comments}
    beside = {
        number.get(W + "id"): _text(paragraph, "del")
        for paragraph in opened(data).iter(W + "p")
        for number in paragraph.findall(W + "commentRangeStart")
    }
    assert [beside[numbers[f"第{at}"]] for at in range(4)] == ["题", FIRST, "短的一段。", "甲"]
    assert settled(data, accept=True) == said(after)
    assert settled(data, accept=False) == said(before)


def test_a_remark_on_a_paragraph_that_was_split_off_is_not_lost():
    before, after = story(f"<p>{FIRST}{SECOND}</p><p>新。</p>"), story(f"<p>{FIRST}</p><p>{SECOND}</p><p>新。</p>")

    data = made((before, after), remarks=(Remark("第二段", "陆一鸣", AT, 2), Remark("第三段", "陆一鸣", AT, 3)))

    assert comments(data) == [(FIRST, "陆一鸣", "第二段"), ("新。", "陆一鸣", "第三段")]


def test_a_text_that_became_a_heading_changes_its_style():
    data = made((story("<p>一、工作部署</p>"), story("<h3>一、工作部署</h3>")))

    properties = opened(data).find(f"{W}body/{W}p/{W}pPr")
    assert properties.find(W + "pStyle").get(W + "val") == "Heading1"
    assert properties.find(f"{W}pPrChange/{W}pPr/{W}pStyle") is None
    assert Document(BytesIO(data)).paragraphs[0].style.name == "Heading 1"


def test_the_same_comparison_gives_the_same_bytes():
    pair = story(f"<p>{FIRST}</p>"), story(f"<p>{SECOND}</p>")

    assert made(pair) == made(pair)


def test_the_article_comes_back_from_it_as_it_is_now():
    after = story(f"<p>{FIRST}</p><p>{SECOND}</p>", "青浦邮政管理局\n开展消防演练")

    article = word.read(made((story(f"<p>{SECOND}</p>", "青浦局\n开展演练"), after)))

    assert (article.title, article.paragraphs) == (after.title, [FIRST, SECOND])
