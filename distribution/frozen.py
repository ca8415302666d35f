"""What of a mailing never changes any more: a copy's status moves on, whose copy of what it is does not."""

from workflow.frozen import Rule, always, changed

RULES = (
    *always("distribution_mailingevent"),
    *always("distribution_deliveryevent"),
    *always("distribution_receipt"),
    *always("distribution_accesslog"),
    Rule("distribution_mailing", "UPDATE", changed("issue_id subject created_by_id started_at")),
    Rule("distribution_mailing", "DELETE"),
    Rule("distribution_delivery", "UPDATE", changed("mailing_id reader_id message_id")),
    Rule("distribution_delivery", "DELETE"),
    Rule("distribution_reminder", "UPDATE", changed("mailing_id delivery_id day asked_by_id asked_at message_id")),
    Rule("distribution_reminder", "DELETE"),
)
