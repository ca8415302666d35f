"""For pages of the ledger: points and months as they are written."""

from datetime import date
from decimal import Decimal

from django import template

from .. import months
from ..valuing import plain

register = template.Library()


@register.filter
def amount(points: Decimal) -> str:
    """5, 2.5, -3"""
    return plain(points)


@register.filter
def month_words(month: date) -> str:
    return months.written(month)
