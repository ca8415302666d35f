"""What every page draws: icons, state tags, fields, dates as the office writes them."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.dates import written
from articles.difference import Part
from typesetting.blocks import parted
from typesetting.page.presets import INDENT, PRESETS
from workflow import progress
from workflow.documents import Document
from workflow.progress import Step
from workflow.states import State

from ..icons import ICONS
from ..states import STATES

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = ""):
    """An icon, silent for screen readers: the word always stands beside it or in the button's aria-label."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"i {classes}".strip(),
        mark_safe(ICONS[name]),  # noqa: S308 our own markup
    )


@register.simple_tag
def tag(of: Document | State | str, word: str = ""):
    """The tag of a document's state, of a state, or of a key of states.py: {% tag article %}, {% tag "todo.sign" %}."""
    if isinstance(of, Document):
        of = of.looks()[of.status]
    state = of if isinstance(of, State) else STATES[of]
    return format_html(
        '<span class="{}">{}{}</span>',
        f"tag tag-{state.colour}" if state.colour else "tag",
        icon(state.icon),
        word or state.word,
    )


@register.simple_tag
def state_word(key: str):
    """The word of a state alone, where a tag would be one too many."""
    return STATES[key].word


@register.simple_tag
def page_figures() -> dict:
    """What the writer's counts go by: the present layout's line, page, and line of a title."""
    preset = PRESETS["current"]
    return {
        "characters": int(preset.characters),
        "indent": int(INDENT),
        "rows": preset.rows,
        "title_characters": int(preset.em(preset.title_size)),
    }


@register.simple_tag
def changes(parts: Iterable[Part]) -> SafeString:
    """A compared text: what is gone struck, what is new marked, each with a word for those who can't see it. Nothing
    stands between the parts, not even a blank. ¶ is the end of a paragraph that was split, or joined to the next."""
    words = {"delete": ("del", _("deleted: "), "¶"), "insert": ("ins", _("added: "), "¶\n")}
    html = []
    for kind, text in parts:
        if kind == "equal":
            html.append(escape(text))
        else:
            name, word, end = words[kind]
            span = format_html('<span class="visually-hidden">{}</span>', word)
            html.append(format_html("<{0}>{1}{2}</{0}>", name, span, text.replace("\n", end)))
    return mark_safe("".join(html).replace("\n", "<br>"))  # noqa: S308 each part is escaped


@register.inclusion_tag("_field.html")
def field(bound, hint: str = "", optional: bool = False, show: str = ""):
    """A form's field: label, error, control, hint, tied together for screen readers.

    `hint` replaces the form's help text; `optional` says so in the label;
    `show` is the label of a button beside a password that shows it.
    """
    hint = hint or bound.help_text
    described = [f"{bound.id_for_label}_error"] * bool(bound.errors) + [f"{bound.id_for_label}_hint"] * bool(hint)
    attrs = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    kind = bound.widget_type
    if kind == "select":
        attrs["class"] = "form-select"
    elif kind in ("checkbox",):
        attrs["class"] = "form-check-input"
    elif kind not in ("radioselect", "checkboxselectmultiple"):
        attrs["class"] = "form-control"
    own = bound.field.widget.attrs.get("class")
    if own and "class" in attrs:
        attrs["class"] += f" {own}"
    control = bound.as_widget(attrs=attrs)
    return {"field": bound, "control": control, "kind": kind, "hint": hint, "optional": optional, "show": show}


@register.filter
def zh_date(day):
    """2026年3月27日; empty for no date."""
    if not day:
        return ""
    return written(_local(day))


@register.filter
def zh_day(moment):
    """今天 09:14, 昨天 17:30, 4月6日, and in full in another year, as a <time> element."""
    if not moment:
        return ""
    local = _local(moment)
    now = timezone.localtime()
    day = local.date() if isinstance(local, datetime) else local
    clock = f" {local:%H:%M}" if isinstance(local, datetime) else ""
    age = (now.date() - day).days
    if age == 0:
        words = _("today") + clock
    elif age == 1:
        words = _("yesterday") + clock
    elif age == -1:
        words = _("tomorrow") + clock
    else:
        words = zh_short(day)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), words)


@register.filter
def zh_short(day):
    """4月6日, and 2025年7月18日 in another year."""
    if not day:
        return ""
    local = _local(day)
    return f"{local.month}月{local.day}日" if local.year == timezone.localtime().year else zh_date(local)


@register.filter
def zh_time(moment):
    """4月8日 10:05, with the year when it is another one."""
    if not moment:
        return ""
    local = _local(moment)
    return format_html('<time datetime="{}">{} {}</time>', local.isoformat(), zh_short(local), f"{local:%H:%M}")


@register.filter
def waits(moment):
    """How long something has been waiting since then: 已等 3 小时."""
    if not moment:
        return ""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just arrived")
    if minutes < 60:
        return _("waiting for %(count)s minutes") % {"count": minutes}
    if minutes < 24 * 60:
        return _("waiting for %(count)s hours") % {"count": minutes // 60}
    return _("waiting for %(count)s days") % {"count": minutes // (24 * 60)}


@register.filter
def chars(html) -> int:
    """The number of characters of a text or of clean HTML, white space not counted."""
    return len("".join(strip_tags(str(html or "")).split()))


@register.filter
def undo_url(message) -> str:
    """The address that a message's toast offers for 撤销, from extra_tags "toast undo=/…/"."""
    for word in (message.extra_tags or "").split():
        if word.startswith("undo="):
            return word.removeprefix("undo=")
    return ""


@register.filter
def is_toast(message) -> bool:
    return "toast" in (message.extra_tags or "").split()


@register.filter
def issue_steps(issue) -> list[Step]:
    """The steps of an issue; the last one is distribution's."""
    return [*progress.steps(issue), Step(_("Send out"), is_now=issue.is_issued)]


@register.filter
def page_numbers(paginator, current):
    """The numbers of the pages around the current one, with … for those left out."""
    return list(paginator.get_elided_page_range(current, on_each_side=2, on_ends=1))


@register.filter
def named_errors(form) -> list:
    """The fields in error, as (bound field, first message), in the order of the form."""
    return [(bound, bound.errors[0]) for bound in form or () if bound.errors]


def _local(moment):
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment


@register.filter
def with_photos(html: SafeString, photos: Iterable) -> list[tuple[SafeString, list]]:
    """The text in parts, each with the photos that stand behind it, and their numbers."""
    photos = list(photos)
    return [
        (mark_safe(part), [(photos.index(photo) + 1, photo) for photo in behind])  # noqa: S308 cut between its blocks
        for part, behind in parted(html, photos)
    ]
