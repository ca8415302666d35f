"""Copy-fitting: how pages end and begin, measured on the page."""

import random
import subprocess
from itertools import pairwise

import pytest

from tests.issues import stories
from tests.typesetting.printed import article, issue, photo, real_issue, squeezed
from tests.typesetting.read_back import page_texts
from tests.typesetting.test_layout_parts import jpeg
from typesetting import reading, rendering
from typesetting.inspection import layout_check
from typesetting.lines import composer
from typesetting.lines.composer import Run
from typesetting.lines.paragraph import Paragraph
from typesetting.page import body, parts
from typesetting.page.presets import MM, PRESETS

LAYOUTS = ["current", "gbt9704"]
NAMES = ["000", "003", "004"]
PAGES = {"000": (8, 8), "003": (9, 9), "004": (10, 9)}  # as they were before anything was fitted
SENTENCES = "各网点负责人逐项对照清单查找不足，党员带头认领了三项任务，把整改时限压缩到五天以内，与会人员参观了新建成的便民驿站。"


def rendered(content):
    return rendering.render(content, photo_bytes=lambda photo_id: jpeg(900, 600))


def faults(pdf, preset):
    """(page, what) of each page that ends or begins badly."""
    found, pages = [], {}
    for line in reading.lines_of(pdf):
        if abs(line.characters[0].size - parts.END_SIZE) > 0.3:  # neither page numbers nor the end matter
            pages.setdefault(line.page, []).append(line)
    last = max(pages)
    for page, lines in pages.items():
        is_title = [line.characters[0].size > preset.body_size + 0.5 for line in lines]
        under = is_title[::-1].index(True) if True in is_title else 99
        if page < last and under < 2:
            found.append((page, "title"))
        if page == last > 1 and len(lines) < 3:
            found.append((page, "last page"))
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_no_page_of_a_real_issue_ends_badly_and_none_is_added(bulletins_dir, name, layout):
    content, _texts = real_issue(bulletins_dir, name)
    pdf = rendering.render(content, photo_bytes=bytes, layout=layout)
    assert not faults(pdf, PRESETS[layout])
    assert reading.page_count(pdf) <= PAGES[name][LAYOUTS.index(layout)]
    assert not [
        finding for finding in layout_check.check(pdf, content, layout=layout).findings if finding.level == "error"
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(8))
def test_no_page_of_a_made_up_issue_ends_badly(layout, seed):
    chance = random.Random(seed)
    made = stories.parts(chance)
    content = issue(
        *(
            article(n, title="\n".join(entry["title_lines"][:2]), paragraphs=entry["paragraphs"])
            for n, entry in enumerate(made["articles"], 1)
        ),
        briefs=tuple(article(50 + n, title="", paragraphs=[text]) for n, text in enumerate(made["briefs"])),
        layout=layout,
        report_to=tuple(made["recipients"]["报"]),
        send_to=tuple(made["recipients"]["送"]),
    )
    pdf = rendered(content)
    assert not faults(pdf, PRESETS[layout])
    assert not [finding for finding in layout_check.check(pdf, content).findings if finding.level == "error"]


@pytest.mark.parametrize("paragraphs", range(18, 42))
def test_the_last_page_has_three_lines_wherever_the_text_ends(paragraphs):
    content = issue(article(paragraphs=["今天开了会。"] * paragraphs), name_lines=())
    pdf = rendered(content)
    assert not faults(pdf, PRESETS["current"])
    assert squeezed("".join(page_texts(pdf))).count("今天开了会。") == paragraphs
    assert not [finding for finding in layout_check.check(pdf, content).findings if finding.level == "error"]


@pytest.mark.parametrize("repeats", range(11, 17))
def test_a_long_last_paragraph_is_parted_for_the_last_page(repeats, tmp_path):
    content = issue(article(paragraphs=[SENTENCES * repeats]))
    pdf = rendered(content)
    assert not faults(pdf, PRESETS["current"])
    assert squeezed("".join(line.text for line in reading.lines_of(pdf))).count(squeezed(SENTENCES[:8])) == repeats
    (tmp_path / "issue.pdf").write_bytes(pdf)
    out = subprocess.run(
        ["pdftotext", "-f", str(reading.page_count(pdf)), "-layout", "issue.pdf", "-"],
        cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    above = out.partition("报：")[0].splitlines()
    assert sum(bool(line.strip()) for line in above) >= 3


@pytest.mark.parametrize("lines", range(8, 22))
def test_a_title_has_two_lines_under_it_wherever_it_falls(lines):
    first = article(1, paragraphs=["今天开了会。"] * lines)
    second = article(2, title="青浦局走访驿站", paragraphs=[SENTENCES * 2, SENTENCES * 4])
    pdf = rendered(issue(first, second))
    assert not faults(pdf, PRESETS["current"])


@pytest.mark.parametrize("lines", range(6, 20))
def test_photos_and_tables_keep_their_places(lines):
    table = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    first = article(
        1, body="<p>今天开了会。</p>" * lines + table + f"<p>{SENTENCES}</p>", photos=[photo(1, "现场", 900, 600)]
    )
    content = issue(first, article(2, title="青浦局走访驿站", paragraphs=[SENTENCES * 3]))
    pdf = rendered(content)
    assert not [finding for finding in layout_check.check(pdf, content).findings if finding.level == "error"]


def test_as_printed_pages_are_not_fitted(bulletins_dir):
    content, _texts = real_issue(bulletins_dir, "004")
    preset = PRESETS["as-printed"]
    made = [rendering.story(entry, preset, "a") for entry in content.articles]
    before = [list(story.blocks) for story in made]
    rendering.fitting.fit(made, 5, 180, preset)
    assert [story.blocks for story in made] == before


@pytest.mark.parametrize("more", [-1, 1])
def test_a_paragraph_in_a_line_more_or_less_keeps_its_text_and_its_measure(more):
    preset = PRESETS["current"]
    found = 0
    for start in range(0, 40, 2):
        text = (SENTENCES * 5)[start : start + 60 + 9 * start]
        natural = composer.compose((Run(text),), 26, indent=2)
        costs = composer.costs_by_rows((Run(text),), 26, 2)
        rows = len(natural) + more
        if costs.get(rows, 99) > 40:
            continue
        found += 1
        fitted = composer.compose((Run(text),), 26, indent=2, rows=rows)
        assert len(fitted) == rows
        assert "".join(line.text for line in fitted) == text
        for number, line in enumerate(fitted[:-1]):
            assert line.width == pytest.approx(26 if number else 24, abs=1e-4)
            assert abs(line.adjusted) < 1.3
    assert found or more < 0
    assert preset.characters == 26


def test_breaks_of_a_fitted_paragraph_are_legal():
    text = SENTENCES * 4
    legal = Paragraph(text, [1.0] * len(text)).legal
    for rows in composer.costs_by_rows((Run(text),), 26, 2):
        place = 0
        for line in composer.compose((Run(text),), 26, indent=2, rows=rows):
            place += len(line.text)
            assert legal[place]


# Headings that were pasted as plain paragraphs


@pytest.mark.parametrize(
    "text", ["一、加强领导", "（一）加强领导", "1．加强领导", "1.加强领导", "(2)加强领导", "十二、总结"]
)
def test_a_numbered_line_without_a_full_stop_looks_like_a_heading(text):
    assert body.looks_like_heading(text)


@pytest.mark.parametrize(
    "text", ["一、加强领导。", "1.5万件", "一是加强领导", "3月27日开会", "一、" + "长" * 60, "今天开了会"]
)
def test_other_lines_do_not(text):
    assert not body.looks_like_heading(text)


@pytest.mark.parametrize("lines", range(10, 22))
@pytest.mark.parametrize("heading", ["1．走访站点", "一、走访站点"])
def test_a_pasted_heading_never_stands_alone_at_the_foot_of_a_page(lines, heading):
    paragraphs = ["今天开了会。"] * lines + [heading] + [SENTENCES * 3]
    pdf = rendered(issue(article(paragraphs=paragraphs)))
    pages = {}
    for line in reading.lines_of(pdf):
        if abs(line.characters[0].size - 16) < 0.1:
            pages.setdefault(line.page, []).append(line.text)
    assert not any(texts[-1] == heading for texts in pages.values())


def test_points_of_a_list_are_not_kept_together():
    blocks = body.read("<ol><li>走访站点</li><li>慰问小哥</li></ol><p>今天开了会。</p>")
    assert not any(body.leads(block, following) for block, following in pairwise(blocks))


def test_a_section_that_begins_a_page_has_no_row_of_air():
    preset, found = PRESETS["current"], 0
    for lines in range(9, 18):
        content = issue(
            article(paragraphs=["今天开了会。"] * lines),
            briefs=tuple(article(9 + n, title="", paragraphs=[SENTENCES]) for n in range(2)),
        )
        pdf = rendered(content)
        assert not faults(pdf, preset)
        first = next((line for line in reading.lines_of(pdf) if line.page == 2), None)
        if first and first.text == "简讯：":
            found += 1
            assert (297 - preset.top_mm) * MM - first.baseline < preset.row_height
    assert found


@pytest.mark.parametrize(("text", "font"), [("一、加强领导", "黑体"), ("（一）加强领导", "楷体")])
def test_the_layout_check_warns_of_a_heading_that_is_set_as_text(text, font):
    content = issue(article(body=f"<p>{SENTENCES}</p><p>{text}</p><p>{SENTENCES}</p>"))
    (finding,) = layout_check.check(rendered(content), content).findings
    assert (finding.rule, finding.level, finding.quote) == (
        "heading",
        "warning",
        text,
    )
    assert font in finding.words


def test_the_layout_check_has_nothing_against_headings_that_are_marked_or_need_no_font():
    content = issue(
        article(
            body=f"<h3>一、加强领导</h3><h4>（一）走访站点</h4><p>1．走访站点</p><p>{SENTENCES}</p><p>二、慰问小哥。{SENTENCES}</p>"
        )
    )
    assert not layout_check.check(rendered(content), content).findings
