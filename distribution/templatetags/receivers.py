"""For pages of the issues: who has an issue, and who gets it for a printed line."""

from django import template

from issues.models import Direction

from .. import addressing
from ..models import Delivery

register = template.Library()


@register.simple_tag
def holders(issue) -> dict[str, int]:
    """How many copies of the issue there are, and how many are confirmed; nothing where it was not sent."""
    numbers = Delivery.objects.filter(mailing__issue=issue).numbers()
    return numbers if numbers["all"] else {}


@register.simple_tag
def lines_addressed(source) -> list[addressing.Addressed]:
    """The lines of a dated list, each with who gets the issue for it."""
    places = {direction: place for place, direction in enumerate(Direction.values)}
    lines = sorted(source.lines.all(), key=lambda line: (places[line.direction], line.position))
    return addressing.addressed([line.text for line in lines])


@register.simple_tag
def unsent_lines(content) -> dict[str, list[addressing.Addressed]]:
    """The printed lines of an issue's content for which nobody gets anything: `open` where nobody said why, else `not_sent`."""
    lines = addressing.addressed([*content.report_to, *content.send_to, *content.issue_to])
    not_sent = [line for line in lines if line.reach == addressing.Reach.NOT_SENT]
    return {"open": [line for line in lines if line.is_open], "not_sent": not_sent}


@register.simple_tag
def open_count(lines: list[addressing.Addressed]) -> int:
    return sum(line.is_open for line in lines)
