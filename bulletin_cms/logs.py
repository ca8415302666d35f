"""Keeps out of the logs what opens a door: the secrets in the addresses of personal links and of new passwords."""

import logging
import re

_SECRETS = re.compile(
    r"(/distribution/r/|/articles/links/[a-z]+/|/accounts/welcome/|/accounts/password/reset/[^/\s]+/)[^/\s\"'?#]+"
)


class HideSecrets(logging.Filter):
    def filter(self, record):
        text = record.getMessage()
        if (hidden := _SECRETS.sub(r"\1***", text)) != text:
            record.msg, record.args = hidden, None
        return True
