"""Sets an issue: its content in, the official PDF out. No database below here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache, partial
from math import ceil
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from . import limits, reading
from .content import ArticleContent, IssueContent, PhotoContent, as_json
from .fonts import roles
from .lines import composer, titles
from .page import body, columns, fitting, flow, parts, pictures, tables, verify_code
from .page.masthead import NUMBER_ROWS, masthead
from .page.presets import PRESETS, Misfit, Preset, customised
from .press import door
from .wording import (
    BRIEFS_HEADING,
    NOTE_LABEL,
    RUN_ON,
    contents_entries,
    flat,
    full_title,
    has_end_matter,
    head,
    print_run,
    recipients,
)

# What no page can show: control characters, halves of surrogate pairs, non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
MOST_CHARACTERS = 400_000
MOST_PHOTOS = 200
APART = "close apart"  # the classes of a paragraph that takes the end matter to a page of its own
SOURCE_NAME = "issue.json"  # the content, embedded in the PDF


class RenderingError(Exception):
    """The issue can't be set; the message says why and where, for the editor."""


def render(
    content: IssueContent,
    *,
    photo_bytes: Callable[[int], bytes],
    layout: str | Preset | None = None,
    variant: str = door.ARCHIVE,
    seconds: int | None = None,
) -> bytes:
    """The PDF of an issue, the same bytes for the same content. `photo_bytes` gives a photo by its id.

    `layout` is a preset or its name, the content's own when None; `variant` one of pdf.VARIANTS; `seconds` is the most it
    may take, RENDER_SECONDS when None. Raises RenderingError.
    """
    preset = preset_of(content, layout)
    refuse_unprintable(content)
    try:
        with limits.limits(seconds or settings.RENDER_SECONDS):
            set_page = partial(_set, content, preset, photo_bytes, variant)
            pdf = set_page()
            is_odd = preset.mirrored and reading.page_count(pdf) % 2 == 1
            return set_page(ends_alone=True) if is_odd and has_end_matter(content) else pdf
    except door.MissingGlyph as error:
        raise RenderingError(f"{error} {_where(content, error.character)}".strip()) from error
    except (door.PdfError, limits.OverLimit) as error:
        raise RenderingError(str(error)) from error


def _set(
    content: IssueContent,
    preset: Preset,
    photo_bytes: Callable[[int], bytes],
    variant: str,
    *,
    ends_alone: bool = False,
) -> bytes:
    return door.to_pdf(
        page_html(content, preset, ends_alone=ends_alone),
        stylesheet(preset),
        photo_bytes=photo_bytes,
        variant=variant,
        source=_source(content),
        zoom=preset.scale,
    )


def _source(content: IssueContent) -> door.Source:
    """The content itself, as it is signed, to go with the file into the archive."""
    day = content.dated_on or date(2000, 1, 1)
    return door.Source(SOURCE_NAME, as_json(content).encode(), datetime.combine(day, time()))


def preset_of(content: IssueContent, layout: str | Preset | None = None) -> Preset:
    """The page that an issue is set for: the layout given, else its bulletin's with the measures of its own."""
    if isinstance(layout, Preset):
        return layout
    if layout:
        return preset_named(layout)
    try:
        return customised(preset_named(content.layout), content.measures)
    except Misfit as misfit:
        raise RenderingError(str(misfit)) from misfit


def preset_named(name: str) -> Preset:
    if name not in PRESETS:
        raise RenderingError(_("There is no layout “%(name)s”.") % {"name": name})
    return PRESETS[name]


@lru_cache(maxsize=8)
def stylesheet(preset: Preset) -> str:
    stacks = {role: roles.css_stack(role) for role in roles.STACKS}
    return render_to_string(
        "typesetting/issue.css",
        {
            "preset": preset,
            "fonts": stacks,
            "weights": roles.WEIGHTS | {"light": roles.FALLBACK_WEIGHTS[roles.BODY]},
            "strip": tables.STRIP,
            "caption_size": parts.CAPTION_SIZE,
            "caption_leading": pictures.CAPTION_LEADING,
            "caption_gap": pictures.CAPTION_GAP,
            "half_row": preset.row_height / 2,
            "number_height": NUMBER_ROWS * preset.row_height,
            "signed_padding": (NUMBER_ROWS - 1) / 2 * preset.row_height,
        },
    )


def page_html(content: IssueContent, preset: Preset, *, ends_alone: bool = False) -> str:
    """The issue as HTML whose lines are already set. `ends_alone` puts the end matter on a page of its own: the back of the
    last sheet, where it is printed on both sides and the text ends on a front."""
    names = unit_names(content)
    stories = [story(article, preset, f"article-{n}", names) for n, article in enumerate(content.articles, 1)]
    if content.briefs:
        stories.append(briefs(content.briefs, preset))
    top = masthead(head(content), preset)
    note = parts.note(content.editor_note, NOTE_LABEL, preset)
    entries = contents(content, preset) if content.has_contents else []
    first_row = flow.first_row(top.rows, entries, note, preset)
    row = flow.settle(stories, first_row, preset)
    end = end_matter(content, preset, row, flow.rows_with_end(stories, preset))
    fitting.fit(stories, first_row, end.height, preset)
    flow.settle_tables(stories, first_row, preset)
    end_place = "" if not end else APART if ends_alone else _place_end(stories, end, preset)
    context = {
        "title": full_title(content),
        "publisher": content.publisher,
        "dated_on": content.dated_on,
        "title_size": preset.title_size,
        "masthead": top,
        "note": note,
        "contents": entries,
        "stories": stories,
        "has_long_tables": any(
            isinstance(block, tables.Grid) and block.can_be_parted for story in stories for block in story.blocks
        ),
        "strip": tables.STRIP,
        "top_mm": preset.top_mm,
        "hei": roles.css_stack(roles.HEI),
        "caption_size": parts.CAPTION_SIZE,
        "code": _code(content, preset),
        "kai": roles.css_stack(roles.KAI),
        "end": end,
        "end_size": parts.END_SIZE,
        "end_place": end_place,
    }
    return render_to_string("typesetting/issue.html", context)


def _code(content: IssueContent, preset: Preset) -> verify_code.VerifyCode | None:
    if not content.verify_link:
        return None
    if not verify_code.has_room(preset):
        words = _("The lower margin has no room for the verification code: it takes %(least)s mm.")
        raise RenderingError(words % {"least": f"{verify_code.LEAST_FOOT_MM:g}"})
    return verify_code.verify_code(content.verify_link, preset)


def unit_names(content: IssueContent) -> frozenset[str]:
    """The names of the issue's own units, which no title is broken inside of."""
    return titles.unit_names(
        name for article in (*content.articles, *content.briefs) for name in article.unit.split("、")
    )


def _place_end(stories: list[parts.Story], end: parts.EndMatter, preset: Preset) -> str:
    """Hand the end matter to the last paragraph or photo: there it costs no line of its own and is not alone on a page.

    A photo that doesn't fit on a page with it goes before the last paragraph. Where nothing can take it, it gets a
    paragraph of its own, whose classes are returned.
    """
    blocks = stories[-1].blocks if stories else []
    if not flow.stands_with(end.height, flow.rows_with_end(stories, preset), preset):
        paragraphs = [at for at, block in enumerate(blocks) if flow.is_paragraph(block)]
        if not paragraphs:
            return APART
        blocks.append(blocks.pop(paragraphs[-1]))
    if not blocks or not isinstance(blocks[-1], parts.Text | pictures.Pictures):
        return "close"
    blocks[-1] = replace(blocks[-1], is_last=True)
    return ""


# Stories


def story(article: ArticleContent, preset: Preset, anchor: str, names: titles.Names = titles.NO_NAMES) -> parts.Story:
    """An article: title, subtitle, text, photos."""
    return parts.Story(
        anchor=anchor,
        label=flat(article.title),
        title=parts.title(article.title, preset, names) if article.title.strip() else None,
        subtitle=parts.subtitle(article.subtitle, preset),
        blocks=[
            block
            for text, photos in article.parts
            for block in (*_set_body(text, preset), *pictures.arrange(photos, preset))
        ],
    )


@lru_cache(maxsize=128)
def _set_body(html: str, preset: Preset) -> tuple[Any, ...]:
    """A text's blocks, remembered: from one rendering of an issue to the next most articles stay as they are."""
    blocks = body.read(html)
    try:
        set_blocks = [_block(block, preset) for block in blocks]
    except columns.TooManyColumns as error:
        words = _("A table has %(count)s columns, more than the page can hold. Please part it into several tables.")
        raise RenderingError(words % {"count": error.count}) from error
    return tuple(
        parts.kept(part) if isinstance(part, parts.Text) and following and body.leads(block, following) else part
        for block, following, part in zip(blocks, [*blocks[1:], None][: len(blocks)], set_blocks, strict=True)
    )


def briefs(articles: tuple[ArticleContent, ...], preset: Preset) -> parts.Story:
    """简讯: numbered paragraphs under their own heading."""
    section = parts.Story(anchor="briefs", label="简讯", is_article=False)
    section.title = parts.section_heading(BRIEFS_HEADING, preset)
    for number, article in enumerate(articles, 1):
        for blocks, photos in brief_parts(article, number, preset):
            section.blocks += [_block(block, preset) for block in blocks]
            section.blocks += pictures.arrange(photos, preset)
    return section


def brief_parts(
    article: ArticleContent, number: int, preset: Preset
) -> list[tuple[list[body.BodyBlock | body.Table], list[PhotoContent]]]:
    """A brief's text in parts, each with the photos behind it; its first paragraph begins with its number."""
    found = [(body.read(text), photos) for text, photos in article.parts]
    blocks = (block for part, _photos in found for block in part)
    first = next((block for block in blocks if isinstance(block, body.BodyBlock)), None)
    if first:
        first.runs.insert(0, composer.Run(f"{number}." if preset.printed else f"{number}. ", body.Style()))
    return found


def _block(block: body.BodyBlock | body.Table, preset: Preset) -> tables.Grid | parts.Text:
    return tables.grid(block, preset) if isinstance(block, body.Table) else parts.paragraph(block, preset)


def contents(content: IssueContent, preset: Preset) -> list[tuple[str, parts.Text]]:
    names = unit_names(content)
    return [(anchor, parts.contents_line(text, preset, names)) for anchor, text in contents_entries(content)]


def end_matter(content: IssueContent, preset: Preset, row: float = 0.0, with_it: int = 1) -> parts.EndMatter:
    """版记: 报 one on a line, 送 and 发 run on, then the print run; smaller where its recipients are many.

    The text ends on `row`, counted over all pages; its last `with_it` rows go to the page that the end matter goes to.
    Raises RenderingError when no size leaves four rows of the page to the text.
    """
    groups, copies = recipients(content), print_run(content)
    choices = [parts.end_matter(groups, RUN_ON, copies, preset, size) for size in parts.END_LEADINGS]
    fitting = [end for end in choices if flow.stands_with(end.height, parts.ROWS_OVER_END, preset)]
    if not fitting:
        raise RenderingError(_too_many_recipients(choices[-1], sum(len(lines) for _label, lines in groups), preset))
    whole = [end for end in fitting if flow.stands_with(end.height, with_it, preset)] or fitting
    return next((end for end in whole if flow.ends_well(end.height, row, with_it, preset)), whole[-1])


def _too_many_recipients(end: parts.EndMatter, count: int, preset: Preset) -> str:
    lines = round(sum(group.rows for group in end.parts) + bool(end.print_run))
    room = (preset.rows - parts.ROWS_OVER_END) * preset.row_height
    most = lines - ceil((end.height - room) / end.leading)
    words = _(
        "The recipients don't fit on one page: %(count)s entries take %(lines)s lines even in the smallest size, and a "
        "page has room for %(most)s. Put several units under one name, such as 各快递企业, or print the list by itself."
    )
    return words % {"count": count, "lines": lines, "most": most}


# What is refused before it is set


def _texts(content: IssueContent) -> Iterator[tuple[str, str]]:
    """Every text of the issue with the name of its place."""
    for number, article in enumerate((*content.articles, *content.briefs), 1):
        title = " ".join(article.title.split())[:30]
        place = _("article %(number)s, “%(title)s”") % {"number": number, "title": UNPRINTABLE.sub("?", title)}
        for text in _strings(article):
            yield place, text
    outer = [content.name_lines, content.publisher, content.editor_note]
    outer += [content.report_to, content.send_to, content.issue_to, content.notice, content.permit_number]
    outer += [content.copy_number, content.security, content.signer]
    for text in _strings(outer):
        yield _("the masthead, the editor's note or the recipients"), text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _strings(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _strings(getattr(value, item.name))


def refuse_unprintable(content: IssueContent) -> None:
    """Raises RenderingError for what no page can show, and for what is too much."""
    size = 0
    for place, text in _texts(content):
        size += len(text)
        found = UNPRINTABLE.search(text)
        if found:
            raise RenderingError(
                _("A character that can't be printed (U+%(code)s): %(place)s.")
                % {"code": f"{ord(found[0]):04X}", "place": place}
            )
    if size > MOST_CHARACTERS:
        raise RenderingError(_("The issue is too long: %(size)s characters.") % {"size": size})
    photos = sum(len(article.photos) for article in (*content.articles, *content.briefs))
    if photos > MOST_PHOTOS:
        raise RenderingError(_("The issue has too many photos: %(count)s.") % {"count": photos})


def fallbacks(content: IssueContent) -> dict[str, str]:
    """Characters that the fonts of their role lack, so that another font steps in and may look heavier, with their place."""
    found: dict[str, str] = {}
    headings = {article.title for article in content.articles}
    for place, text in _texts(content):
        role = roles.TITLE if text in headings else roles.BODY
        for character in re.sub(r"<[^>]*>|&\w+;|\s", "", text):
            if character not in found and roles.falls_back(character, role):
                found[character] = place
    return found


def _where(content: IssueContent, character: str) -> str:
    """The first place that has the character, with the words around it."""
    for place, text in _texts(content):
        plain = re.sub(r"<[^>]*>", "", text)
        at = plain.find(character)
        if at >= 0:
            return _("It is in %(place)s: …%(quote)s…") % {"place": place, "quote": plain[max(at - 8, 0) : at + 8]}
    return ""
