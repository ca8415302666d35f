"""What of an issue never changes any more; signed and issued ones hold their articles too."""

from workflow.frozen import Rule, always, changed, when

_SIGNED = "EXISTS (SELECT 1 FROM issues_issue WHERE id = {row}.issue_id AND status IN ('signed', 'issued'))"
_ISSUED = "EXISTS (SELECT 1 FROM issues_issue WHERE id = {row}.issue_id AND status = 'issued')"
_SIGNED_ARTICLE = (
    "EXISTS (SELECT 1 FROM issues_placement JOIN issues_issue ON issues_issue.id = issues_placement.issue_id "
    "WHERE issues_placement.article_id = {row}.article_id AND issues_issue.status IN ('signed', 'issued'))"
)
_IN_USE = (
    "EXISTS (SELECT 1 FROM articles_articleevent WHERE version_id = OLD.id) "
    "OR EXISTS (SELECT 1 FROM issues_placement WHERE version_id = OLD.id)"
)
_VALIDLY_SIGNED = (
    "EXISTS (SELECT 1 FROM issues_signoff WHERE issue_id = {row}.issue_id AND digest = {row}.digest "
    "AND withdrawn_at IS NULL)"
)
# What a signed issue says; its status, its PDF and its frozen content still move on.
_SAID = (
    "bulletin_id kind year number total_number dated_on copy_number security signer_name editor_note has_contents "
    "print_run is_past created_by_id created_at edition edition_number amends_id reason verify_token"
)
_PRINTED_TOKEN = f"(OLD.verify_token IS NOT NULL AND {changed('verify_token')})"  # a proof on paper may have its code

# Who signs has neither sent the issue, nor written or checked it as a correction, nor had a part in what stands in it.
_NOT_APART = (
    "EXISTS (SELECT 1 FROM issues_issueevent WHERE issue_id = NEW.issue_id AND by_id = NEW.by_id "
    "AND transition IN ('send', 'amend', 'check')) "
    "OR EXISTS (SELECT 1 FROM issues_placement JOIN articles_article a ON a.id = issues_placement.article_id "
    "WHERE issues_placement.issue_id = NEW.issue_id AND (a.created_by_id = NEW.by_id "
    "OR EXISTS (SELECT 1 FROM articles_reviewpart p WHERE p.article_id = a.id AND p.person_id = NEW.by_id AND p.step = 0) "
    "OR EXISTS (SELECT 1 FROM articles_articleevent e WHERE e.article_id = a.id AND e.by_id = NEW.by_id "
    "AND e.transition = 'revise')))"
)

# A past issue that was taken in by mistake is given up as a whole, as long as no other names it. Its row, what it said, its
# articles and what happened to them stay.
_GIVEN_UP = (
    f"OLD.is_past AND NEW.status = 'discarded' AND NOT {changed(_SAID + ' frozen_id issued_at pdf pdf_sha256')} "
    "AND NOT EXISTS (SELECT 1 FROM issues_issue other WHERE other.amends_id = OLD.id)"
)

RULES = (
    *always("issues_frozencontent"),
    *always("issues_issueevent"),
    Rule("issues_archiveentry", "UPDATE"),
    *when("issues_archiveentry", _ISSUED, "DELETE"),
    Rule(
        "issues_issue",
        "UPDATE",
        f"(OLD.status = 'issued' AND NOT ({_GIVEN_UP})) OR (OLD.status = 'signed' AND {changed(_SAID)}) "
        f"OR {_PRINTED_TOKEN}",
    ),
    Rule("issues_issue", "DELETE", "OLD.status IN ('signed', 'issued')"),
    *when("issues_placement", _SIGNED, "INSERT UPDATE DELETE"),
    *when("issues_issuerecipient", _SIGNED, "INSERT UPDATE DELETE"),
    *when("issues_erratum", _SIGNED, "INSERT UPDATE DELETE"),
    # A sign-off is withdrawn once, and never after its issue was issued.
    Rule(
        "issues_signoff",
        "UPDATE",
        f"{changed('issue_id by_id at digest frozen_id pdf_sha256 report proofread log_number log_hash')} "
        f"OR OLD.withdrawn_at IS NOT NULL OR {_ISSUED.replace('{row}', 'OLD')}",
    ),
    Rule("issues_signoff", "INSERT", f"{_ISSUED.replace('{row}', 'NEW')} OR {_NOT_APART}"),
    Rule("issues_signoff", "DELETE"),
    *when("issues_proof", _VALIDLY_SIGNED),
    Rule("articles_articleversion", "DELETE", _IN_USE),
    *when("articles_photo", _SIGNED_ARTICLE),
    Rule(
        "articles_article",
        "UPDATE",
        "OLD.status = 'issued' AND NEW.status <> 'issued' AND "
        "EXISTS (SELECT 1 FROM issues_placement p JOIN issues_issue i ON i.id = p.issue_id "
        "WHERE p.article_id = OLD.id AND i.status = 'issued')",
        of="issues",
    ),
    # The original of a past issue: the file never changes, and stays as long as its issue does.
    Rule("issues_pastfile", "UPDATE", changed("name file sha256")),
    Rule("issues_pastfile", "DELETE", "OLD.issue_id IS NOT NULL"),
)
