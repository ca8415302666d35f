"""Who may do what: the one table from role to permission names."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    label: str | Promise
    permissions: frozenset[str]


CONTRIBUTOR, APPROVER, EDITOR, CHIEF_EDITOR = "contributor", "approver", "editor", "chief_editor"
SIGNER, DISTRIBUTOR, READER, ADMINISTRATOR = "signer", "distributor", "reader", "administrator"

_ARCHIVE = {"issues.read_archive"}
_UNIT = {"articles.write_article", "articles.submit_article"} | _ARCHIVE
_EDITOR = {
    "articles.view_all_articles",
    "articles.review_article",
    "articles.place_article",
    "articles.commission_article",
    "articles.edit_reasons",
    "accounts.arrange_units",
    "issues.assemble_issue",
    "issues.manage_recipient_lists",
    "issues.import_issue",
    "distribution.view_receipts",
    "distribution.archive_issue",
    "issues.read_internal",
    "proofreading.edit_words",
    "points.view_ledger",
    "points.enter_points",
} | _ARCHIVE
_CHIEF = _EDITOR | {
    "articles.issue_article",
    "issues.publish_issue",
    "distribution.manage_mailing",
    "points.edit_rules",
    "points.close_month",
}
# Reference tables only: documents are never edited in the admin.
_ADMIN_TABLES = {
    f"{app}.{act}_{model}"
    for app, models in {
        "accounts": ("user", "unit", "roleassignment"),
        "issues": ("bulletin",),
        "distribution": ("reader",),
    }.items()
    for model in models
    for act in ("view", "add", "change", "delete")
} | {"accounts.view_mail", "accounts.view_robotpost", "bulletin_cms.view_upkeep"}

ROLES: dict[str, Role] = {
    CONTRIBUTOR: Role(_("contributor"), frozenset(_UNIT)),
    APPROVER: Role(_("unit approver"), frozenset(_UNIT | {"articles.approve_article"})),
    EDITOR: Role(_("editor"), frozenset(_EDITOR)),
    CHIEF_EDITOR: Role(_("chief editor"), frozenset(_CHIEF)),
    SIGNER: Role(_("signer"), frozenset({"issues.sign_issue", "issues.read_internal"} | _ARCHIVE)),
    DISTRIBUTOR: Role(
        _("distributor"),
        frozenset(
            {
                "distribution.manage_mailing",
                "distribution.view_receipts",
                "issues.manage_recipient_lists",
                "issues.read_internal",
            }
            | _ARCHIVE
        ),
    ),
    READER: Role(_("reader"), frozenset(_ARCHIVE)),
    ADMINISTRATOR: Role(_("administrator"), frozenset(_CHIEF | {"accounts.administer"} | _ADMIN_TABLES)),
}


def roles_with(permission: str) -> list[str]:
    return [name for name, role in ROLES.items() if permission in role.permissions]


# A signer takes no part in what is signed.
APART_FROM_SIGNER = frozenset({EDITOR, CHIEF_EDITOR, ADMINISTRATOR})


def are_apart(role_names) -> bool:
    """Whether these roles don't mix the signature with the office's work or the administration."""
    names = set(role_names)
    return SIGNER not in names or names.isdisjoint(APART_FROM_SIGNER)


def permissions_of(role_names) -> set[str]:
    """The union of the permissions of these roles; a name that is no longer a role gives none."""
    return {name for role in role_names if role in ROLES for name in ROLES[role].permissions}
