"""For pages of the issues: who has an issue."""

from django import template

from ..models import Delivery

register = template.Library()


@register.simple_tag
def holders(issue) -> dict[str, int]:
    """How many copies of the issue there are, and how many are confirmed; nothing where it was not sent."""
    numbers = Delivery.objects.filter(mailing__issue=issue).numbers()
    return numbers if numbers["all"] else {}
