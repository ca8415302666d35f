"""Lines that were broken where they were full are put together again; text without such lines stays as it is."""

import random
import textwrap

import pytest
from django.urls import reverse
from hypothesis import assume, given
from hypothesis import strategies as st

from articles import pasting, wrapping
from articles.wrapping import Line, lines_of, paragraphs, text_of
from typesetting.lines import widths

HAN = "青浦局组织快递企业开展秋季安全检查记录问题落实整改宣传引导服务群众"


def chinese(least=8, marks="，，，、。"):
    """A paragraph of clauses with these marks between them, which ends as a sentence does."""

    def written(chance):
        text = ""
        while len(text) < least or chance.random() < 0.6:
            text += "".join(chance.choices(HAN, k=chance.randint(4, 30))) + chance.choice(marks)
        return text[:-1] + chance.choice("。。。！？")

    return st.integers(0, 1 << 32).map(lambda seed: written(random.Random(seed)))


def by_columns(text, measure, indent=0):
    """As a program does that counts characters and knows no rules."""
    first = measure - indent
    return [text[:first], *(text[at : at + measure] for at in range(first, len(text), measure))]


def by_print(text, measure, indent):
    ends = [0, *sorted(widths.line_ends(text, measure - indent, measure)), len(text)]
    return [text[a:b] for a, b in zip(ends, ends[1:], strict=False)]


def put_together(text):
    return [text_of(group) for group in paragraphs(lines_of(text))]


def tells(wrapped):
    """Whether two lines at least end within a sentence: fewer don't tell the width."""
    return sum(not wrapping.ends_sentence(line) for lines in wrapped for line in lines[:-1]) >= wrapping.FEWEST


LONG = st.lists(chinese(60), min_size=2, max_size=5)
# Without a first line that ends a sentence, which may as well be a paragraph.
ONE_SENTENCE = st.lists(chinese(60, marks="，，、"), min_size=2, max_size=3)
MEASURE = st.integers(14, 42)


@given(LONG, MEASURE)
def test_lines_of_paragraphs_that_are_set_in_are_put_together(texts, measure):
    wrapped = [by_columns(text, measure, 2) for text in texts]
    assume(tells(wrapped))

    assert put_together("\n".join("　　" + "\n".join(lines) for lines in wrapped)) == texts


@given(LONG, MEASURE)
def test_lines_of_paragraphs_with_an_empty_line_between_are_put_together(texts, measure):
    wrapped = [by_columns(text, measure) for text in texts]
    assume(tells(wrapped))

    assert put_together("\n\n".join("\n".join(lines) for lines in wrapped)) == texts


@given(LONG, MEASURE)
def test_lines_of_paragraphs_that_nothing_parts_are_put_together(texts, measure):
    wrapped = [by_columns(text, measure) for text in texts]
    # A paragraph that ends with a full line can't be told from one that goes on.
    assume(tells(wrapped) and all(len(lines[-1]) < measure for lines in wrapped))

    assert put_together("\n".join("\n".join(lines) for lines in wrapped)) == texts


@given(ONE_SENTENCE, st.sampled_from([26, 28]))
def test_lines_of_a_printed_page_are_put_together(texts, measure):
    wrapped = [by_print(text, measure, 2) for text in texts]
    assume(all(widths.width(lines[-1]) < measure - 3 for lines in wrapped))

    assert put_together("\n".join("\n".join(lines) for lines in wrapped)) == texts


def test_one_line_that_ends_within_a_sentence_tells_too_little():
    lines = ["青浦局组织快递企业开展秋季安全", "检查，记录问题。", "宝山局引导企业落实整改，服务群众。"]

    assert put_together("\n".join(lines)) == lines


@given(st.lists(chinese(), min_size=1, max_size=12))
def test_paragraphs_stay_as_they_are(texts):
    assert put_together("\n".join(texts)) == texts


@given(
    st.lists(
        st.tuples(st.text(alphabet=HAN, min_size=4, max_size=20), chinese(60)),
        max_size=5,
    )
)
def test_titles_above_paragraphs_stay_as_they_are(stories):
    texts = [text for story in stories for text in story]

    assert put_together("\n".join(texts)) == texts


@pytest.mark.parametrize(
    "text",
    [
        "报送：市局\n抄送：各区局\n印发：办公室",
        "一、加强领导\n二、落实责任\n三、强化督导",
        "林向晚  13800000000\n赵望  13900000000\n贺思齐  13700000000",
        "一句话。",
        "",
    ],
)
def test_short_lines_stay_as_they_are(text):
    assert put_together(text) == [line for line in text.splitlines() if line]


def test_words_are_parted_at_the_end_of_a_line():
    text = "DHL Express China and FedEx take part in the drill of this year with all of their people and lorries. " * 3

    assert put_together("\n".join(textwrap.wrap(text, 44))) == [text.strip()]


PARAGRAPH = "青浦局组织十六家快递企业开展秋季安全检查，逐项记录分拨中心的问题，督促企业限期整改，并向从业人员宣传安全知识，引导企业落实责任。"


def wrapped(measure=20):
    return by_columns(PARAGRAPH, measure)


def test_a_numbered_paragraph_is_no_heading_because_its_first_line_is_short():
    lines = by_columns(f"一、{PARAGRAPH}", 20)

    pasted = pasting.read("", "\n".join(lines))

    assert pasted.joined == f"一、{PARAGRAPH}"
    assert pasting.read("".join(f"<p>{line}</p>" for line in lines)).joined == f"一、{PARAGRAPH}"


def test_nothing_is_offered_where_nothing_is_wrapped():
    assert pasting.read("", f"{PARAGRAPH}\n{PARAGRAPH}").joined == ""


def test_headings_lists_tables_and_bold_words_stay():
    first, second, *rest = wrapped()
    html = (
        f"<h3>一、检查</h3><p>{first[:-2]}<strong>{first[-2:]}</strong></p>\n<p><strong>{second[:2]}</strong>{second[2:]}</p>"
        + "".join(f"<p>{line}</p>" for line in rest)
        + f"<ul><li>{first}</li><li>{second}</li></ul><table><tbody><tr><td><p>{first}</p><p>{second}</p></td></tr></tbody></table>"
    )

    joined, made = wrapping.rejoin(html)

    bold = f"<strong>{first[-2:]}{second[:2]}</strong>"
    assert joined.startswith(f"<h3>一、检查</h3><p>{first[:-2]}{bold}{second[2:]}")
    assert joined.endswith(html[html.index("<ul>") :])
    assert made == 1


@given(st.lists(chinese(), min_size=1, max_size=6))
def test_a_text_without_wrapped_lines_is_not_touched(texts):
    html = "\n".join(f"<p>{text}</p>" for text in texts)

    assert wrapping.rejoin(html) == (html, 0)


def test_the_whole_text_is_put_together(as_user, cast):
    html = "".join(f"<p>{line}</p>" for line in wrapped())

    answer = as_user(cast.lin).post(reverse("articles:join_lines"), {"html": html}).json()

    assert answer == {"html": f"<p>{PARAGRAPH}</p>", "said": "断开的行接成了 1 段"}


def test_a_long_text_takes_no_time():
    lines = [Line(line) for _time in range(1_000) for line in wrapped()]

    assert len(paragraphs(lines)) == 1_000
