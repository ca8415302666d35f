"""For pages of the articles: what puts the issue right that an article was issued in."""

from django import template

from ..models import Issue

register = template.Library()


@register.simple_tag
def amendments_of(article) -> list[Issue]:
    """The documents issued about the issue that it stands in, the oldest first. One query of an issued article."""
    if not article.is_issued:
        return []
    issued = Issue.objects.issued().filter(amends__placements__article=article)
    return list(issued.order_by("issued_at", "pk"))
