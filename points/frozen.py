"""What of the points never changes: the ledger, its rules, what was entered by hand, and closed months."""

from workflow.frozen import Rule, always

# By a closing that was not undone.
_CLOSED = (
    "EXISTS (SELECT 1 FROM points_closedmonth c WHERE c.month >= {day} "
    "AND NOT EXISTS (SELECT 1 FROM points_reopening r WHERE r.closed_id = c.id))"
)
# A month is open again when what was closed after it is.
_LATER_CLOSED = _CLOSED.format(day="(SELECT o.month FROM points_closedmonth o WHERE o.id = NEW.closed_id)").replace(
    ">=", ">"
)

RULES = (
    *always("points_entry"),
    *always("points_ruleset"),
    *always("points_handcause"),
    *always("points_closedmonth"),
    *always("points_reopening"),
    *always("points_wording"),
    # Nothing comes into a closed month later on, and no rule begins in one.
    Rule("points_entry", "INSERT", _CLOSED.format(day="NEW.month")),
    Rule("points_ruleset", "INSERT", _CLOSED.format(day="NEW.valid_from")),
    Rule("points_closedmonth", "INSERT", _CLOSED.format(day="NEW.month")),
    Rule("points_reopening", "INSERT", _LATER_CLOSED),
)
