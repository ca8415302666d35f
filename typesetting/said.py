"""What a content says, in reading order: what every other form of a signed issue is compared with, word for word.

Bodies are read as the layout check reads them, not as those who write the forms do.
"""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from .comparing import Comparison
from .content import ArticleContent, IssueContent
from .inspection import expected

LONGEST_COMPARED = 20_000  # characters, where the number of equal ones is counted
PHOTO_MARK = "【照片{}】"
SHOWN = 12  # characters of the first place that differs


def compare(signed: Iterable[str], made: Iterable[str]) -> Comparison:
    """Compares without white space, which each form sets in its own way."""
    wanted, found = squeezed("".join(signed)), squeezed("".join(made))
    if wanted == found:
        return Comparison(len(wanted), len(wanted), "")
    at = next(
        (place for place, pair in enumerate(zip(wanted, found, strict=False)) if pair[0] != pair[1]),
        min(len(wanted), len(found)),
    )
    equal = at
    if max(len(wanted), len(found)) <= LONGEST_COMPARED:
        blocks = SequenceMatcher(None, wanted[at:], found[at:], autojunk=False).get_matching_blocks()
        equal += sum(block.size for block in blocks)
    return Comparison(min(equal, len(wanted)), len(wanted), wanted[at : at + SHOWN] or found[at : at + SHOWN])


def squeezed(text: str) -> str:
    return "".join(text.split())


def whole(content: IssueContent) -> Iterator[str]:
    """From the masthead to the recipients, with the units that are credited, which the print leaves to the text."""
    yield from masthead(content)
    yield from stories(content)
    yield from end_matter(content)


def masthead(content: IssueContent) -> Iterator[str]:
    yield from (content.copy_number, content.security, content.notice)
    yield from content.name_lines
    yield expected.number_text(content)
    yield content.publisher
    yield expected.date_text(content)
    yield f"准印证号：{content.permit_number}" if content.permit_number else ""
    yield f"签发人：{content.signer}" if content.signer else ""


def for_pasting(content: IssueContent) -> Iterator[str]:
    """What the text for 公众号 has to say: no recipients, for they are the office's; a photo's number in its place."""
    yield from content.name_lines
    yield expected.number_text(content)
    yield expected.date_text(content)
    yield from stories(content, photo_mark=PHOTO_MARK)


def stories(content: IssueContent, *, photo_mark: str = "") -> Iterator[str]:
    """The editor's note, the articles, the briefs. `photo_mark` stands for each photo, with its number in {}."""
    if content.editor_note:
        yield "编者按"
        yield content.editor_note
    number = 0
    for article in content.articles:
        yield from (article.title, article.subtitle, credit(article))
        yield from _body(article, photo_mark, number)
        number += len(article.photos)
    if content.briefs:
        yield "简讯"
    for place, brief in enumerate(content.briefs, 1):
        yield f"{place}."
        yield from _body(brief, photo_mark, number)
        number += len(brief.photos)


def credit(article: ArticleContent) -> str:
    """供稿：the unit and the authors; empty where neither is known."""
    names = "　".join(filter(None, (article.unit, article.authors)))
    return f"供稿：{names}" if names else ""


def _body(article: ArticleContent, photo_mark: str, number: int) -> Iterator[str]:
    for text, photos in article.parts:
        yield from expected.texts(text)
        for photo in photos:
            number += 1
            yield photo_mark.format(number)
            yield photo.caption


def end_matter(content: IssueContent) -> Iterator[str]:
    for label, lines in (("报", content.report_to), ("送", content.send_to), ("发", content.issue_to)):
        if lines:
            yield f"{label}："
            yield "，".join(lines)
    if content.print_run:
        yield f"共印{content.print_run}份"
