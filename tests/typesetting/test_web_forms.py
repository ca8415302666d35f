"""The forms for the web say what the content says, to the letter, and hold nothing that the place they go to drops."""

import io
import json
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from PIL import Image

from tests.typesetting import contents, printed
from typesetting import said
from typesetting.web import forms, reading

REAL = ("000", "003", "004")


def page(content):
    return forms.page(content, photo_bytes=contents.photo_bytes)


def wechat(content):
    return forms.wechat(content, photo_bytes=contents.photo_bytes)


def assert_equal(content):
    assert said.compare(said.whole(content), reading.text(page(content))).difference == ""
    html = reading.pasted(wechat(content))
    assert said.compare(said.for_pasting(content), reading.text(html)).difference == ""
    assert reading.dropped(html) == set()


@pytest.mark.parametrize("name", REAL)
def test_the_real_issues_are_said_to_the_letter(bulletins_dir, name):
    content, _texts = printed.real_issue(bulletins_dir, name)
    record = json.loads(next(bulletins_dir.glob(f"{name}_*.json")).read_text())

    assert_equal(content)

    shown = said.squeezed("".join(reading.text(page(content))))
    paragraphs = [text for entry in record["articles"] for text in entry["paragraphs"]]
    assert [text for text in [*paragraphs, *record["briefs"]] if said.squeezed(text) not in shown] == []


@settings(max_examples=50, deadline=None)
@given(contents.issues())
def test_any_issue_is_said_to_the_letter(content):
    assert_equal(content)


def photographed():
    photos = [printed.photo(1, "培训现场", after=1), printed.photo(2, "", alternative="一面锦旗")]
    return printed.issue(printed.article(paragraphs=("全文。", "再一段。"), photos=photos))


def test_the_page_needs_nothing_from_anywhere():
    html = page(photographed()).decode()

    assert re.findall(r'(?:src|href)="(?!data:image/png;base64,)', html) == []
    assert "http:" not in html
    assert "https:" not in html
    assert html.index("全文。") < html.index("data:image") < html.index("培训现场") < html.index("再一段。")
    assert 'alt="一面锦旗"' in html


def test_a_photo_on_the_page_is_no_bigger_than_a_screen_shows():
    out = io.BytesIO()
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(out, "JPEG")

    html = forms.page(photographed(), photo_bytes=lambda _photo: out.getvalue()).decode()

    assert "data:image/jpeg" in html
    assert len(html) < 2 * out.tell()


def test_the_photos_for_pasting_have_the_numbers_that_stand_in_the_text():
    with zipfile.ZipFile(io.BytesIO(wechat(photographed()))) as file:
        assert file.namelist() == ["正文.html", "照片01.png", "照片02.png"]
        assert file.read("照片02.png") == contents.photo_bytes(2)
        html = file.read("正文.html").decode()
    assert (
        html.index("全文。")
        < html.index("【照片1】")
        < html.index("培训现场")
        < html.index("再一段。")
        < html.index("【照片2】")
    )


def test_equal_content_gives_equal_bytes():
    assert wechat(photographed()) == wechat(photographed())
    assert page(photographed()) == page(photographed())


def test_every_paragraph_for_pasting_carries_its_style_itself():
    html = reading.pasted(wechat(photographed())).decode()

    assert re.findall(r"<(?:p|h2|h3)(?![^>]*style=)[^>]*>", html) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda html: html.replace("再一段。", "再一段，"),
        lambda html: html.replace("培训现场", ""),
        lambda html: html.replace("再一段。", "再一段。再一段。"),
        lambda html: html.replace("<footer>", "<footer>另"),
    ],
)
def test_a_changed_character_is_named(change):
    content = photographed()

    found = said.compare(said.whole(content), reading.text(change(page(content).decode()).encode()))

    assert not found.is_equal
    assert found.difference


def test_how_many_characters_are_the_same_is_counted():
    content = replace(photographed(), editor_note="")
    html = page(content).decode().replace("再一段。", "再一。")

    found = said.compare(said.whole(content), reading.text(html.encode()))

    assert (found.characters - found.equal, found.difference[0]) == (1, "段")


def test_what_the_place_drops_is_named():
    assert reading.dropped(b'<p class="a" id="b" onclick="c()">x<img src="d"></p><style>e</style>') == {
        "class", "id", "onclick", "img", "style",
    }  # fmt: skip


def test_a_file_that_is_no_photo_is_refused():
    with pytest.raises(ValueError, match="JPEG"):
        forms.page(photographed(), photo_bytes=lambda _photo: b"GIF89a")
