"""What the layout prints can be read back from the PDF: places and sizes on the page say what is what."""

import random
from datetime import date

import pytest

from issues.past.reading import NotAnIssue, read_bytes
from tests.issues import stories
from typesetting import reading, rendering
from typesetting.content import ArticleContent, IssueContent
from typesetting.page.presets import PRESETS


def article(at, title, subtitle, paragraphs, section="branch"):
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return ArticleContent(at, title, subtitle or "", "", "", body, (), section)


def title_lines(one):
    return "\n".join(line for line in one["title_lines"] if not line.startswith("——"))


def content_for(parts, layout="current"):
    numbered = enumerate(parts["articles"], 1)
    return IssueContent(
        name_lines=("上海市邮政快递行业", "党建、文明创建工作简报"),
        publisher="上海市邮政管理局党建办、文明办",
        kind="regular",
        year=2024,
        number=3,
        total_number=473,
        dated_on=date(2024, 1, 29),
        editor_note="",
        has_contents=False,
        print_run=60,
        layout=layout,
        articles=tuple(article(at, title_lines(one), one["subtitle"], one["paragraphs"]) for at, one in numbered),
        briefs=tuple(article(100 + at, "", "", [text], "brief") for at, text in enumerate(parts["briefs"])),
        report_to=tuple(parts["recipients"]["报"]),
        send_to=tuple(parts["recipients"]["送"]),
        issue_to=tuple(parts["recipients"].get("发", ())),
    )


def stories_in(issue):
    return [("".join(one["title"].split()), one["subtitle"], one["paragraphs"]) for one in issue["articles"]]


@pytest.mark.parametrize("layout", PRESETS)
def test_a_printed_issue_reads_back_as_it_was(layout):
    for seed in (1, 2):
        parts = stories.parts(random.Random(seed), briefs=True)
        pdf = rendering.render(content_for(parts, layout), photo_bytes=lambda _photo: b"")
        found = read_bytes(pdf, "2024-3.pdf").as_dict()
        assert stories_in(found) == stories_in(parts)
        assert found["briefs"] == parts["briefs"]
        assert found["recipients"] == parts["recipients"]
        assert (found["year"], found["number"], found["total_number"], found["date"]) == (2024, 3, 473, "2024-01-29")
        assert found["publisher"] == "上海市邮政管理局党建办、文明办"
        assert found["print_run"] == 60


def test_a_pdf_is_known_by_its_content_and_not_by_its_name():
    parts = stories.parts(random.Random(3))
    pdf = rendering.render(content_for(parts), photo_bytes=lambda _photo: b"")
    assert stories_in(read_bytes(pdf, "2024-3.txt").as_dict()) == stories_in(parts)


def test_half_a_pdf_is_refused():
    pdf = rendering.render(content_for(stories.parts(random.Random(4))), photo_bytes=lambda _photo: b"")
    with pytest.raises(NotAnIssue):
        read_bytes(pdf[: len(pdf) // 3], "2024-3.pdf")


def test_marks_that_are_drawn_together_as_far_as_they_go_keep_their_places():
    text = "下一步，奉贤局将在站点里添置微波炉、雨衣柜和药箱，“老带新”结对名单当场公布，受到员工的欢迎。"
    parts = {
        "articles": [{"title_lines": ["奉贤邮政管理局开展活动"], "subtitle": None, "paragraphs": [text]}],
        "briefs": [],
        "recipients": {"报": ["上海市精神文明建设委员会"], "送": ["上海市文明办", "各快递企业"]},
    }
    pdf = rendering.render(content_for(parts, "gbt9704"), photo_bytes=lambda _photo: b"")
    assert "药箱，“老" in "".join(line.text for line in reading.lines_of(pdf))
