"""The house's rules for templates, read off their source."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STATUS_AS_STRING = re.compile(
    r"""\b(?:status|state)\s*(?:[!=]=|\b(?:not )?in\b)\s*['"]|['"]\s*[!=]=\s*[\w.]*\b(?:status|state)\b"""
)

LONGEST_LINE = 160


def broken_rules(folder):
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".txt", ".css")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > LONGEST_LINE:
                yield f"{path.relative_to(folder)}:{number}: {len(line)} characters: break it inside a tag or beside a block"
            if STATUS_AS_STRING.search(line):
                yield f"{path.relative_to(folder)}:{number}: compares a status with a string: ask the model"


def test_it_finds_no_broken_rule():
    assert list(broken_rules(TEMPLATES)) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("字" * 154, "161 characters"),
        ('{% if article.status == "draft" %}', "compares a status"),
        ("{% if board.proof.state!='failed' %}", "compares a status"),
        ("{% if 'issued' == issue.status %}", "compares a status"),
        ('{% if issue.status in "pending signed" %}', "compares a status"),
    ],
)
def test_it_finds_a_planted_fault(tmp_path, source, message):
    (tmp_path / "planted.html").write_text(f"<p>{source}</p>")

    [rule] = broken_rules(tmp_path)
    assert message in rule
