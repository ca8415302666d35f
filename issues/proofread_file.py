"""A file as the proofreader takes it: a past issue, an article in Word, or plain text with its title in the first line."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from articles import word
from issues.past import reading
from issues.past.text import decode
from proofreading.engine import Passage


@dataclass(frozen=True)
class ReadFile:
    passages: tuple[Passage, ...]  # of an issue: its articles, then its briefs
    day: date | None  # the issue's, when the file says it


def read(path: Path) -> ReadFile:
    """OSError when it can't be opened; reading.NotAnIssue or word.NotWord, whose words say what to do, when it can't be read."""
    data, name = reading.file_at(path)
    try:
        issue = reading.read_in_time(data, name)
    except reading.NotAnIssue:
        if path.suffix.lower() == ".txt":
            return ReadFile((_plain(decode(data, name)),), None)
        if path.suffix.lower() == ".docx":
            article = word.read(data, name)
            return ReadFile((Passage(article.title, tuple(article.paragraphs)),), None)
        raise
    articles = [Passage("\n".join(each.title_lines), tuple(each.paragraphs)) for each in issue.articles]
    briefs = [Passage("", (text,), "brief") for text in issue.briefs]
    return ReadFile((*articles, *briefs), issue.masthead.date)


def _plain(text: str) -> Passage:
    title, *paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    return Passage(title, tuple(paragraphs))
