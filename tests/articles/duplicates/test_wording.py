"""How much of two texts is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.duplicates import wording
from tests.articles.duplicates.stories import DRILL, VISIT

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40), max_size=80)


def score(one, other):
    return wording.score(*(wording.grams(wording.letters(text)) for text in (one, other)))


def test_punctuation_and_white_space_change_nothing():
    assert score("4月1日，青浦局开展 演练。", "４月１日,青浦局\n开展演练") == 1


def test_a_text_with_other_names_is_near_identical():
    changed = DRILL.text.replace("青浦", "松江").replace("华新", "九亭")
    assert score(DRILL.text, changed) >= wording.NEAR_IDENTICAL


def test_two_stories_share_little():
    assert score(DRILL.text, VISIT.text) < 0.05


@pytest.mark.parametrize("text", ["", "四个字的"])
def test_what_is_too_short_is_like_nothing(text):
    assert score(text, text) == 0


@given(HAN, HAN, st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9000), min_size=23, max_size=40), HAN, HAN)
def test_a_run_of_23_letters_is_always_found(before, after, run, others_before, others_after):
    one, other = wording.fingerprints(before + run + after), wording.fingerprints(others_before + run + others_after)
    assert one & other


def test_common_runs_are_marked_in_both():
    one, other = wording.common_runs(["今天，青浦局开展消防演练。", "别的"], ["昨天青浦局，开展消防 演练了"])
    assert [text for line in one for is_common, text in line if is_common] == ["天，青浦局开展消防演练"]
    assert [text for line in other for is_common, text in line if is_common] == ["天青浦局，开展消防 演练"]
    assert ["".join(text for _common, text in line) for line in one] == ["今天，青浦局开展消防演练。", "别的"]


def test_the_kinds_of_a_pair():
    assert wording.kind(0.6, is_same_event=False) == "near-identical"
    assert wording.kind(0.25, is_same_event=True) == "overlap"
    assert wording.kind(0.1, is_same_event=True) == "same event"
    assert wording.kind(0.24, is_same_event=False) == ""
