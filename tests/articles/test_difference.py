"""The comparison of paragraphs and of their characters."""

import json
import random
import time

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from articles import anchors, difference
from articles.difference import characters, compare

SAFETY = "会议要求，各单位要压实安全生产责任，逐项排查隐患。"
DRILL = "演练模拟分拨中心二层起火，值班人员立即启动应急预案。"
NEXT = "下一步，青浦局将继续跟进，督促企业补齐短板。"

paragraph = st.text(alphabet="公示共识，的12a", max_size=14)
paragraphs = st.lists(paragraph, max_size=8)


@st.composite
def two_texts(draw):
    """Two texts of which the second is another one, the first in another order, or one with paragraphs joined or split."""
    before = draw(paragraphs)
    shuffled = draw(st.permutations(before))
    joined = ["".join(before[:3]), *before[3:]]
    after = draw(st.sampled_from([draw(paragraphs), shuffled, joined, [*shuffled, draw(paragraph)]]))
    return draw(st.sampled_from([(before, after), (after, before)]))


def changed(parts):
    """How many characters are shown as deleted, and as inserted."""
    return tuple(sum(len(text) for kind, text in parts if kind == wanted) for wanted in ("delete", "insert"))


def kinds(before, after):
    return [(found.kind, found.before_at, found.after_at) for found in compare(before, after)]


@given(st.text(), st.text())
def test_what_stayed_and_was_deleted_gives_the_old_text_what_stayed_and_was_inserted_the_new_one(before, after):
    parts = characters(before, after)

    assert "".join(text for kind, text in parts if kind != "insert") == before
    assert "".join(text for kind, text in parts if kind != "delete") == after


@given(two_texts())
def test_the_paragraphs_give_both_texts_wherever_they_were_moved(texts):
    before, after = texts
    found = compare(before, after)

    assert [line for each in found if each.kind not in ("added", "moved") for line in each.before.split("\n")] == before
    assert [
        line for each in found if each.kind not in ("deleted", "moved_away") for line in each.after.split("\n")
    ] == after
    for each in found:
        assert "".join(text for kind, text in each.in_order if kind != "insert") in (each.before, "")
        assert "".join(text for kind, text in each.in_order if kind != "delete") in (each.after, "")


@given(two_texts())
def test_each_paragraph_stands_once_in_the_parts(texts):
    before, after = texts
    parts = [part for each in compare(before, after) for part in each.in_order]

    assert "".join(text for kind, text in parts if kind != "insert").replace("\n", "") == "".join(before)
    assert "".join(text for kind, text in parts if kind != "delete").replace("\n", "") == "".join(after)


def test_exactly_the_two_characters_that_changed_are_shown():
    (found,) = compare(["广泛凝聚安全公示，压实全员安全责任。"], ["广泛凝聚安全共识，压实全员安全责任。"])

    assert found.parts == [
        ("equal", "广泛凝聚安全"),
        ("delete", "公示"),
        ("insert", "共识"),
        ("equal", "，压实全员安全责任。"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        # Two characters are a word: what stayed between two changes is seen to have stayed.
        ("提高服务质量", "提升服务水平", "提-高-+升+服务-质量-+水平+"),
        # A single character that stayed by chance between two rewordings tells nobody anything.
        ("人员迅速到位开展", "人员马上到现场开展", "人员-迅速到位-+马上到现场+开展"),
        # One that stands between two characters that were corrected stayed on purpose.
        ("做了讲", "作了解", "-做-+作+了-讲-+解+"),
        ("大力宣传，全面排查", "深入发动，逐项检查", "-大力宣传-+深入发动+，-全面排-+逐项检+查"),
        ("为进一步提高", "为提高", "为-进一步-提高"),
        ("甲、乙、丙", "甲、乙、丁、丙", "甲、乙、+丁、+丙"),
        ("开展检查。开展演练。", "开展检查。开展培训。开展演练。", "开展检查。+开展培训。+开展演练。"),
        ("2025年", "2026年", "202-5-+6+年"),
    ],
)
def test_a_change_is_shown_as_a_person_would_mark_it(before, after, parts):
    signs = {"equal": "{}", "delete": "-{}-", "insert": "+{}+"}

    assert "".join(signs[kind].format(text) for kind, text in characters(before, after)) == parts


def test_a_paragraph_that_was_moved_is_told_from_those_deleted_and_added():
    assert kinds([SAFETY, DRILL, NEXT], [NEXT, SAFETY, DRILL]) == [
        ("moved", 3, 1),
        ("same", 1, 2),
        ("same", 2, 3),
        ("moved_away", 3, 1),
    ]
    assert kinds([SAFETY, DRILL], [SAFETY, NEXT, DRILL]) == [("same", 1, 1), ("added", 0, 2), ("same", 2, 3)]
    assert kinds([SAFETY, DRILL, NEXT], [SAFETY, NEXT]) == [("same", 1, 1), ("deleted", 2, 0), ("same", 3, 2)]


def test_a_moved_paragraph_shows_what_changed_in_it():
    moved = compare([SAFETY, DRILL, NEXT], [NEXT.replace("继续", "持续"), SAFETY, DRILL])[0]

    assert (moved.kind, changed(moved.parts)) == ("moved", (1, 1))


def test_of_two_paragraphs_that_changed_places_the_shorter_one_was_moved():
    assert ("moved", 1, 2) in kinds(["短的一段。", SAFETY], [SAFETY, "短的一段。"])


def test_paragraphs_are_paired_by_what_they_say_not_by_their_places():
    before = [SAFETY, DRILL]
    after = ["新写的第一段，与原来的都不同。", SAFETY.replace("逐项", "逐条"), DRILL]

    assert kinds(before, after) == [("added", 0, 1), ("changed", 1, 2), ("same", 2, 3)]


def test_a_paragraph_that_was_split_changed_by_its_break_alone():
    (found,) = compare([SAFETY + DRILL], [SAFETY, DRILL])

    assert found.parts == [("equal", SAFETY), ("insert", "\n"), ("equal", DRILL)]


def test_broken_lines_that_were_joined_changed_by_their_breaks_alone():
    text = SAFETY + DRILL + NEXT
    lines = [text[at : at + 11] for at in range(0, len(text), 11)]

    (found,) = compare(lines, [text])

    assert changed(found.parts) == (len(lines) - 1, 0)
    assert {text for kind, text in found.parts if kind == "delete"} == {"\n"}


def test_repeated_paragraphs_are_paired_each_once():
    assert kinds(["（略）"] * 3, ["（略）"] * 2) == [("same", 1, 1), ("same", 2, 2), ("deleted", 3, 0)]


def test_no_more_is_shown_as_changed_than_the_engine_itself_would_clean_up():
    before, after = (
        SAFETY + DRILL,
        SAFETY.replace("各单位要压实", "辖区企业须落实") + DRILL.replace("立即启动", "随即按照"),
    )
    engine = difference.diff_match_patch()
    plain = engine.diff_main(before, after)
    engine.diff_cleanupSemantic(plain)

    assert sum(changed(characters(before, after))) <= sum(len(text) for code, text in plain if code)


# --- long texts ------------------------------------------------------------------------------------------------------
def long_text(chance, length, alphabet=SAFETY + DRILL + NEXT):
    return "".join(chance.choices(alphabet, k=length))


def with_changes(chance, text, share):
    return "".join(chance.choice(SAFETY) if chance.random() < share else each for each in text)


LONG_EDITS = {
    "three in ten characters": lambda chance, text: with_changes(chance, text, 0.3),
    "half of them": lambda chance, text: with_changes(chance, text, 0.5),
    "a few": lambda chance, text: with_changes(chance, text, 0.002),
    "halves in another order": lambda chance, text: text[len(text) // 2 :] + text[: len(text) // 2],
    "another text": lambda chance, text: long_text(chance, len(text)),
    "sentences in another order": lambda chance, text: "".join(
        sorted((text[at : at + 40] for at in range(0, len(text), 40)), key=lambda _part: chance.random())
    ),
    "another text of two signs": lambda chance, text: long_text(chance, len(text), "甲乙"),
}


@pytest.mark.parametrize("edit", LONG_EDITS)
def test_the_longest_paragraph_takes_no_second_however_much_was_changed(edit):
    """The longest that can be handed in. Seconds of computing, not by the clock; the bar is ten times what it takes."""
    chance = random.Random(5)
    before = long_text(chance, 5000, "甲乙" if "two signs" in edit else SAFETY + DRILL + NEXT)
    after = LONG_EDITS[edit](chance, before)
    started = time.process_time()

    parts = [part for each in compare([before], [after]) for part in each.in_order]

    assert time.process_time() - started < 1
    assert "".join(text for kind, text in parts if kind != "insert") == before
    assert "".join(text for kind, text in parts if kind != "delete") == after


def test_a_long_paragraph_shows_no_more_than_the_engine_would_by_a_twentieth():
    chance = random.Random(5)
    before = long_text(chance, 2000)
    after = with_changes(chance, before, 0.1)
    plain = difference.diff_match_patch().diff_main(before, after, False)

    parts = characters(before, after)

    assert sum(changed(parts)) <= 1.05 * sum(len(text) for code, text in plain if code)


def test_a_word_that_was_changed_in_a_long_paragraph_is_all_that_is_shown():
    before = long_text(random.Random(5), 4000) + "公示" + long_text(random.Random(6), 1000)

    assert [part for part in characters(before, before.replace("公示", "共识")) if part[0] != "equal"] == [
        ("delete", "公示"),
        ("insert", "共识"),
    ]


@given(st.lists(st.sampled_from([SAFETY, DRILL, NEXT, "公示", "甲"]), max_size=80), st.randoms())
def test_long_texts_are_cut_so_that_nothing_is_lost(words, chance):
    others = [word for word in words if chance.random() > 0.2]
    chance.shuffle(others[len(others) // 2 :])
    before, after = "".join(words), "".join(others)

    cut = list(anchors.pieces(before, after))

    assert ("".join(old for old, _new in cut), "".join(new for _old, new in cut)) == (before, after)


# --- the command -----------------------------------------------------------------------------------------------------
@pytest.fixture
def files(tmp_path):
    """files("old", "new") writes both and gives their paths."""

    def written(*texts):
        paths = [tmp_path / name for name in ("old.txt", "new.txt")]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return paths

    return written


def printed(capsys, *args):
    call_command("compare", *args)
    return capsys.readouterr().out


def test_the_command_prints_the_parts_of_each_paragraph(files, capsys):
    old, new = files(f"{SAFETY}\n凝聚安全公示。\n", f"{SAFETY}\n凝聚安全共识。\n{NEXT}\n")

    assert json.loads(printed(capsys, old, new, "--json")) == [
        [["equal", SAFETY]],
        [["equal", "凝聚安全"], ["delete", "公示"], ["insert", "共识"], ["equal", "。"]],
        [["insert", NEXT]],
    ]
    assert "凝聚安全[-公示-]{+共识+}。" in printed(capsys, old, new)


def test_the_command_keeps_empty_lines(files, capsys):
    old, new = files("甲\n\n乙", "甲\n\n乙")

    assert json.loads(printed(capsys, old, new, "--json")) == [[["equal", "甲"]], [["equal", ""]], [["equal", "乙"]]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_command_reads_what_any_office_program_saved(files, capsys, encoding, line_end):
    old, new = files(f"凝聚公示{line_end}落实责任{line_end}".encode(encoding), "凝聚公示\n落实责任")

    assert json.loads(printed(capsys, old, new, "--json")) == [[["equal", "凝聚公示"]], [["equal", "落实责任"]]]


def test_the_command_compares_empty_files(files, capsys):
    assert json.loads(printed(capsys, *files("", ""), "--json")) == []
    assert json.loads(printed(capsys, *files("", "甲\n乙"), "--json")) == [[["insert", "甲"]], [["insert", "乙"]]]
    assert json.loads(printed(capsys, *files("甲\n乙", ""), "--json")) == [[["delete", "甲"]], [["delete", "乙"]]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\xff\xfe", "不是纯文本"),
        (b"\xff\xfe\x00", "不是纯文本"),
        ("公示".encode("utf-16-le") + "a".encode("utf-16-le"), "不是纯文本"),
        (b"a" * 2_000_001, "超过 2 MB"),
    ],
)
def test_the_command_says_what_is_wrong_with_a_file(files, content, words):
    old, new = files(content, "甲")

    with pytest.raises(CommandError, match=words):
        call_command("compare", old, new)


def test_the_command_says_that_a_file_is_missing(files, tmp_path):
    with pytest.raises(CommandError, match=r"no\.txt"):
        call_command("compare", tmp_path / "no.txt", files("甲", "乙")[0])
