"""How a move is told. The document's `follow_up` writes the notices, in the transaction of the move."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Tell:
    """Those of `to`, row -> users, are told `word` about the row, with a button `verb` that opens `page`.

    `topic` is one of accounts.models.Topic: how soon it is mailed, and whether something is to be done. What was asked
    for is settled by the next move of the row, whoever makes it.

    `apart` names what is asked apart from the moves: it is settled where it is done and by no move.

    `link`, where there is one, says of the row which page a personal link in the mail opens without signing in, and the
    key that this page takes; behind the bell it is `page` in any case.
    """

    topic: str
    to: Callable[[Any], Any]
    word: str | Promise
    verb: str | Promise
    page: str
    link: Callable[[Any], tuple[str, int]] | None = None
    apart: str = ""
