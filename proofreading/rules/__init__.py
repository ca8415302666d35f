"""The rules, one module a family. Each has RULES; a rule gives marks on what it is sure of, and is silent otherwise."""

from . import doubling, pairs, punctuation

ALL = (*doubling.RULES, *pairs.RULES, *punctuation.RULES)
