"""Contents to set, drawn at random: tables, lists, photos, rare characters."""

import io
from hashlib import sha256

from hypothesis import strategies as st
from PIL import Image

from tests.typesetting import printed
from typesetting.content import ArticleContent, PhotoContent

HAN = st.sampled_from("快递员参加培训讲解操作规程安全喆堃赟龑䶮𬭎𬣞一二三，。；：“”《》（）—…·℃％Ａ1aZ<>&\"' \u3000")
WORDS = st.text(HAN, min_size=1, max_size=40).map(lambda text: "讯" + text.strip() + "。")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@st.composite
def bodies(draw):
    parts = []
    for kind in draw(st.lists(st.sampled_from(["p", "h3", "h4", "ul", "ol", "table", "bold"]), min_size=1, max_size=5)):
        words = [escaped(draw(WORDS)) for _each in range(2)]
        if kind in ("p", "h3", "h4"):
            parts.append(f"<{kind}>{words[0]}</{kind}>")
        elif kind in ("ul", "ol"):
            parts.append(f"<{kind}><li>{words[0]}</li><li>{words[1]}</li></{kind}>")
        elif kind == "table":
            rows = "".join(f"<td>{each}</td>" for each in words)
            parts.append(
                f"<table><caption>表</caption><tbody><tr><th>甲</th><th>乙</th></tr><tr>{rows}</tr></tbody></table>"
            )
        else:
            parts.append(f"<p><strong>{words[0]}</strong><br>{words[1]}<sup>2</sup></p>")
    return "".join(parts)


BRIEF = WORDS.map(lambda text: f"<p>{escaped(text)}</p>")  # a brief is one paragraph


def _photo(photo_id: int, caption: str, after: int | None) -> PhotoContent:
    return PhotoContent(photo_id, caption, 4, 3, sha256(photo_bytes(photo_id)).hexdigest(), after=after)


@st.composite
def articles(draw, number: int, body=None):
    photos = tuple(
        _photo(100 * number + place, draw(WORDS), draw(st.sampled_from([None, 1, 2])))
        for place in range(draw(st.integers(0, 2)))
    )
    return ArticleContent(
        number,
        draw(WORDS),
        draw(st.just("") | WORDS),
        "青浦邮政管理局",
        "",
        draw(bodies() if body is None else body),
        photos,
        "branch",
    )


@st.composite
def issues(draw):
    count = draw(st.integers(1, 3))
    told = tuple(draw(articles(number)) for number in range(1, count + 1))
    briefs = tuple(draw(articles(10 + number, BRIEF)) for number in range(draw(st.integers(0, 2))))
    return printed.issue(*told, briefs=briefs, editor_note=draw(st.just("") | WORDS))


def photo_bytes(photo_id: int) -> bytes:
    """A picture of its own for each number."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), (photo_id % 256, 80, 120)).save(out, "PNG")
    return out.getvalue()
