"""Which roles the database gives nobody together."""

from workflow.frozen import Rule

from .roles import APART_FROM_SIGNER, SIGNER

_OTHERS = ", ".join(f"'{role}'" for role in sorted(APART_FROM_SIGNER))
_MIXES = (
    f"EXISTS (SELECT 1 FROM accounts_roleassignment r WHERE r.user_id = NEW.user_id AND (r.role = '{SIGNER}' "
    f"AND NEW.role IN ({_OTHERS}) OR r.role IN ({_OTHERS}) AND NEW.role = '{SIGNER}')"
)

RULES = (
    Rule("accounts_roleassignment", "INSERT", f"{_MIXES})"),
    Rule("accounts_roleassignment", "UPDATE", f"{_MIXES} AND r.id <> NEW.id)"),
)
