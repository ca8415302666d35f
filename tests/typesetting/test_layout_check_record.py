"""The layout check compares the pages with the record, which it reads by itself."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from tests.typesetting import engines
from tests.typesetting import planting as plant
from tests.typesetting.planting import SENTENCE, found, jpeg, made, plain_issue, rules
from tests.typesetting.printed import article, issue, photo
from typesetting import ink, reading, rendering, wording
from typesetting.inspection import layout_check

LONG = SENTENCE * 12


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"number": 10}, "number"),
        ({"total_number": 543}, "number"),
        ({"year": 2025}, "number"),
        ({"kind": "supplement"}, "number"),
        ({"dated_on": plain_issue().dated_on.replace(day=28)}, "date"),
        ({"publisher": "编辑部"}, "text"),
        ({"name_lines": ("另一份简报",)}, "text"),
        ({"editor_note": "这一期有按语。"}, "text"),
        ({"send_to": ("上海市文明办", "上海市快递行业协会", "各快递企业")}, "recipients"),
        ({"report_to": ("上海市精神文明建设委员会",)}, "recipients"),
        ({"print_run": 61}, "recipients"),
    ],
)
def test_it_finds_what_differs_from_the_record(changes, rule):
    report = layout_check.check(rendering.render(plain_issue(), photo_bytes=jpeg), plain_issue(**changes))
    faults = found(report, rule)
    assert faults
    assert all(fault.falsifies and fault.level == "error" for fault in faults)


def test_it_names_both_numbers():
    report = layout_check.check(
        rendering.render(plain_issue(), photo_bytes=jpeg), plain_issue(number=10, total_number=545)
    )
    (fault,) = found(report, "number")
    assert "2026年第9期（总第544期）" in fault.words
    assert "2026年第10期（总第545期）" in fault.words


@pytest.mark.parametrize(
    "printed",
    [
        [LONG, LONG],
        [LONG, SENTENCE, LONG[:-1]],
        [LONG.replace("热水", "热汤", 1), SENTENCE, LONG],
        [LONG, LONG, SENTENCE],
    ],
)
def test_it_finds_text_that_is_missing_changed_or_out_of_order(printed):
    content = issue(article(paragraphs=[LONG, SENTENCE + "这一句在第二段。", LONG + "这是最后一段。"]))
    data = rendering.render(issue(article(paragraphs=printed)), photo_bytes=jpeg)
    assert found(layout_check.check(data, content), "text")


def test_it_shows_where_the_text_differs():
    content = issue(article(paragraphs=[SENTENCE, "值守的志愿者共有十八人，来自三个街道和两家企业。"]))
    data = rendering.render(
        issue(article(paragraphs=[SENTENCE, "值守的志愿者共有八十人，来自三个街道和两家企业。"])), photo_bytes=jpeg
    )
    (fault,) = found(layout_check.check(data, content), "text")
    assert fault.quote.startswith("值守的志愿者共有十八人") or "十八人" in fault.quote
    assert "八十人" in fault.words


def test_it_finds_articles_in_another_order():
    content = plain_issue()
    data = rendering.render(replace(content, articles=content.articles[::-1]), photo_bytes=jpeg)
    assert {"text", "bookmarks"} & rules(layout_check.check(data, content))
    assert found(layout_check.check(data, content), "text")


def test_it_finds_a_missing_photo():
    with_photo = plain_issue(articles=(article(1, photos=[photo(1, "")]),))
    data = rendering.render(plain_issue(articles=(article(1),)), photo_bytes=jpeg)
    assert [fault.falsifies for fault in found(layout_check.check(data, with_photo), "photos")] == [True]


def test_it_finds_a_wrong_page_in_the_contents():
    content = plain_issue(has_contents=True)
    data = made(content, css=(r"target-counter\(attr\(href\), page\)", '"9"'))
    assert len(found(layout_check.check(data, content), "contents")) == 2


def test_a_page_number_of_the_contents_ends_with_its_line():
    content = issue(
        article(1, title="2026年第一次走访", paragraphs=[LONG] * 2),
        article(2, title="20名志愿者进站点", paragraphs=[LONG] * 2),
        has_contents=True,
    )
    assert layout_check.check(rendering.render(content, photo_bytes=jpeg), content).findings == []


@pytest.mark.parametrize("odd", ["שלום", "مرحبا", "ﬁ", "x-\u200b-y", "\u3000空格\u3000", "𠮷", "5―6–7"])
def test_text_that_fonts_or_readers_turn_about_is_not_called_untrue(odd):
    content = issue(article(paragraphs=[f"{SENTENCE}{odd}（{SENTENCE}）", SENTENCE]))
    report = layout_check.check(rendering.render(content, photo_bytes=jpeg), content)
    assert [fault for fault in report.findings if fault.falsifies] == []


def test_it_finds_wrong_bookmarks_and_metadata():
    content = plain_issue()
    assert found(
        layout_check.check(made(content, css=("bookmark-level: 1", "bookmark-level: none")), content), "bookmarks"
    )
    assert found(
        layout_check.check(made(content, html=("<title>.*?</title>", "<title>x</title>")), content), "metadata"
    )
    assert found(layout_check.check(made(content, html=('lang="zh-CN"', 'lang="en"')), content), "metadata")


# --- the typesetter's own faults -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("function", "printed", "rule"),
    [
        ("number_line", "2026年第6期（总第544期）", "number"),
        ("date_line", "2026年3月72日", "date"),
        ("publisher_line", "上海市邮政管理局文明办、党建办编", "text"),
        ("full_title", "另一份简报", "metadata"),
        ("flat", "青年志愿者", "bookmarks"),
    ],
)
def test_a_fault_of_the_typesetter_does_not_hide_itself(monkeypatch, function, printed, rule):
    """The fault is planted in the typesetter's own line: the check must know the record without it."""
    content = plain_issue()
    monkeypatch.setattr(wording, function, lambda *_args: printed)
    if hasattr(rendering, function):
        monkeypatch.setattr(rendering, function, lambda *_args: printed)
    data = rendering.render(content, photo_bytes=jpeg)
    assert found(layout_check.check(data, content), rule)


def test_nothing_of_the_typesetters_is_used_to_read_the_record():
    folder = Path(layout_check.__file__).parent / "inspection"
    for path in (*folder.glob("*.py"), Path(layout_check.__file__)):
        assert not {"rendering", "wording"} & imports_of(path), path
        assert not any(name in imports_of(path) for name in ("body", "composer", "titles", "masthead", "markup")), path


def imports_of(path):
    tree = ast.parse(path.read_text())
    return {
        alias.name.rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


# --- a second reader of PDFs ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("program", ["mutool", "pdftoppm"])
def test_another_program_sees_what_the_check_says_is_seen(program):
    """Every letter that the check calls visible has ink there as well, and what it calls invisible has none."""
    content = plant.sample()
    data = plant.on_page(plant.coloured(255, 255, 255, 255))(content)
    sheets = reading.read(data).sheets
    pictures = engines.pages(data, program, round(72 * ink.SCALE))
    assert sheets[1].unseen
    for sheet, picture in zip(sheets, pictures, strict=True):
        letters = {index for index, character in enumerate(sheet.characters) if character.text.isalnum()}
        assert ink.unseen(picture, sheet.characters) & letters == sheet.unseen & letters


@pytest.mark.parametrize("program", ["mutool", "pdftoppm"])
def test_another_program_sees_what_lies_upon_the_text(program):
    content = plant.sample()
    data, sound = plant.on_page(plant.box(0, 0, 0))(content), plant.sound(content)
    sheet = reading.read(data).sheets[1]
    pictures = [engines.pages(file, program, round(72 * ink.SCALE))[1] for file in (data, sound)]
    assert sheet.covered
    assert ink.covered(*pictures, sheet.characters) == sheet.covered
