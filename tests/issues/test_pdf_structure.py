"""What the file says beside its pages: colours, the embedded source, tags."""

import io
import re

import pikepdf
import pytest

from issues import pdf_pages, rendering
from tests.issues.printed import article, issue


def made(*articles, **changes):
    return rendering.render(issue(*articles, **changes), photo_bytes=bytes)


def test_black_is_grey_and_only_the_masthead_is_in_colour():
    file = pikepdf.open(io.BytesIO(made(article(body="<table><tr><td>表</td></tr></table><p>文</p>"))))
    streams = [page.Contents.read_bytes().decode() for page in file.pages]
    colours = {found for stream in streams for found in re.findall(r"[0-9. ]+(?:rg|RG)\b", stream)}
    assert {colour.strip() for colour in colours} == {"0.843137 0 0.058824 rg"}
    assert all("0 g" in stream for stream in streams)


def test_the_embedded_source_is_named_once():
    file = pikepdf.open(io.BytesIO(made()))
    assert len(file.Root.AF) == 1
    assert file.Root.AF[0].AFRelationship == "/Source"


def test_superscripts_are_raised_and_subscripts_lowered():
    pdf = made(article(body="<p>面积12m<sup>2</sup>，CO<sub>4</sub>气体</p>"))
    (line,) = [line for line in pdf_pages.read_page(pdf, 1).characters if line.text == "面"]
    here = {c.text: c.baseline for c in pdf_pages.read_page(pdf, 1).characters if abs(c.baseline - line.baseline) < 10}
    assert here["m"] == here["O"] == line.baseline
    assert here["4"] <= line.baseline - 0.08 * 16
    (raised,) = [
        c for c in pdf_pages.read_page(pdf, 1).characters if c.size == pytest.approx(9.6, abs=0.1) and c.text == "2"
    ]
    assert raised.baseline >= line.baseline + 0.2 * 16
