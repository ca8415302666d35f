"""Reads one message of the mailbox for returned mail: what it reports, of which mail, to which address.

A report by RFC 3464 is believed first; then what Exim says in a header; then words, as QQ and other Chinese servers write
them. What comes may be anything: it is cut, bounded and never raises for what is written in it.
"""

import re
from binascii import Error as BadBase64
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from html import unescape

from .reasons import Kind, kind_of

MOST_BYTES = 1024 * 1024  # reports come before the returned mail, and its header before its PDF
MOST_PARTS = 40
_MOST_TEXT = 100_000
_MOST_ADDRESSES = 20
_MOST_WORDS = 500
HEAD = 3000


class Outcome(StrEnum):
    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    AUTOMATIC = "automatic"  # somebody is away, has read it
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Report:
    """What a message says. `words` are the server's own; `addresses` those that it speaks of, in lower case; `sent_to` those
    to which it came itself; `message_ids` those of ours that may stand in it; `text` what a person would read."""

    outcome: Outcome
    kind: Kind = Kind.OTHER
    status: str = ""
    words: str = ""
    addresses: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    subject: str = ""
    sender: str = ""
    text: str = ""
    is_of_server: bool = False


_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
# Message-IDs as letters have them: copy, perhaps a day, a hash.
_OURS = re.compile(r"<\d{1,18}\.\d{1,18}(?:\.\d{8})?\.[0-9a-f]{16}@[^<>\s@]{1,253}>")
_SERVERS = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|microsoftexchange|mail\.?delivery)", re.IGNORECASE
)
_BOUNCE = re.compile(
    r"退信|退回|投递失败|无法投递|未能?(?:送达|投递)|无法送达|发送失败|undeliver"
    r"|delivery (?:status|failure|has failed|delayed|report)"
    r"|returned (?:mail|to sender)|failure notice|mail delivery|non-?delivery|could not be delivered",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"^(?:\[?(?:自动回复|自动答复|自动回覆|外出)|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|on vacation|"
    r"已读[:：]|阅读回执|read[:：]|return receipt)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delayed|still (?:be )?(?:trying|retried)|will be retried|not yet been delivered"
    r"|(?:投递|发送)[^。\n]{0,10}(?:延迟|推迟)|稍后[^。\n]{0,6}重试",
    re.IGNORECASE,
)
# From here on a message quotes the returned mail, whose words are not the server's.
_QUOTED = re.compile(
    r"-{2,10}\s{0,5}(?:原始邮件|original message|this is a copy|below this line|returned message|the body of the message)"
    r"|original message headers|原邮件(?:信息|内容)|原信(?:信息|内容)|message headers follow"
    r"|diagnostic information for administrators",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"(?:退信原因|失败原因|原因|错误信息|remote server (?:returned|said)|\bsaid|error|reason)[^:：\n]{0,30}[:：]?",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\d.])(?:5\d\d(?=[ \-#])|[45]\.\d{1,3}\.\d{1,3}(?!\.?\d))")


def read(content: bytes) -> Report:
    content = content[:MOST_BYTES]
    # Each level of nesting looks at each line: what is nested like this is nobody's report.
    if len(re.findall(rb"(?i)content-type:\s{0,10}(?:multipart|message)/", content)) > MOST_PARTS:
        content = content.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    content = b"\n--".join(content.split(b"\n--", MOST_PARTS * 5)[: MOST_PARTS * 5])
    message = message_from_bytes(content)
    parts = list(message.walk())[: MOST_PARTS * 2]
    text = _text_of(parts)
    known = {
        "subject": header(message, "subject")[:300],
        "sender": header(message, "from")[:300],
        "sent_to": _sent_to(message),
        "message_ids": _message_ids(content, parts),
        "text": text.strip()[:HEAD] or beginning(content),
        "is_of_server": _is_of_server(message),
    }
    found = _standard(parts) or _of_exim(message, text) or _by_words(message, text)
    return Report(**{**known, **found})


def _standard(parts: list[Message]) -> dict | None:
    """RFC 3464: of several addresses the one that failed, else the one that waits."""
    blocks = [
        block for part in parts if part.get_content_type() == "message/delivery-status" for block in _blocks(part)
    ]
    found = [_of_recipient(block) for block in blocks if header(block, "action")]
    order = (Outcome.FAILED, Outcome.DELAYED, Outcome.DELIVERED)
    return min(found, key=lambda each: order.index(each["outcome"])) if found else None


def _blocks(part: Message) -> list[Message]:
    """One of the whole message, then one for each address."""
    payload = part.get_payload()
    return (
        [block for block in payload[:_MOST_ADDRESSES] if isinstance(block, Message)]
        if isinstance(payload, list)
        else []
    )


def _of_recipient(block: Message) -> dict:
    action, status = header(block, "action").lower(), header(block, "status")
    outcome = {"failed": Outcome.FAILED, "delayed": Outcome.DELAYED}.get(action.split()[0], Outcome.DELIVERED)
    diagnostic = header(block, "diagnostic-code").partition(";")[2].strip() or header(block, "diagnostic-code")
    words = diagnostic if status.split(" ")[0] in diagnostic else f"{status} {diagnostic}".strip()
    given = (header(block, name).partition(";")[2] for name in ("original-recipient", "final-recipient"))
    return {
        "outcome": outcome,
        "kind": kind_of(words, status),
        "status": status[:20],
        "words": words[:_MOST_WORDS],
        "addresses": tuple(dict.fromkeys(address for text in given for address in _addresses(text))),
    }


def _of_exim(message: Message, text: str) -> dict | None:
    """Exim names the addresses in a header of its own, and says why in words."""
    failed = _addresses(header(message, "x-failed-recipients"))
    return _in_words(text, Outcome.FAILED) | {"addresses": failed} if failed else None


def _by_words(message: Message, text: str) -> dict:
    subject = header(message, "subject")
    is_of_server, is_bounce = _is_of_server(message), _BOUNCE.search(subject) is not None
    is_answer = any(header(message, name) for name in ("x-autoreply", "x-autorespond", "x-autoreply-from"))
    answered = header(message, "auto-submitted").lower().startswith("auto-replied") or is_answer
    is_receipt = (
        message.get_content_type() == "multipart/report" and "disposition" in header(message, "content-type").lower()
    )
    if is_receipt or _AUTOMATIC.search(subject.strip()) or (answered and not (is_of_server or is_bounce)):
        return {"outcome": Outcome.AUTOMATIC}
    if not (is_of_server or is_bounce):
        return {"outcome": Outcome.UNKNOWN}
    own = _QUOTED.split(text)[0]
    found = _in_words(text, Outcome.DELAYED if _DELAYED.search(f"{subject}\n{own}") else Outcome.FAILED)
    says_why = found["kind"] != Kind.OTHER or _CODE.search(own) is not None
    return found if says_why or found["outcome"] == Outcome.DELAYED else found | {"outcome": Outcome.UNKNOWN}


def _in_words(text: str, outcome: Outcome) -> dict:
    """The cause where it is announced, else the line that has a code, else the first that names a cause."""
    own = _QUOTED.split(text)[0]
    pieces = [_two_lines(own[found.end() : found.end() + 300]) for found in list(_CAUSE.finditer(own))[:10]]
    lines = own.splitlines()
    pieces += [line for line in lines if _CODE.search(line)][:10]
    pieces += [own]
    words = next((piece for piece in pieces if kind_of(piece) != Kind.OTHER), pieces[0])
    if words is own:
        words = next((line for line in lines if kind_of(line) != Kind.OTHER), own)
    words = " ".join(words.split())[:_MOST_WORDS]
    return {"outcome": outcome, "kind": kind_of(words), "words": words, "addresses": _addresses(text)}


def _two_lines(text: str) -> str:
    """The cause, and the server's own answer below it."""
    return "\n".join([line for line in text.splitlines() if line.strip()][:2])


# --- what stands where ---------------------------------------------------------------------------------------------
def header(message: Message, name: str) -> str:
    """The first header of this name as one line; empty where there is none. Never raises for what stands in it."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    words = _decoded(raw.encode("ascii", "surrogateescape"))
    try:
        pieces = decode_header(words)
    except (HeaderParseError, BadBase64, ValueError):
        pieces = [(words, None)]
    return " ".join(
        "".join(
            piece if isinstance(piece, str) else _decoded(piece, charset or "") for piece, charset in pieces
        ).split()
    )


def _decoded(content: bytes, charset: str = "") -> str:
    """By the charset that is said, if it is one and fits; else UTF-8 or the Chinese one."""
    for name in (charset or "utf-8", "utf-8", "gb18030"):
        try:
            return _printable(content.decode(name))
        except (LookupError, ValueError):  # no such charset, or not in it
            continue
    return _printable(content.decode("latin-1"))


def _printable(text: str) -> str:
    """What a database takes: no NUL, no halves of a character."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def beginning(content: bytes) -> str:
    """As it came, where no text is found in it."""
    return _decoded(content[:HEAD])


def _text_of(parts: list[Message]) -> str:
    """The first text of the message, plain if there is one, before the mail that it returns."""
    texts: dict[str, str] = {}
    for part in parts:
        kind = part.get_content_type()
        if kind in ("message/rfc822", "text/rfc822-headers"):
            break
        if kind in ("text/plain", "text/html") and kind not in texts:
            texts[kind] = _words(part)[:_MOST_TEXT]
    return texts.get("text/plain") or _without_tags(texts.get("text/html", ""))


def _words(part: Message) -> str:
    payload = part.get_payload(decode=True)
    charset = part.get_param("charset")
    return _decoded(payload, charset if isinstance(charset, str) else "") if isinstance(payload, bytes) else ""


def _without_tags(html: str) -> str:
    for name in ("style", "script"):
        kept, rest = [], html
        while f"<{name}" in rest:
            before, _tag, rest = rest.partition(f"<{name}")
            kept.append(before)
            rest = rest.partition(f"</{name}>")[2]
        html = "".join([*kept, rest])
    html = re.sub(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", "\n", html)
    return unescape(re.sub(r"<[^<>]{0,2000}>", " ", html))


def _message_ids(content: bytes, parts: list[Message]) -> tuple[str, ...]:
    """Wherever they stand: in what is quoted, in headers that refer to them, in encoded text."""
    texts = [content.decode("latin-1")]
    texts += [_words(part) for part in parts if header(part, "content-transfer-encoding").lower() == "base64"][:10]
    found = (each for text in texts for each in _OURS.findall(text))
    return tuple(dict.fromkeys(found))[:_MOST_ADDRESSES]


def _sent_to(message: Message) -> tuple[str, ...]:
    names = ("x-original-to", "delivered-to", "envelope-to", "to")
    values = (str(value) for key, value in message.raw_items() if key.lower() in names)
    return tuple(dict.fromkeys(address for value in values for address in _addresses(value)))


def _is_of_server(message: Message) -> bool:
    """The envelope of a report has no sender."""
    sender = parseaddr(header(message, "from"))[1]
    return header(message, "return-path") == "<>" or _SERVERS.match(sender) is not None


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_found(text)))


def _found(text: str) -> Iterator[str]:
    for number, found in enumerate(_ADDRESS.finditer(text)):
        if number >= _MOST_ADDRESSES:
            return
        yield found[0].lower()
