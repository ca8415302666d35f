"""What stands between masthead and end matter: contents, editor's note, headings, photos, tables, measured on the page."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from tests.typesetting.printed import article, issue, photo, real_issue, squeezed
from tests.typesetting.read_back import bookmark_pages, page_texts, picture_boxes
from typesetting import reading, rendering, wording
from typesetting.inspection import layout_check
from typesetting.page import fitting, flow, parts
from typesetting.page.masthead import masthead
from typesetting.page.presets import MM, PRESETS

CURRENT = PRESETS["current"]
LAYOUTS = pytest.mark.parametrize("layout", ["current", "gbt9704"])
SENTENCE = "各单位围绕重点任务认真组织学习，把好做法带到班组和网点。"


def jpeg(photo_id):
    stream = io.BytesIO()
    Image.new("RGB", (1200, 800), (90, 120, 160)).save(stream, "JPEG")
    return stream.getvalue()


def lines_with(pdf, text):
    return [line for line in reading.lines_of(pdf) if text in line.text]


def fonts_of(line):
    return {re.sub(r"^[A-Z]{6}\+", "", character.font) for character in line.characters}


def right_edge(preset):
    return preset.left_mm * MM + preset.measure


# Contents


@LAYOUTS
def test_page_numbers_of_the_contents_end_at_the_right_edge_and_are_the_true_ones(layout):
    preset = PRESETS[layout]
    titles = [
        "第一篇报道的题目",
        "第二篇报道的题目写得要比一行长得多，因此在目录里要转到下一行上去才行",
        "第三篇　分成两段的题目",
    ]
    articles = [article(n, title=title, paragraphs=[SENTENCE * 6] * 7) for n, title in enumerate(titles, 1)]
    briefs = (article(9, title="", section="brief"),)
    pdf = rendering.render(issue(*articles, briefs=briefs, has_contents=True, layout=layout), photo_bytes=bytes)
    first = [line for line in reading.lines_of(pdf) if line.page == 1]
    entries = [found for line in first if (found := re.fullmatch(r"(.*?)…+([0-9]+)", line.text)) and line]
    ends = [line for line in first if re.search("…[0-9]+$", line.text)]
    assert [int(entry[2]) for entry in entries] == bookmark_pages(pdf)
    assert len(set(bookmark_pages(pdf))) > 2
    for line in ends:
        assert line.right == pytest.approx(right_edge(preset), abs=0.6)
        dots = [character for character in line.characters if character.text == "…"]
        assert dots[-1].right < line.characters[-1].left + 0.5
    assert not {line.baseline for line in ends} & {line.baseline for line in first if "…" not in line.text}


def test_the_leader_fills_the_line_up_to_the_number():
    pdf = rendering.render(issue(article(title="短题目"), has_contents=True), photo_bytes=bytes)
    (line,) = lines_with(pdf, "…")
    dots = [character for character in line.characters if character.text == "…"]
    number = line.characters[-1]
    assert dots[0].left - CURRENT.left_mm * MM < 3 * 16 + 20
    assert number.left - dots[-1].right < 18


# Editor's note and headings


@LAYOUTS
def test_the_editors_note_is_in_kai_with_its_label_in_hei(layout):
    note = SENTENCE * 3 + "\n" + SENTENCE
    pdf = rendering.render(issue(editor_note=note, layout=layout), photo_bytes=bytes)
    text = squeezed(page_texts(pdf)[0])
    assert "编者按：" + squeezed(note) in text
    lines = reading.lines_of(pdf)
    start = next(n for n, line in enumerate(lines) if line.text.startswith("编者按："))
    label, rest = lines[start].characters[:3], lines[start].characters[4:]
    assert all("Hei" in character.font for character in label)
    assert all("Kai" in character.font for character in rest)
    assert fonts_of(lines[start + 1]) == fonts_of(lines[start + 2])
    assert all("Kai" in name for name in fonts_of(lines[start + 1]))


def test_headings_of_two_levels_are_in_hei_and_kai_two_characters_in():
    html = f"<h3>一、提高认识</h3><p>{SENTENCE}</p><h4>（一）集中学习</h4><p>{SENTENCE}</p>"
    pdf = rendering.render(issue(article(body=html)), photo_bytes=bytes)
    for text, font in (("一、提高认识", "Hei"), ("（一）集中学习", "Kai")):
        (line,) = lines_with(pdf, text)
        assert all(font in name for name in fonts_of(line))
        assert line.left == pytest.approx(CURRENT.left_mm * MM + 32, abs=8.5)
        assert line.characters[0].size == CURRENT.body_size


@pytest.mark.parametrize("before", range(14, 20))
def test_a_heading_never_ends_a_page(before):
    html = "<p>一句话。</p>" * before + f"<h3>一、提高认识</h3><h4>（一）集中学习</h4><p>{SENTENCE}</p>"
    pdf = rendering.render(issue(article(body=html)), photo_bytes=bytes)
    (first,), (second,), text = (lines_with(pdf, part) for part in ("一、提高认识", "（一）集中学习", SENTENCE[:8]))
    assert first.page == second.page == text[0].page


# Photos


def caption_characters(pdf, caption):
    """The page of a caption and its characters; two captions stand on one line beside each other."""
    (line,) = lines_with(pdf, caption)
    start = line.text.index(caption)
    return line.page, line.characters[start : start + len(caption)]


@LAYOUTS
@pytest.mark.parametrize("before", range(0, 21, 3))
@pytest.mark.parametrize("count", [1, 2])
def test_a_photo_stands_over_its_caption_inside_the_type_area(layout, count, before):
    preset = PRESETS[layout]
    captions = [f"第{n}张照片说明" for n in range(count)]
    photos = [photo(n, caption) for n, caption in enumerate(captions)]
    content = issue(article(body="<p>一句话。</p>" * before + "<p>末一句。</p>", photos=photos), layout=layout)
    pdf = rendering.render(content, photo_bytes=jpeg)
    for (page, left, bottom, right, top), caption in zip(picture_boxes(pdf), captions, strict=True):
        caption_page, characters = caption_characters(pdf, caption)
        baseline = characters[0].baseline
        assert caption_page == page
        assert 0 < bottom - baseline < 2 * preset.row_height
        assert left < characters[0].left < characters[-1].right < right
        assert left > preset.left_mm * MM - 0.5
        assert right < right_edge(preset) + 0.5
        assert top < (297 - preset.top_mm) * MM
        assert baseline > preset.bottom_mm * MM
    assert not layout_check.check(pdf, content).findings


def test_two_photos_stand_side_by_side_at_one_height():
    photos = [photo(1, "左边"), photo(2, "右边")]
    pdf = rendering.render(issue(article(photos=photos)), photo_bytes=jpeg)
    first, second = picture_boxes(pdf)
    assert (first[0], first[2], first[4]) == pytest.approx((second[0], second[2], second[4]))
    assert first[3] < second[1]


def free_rows(pdf, page, preset=CURRENT):
    """How many rows are empty at the foot of a page."""
    lowest = [line.baseline for line in reading.lines_of(pdf) if line.page == page]
    lowest = [baseline for baseline in lowest if baseline > preset.bottom_mm * MM]
    lowest += [bottom for number, _left, bottom, _right, _top in picture_boxes(pdf) if number == page]
    return int((min(lowest) - preset.bottom_mm * MM) // preset.row_height)


@LAYOUTS
@pytest.mark.parametrize("before", range(6, 22, 2))
def test_text_flows_past_a_photo_that_would_leave_the_foot_of_its_page_empty(layout, before):
    body = "<p>一句话。</p>" * before + f"<p>{SENTENCE * 3}</p>"
    articles = [article(1, body=body, photos=[photo(1, "照片说明")]), article(2, paragraphs=[SENTENCE * 9] * 9)]
    content = issue(*articles, layout=layout)
    pdf = rendering.render(content, photo_bytes=jpeg)
    assert reading.page_count(pdf) > 2
    assert free_rows(pdf, 1, PRESETS[layout]) <= 1
    flowing = squeezed("".join(page_texts(pdf)))
    assert "照片说明" in flowing
    assert not layout_check.check(pdf, content).findings


def test_a_photo_never_stands_under_a_heading_or_between_a_text_and_its_table():
    table = "<table><caption>检查情况</caption><tr><th>单位</th></tr><tr><td>甲</td></tr></table>"
    for before in range(8, 20):
        html = "<p>一句话。</p>" * before + f"<h3>一、小标题</h3><p>{SENTENCE}</p>{table}<p>{SENTENCE}</p>"
        pdf = rendering.render(issue(article(body=html, photos=[photo(1, "照片说明")])), photo_bytes=jpeg)
        text = squeezed("".join(page_texts(pdf)))
        assert "一、小标题照片说明" not in text
        assert not re.search("照片说明(—[0-9]+—)?(检查情况|单位)", text)


# Tables


@LAYOUTS
def test_a_table_repeats_its_head_on_each_page_and_stays_in_the_type_area(layout):
    preset = PRESETS[layout]
    rows = "".join(
        f"<tr><td>{n}</td><td>示例网点{n}</td><td>{SENTENCE if n % 9 == 0 else '无'}</td></tr>" for n in range(60)
    )
    head = "<thead><tr><th>序号</th><th>网点名称</th><th>问题</th></tr></thead>"
    content = issue(article(body=f"<p>见下表。</p><table>{head}<tbody>{rows}</tbody></table>"), layout=layout)
    pdf = rendering.render(content, photo_bytes=bytes)
    lines = reading.lines_of(pdf)
    for page in range(1, reading.page_count(pdf) + 1):
        here = [line for line in lines if line.page == page and line.baseline > preset.bottom_mm * MM]
        table = [line for line in here if "网点" in line.text or "序号" in line.text]
        if any("示例网点" in line.text for line in table):
            assert "序号" in table[0].text
            assert all("Hei" in name for name in fonts_of(table[0]))
        assert all(line.left > preset.left_mm * MM and line.right < right_edge(preset) + 8 for line in here)
    found = re.findall("示例网点([0-9]+)", squeezed("".join(page_texts(pdf))))
    assert len(found) == 60
    assert not layout_check.check(pdf, content).findings


def test_the_caption_of_a_table_stays_with_it():
    for before in range(12, 20):
        table = "<table><caption>检查情况</caption><thead><tr><th>单位</th></tr></thead><tbody><tr><td>甲</td></tr></tbody></table>"
        pdf = rendering.render(issue(article(body="<p>一句话。</p>" * before + table)), photo_bytes=bytes)
        (caption,), (head,) = lines_with(pdf, "检查情况"), lines_with(pdf, "单位")
        assert caption.page == head.page


@LAYOUTS
@pytest.mark.parametrize("name", ["000", "003", "004"])
def test_the_rows_counted_beforehand_lead_to_the_pages_that_are_printed(bulletins_dir, name, layout):
    content, _texts = real_issue(bulletins_dir, name)
    content = replace(content, layout=layout, has_contents=True, editor_note=SENTENCE * 3)
    preset = PRESETS[layout]
    stories = [rendering.story(entry, preset, f"article-{n}") for n, entry in enumerate(content.articles)]
    stories += [rendering.briefs(content.briefs, preset)] if content.briefs else []
    top, note = masthead(wording.head(content), preset), parts.note(content.editor_note, "编者按：", preset)
    row, counted = flow.first_row(top.rows, rendering.contents(content, preset), note, preset), []
    end = rendering.end_matter(content, preset, flow.settle(stories, row, preset))
    fitting.fit(stories, row, end.height, preset)
    for story in stories:
        rows = flow._rows(story, row, preset)
        counted.append((rows[0] - 0.5) // preset.rows + 1)
        row = rows[-1]
    pdf = rendering.render(content, photo_bytes=bytes)
    assert counted == bookmark_pages(pdf)
