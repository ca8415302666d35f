"""The words that a page adds to what its content says: number, publisher, date, headings, recipients. The same in every form."""

from datetime import date

from django.utils.translation import gettext as _

from .content import IssueContent
from .page.masthead import Head

BRIEFS_HEADING = "简讯："
NOTE_LABEL = "编者按："
RUN_ON = frozenset("送发")  # their recipients stand one behind the other, parted by commas; those of 报 one on a line


def head(content: IssueContent) -> Head:
    return Head(
        names=content.name_lines,
        number=number_line(content),
        publisher=publisher_line(content),
        date=date_line(content.dated_on),
        copy_number=content.copy_number,
        security=content.security,
        notice=content.notice,
        permit_number=content.permit_number,
        signer=content.signer,
    )


def full_title(content: IssueContent) -> str:
    name = "".join(content.name_lines) or _("Bulletin")
    return " ".join(filter(None, (name, number_line(content) or date_line(content.dated_on))))


def number_line(content: IssueContent) -> str:
    """2026年第9期（总第544期）, or of a supplement 2026年增刊第1期; what is not known is left out. A document about an issue
    has its number and says what it is: 2026年第9期更正（总第544期）."""
    number = ""
    if content.number is not None:
        series = "增刊" if content.kind == "supplement" else ""
        number = f"{series}第{content.number}期{content.edition}"
        if content.year is not None:
            number = f"{content.year}年{number}"
    total = f"总第{content.total_number}期" if content.total_number is not None else ""
    return f"{number}（{total}）" if number and total else number or total


def publisher_line(content: IssueContent) -> str:
    """The publisher, with 编 behind it unless it already says what it did."""
    publisher = " ".join(content.publisher.split())
    says_it = not publisher or publisher.endswith(("编", "编印", "主办", "印发"))
    return publisher if says_it else publisher + "编"


def date_line(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def contents_entries(content: IssueContent) -> list[tuple[str, str]]:
    """What the contents name, each with the anchor that it leads to."""
    entries = [(f"article-{n}", flat(article.title)) for n, article in enumerate(content.articles, 1)]
    if content.briefs:
        entries.append(("briefs", "简讯"))
    return [(anchor, text) for anchor, text in entries if text.strip()]


def flat(title: str) -> str:
    """A title on one line: its lines joined as Chinese is, without a space."""
    return " ".join("".join(line.strip() for line in title.split("\n")).split(" "))


def recipients(content: IssueContent) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("报", content.report_to), ("送", content.send_to), ("发", content.issue_to))


def print_run(content: IssueContent) -> str:
    return f"共印{content.print_run}份" if content.print_run else ""


def has_end_matter(content: IssueContent) -> bool:
    return bool(print_run(content)) or any(entries for _label, entries in recipients(content))
