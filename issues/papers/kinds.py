"""The table of forms, as people see them. How each is made and proven stands under the same code in `forms`.

The site reads this alone; what it takes to make a form is loaded in the worker.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Kind:
    """`label` is what people call it, `note` what it is good for and what it is not, `suffix` what stands behind the issue in
    its file's name."""

    code: str
    label: str | Promise
    note: str | Promise
    suffix: str
    content_type: str
    is_trial: bool = False


OFD = Kind(
    "ofd",
    _("OFD"),
    _(
        "The pages of the PDF for exchange and archives (GB/T 33190-2016). No office has opened one in its reader yet. It "
        "bears no seal: one with legal force takes devices that are certified for it."
    ),
    ".ofd",
    "application/ofd",
    is_trial=True,
)
DOCX = Kind(
    "docx",
    _("Word, to be edited"),
    _("The whole issue with named styles. Its page numbers are those of the PDF only by chance."),
    "（可编辑稿）.docx",
    _WORD,
)
ARTICLES = Kind(
    "articles",
    _("Each article in Word"),
    _("A file for each article and brief, to be reported elsewhere."),
    "（逐篇）.zip",
    "application/zip",
)
BOOKLET = Kind(
    "booklet",
    _("Booklet"),
    _(
        "The pages of the PDF on sheets of A3: print on both sides, flip on the short edge, fold and staple in the fold."
    ),
    "（小册子）.pdf",
    "application/pdf",
)
LARGE = Kind(
    "large",
    _("Large print"),
    _("Letters of 22 points for old eyes. Each page says that it is not the official text."),
    "（大字版）.pdf",
    "application/pdf",
)
WECHAT = Kind(
    "wechat",
    _("For 公众号"),
    _("The text to be pasted, and its photos with numbers. Upload each photo where the text has its number."),
    "（公众号）.zip",
    "application/zip",
)
PAGE = Kind(
    "html",
    _("Web page"),
    _("One file with its photos, for an intranet page. Any browser opens it."),
    ".html",
    "text/html; charset=utf-8",
)

KINDS = {kind.code: kind for kind in (OFD, DOCX, ARTICLES, BOOKLET, LARGE, WECHAT, PAGE)}
