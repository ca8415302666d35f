"""Makes of what the clipboard holds what an article holds, by the rules of Word files, and says what came and what didn't."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from . import clipboard, richtext
from .docx.losses import Loss
from .docx.outline import as_html, set_levels

# Characters of HTML, of which Word needs some thirty for one of the text; and tags.
LARGEST, MOST_TAGS = 2_000_000, 60_000


class TooLarge(ValueError):
    """It is more than an article can hold many times over."""


@dataclass(frozen=True)
class Pasted:
    """`body` is clean HTML (articles.richtext). A paragraph that came alone has no tag: it joins the text it is put into."""

    body: str
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
    found = clipboard.read(html or richtext.from_text(text))
    set_levels(found.blocks)
    paragraphs = [block for block in found.blocks if block.tag != "table"]
    is_alone = len(found.blocks) == 1 and found.blocks[0].tag == "p"
    body = richtext.clean(found.blocks[0].html if is_alone else as_html(found.blocks))
    return Pasted(
        body=body,
        paragraphs=[richtext.INVISIBLE.sub("", block.text) for block in paragraphs],
        tables=len(found.blocks) - len(paragraphs),
        photos=found.photos,
        pictures=found.pictures,
        losses=list(found.losses),
    )
