"""Makes of what the clipboard holds what an article holds, by the rules of Word files, and says what came and what didn't."""

from dataclasses import dataclass
from html import escape
from itertools import groupby

from django.utils.translation import gettext as _

from . import clipboard, richtext, wrapping
from .docx.losses import Loss
from .docx.outline import Block, as_html, set_levels

# Characters of HTML, of which Word needs some thirty for one of the text; and tags.
LARGEST, MOST_TAGS = 2_000_000, 60_000


class TooLarge(ValueError):
    """It is more than an article can hold many times over."""


@dataclass(frozen=True)
class Pasted:
    """`body` is clean HTML (articles.richtext). A paragraph that came alone has no tag: it joins the text it is put into."""

    body: str
    joined: str  # the same with its wrapped lines put together; empty when there are none
    paragraphs: list[str]
    tables: int
    photos: int
    pictures: int  # that are lost
    losses: list[Loss]

    @property
    def words(self) -> str:
        """What came and what didn't, in one sentence."""
        came = _counted(
            {
                _("%(count)s paragraphs"): len(self.paragraphs),
                _("%(count)s tables"): self.tables,
                _("%(count)s photos"): self.photos,
            }
        )
        lost = _counted({_("%(count)s pictures"): self.pictures})
        lost += [_("%(what)s (%(count)s)") % {"what": loss.what, "count": loss.count} for loss in self.losses]
        sentences = [_("Pasted %(came)s") % {"came": "、".join(came)}] if came else [_("No text was pasted")]
        sentences += [_("%(lost)s not taken over") % {"lost": "、".join(lost)}] if lost else []
        return "；".join(sentences)


def _counted(counts: dict[str, int]) -> list[str]:
    return [words % {"count": count} for words, count in counts.items() if count]


def read(html: str, text: str = "") -> Pasted:
    """`html` as the clipboard has it, pictures that the page takes in itself with the scheme clipboard.TAKEN; `text` is read
    where there is no HTML. Raises TooLarge."""
    if len(html) + len(text) > LARGEST or html.count("<") > MOST_TAGS:
        raise TooLarge
    found = clipboard.read(html)
    lines = [wrapping.Line(block.text) for block in found.blocks]
    if not html:
        lines = wrapping.lines_of(text)
        found.blocks = [Block("p", escape(line.text, quote=False), line.text) for line in lines]
    joined = _joined(found.blocks, lines)
    body = _body(found.blocks)
    paragraphs = [block for block in found.blocks if block.tag != "table"]
    return Pasted(
        body=body,
        joined=_body(joined) if len(joined) < len(found.blocks) else "",
        paragraphs=[richtext.INVISIBLE.sub("", block.text) for block in paragraphs],
        tables=len(found.blocks) - len(paragraphs),
        photos=found.photos,
        pictures=found.pictures,
        losses=list(found.losses),
    )


def _joined(blocks: list[Block], lines: list[wrapping.Line]) -> list[Block]:
    """With the lines of a wrapped paragraph as one."""
    joined: list[Block] = []
    for is_text, found in groupby(zip(blocks, lines, strict=True), key=lambda pair: _is_text(pair[0])):
        run = list(found)
        waiting = iter([block for block, _line in run])
        groups = wrapping.paragraphs([line for _block, line in run]) if is_text else [[line] for _block, line in run]
        for group in groups:
            parts = [next(waiting) for _line in group]
            html = wrapping.join_html([block.html for block in parts])
            joined.append(Block("p", html, wrapping.text_of(group)) if len(parts) > 1 else parts[0])
    return joined


def _is_text(block: Block) -> bool:
    return block.tag == "p" and not block.role.heading


def _body(blocks: list[Block]) -> str:
    set_levels(blocks)
    is_alone = len(blocks) == 1 and blocks[0].tag == "p"
    return richtext.clean(blocks[0].html if is_alone else as_html(blocks))
