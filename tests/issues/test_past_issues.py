"""Past issues are read back exactly: the real ones, and the real ones as other extracts would have them."""

import json
import random
import re

import pytest

from issues.past import reading
from issues.past.text import compact
from tests.issues.press import Extract, printed

FIELDS = (
    "source", "series_title", "year", "number", "total_number", "publisher", "date", "masthead", "briefs", "recipients"
)  # fmt: skip
MASTHEAD = (
    "上海市邮政快递行业",
    "党建、文明创建工作简报",
    "2023年第5期（总第435期）",
    "上海市邮政管理局党建办、文明办编",
)


@pytest.fixture(scope="module")
def real_issues(bulletins_dir):
    """(text, hand-checked structure) of each."""
    return [
        (path.with_suffix(".txt").read_text(encoding="utf-8"), json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(bulletins_dir.glob("*.json"))
    ]


def stories(issue):
    """Titles without white space, everything else as it is."""
    return [(compact_title(one["title"]), one["subtitle"], one["paragraphs"]) for one in issue["articles"]]


def compact_title(title):
    return "".join(title.split())


def read(text, name="issue.txt", encoding="utf-8"):
    return reading.read_bytes(text.encode(encoding), name).as_dict()


def assert_same_text(found, expected):
    assert stories(found) == stories(expected)
    assert found["briefs"] == expected["briefs"]
    assert found["recipients"] == expected["recipients"]


def test_the_real_issues_come_out_exactly(real_issues):
    assert len(real_issues) >= 3
    for text, expected in real_issues:
        found = read(text, expected["source"])
        assert {field: found[field] for field in FIELDS} == {field: expected[field] for field in FIELDS}
        assert stories(found) == stories(expected)
        assert [one["title_lines"] for one in found["articles"]] == [one["title_lines"] for one in expected["articles"]]
        assert found.get("briefs_heading") == expected.get("briefs_heading")


def test_the_real_stories_are_ascribed_to_their_units(real_issues):
    for text, expected in real_issues:
        units = [one["submitting_unit_guess"] for one in read(text)["articles"]]
        assert units == [one["submitting_unit_guess"] for one in expected["articles"]]


def test_it_loses_no_character_and_adds_none(real_issues):
    for text, expected in real_issues:
        found = read(text)
        pieces = [*found["masthead"]]
        for one in found["articles"]:
            pieces += [*one["title_lines"], *one["paragraphs"]]
        pieces += [found.get("briefs_heading", "")]
        pieces += [f"{at}.{brief}" for at, brief in enumerate(found["briefs"], 1)]
        pieces += ["报：", *found["recipients"]["报"], "送：", "，".join(found["recipients"]["送"])]
        assert compact("".join(pieces)) == compact(text), expected["source"]


def test_it_doubts_little_in_the_real_issues_and_names_the_line(real_issues):
    for text, expected in real_issues:
        warnings = read(text)["warnings"]
        assert len(warnings) <= 5, expected["source"]
        lines = text.split("\n")
        assert all(warned["line"] is None or lines[warned["line"] - 1].strip() for warned in warnings)


# --- the same text, extracted otherwise ---------------------------------------------------------------

MUTATIONS = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "old Macintosh line ends": lambda text: text.replace("\n", "\r"),
    "no blank lines": lambda text: re.sub(r"\n[ \n]*\n", "\n", text),
    "no spaces at line ends": lambda text: re.sub(r"[ ]+(?=\n)", "", text),
    "no white space round lines": lambda text: "\n".join(line.strip() for line in text.split("\n")),
    "neither blank lines nor white space round lines": lambda text: "\n".join(
        line.strip() for line in text.split("\n") if line.strip()
    ),
    "more blank lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "blanks of another kind": lambda text: text.replace(" ", "\u00a0"),
    "a form feed at the page": lambda text: re.sub(r"\n (?=\S)", "\n\f", text),
    "page numbers": lambda text: re.sub(r"\n (?=\S)", "\n\n— 2 —\n\n ", text),
    "page numbers with other dashes": lambda text: re.sub(r"\n (?=\S)", "\n- 12 -\n", text),
    "no sign of pages": lambda text: re.sub(r"\n (?=\S)", "\n\n", text),
    "radicals for characters": lambda text: text.translate(str.maketrans("工人大小文水方日", "⼯⼈⼤⼩⽂⽔⽅⽇")),
    "no-width characters": lambda text: text.replace("。", "。\u200b"),
    "a byte order mark": lambda text: "\ufeff" + text,
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_another_extract_of_a_real_issue_reads_the_same(real_issues, name):
    for text, expected in real_issues:
        found = read(MUTATIONS[name](text))
        assert_same_text(found, expected)
        assert found["date"] == expected["date"]
        assert found["number"] == expected["number"]


def test_several_changes_at_once_read_the_same(real_issues):
    """Some blank lines lost, pages that break elsewhere, and what each of the extracts above has of its own."""
    for seed in range(8):
        for text, expected in real_issues:
            chance = random.Random(seed)
            lines = [line.lstrip() for line in text.split("\n") if line.strip() or chance.random() < 0.7]
            for at in range(chance.randint(20, 60), len(lines), chance.randint(40, 60)):
                lines[at] = chance.choice([" {}", "\f{}", "— 3 —\n{}"]).format(lines[at])
            if chance.random() < 0.5:
                lines = [line.rstrip() for line in lines]
            text = "\n".join(lines)
            text = chance.choice(list(MUTATIONS.values())[-3:])(text)
            assert_same_text(read(text), expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_every_usual_encoding(real_issues, encoding):
    for text, expected in real_issues:
        assert_same_text(read(text, encoding=encoding), expected)


@pytest.mark.parametrize("kind", ["lines", "paragraphs"])
@pytest.mark.parametrize("rows_above", range(6))
def test_pages_may_break_anywhere_in_a_real_issue(real_issues, kind, rows_above):
    """The masthead's height moves all page breaks: through words, titles, and between title and text."""
    masthead = (*MASTHEAD, *["（内部资料）"] * (rows_above * 3))
    extract = Extract(kind=kind, page_marks="number", masthead=masthead)
    for _text, expected in real_issues:
        parts = with_title_lines(expected)
        assert_same_text(read(printed(parts, extract, random.Random(rows_above))), parts)


def with_title_lines(issue):
    """What stands on one line in the paragraph kind of extract was printed on several."""
    articles = [
        one if len(one["title_lines"]) > 1 or len(one["title_lines"][0]) <= 26
        else {**one, "title_lines": one["title_lines"][0].split(" ")}
        for one in issue["articles"]
    ]  # fmt: skip
    return {**issue, "articles": articles}


# --- what is no issue --------------------------------------------------------------------------------

NO_ISSUES = {
    "empty.txt": b"",
    "blank.txt": b" \n\n \r\n",
    "binary.txt": bytes(range(256)) * 20,
    "word.txt": b"PK\x03\x04" + b"\x00" * 40,
    "old-word.txt": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40,
    "picture.pdf": b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
    "damaged.pdf": b"%PDF-1.7\n1 0 obj\n<<",
    "page.html": "<html><body>上海市邮政快递行业党建、文明创建工作简报</body></html>".encode(),
    "data.json": '{"articles": ["报：甲", "送：乙"]}'.encode(),
    "letter.txt": "各位同事：\n周五下午三点开会，请准时参加。\n谢谢！\n".encode(),
    "english.txt": b"Dear all,\nplease find attached the minutes.\n" * 30,
    "lists.txt": "报：国家邮政局\n送：上海市文明办，各快递企业\n".encode(),
}


@pytest.mark.parametrize("name", NO_ISSUES)
def test_it_refuses_what_is_no_issue_and_says_what_to_do(name):
    with pytest.raises(reading.NotAnIssue) as refused:
        reading.read_bytes(NO_ISSUES[name], name)
    assert name in str(refused.value)


def test_it_refuses_a_real_json_of_an_issue(bulletins_dir):
    with pytest.raises(reading.NotAnIssue):
        reading.read(next(iter(bulletins_dir.glob("*.json"))))


def test_it_refuses_half_a_file_without_end(real_issues):
    for text, _expected in real_issues:
        body = "\n".join(line for line in text.split("\n")[20:60] if "：" not in line[:3])
        with pytest.raises(reading.NotAnIssue):
            read(body)
