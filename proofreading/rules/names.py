"""Family 4: units and persons by the dated tables, and one thing under two names inside a story or an issue."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..lexicon import can_part, words
from ..nearness import Near, near_misses
from ..passages import ERROR, QUERY, WARNING, Mark, Paragraph, Rule, Story, Whole
from ..tables import Entry

FAMILY = "names"
DISTRICTS = "黄浦|徐汇|长宁|静安|普陀|虹口|杨浦|闵行|宝山|嘉定|浦东|金山|松江|青浦|奉贤|崇明"
PARTY = re.compile(r"(?<![社小园])([省市区县州旗])(组织部|宣传部|统战部|政法委|社会工作部|社工部)")
BODY = "委员会|委|局|办公室|办|部|院|政府|公司|中心|总队|支队|协会"
NOUN = r"(?:站|点|中心|平台|机制|体系|系统|小组|办公室|公司|联盟|基地|项目|行动|工程)"
STRIPPED = "·“”‘’ \n"


def party_departments(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in PARTY.finditer(paragraph.text):
            right, level = f"{found[1]}委{found[2]}", WARNING if found[2] == "政法委" else ERROR
            why = _("This department is the party committee's: %(right)s.") % {"right": right}
            yield Mark(
                paragraph, found.start(), found.end(), why, "《中国共产党工作机关条例（试行）》", right, level=level
            )


def former_units(whole: Whole) -> Iterator[Mark]:
    for entry in whole.tables.of("units"):
        if not (entry.until and entry.until < whole.as_of and entry.becomes):
            continue
        for paragraph in whole.paragraphs:
            names = "|".join(map(re.escape, sorted((entry.name, *entry.others), key=len, reverse=True)))
            for found in re.finditer(rf"([原前])?(?:{names})", paragraph.text):
                if not found[1]:
                    why = _("Until %(day)s it was called so.") % {"day": date_format(entry.until)}
                    yield Mark(paragraph, found.start(), found.end(), why, entry.source, entry.becomes)


def unit_names(whole: Whole) -> Iterator[Mark]:
    """Known miswritings, and near misses of the full names."""
    entries = whole.tables.of("units", whole.as_of)
    right = {name for entry in whole.tables.of("units") for name in (entry.name, *entry.others)}
    for paragraph in whole.paragraphs:
        for entry in entries:
            spans = [found.span() for wrong in entry.wrongs for found in re.finditer(re.escape(wrong), paragraph.text)]
            places = [(*span, ERROR) for span in spans]
            nears = [near for near in near_misses(paragraph.text, entry.name) if _is_whole(paragraph.text, near, right)]
            for start, end, level in places + [(near.start, near.end, WARNING) for near in nears]:
                if paragraph.text[start:end] not in right:
                    why = _("The full name is “%(name)s”.") % {"name": entry.name}
                    yield Mark(paragraph, start, end, why, entry.source, entry.name, level=level)


def _is_whole(text: str, near: Near, right: set[str]) -> bool:
    """Not the end of another name: 青浦邮政管理局 holds no miswritten 浦东邮政管理局."""
    before = text[: near.end]
    is_end = any(len(name) > near.end - near.start and before.endswith(name) for name in right)
    return not is_end and can_part(text, near.start)


def full_first(whole: Whole) -> Iterator[Mark]:
    """青浦局 before, or without, the full name in the story."""
    short = re.compile(rf"(?<![\u4e00-\u9fff]区)({DISTRICTS})局(?![\u4e00-\u9fff]?长)")
    for story in whole.stories:
        seen: set[str] = set()
        before = ""
        for paragraph in story.paragraphs:
            for found in short.finditer(paragraph.text):
                text = before + paragraph.text[: found.start()]
                if found[0] not in seen and not re.search(rf"{found[1]}[\u4e00-\u9fff]{{2,10}}局", text):
                    why = _("The short name stands before the full name.")
                    yield Mark(paragraph, found.start(), found.end(), why, _("full name and short name in one story"))
                seen.add(found[0])
            before += paragraph.text
    yield from _table_names(whole)


def _table_names(whole: Whole) -> Iterator[Mark]:
    """Short names of the table's units, except those that everybody knows (市局)."""
    entries = [entry for entry in whole.tables.of("units", whole.as_of) if entry.extra == "全称在前"]
    for story in whole.stories:
        for entry in entries:
            yield from _too_early(story, entry)


def _too_early(story: Story, entry: Entry) -> Iterator[Mark]:
    for short in entry.others:
        for paragraph in story.paragraphs:
            text = paragraph.text
            full, place = text.find(entry.name), text.replace(entry.name, "\0" * len(entry.name)).find(short)
            if place >= 0 and (full < 0 or place < full):
                why = _("The short name stands before the full name.")
                end = place + len(short)
                yield Mark(paragraph, place, end, why, _("full name and short name in one story"), entry.name)
            if place >= 0 or full >= 0:
                break


def dropped_district(whole: Whole) -> Iterator[Mark]:
    """嘉定交通委 where the story also writes 嘉定区交通委."""
    full = re.compile(rf"({DISTRICTS})((?:新)?区)([\u4e00-\u9fff]{{1,8}}?(?:{BODY}))")
    for story in whole.stories:
        names = {(found[1], found[2], found[3]) for each in story.paragraphs for found in full.finditer(each.text)}
        for district, region, rest in sorted(names):
            if rest.startswith("委") or len(rest) < 3:
                continue
            for paragraph in story.paragraphs:
                for found in re.finditer(district + rest, paragraph.text):
                    right = district + region + rest
                    why = _("The story also writes “%(name)s”.") % {"name": right}
                    yield Mark(paragraph, found.start(), found.end(), why, _("one thing under two names"), right)


def same_letters(whole: Whole) -> Iterator[Mark]:
    """One name with its inner marks in two ways: “甲·乙” and “甲”乙. Asked at the rarer form."""
    for story in whole.stories:
        names = {
            "".join(character for character in found[1] if character not in STRIPPED)
            for paragraph in story.paragraphs
            for found in re.finditer(r"[“‘]([^“”‘’]*·[^“”‘’]*)[”’]", paragraph.text)
        }
        for name in sorted(names):
            places = [place for paragraph in story.paragraphs for place in _stripped(paragraph, name)]
            forms = Counter(paragraph.text[start:end] for paragraph, start, end in places)
            usual = forms.most_common(1)[0][0]
            for paragraph, start, end in places:
                if paragraph.text[start:end] != usual:
                    why = _("Elsewhere the story writes “%(name)s”.") % {"name": usual}
                    yield Mark(paragraph, start, end, why, _("one thing under two names"))


def _stripped(paragraph: Paragraph, name: str) -> Iterator[tuple[Paragraph, int, int]]:
    kept = [at for at, character in enumerate(paragraph.text) if character not in STRIPPED]
    text = "".join(paragraph.text[at] for at in kept)
    for found in re.finditer(re.escape(name), text):
        yield paragraph, kept[found.start()], kept[found.end() - 1] + 1


def turned_pairs(whole: Whole) -> Iterator[Mark]:
    """（三级/高级） and （高级/三级） in one issue."""
    forms: dict[frozenset[str], list[tuple[Paragraph, re.Match[str]]]] = defaultdict(list)
    for paragraph in whole.paragraphs:
        for found in re.finditer(r"（([\u4e00-\u9fff\w]{1,8}(?:/[\u4e00-\u9fff\w]{1,8})+)）", paragraph.text):
            forms[frozenset(found[1].split("/"))].append((paragraph, found))
    for places in forms.values():
        usual = Counter(found[0] for _paragraph, found in places).most_common(1)[0][0]
        for paragraph, found in places:
            if found[0] != usual:
                why = _("Elsewhere it is written “%(name)s”.") % {"name": usual}
                yield Mark(paragraph, found.start(), found.end(), why, _("one thing under two names"), usual)


def first_ones(whole: Whole) -> Iterator[Mark]:
    """首届“奖” and 第一届“奖” in one issue: asked at the later."""
    forms: dict[str, list[tuple[Paragraph, re.Match[str]]]] = defaultdict(list)
    for paragraph in whole.paragraphs:
        for found in re.finditer(r"(首|第一)届([“《][^”》]+[”》]|[\u4e00-\u9fff]{4,10})", paragraph.text):
            forms[found[2]].append((paragraph, found))
    for places in forms.values():
        first = places[0][1][1]
        for paragraph, found in places:
            if found[1] != first:
                why = _("Elsewhere it is written “%(name)s”.") % {"name": f"{first}届"}
                yield Mark(
                    paragraph, found.start(), found.end(1) + 1, why, _("one thing under two names"), f"{first}届"
                )
                break


def turned_terms(whole: Whole) -> Iterator[Mark]:
    """快递综合服务站 and 综合快递服务站: the words of a term in another order than usual in the story."""
    for story in whole.stories:
        forms: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for paragraph in story.paragraphs:
            tokens = words(paragraph.text)
            for three in zip(tokens, tokens[1:], tokens[2:], strict=False):
                if all(len(token) >= 2 for token in three) and re.search(rf"{NOUN}$", three[2]):
                    forms[(*sorted(three[:2]), three[2])]["".join(three)] += 1
        for counted in forms.values():
            (usual, count), *others = counted.most_common()
            for other, _times in others if count >= 3 else ():
                for paragraph in story.paragraphs:
                    for found in re.finditer(other, paragraph.text):
                        why = _("Elsewhere the story writes “%(name)s”.") % {"name": usual}
                        yield Mark(paragraph, found.start(), found.end(), why, _("one thing under two names"), usual)


def person_names(whole: Whole) -> Iterator[Mark]:
    for entry in whole.tables.of("persons"):
        for wrong in entry.wrongs:
            for paragraph in whole.paragraphs:
                for found in re.finditer(re.escape(wrong), paragraph.text):
                    why = _("The name is written “%(name)s”.") % {"name": entry.name}
                    yield Mark(paragraph, found.start(), found.end(), why, entry.source, entry.name)


def person_titles(whole: Whole) -> Iterator[Mark]:
    """A title that its holder had not yet, or has no longer, on the issue's day."""
    entries = whole.tables.of("persons")
    for entry in entries:
        held = any(
            other.is_valid_on(whole.as_of)
            for other in entries
            if (other.name, other.other) == (entry.name, entry.other)
        )
        if held:
            continue
        for paragraph in whole.paragraphs:
            for found in re.finditer(rf"(?<![原前任]){re.escape(entry.other)}{re.escape(entry.name)}", paragraph.text):
                if entry.since and whole.as_of < entry.since:
                    why = _("%(name)s holds this office from %(day)s on.") % {"name": entry.name, "day": entry.since}
                else:
                    why = _("%(name)s held this office until %(day)s.") % {"name": entry.name, "day": entry.until}
                yield Mark(paragraph, found.start(), found.end(), why, entry.source)


def precedence(whole: Whole) -> Iterator[Mark]:
    ranks = {
        entry.name: int(entry.extra) for entry in whole.tables.of("persons", whole.as_of) if entry.extra.isdecimal()
    }
    if not ranks:
        return
    name = "|".join(map(re.escape, ranks))
    for paragraph in whole.paragraphs:
        for found in re.finditer(rf"(?:{name})(?:[、和](?:{name}))+", paragraph.text):
            said = re.split("[、和]", found[0])
            right = sorted(said, key=ranks.__getitem__)
            if said != right:
                why = _("The order of precedence is %(order)s.") % {"order": "、".join(right)}
                yield Mark(paragraph, found.start(), found.end(), why, _("table of persons"), "、".join(right))


RULES = (
    Rule(
        "party-department",
        FAMILY,
        gettext_lazy("Departments of party committees"),
        "区组织部",
        ERROR,
        party_departments,
    ),
    Rule("former-unit", FAMILY, gettext_lazy("Former names of units"), "中国银保监会", WARNING, former_units),
    Rule("unit-name", FAMILY, gettext_lazy("Names of units"), "国家市场监管管理总局", ERROR, unit_names),
    Rule("full-name-first", FAMILY, gettext_lazy("Full name before short name"), "", WARNING, full_first),
    Rule("dropped-district", FAMILY, gettext_lazy("A unit with and without 区"), "", WARNING, dropped_district),
    Rule("name-marks", FAMILY, gettext_lazy("A name with other marks"), "", WARNING, same_letters),
    Rule("turned-pair", FAMILY, gettext_lazy("Two grades in another order"), "", WARNING, turned_pairs, is_across=True),
    Rule("first-one", FAMILY, gettext_lazy("首届 and 第一届"), "", QUERY, first_ones, is_across=True),
    Rule("turned-term", FAMILY, gettext_lazy("A term in another order"), "", QUERY, turned_terms),
    Rule("person-name", FAMILY, gettext_lazy("Names of leading persons"), "习进平总书记", ERROR, person_names),
    Rule("person-title", FAMILY, gettext_lazy("Titles of leading persons"), "", WARNING, person_titles),
    Rule("precedence", FAMILY, gettext_lazy("Order of precedence"), "", WARNING, precedence),
)
