"""双面: printed on both sides an issue has an even number of pages, and its end matter stands on the last back."""

from dataclasses import replace

import pytest

from tests.typesetting.printed import article, issue, real_issue
from tests.typesetting.word import samples
from typesetting import reading, rendering
from typesetting.inspection import layout_check

PARAGRAPH = "站点巡查。" * 26


def made(content):
    return rendering.render(content, photo_bytes=samples.jpeg)


def pages_with(pdf, word):
    return [line.page for line in reading.lines_of(pdf) if word in line.text]


def long(paragraphs, **changes):
    return issue(article(paragraphs=(PARAGRAPH,) * paragraphs), measures=samples.BOTH_SIDES, **changes)


@pytest.mark.parametrize("paragraphs", [1, 3, 5, 8, 10])
def test_the_end_matter_stands_on_an_even_last_page(paragraphs):
    content = long(paragraphs)
    pdf = made(content)

    count = reading.page_count(pdf)
    assert count % 2 == 0
    assert pages_with(pdf, "报：") == [count]
    assert not layout_check.check(pdf, content).findings


def test_the_text_is_set_as_on_one_side():
    both, one = made(long(8)), made(replace(long(8), measures=None))

    assert reading.page_count(one) == 3, "the sample must end on a front"
    texts = [[line.text for line in reading.lines_of(pdf) if line.characters[0].size == 16] for pdf in (both, one)]
    assert texts[0] == texts[1]


def test_the_page_of_the_end_matter_has_its_number():
    assert pages_with(made(long(8)), "—4—") == [4]


def test_a_text_without_an_end_matter_stays_as_it_is():
    alone = long(1, name_lines=(), publisher="", number=None, total_number=None, dated_on=None, print_run=0)
    alone = replace(alone, report_to=(), send_to=())

    assert reading.page_count(made(alone)) == 1


def test_the_check_finds_an_odd_number_of_pages():
    content = long(8)
    pdf = made(replace(content, measures=None))

    assert "end-matter" in {finding.rule for finding in layout_check.check(pdf, content).findings}


def test_the_check_still_finds_an_end_matter_alone_on_one_side():
    content = long(8)
    pdf = made(content)

    found = {finding.rule for finding in layout_check.check(pdf, replace(content, measures=None)).findings}
    assert "stranded" in found


def test_a_real_issue_ends_on_a_back(bulletins_dir):
    content = replace(real_issue(bulletins_dir, "003")[0], measures=samples.BOTH_SIDES)
    pdf = made(content)

    assert pages_with(pdf, "报：") == [10]
    assert not layout_check.check(pdf, content).findings
