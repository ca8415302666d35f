"""What of an article never changes any more."""

from workflow.frozen import Rule, always

RULES = (
    *always("articles_articleevent"),
    Rule("articles_articleversion", "UPDATE"),  # its DELETE: issues/frozen.py
    Rule("articles_article", "UPDATE", "OLD.status = 'issued'"),
    Rule("articles_article", "DELETE", "OLD.status = 'issued'"),
)
