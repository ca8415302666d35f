"""Why a mail server would not have a mail, found out from its answer: a code, English or Chinese words."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    USER = "user", _("There is no such mailbox")
    DOMAIN = "domain", _("There is no such mail domain")
    FULL = "full", _("The mailbox is full")
    SIZE = "size", _("The PDF is too big for their mail server")
    SPAM = "spam", _("Their mail server refuses it (content filter)")
    OTHER = "other", _("Other reason")


# Tried again, these fail again: the address itself is wrong.
HARD = (Kind.USER, Kind.DOMAIN)

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ \-#])")

# RFC 3463, and what Exchange makes of it: class and subject.detail
_CODES = {
    "1.1": Kind.USER,
    "1.3": Kind.USER,
    "1.6": Kind.USER,
    "1.10": Kind.USER,
    "2.1": Kind.USER,
    "1.2": Kind.DOMAIN,
    "4.4": Kind.DOMAIN,
    "4.310": Kind.DOMAIN,
    "2.2": Kind.FULL,
    "2.3": Kind.SIZE,
    "3.4": Kind.SIZE,
}

# The first that fits counts. What stands between two words is bounded: the text may be anybody's.
_WORDS = (
    (
        Kind.DOMAIN,
        r"(?:host or domain name|host|domain(?: name)?) not found|nxdomain|(?:unknown|no such) (?:host|domain)"
        r"|unrouteable mail domain|domain (?:name )?does not exist"
        r"|域名[^，。；\n]{0,20}(?:不存在|未找到|有误|错误)|找不到[^，。；\n]{0,12}域名",
    ),
    (
        Kind.USER,
        r"user unknown|unknown user|no such (?:user|recipient|mailbox|account|person)|user (?:is )?(?:not found|suspended)"
        r"|unknown (?:recipient|mailbox|account|local.part)|(?:mailbox|recipient|address|account) (?:is )?not found"
        r"|user doesn't exist|does not exist|doesn't exist|unrouteable address|mailbox (?:is )?(?:disabled|inactive)"
        r"|account (?:is |has been )?(?:disabled|suspended|deleted)|invalid (?:recipient|mailbox)|not found"
        r"|(?:用户|收件人|收信人|邮箱|邮件地址|帐号|账号|帐户|账户|地址)[^，。；\n]{0,60}不存在|不存在(?:的|该|此)?(?:用户|邮箱|收件人|地址)"
        r"|(?:没有|无)(?:这个|该|此)(?:用户|邮箱|收件人)|查无此人|(?:邮箱|帐号|账号|用户)[^，。；\n]{0,20}(?:已?停用|注销|冻结|禁用|关闭)",
    ),
    (
        Kind.FULL,
        r"mailbox (?:is )?full|over ?quota|quota (?:exceeded|is full)|exceed\w{0,4} (?:\w{1,20} ){0,3}quota|\bquota\b"
        r"|insufficient system storage|storage allocation"
        r"|(?:邮箱|空间|信箱|容量)[^，。；\n]{0,12}(?:已满|满了|不足|超限|超出)|容量已用完",
    ),
    (
        Kind.SIZE,
        r"too (?:large|big)|mailsize|size limit|exceeds?\b[^\n]{0,40}\b(?:size|limit)|exceeds"
        r"|(?:邮件|附件)[^，。；\n]{0,8}(?:过大|太大)|大小[^，。；\n]{0,12}(?:超过|超出)|(?:超过|超出)[^，。；\n]{0,20}大小",
    ),
    (
        Kind.SPAM,
        r"\bspam|\bcontent\b|\bblocked|\bblacklist|\bpolicy|\bspf\b|\bdkim\b|垃圾|拦截|黑名单|内容[^，。；\n]{0,8}(?:拒|过滤|违规)|反病毒",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _WORDS)
# Said of the one who sends: the reader's address may be right.
_OF_THE_SENDER = re.compile(r"sender|domain may not exist|helo|reverse dns|发件人|发信人|发件域", re.IGNORECASE)


def kind_of(answer: str, status: str = "") -> Kind:
    """`answer` is what the server said; `status` its code by RFC 3463, where that came apart from it."""
    for found in (_ENHANCED.search(status), _ENHANCED.search(answer)):
        if found and (kind := _of_code(f"{found[2]}.{found[3]}", answer)):
            return kind
    is_of_sender = _OF_THE_SENDER.search(answer) is not None
    for kind, pattern in _PATTERNS:
        if pattern.search(answer) and not (is_of_sender and kind in HARD):
            return kind
    if re.search(r"(?<!\d)552[ -]", answer):
        return Kind.SIZE
    return Kind.SPAM if re.search(r"(?<!\d)554[ -]", answer) else Kind.OTHER


def _of_code(detail: str, answer: str) -> Kind | None:
    if detail in _CODES:
        return _CODES[detail]
    return Kind.SPAM if detail.startswith("7.") else None


def is_permanent(answer: str, status: str = "") -> bool:
    """A refusal for good (5xx); words without any code count as one."""
    codes = (_ENHANCED.search(status), _ENHANCED.search(answer), _REPLY.search(answer))
    first = next((code[1] for code in codes if code), "5")
    return first == "5"


def is_hard(answer: str, status: str = "") -> bool:
    """Whether the address itself is refused for good: nothing need be sent there any more."""
    return kind_of(answer, status) in HARD and is_permanent(answer, status)
