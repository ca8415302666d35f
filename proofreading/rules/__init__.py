"""The rules, one module a family. Each has RULES; a rule gives marks on what it is sure of, and is silent otherwise."""

from . import (
    counts,
    dates,
    documents,
    doubling,
    house,
    lists,
    names,
    numbers,
    pairs,
    personal,
    phrases,
    punctuation,
    wording,
)

MODULES = (
    doubling,
    pairs,
    punctuation,
    lists,
    numbers,
    dates,
    counts,
    names,
    documents,
    phrases,
    wording,
    personal,
    house,
)
ALL = tuple(rule for module in MODULES for rule in module.RULES)
