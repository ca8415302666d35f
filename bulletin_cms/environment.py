"""Reads settings from the environment; a bad value ends the start with one sentence that says what to do.

The sentences are Chinese in the source: settings are read before any catalogue can be.
"""

import os
import re
import secrets
import sys
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import unquote, urlsplit

SQLITE_OPTIONS = {
    # DEFERRED, the default, gives "database is locked" when a reader turns writer; IMMEDIATE waits its turn.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: a delivery marked as sent must survive a power cut, or it would be sent again.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}

SOCKET_PATH_BYTES = 107
IMAP_PORTS = {"imap": 143, "imap+tls": 143, "imaps": 993}


def stop(name: str, sentence: str) -> NoReturn:
    sys.exit(f"不能启动：环境变量 {name} {sentence}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        stop(name, f"的值是“{value}”，只能写 1 或 0。")
    return value in {"1", "true", "yes"}


def number(name: str, default: int, *, low: int = 1, high: int = 1_000_000) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        stop(name, f"的值是“{value}”，要写 {low} 到 {high} 之间的整数。")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """An absolute folder that exists and can be written to."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(name, f"指向 {path}，这个目录建不了（{error.strerror}）。请换一个目录或改权限。")
    if not os.access(path, os.W_OK):
        stop(name, f"指向 {path}，这个目录不能写。请换一个目录或改权限。")
    return path


def site_url(name: str, default: str) -> str:
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if "@" in parts.netloc:
        stop(name, "里有用户名或密码，它会印在每封邮件里。请写成 https://域名 的样子。")
    if parts.scheme not in {"http", "https"} or not parts.hostname or value != f"{parts.scheme}://{parts.netloc}":
        stop(name, f"的值是“{value}”，要写成 https://域名 的样子，后面不带路径。")
    return value


def hosts(name: str) -> list[str]:
    found = [host.strip() for host in text(name).split(",") if host.strip()]
    if "*" in found:
        stop(name, "里有“*”，这样任何域名都能冒充本站。请逐个写出域名，用逗号隔开。")
    return found


def networks(name: str) -> list:
    """The addresses or networks of proxies whose X-Forwarded-For is believed."""
    try:
        return [ip_network(part.strip()) for part in text(name).split(",") if part.strip()]
    except ValueError:
        stop(name, f"的值是“{text(name)}”，要写成 10.0.0.5,192.168.1.0/24 的样子。")


ROBOT_HOSTS = {
    "wecom": "https://qyapi.weixin.qq.com",
    "dingtalk": "https://oapi.dingtalk.com",
    "feishu": "https://open.feishu.cn",
}


def robots() -> dict[str, dict[str, str]]:
    """The robots that are set up: name -> host, token and secret (empty where there is none)."""
    found = {}
    for name, host in ROBOT_HOSTS.items():
        prefix = f"{name.upper()}_ROBOT"
        token = text(f"{prefix}_TOKEN")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", token):
            stop(f"{prefix}_TOKEN", "只写机器人地址里最后那一段（key=、access_token= 或 hook/ 后面的），不写整个地址。")
        if token:
            host = site_url(f"{prefix}_HOST", host)
            found[name] = {"host": host, "token": token, "secret": text(f"{prefix}_SECRET")}
    return found


ARCHIVE_NAMES = ("archive_name", "archive_code", "fonds_name", "fonds_number", "fonds_creator", "retention")
RETENTIONS = ("永久", "30年", "10年")


def archive() -> dict[str, str]:
    """What the archive gives its packages (归档包): empty where it is not set."""
    found = {name: text(f"ARCHIVE_{name.removeprefix('archive_').upper()}") for name in ARCHIVE_NAMES}
    if found["retention"] and found["retention"] not in RETENTIONS:
        stop("ARCHIVE_RETENTION", f"的值是“{found['retention']}”，只能写 {'、'.join(RETENTIONS)} 之一。")
    return found


class MailLimit(NamedTuple):
    """How much goes to one domain of recipients."""

    per_minute: int
    connections: int


def mail_limits(name: str) -> dict[str, MailLimit]:
    """What is written like qq.com=60/2,163.com=30/1: mails a minute, and connections, of each domain."""
    found = {}
    for part in filter(None, re.split(r"[,\s]+", text(name))):
        limit = re.fullmatch(r"([a-z0-9-]+(?:\.[a-z0-9-]+)+)=([1-9]\d{0,4})/([1-9]\d?)", part.lower())
        if not limit:
            stop(name, f"里的“{part}”要写成 qq.com=60/2 的样子：域名、每分钟几封、几个连接，多个用逗号隔开。")
        if limit[1] in found:
            stop(name, f"里 {limit[1]} 写了两次，请留一个。")
        found[limit[1]] = MailLimit(int(limit[2]), int(limit[3]))
    return found


def sender(name: str, default: str) -> str:
    value = text(name, default)
    if not value.isprintable() or "@" not in parseaddr(value)[1]:
        stop(name, "要写成一行，像 简报编辑部 <bulletin@example.cn> 的样子，不能换行。")
    return value


def secret_key(name: str, file: Path, *, required: bool) -> str:
    """The key from the environment; on one's own machine a key made once and kept in a file only its owner reads."""
    value = text(name)
    if value:
        if len(value) < 50:
            stop(name, "太短，至少要 50 个字符。")
        if len(set(value)) < 10:
            stop(name, "太容易猜：里面不同的字符不到 10 个。请用随机生成的密钥。")
        return value
    if required:
        stop(name, "没有设置。正式网站（SITE_URL 是 https）必须给出至少 50 个字符的密钥。")
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return file.read_text()


def database(name: str, sqlite_file: Path) -> dict:
    value = text(name)
    if not value:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": sqlite_file, "OPTIONS": SQLITE_OPTIONS}
    parts = _split(name, value)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        stop(name, "要写成 postgresql://用户:密码@主机:端口/库名 的样子。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def redis(name: str) -> str:
    value = text(name)
    if value and (_split(name, value).scheme not in {"redis", "rediss"} or not _split(name, value).hostname):
        stop(name, "要写成 redis://主机:端口/0 的样子。")
    return value


def socket(name: str, path: Path) -> Path:
    """The path of a unix socket, below the folder that `name` names; the kernel limits its length."""
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES:
        most = SOCKET_PATH_BYTES - len(os.fsencode(path.relative_to(path.parents[1]))) - 1
        stop(name, f"的路径太长（最多 {most} 个字节），请换一个短些的目录，或者用 REDIS_URL 指定 Redis。")
    return path


def mail(name: str, folder_for_files: Path) -> dict:
    """Django's EMAIL_* settings: files under `folder_for_files` unless the variable names an SMTP server."""
    value = text(name)
    if not value:
        return {
            "EMAIL_BACKEND": "distribution.channels.email.files.EmlFileBackend",
            "EMAIL_FILE_PATH": folder_for_files,
        }
    parts = _split(name, value)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        stop(name, "要写成 smtp://用户:密码@主机:端口 的样子（加密用 smtps:// 或 smtp+tls://）。")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 30,
    }


def bounces(name: str, move_to: str) -> dict:
    """Where returned mail is read: a folder, or a mailbox by IMAP; empty where it is not set. `move_to` names the variable
    that says where it is moved once it is read."""
    value, target = text(name), text(move_to)
    if not value:
        return {}
    if value.startswith("/"):
        if target and (not target.startswith("/") or Path(target) == Path(value)):
            stop(move_to, "要写成另一个文件夹的完整路径，以 / 开头。")
        return {"folder": value, "move_to": target}
    parts = _split(name, value)
    mailbox = unquote(parts.path.strip("/")) or "INBOX"
    if parts.scheme not in IMAP_PORTS or not parts.hostname or not parts.username:
        stop(name, "要写成文件夹的完整路径，或 imaps://用户:密码@主机/INBOX 的样子（加密也可用 imap+tls://）。")
    if not re.fullmatch(r"[ -~]+", mailbox + target) or '"' in mailbox + target:
        stop(
            name if '"' in mailbox or not mailbox.isascii() else move_to,
            "里信箱夹的名字只能用英文字母、数字和普通符号。",
        )
    return {
        "scheme": parts.scheme,
        "host": parts.hostname,
        "port": parts.port or IMAP_PORTS[parts.scheme],
        "user": unquote(parts.username),
        "password": unquote(parts.password or ""),
        "mailbox": mailbox,
        "move_to": target,
    }


def bounce_address(name: str) -> str:
    """The address to which mails come back, each to its own form of it (VERP); empty: to the sender."""
    value = text(name)
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,30}@[A-Za-z0-9.-]+", value):
        stop(name, "要写成一个邮箱地址，例如 bounces@example.cn，@ 前面最多 30 个字符，不带加号。")
    return value


def log_file(name: str) -> str:
    value = text(name)
    if value and not value.startswith("/"):
        stop(name, "要写成日志文件的完整路径，例如 /var/log/mail.log。")
    return value


def key_file(name: str) -> str:
    value = text(name)
    if value and not os.access(value, os.R_OK):
        stop(name, f"指向 {value}，这个密钥文件不存在或不能读。不用电子签名就不要设它。")
    return value


def _split(name: str, value: str):
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises when the port is no number
    except ValueError:
        stop(name, "不是一个完整的地址，请检查主机和端口。")
    return parts
