"""The table of forms, as people see them. How each is made and proven stands under the same code in `forms`.

The site reads this alone; what it takes to make a form is loaded in the worker.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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

KINDS = {kind.code: kind for kind in (WECHAT, PAGE)}
