"""Every page of the site, for the tests that look at them all: name, who looks, and its address."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import reverse

from distribution import links
from proofreading.tables import shipped


@dataclass(frozen=True)
class Page:
    """`who` is a name of the cast, empty for a stranger; `path` gets the rows of office.furnish."""

    name: str
    who: str
    path: Callable[[SimpleNamespace], str]
    status: int = 200


def at(view, *fields):
    """The address of a view; `fields` name the rows whose keys it takes."""
    return lambda site: reverse(view, args=[getattr(site, field).pk for field in fields])


def by_link(view):
    """The address below the delivery's personal link."""
    return lambda site: reverse(f"distribution:{view}", args=[links.token_of(site.delivery)])


PAGES = [
    Page("login", "", at("accounts:login")),
    Page("password-reset", "", at("accounts:password_reset")),
    Page("password-reset-sent", "", at("accounts:password_reset_done")),
    Page("password-reset-link-used", "", lambda site: reverse("accounts:password_reset_confirm", args=["x", "y-z"])),
    Page("password-reset-done", "", at("accounts:password_reset_complete")),
    Page("home-contributor", "lin", at("home")),
    Page("home-editor", "lu", at("home")),
    Page("home-chief-editor", "gu", at("home")),
    Page("home-signer", "fang", at("home")),
    Page("home-distributor", "tang", at("home")),
    Page("home-reader", "shen", at("home")),
    Page("log", "admin", at("log")),
    Page("profile", "lin", at("accounts:profile")),
    Page("second-factor-set-up", "lin", at("accounts:second_factor")),
    Page("second-factor-on", "fang", at("accounts:second_factor")),
    Page("notices", "lu", at("accounts:notices")),
    Page("notices-none", "shen", at("accounts:notices")),
    Page("notice-choices", "lin", at("accounts:notice_choices")),
    Page("password-change", "lin", at("accounts:password_change")),
    Page("articles", "lin", at("articles:list")),
    Page("article-new", "lin", at("articles:create")),
    Page("article-edit", "lin", at("articles:edit", "returned")),
    Page("article", "lin", at("articles:detail", "returned")),
    Page("article-version", "lin", lambda site: reverse("articles:version", args=[site.returned.pk, 1])),
    Page("article-changes", "lin", lambda site: reverse("articles:detail", args=[site.returned.pk]) + "?show=changes"),
    Page("article-compare", "lin", at("articles:compare", "returned")),
    Page("approvals", "he", at("articles:approvals")),
    Page("queue", "lu", at("articles:queue")),
    Page("article-review", "lu", at("articles:detail", "waiting")),
    Page("commissions", "lu", at("articles:commissions")),
    Page("commissions-of-units", "lu", lambda site: reverse("articles:commissions") + "?month=all&state=asked"),
    Page("commission-new", "lu", at("articles:commission_create")),
    Page("topic-new", "lu", lambda site: reverse("articles:commission_create") + "?kind=topic"),
    Page("commission", "lu", at("articles:commission", "commission")),
    Page("commission-change", "lu", at("articles:commission_change", "commission")),
    Page("commission-of-a-unit", "lu", at("articles:commissioned", "commissioned")),
    Page("my-commissions", "lin", at("articles:my_commissions")),
    Page("my-commission", "lin", at("articles:commissioned", "commissioned")),
    Page("issues", "lu", at("issues:list")),
    Page("issue-new", "lu", at("issues:create")),
    Page("desk", "lu", at("issues:desk", "issue")),
    Page("issue-settings", "lu", at("issues:settings", "issue")),
    Page("issue-recipients", "lu", at("issues:recipients", "issue")),
    Page("issue-papers", "lu", at("issues:papers", "issued")),
    Page("issue-history", "lu", at("issues:history", "issue")),
    Page("recipient-lists", "lu", at("issues:recipient_lists")),
    Page("recipient-list-new", "lu", at("issues:recipient_list_new")),
    Page("recipient-list-edit", "lu", at("issues:recipient_list_edit", "recipient_list")),
    Page("recipient-list", "lu", at("issues:recipient_list", "recipient_list")),
    Page("unit-order", "lu", at("accounts:units")),
    Page("reasons", "lu", at("articles:reasons")),
    Page("words", "lu", at("proofreading:words")),
    Page("words-wrong", "lu", lambda site: reverse("proofreading:words_of", args=["confusions"])),
    Page("word-new", "lu", lambda site: reverse("proofreading:word_add", args=["confusions"])),
    Page("word-end", "lu", lambda site: reverse("proofreading:word_end", args=[shipped().of("phrases")[0].mark])),
    Page("rules", "lu", at("proofreading:rules")),
    Page("ledger", "lu", at("points:entries")),
    Page("ledger-of-the-unit", "lin", at("points:entries")),
    Page("points-by-hand", "lu", at("points:by_hand")),
    Page("points-which-story", "lu", lambda site: reverse("points:by_hand_story", args=["passed-up"])),
    Page(
        "points-enter",
        "lu",
        lambda site: reverse("points:by_hand_add", args=["praised"], query={"article": site.praised.pk}),
    ),
    Page("points-deduct", "lu", lambda site: reverse("points:by_hand_add", args=["deducted"])),
    Page("points-rules", "gu", at("points:rules")),
    Page("points-rules-one", "gu", at("points:rules_show", "rule_set")),
    Page("points-rules-new", "gu", lambda site: reverse("points:rules_add", query={"example": "base"})),
    Page("points-closing", "gu", at("points:closing")),
    Page("proofread-a-text", "lu", at("proofreading:trial")),
    Page("recipient-lists-compare", "lu", at("issues:compare")),
    Page("desk-closed", "lu", at("issues:desk", "pending")),
    Page("desk-revise", "lu", lambda site: reverse("issues:revise", args=[site.issue.pk, site.placed.pk])),
    Page("desk-chosen", "lu", lambda site: reverse("issues:desk", args=[site.issue.pk]) + f"?sel={site.placed.pk}"),
    Page("sign-offs", "fang", at("issues:sign_offs")),
    Page("sign-off", "fang", at("issues:sign_off", "pending")),
    Page("sign-off-pages", "fang", at("issues:sign_off_pages", "pending")),
    Page("sign-off-text", "fang", lambda site: reverse("issues:sign_off_pages", args=[site.pending.pk]) + "?as=text"),
    Page("archive", "lin", at("issues:archive")),
    Page("archive-search", "lin", lambda site: reverse("issues:archive") + "?q=安全"),
    Page("issue", "lin", at("issues:detail", "issued")),
    Page("archive-package", "lu", at("distribution:archive", "issued")),
    Page("mailings", "tang", at("distribution:list")),
    Page("mailing-new", "tang", at("distribution:prepare", "issued")),
    Page("mailing", "tang", at("distribution:detail", "mailing")),
    Page("letter", "tang", at("distribution:letter", "mailing")),
    Page("receipts", "tang", at("distribution:receipts", "mailing")),
    Page("receipts-print", "tang", at("distribution:receipts_print", "mailing")),
    Page("remind", "tang", at("distribution:remind", "mailing")),
    Page("deadline", "tang", at("distribution:deadline", "mailing")),
    Page("silent-readers", "tang", at("distribution:silent")),
    Page("start-plan", "tang", at("distribution:plan", "issued")),
    Page("reader-copies", "tang", lambda site: reverse("distribution:reader_copies", args=[site.delivery.reader_id])),
    Page("unit-copies", "shen", at("distribution:copies")),
    Page("delivery", "tang", at("distribution:delivery", "delivery")),
    Page("readers", "tang", at("distribution:readers")),
    Page("reader-table", "tang", lambda site: reverse("accounts:table", args=["readers"])),
    Page("held-addresses", "tang", at("distribution:held")),
    Page("hold-an-address", "tang", at("distribution:hold")),
    Page("returned-mail", "tang", at("distribution:returned")),
    Page("reader-new", "tang", at("distribution:reader_new")),
    Page("reader-edit", "tang", lambda site: reverse("distribution:reader", args=[site.delivery.reader_id])),
    Page("reader-system", "tang", lambda site: reverse("distribution:system", args=[site.delivery.reader_id])),
    Page("mailing-add", "tang", at("distribution:add", "mailing")),
    Page("delivery-address", "tang", at("distribution:readdress", "delivery")),
    Page("receipt-enter", "tang", at("distribution:enter_receipt", "delivery")),
    Page("own-copy", "shen", at("distribution:copy", "delivery")),
    Page("own-copy-confirm", "shen", at("distribution:copy_confirm", "delivery")),
    Page("report", "lu", lambda site: reverse("points:report") + "?year=2026"),
    Page("report-own", "lin", lambda site: reverse("points:report") + "?year=2026"),
    Page("report-figure", "lu", lambda site: reverse("points:figure", args=["points"]) + "?year=2026"),
    Page("report-draft", "lu", lambda site: reverse("points:draft") + "?year=2026"),
    Page("report-wording", "gu", at("points:wording")),
    Page("reader-page", "", by_link("reader_page")),
    Page("reader-confirm", "", by_link("reader_confirm")),
    Page("link-invalid", "", lambda site: reverse("distribution:reader_page", args=["altered"]), status=404),
    Page("not-found", "lin", lambda site: "/no-such-page/", status=404),
]
