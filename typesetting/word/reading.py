"""Reads a Word file back and compares it with what its content says, word for word.

What must stand there is read from the content by `inspection.expected`, which shares nothing with the writer of the file.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from ..comparing import Comparison
from ..content import IssueContent
from ..inspection import expected
from . import styles

HEAD = {styles.NAME, styles.NUMBER, styles.IMPRINT, styles.CORNER}
NEAR = 12  # characters shown round a difference


def text(data: bytes) -> list[str]:
    """The paragraphs of a Word file that have words, tables too, in reading order; not those of header and footer."""
    return [words for _style, words in _paragraphs(data)]


def compare(data: bytes, content: IssueContent) -> Comparison:
    """Whether the file says what the content says, white space apart."""
    paragraphs = list(_paragraphs(data))
    pieces = [piece for piece in expected.pieces(content) if piece.label]
    captions = [words for style, words in paragraphs if style == styles.CAPTION]
    marks, rest = _marks_taken(paragraphs, pieces)
    found = [
        marks,
        _compared("".join(rest), [piece for piece in pieces if piece.is_ordered and not _is_caption(piece)]),
        _compared("".join(map(_squeezed, captions)), [piece for piece in pieces if _is_caption(piece)]),
    ]
    return Comparison(
        sum(each.equal for each in found),
        sum(each.characters for each in found),
        next((each.difference for each in found if each.difference), ""),
    )


def _paragraphs(data: bytes) -> Iterator[tuple[str, str]]:
    document = docx.Document(BytesIO(data))
    for element in document.element.body.iter(qn("w:p")):
        paragraph = Paragraph(element, document._body)
        if paragraph.text.strip():
            yield str(paragraph.style.name) if paragraph.style else "", paragraph.text


def _is_caption(piece: expected.ExpectedText) -> bool:
    return piece.zone == expected.UNDER_PHOTO


def _marks_taken(
    paragraphs: list[tuple[str, str]], pieces: list[expected.ExpectedText]
) -> tuple[Comparison, list[str]]:
    """The marks of the head, which stand in no settled order, compared; and all other words but captions."""
    wanted = [piece.label for piece in pieces if not piece.is_ordered]
    whole, left = sum(map(len, wanted)), []
    for style, words in paragraphs:
        for part in words.split("\t") if style in HEAD else [words]:
            if style in HEAD and _squeezed(part) in wanted:
                wanted.remove(_squeezed(part))
            elif style != styles.CAPTION:
                left.append(_squeezed(part))
    return Comparison(whole - sum(map(len, wanted)), whole, wanted[0] if wanted else ""), left


def _compared(text: str, pieces: list[expected.ExpectedText]) -> Comparison:
    """Piece by piece from the beginning on; `before` and `behind` are what a page adds to the words."""
    whole, at, equal = sum(len(piece.label) for piece in pieces), 0, 0
    for piece in pieces:
        match = re.compile(piece.before + "(" + re.escape(piece.label) + ")" + piece.behind).match(text, at)
        if not match:
            begun = _alike(text[at:], piece.label)
            return Comparison(equal + begun, whole, text[max(at + begun - NEAR, 0) : at + begun + NEAR] or "…")
        at, equal = match.end(), equal + len(piece.label)
    return Comparison(equal, whole, text[at : at + 2 * NEAR])


def _alike(first: str, second: str) -> int:
    """How many characters they begin with in common."""
    pairs = zip_longest(first[: len(second)], second)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), len(second))


def _squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)
