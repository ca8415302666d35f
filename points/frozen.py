"""What of the points never changes: the ledger, its rules, what was entered by hand, and closed months."""

from workflow.frozen import Rule, always

_CLOSED = "EXISTS (SELECT 1 FROM points_closedmonth WHERE month >= {day})"

RULES = (
    *always("points_entry"),
    *always("points_ruleset"),
    *always("points_handcause"),
    *always("points_closedmonth"),
    *always("points_wording"),
    # Nothing comes into a closed month later on, and no rule begins in one.
    Rule("points_entry", "INSERT", _CLOSED.format(day="NEW.month")),
    Rule("points_ruleset", "INSERT", _CLOSED.format(day="NEW.valid_from")),
    Rule("points_closedmonth", "INSERT", _CLOSED.format(day="NEW.month")),
)
