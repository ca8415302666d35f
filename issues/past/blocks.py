"""Which lines of a past issue are titles, which begin a paragraph, which go on.

Every line gets one role; the roles of an issue are the likeliest path through them (Viterbi), given
what each line looks like (`traits`) and what stands between two lines. The same sums tell how sure
each role is (forward-backward), so that the doubtful lines can be named.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from issues.past.evidence import Evidence
from issues.past.text import ReadLine

# One to three lines as they are typed; a program may break each of these once more.
TITLE = ("title", "title 2", "title 3", "title 4", "title 5", "title 6")
SUBTITLE = ("subtitle", "subtitle 2")
# A paragraph's first line and its further lines, in an article, a brief and the editor's note.
BODY = {"paragraph": "paragraph 2", "brief": "brief 2", "note": "note 2"}
FIRST_OF = {further: first for first, further in BODY.items()} | {first: first for first in BODY}

AFTER_TITLE = ("paragraph", "aside")
FOLLOWERS = {
    **{role: (further, "subtitle", *AFTER_TITLE) for role, further in zip(TITLE, TITLE[1:], strict=False)},
    TITLE[-1]: ("subtitle", *AFTER_TITLE),
    "subtitle": ("subtitle 2", *AFTER_TITLE),
    "subtitle 2": AFTER_TITLE,
    "paragraph": ("paragraph 2", "paragraph", "aside", "title", "briefs heading"),
    "paragraph 2": ("paragraph 2", "paragraph", "aside", "title", "briefs heading"),
    "aside": ("paragraph", "aside", "title", "briefs heading"),
    "briefs heading": ("brief", "title"),
    "brief": ("brief 2", "brief", "title"),
    "brief 2": ("brief 2", "brief", "title"),
    "note": ("note 2", "note", "title"),
    "note 2": ("note 2", "note", "title"),
}
ROLES = tuple(FOLLOWERS)
# What an issue's text begins with; anything but a title is odd, an editor's note shows itself.
BEGINNINGS = {"title": 0.0, "note": -2.0, "paragraph": -8.0, "aside": -8.0, "briefs heading": -5.0}
ENDINGS = ("paragraph", "paragraph 2", "brief", "brief 2", "aside")
# Roles that make the same structure: doubt between them is no doubt.
SAME = dict.fromkeys(TITLE, "title") | {"subtitle 2": "subtitle", "aside": "paragraph"}
SURE = 0.85
NEVER = -1e9


@dataclass
class Block:
    """Lines that belong together: a title, a subtitle, a paragraph, a brief…"""

    role: str
    lines: list[ReadLine] = field(default_factory=list)


@dataclass(frozen=True)
class Doubt:
    line: ReadLine
    role: str
    instead: str


def blocks_of(lines: Sequence[ReadLine], contents: Sequence[str] = ()) -> tuple[list[Block], list[Doubt]]:
    """The blocks in reading order, and the lines whose role is less than sure."""
    if not lines:
        return [], []
    evidence = Evidence(lines, contents)
    traits = [{role: evidence.trait(at, role) for role in ROLES} for at in range(len(lines))]
    links: list[dict] = [{}] + [links_at(evidence, at) for at in range(1, len(lines))]
    roles = likeliest(traits, links)
    doubts = doubtful(lines, roles, certainty(traits, links))
    blocks: list[Block] = []
    for line, role in zip(lines, roles, strict=True):
        opens = role in ("title", "subtitle", "aside", "briefs heading") or role in BODY
        if opens or not blocks:
            blocks.append(Block(FIRST_OF.get(role, role)))
        blocks[-1].lines.append(line)
    return blocks, doubts


# The score of each role at a line; and of each step to it, by the role before it and its own.
Traits = list[dict[str, float]]
Links = list[dict[tuple[str, str], float]]


def links_at(evidence: Evidence, at: int) -> dict[tuple[str, str], float]:
    return {(before, role): evidence.between(at, before, role) for before, roles in FOLLOWERS.items() for role in roles}


def likeliest(traits: Traits, links: Links) -> list[str]:
    best = {role: BEGINNINGS.get(role, NEVER) + traits[0][role] for role in ROLES}
    came_from: list[dict[str, str]] = []
    for at in range(1, len(traits)):
        score, origin = {}, {}
        for role, steps in steps_to(best, links[at]).items():
            origin[role] = max(steps, key=steps.__getitem__)
            score[role] = steps[origin[role]] + traits[at][role]
        best = score
        came_from.append(origin)
    role = max(best, key=lambda role: best[role] + ending(role))
    path = [role]
    for origin in reversed(came_from):
        path.append(origin[path[-1]])
    return path[::-1]


def ending(role: str) -> float:
    return 0.0 if role in ENDINGS else -6.0


def steps_to(before: dict[str, float], links: dict[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """For each role: by which role before it, at which score."""
    steps: dict[str, dict[str, float]] = {role: {} for role in ROLES}
    for (origin, role), score in links.items():
        steps[role][origin] = before[origin] + score
    return {role: found or {role: NEVER} for role, found in steps.items()}


def certainty(traits: Traits, links: Links) -> list[dict[str, float]]:
    """The probability of each role at each line."""
    forward = [{role: BEGINNINGS.get(role, NEVER) + traits[0][role] for role in ROLES}]
    for at in range(1, len(traits)):
        steps = steps_to(forward[-1], links[at])
        forward.append({role: log_sum(steps[role].values()) + traits[at][role] for role in ROLES})
    backward = [{role: ending(role) for role in ROLES}]
    for at in range(len(traits) - 1, 0, -1):
        after = backward[-1]
        backward.append(
            {
                role: log_sum(traits[at][to] + links[at][role, to] + after[to] for to in followers)
                for role, followers in FOLLOWERS.items()
            }
        )
    backward.reverse()
    total = log_sum(forward[-1][role] + backward[-1][role] for role in ROLES)
    return [
        {role: math.exp(min(0.0, ahead[role] + behind[role] - total)) for role in ROLES}
        for ahead, behind in zip(forward, backward, strict=True)
    ]


def log_sum(values: Iterable[float]) -> float:
    values = list(values)
    top = max(values)
    return top + math.log(sum(math.exp(max(value - top, -700)) for value in values))


def doubtful(lines: Sequence[ReadLine], roles: list[str], sure: list[dict[str, float]]) -> list[Doubt]:
    doubts = []
    for line, role, chances in zip(lines, roles, sure, strict=True):
        merged: dict[str, float] = {}
        for one, chance in chances.items():
            merged[SAME.get(one, one)] = merged.get(SAME.get(one, one), 0.0) + chance
        chosen = SAME.get(role, role)
        if merged[chosen] < SURE:
            instead = max((one for one in merged if one != chosen), key=merged.__getitem__)
            doubts.append(Doubt(line, chosen, instead))
    return doubts
