"""What of an article never changes any more."""

from workflow.frozen import Rule, always, changed

RULES = (
    *always("articles_articleevent"),
    Rule("articles_articleversion", "UPDATE"),  # its DELETE: issues/frozen.py
    # What the unit was asked stays, and its answer is given once.
    Rule(
        "articles_unitconfirmation",
        "UPDATE",
        f"OLD.answered_at IS NOT NULL OR {changed('article_id version_id asked_by_id asked_at')}",
    ),
    Rule("articles_unitconfirmation", "DELETE"),
    Rule("articles_article", "UPDATE", "OLD.status = 'issued'"),
    Rule("articles_article", "DELETE", "OLD.status = 'issued'"),
)
