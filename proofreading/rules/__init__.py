"""The rules, one module a family. Each has RULES; a rule gives marks on what it is sure of, and is silent otherwise."""

from . import counts, dates, doubling, lists, numbers, pairs, punctuation

ALL = tuple(rule for module in (doubling, pairs, punctuation, lists, numbers, dates, counts) for rule in module.RULES)
