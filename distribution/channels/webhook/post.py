"""Posts to an address that a person of the office entered: http(s) alone, to no address of this machine, no redirects,
within a time. Of the answer nothing but its status is read."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ..errors import NotConnected, Rejected, TryLater, Unsure

CONNECT_SECONDS = 5
SECONDS = 15  # from the connection to the answer, however slowly it comes
PORTS = {"http": 80, "https": 443}
LONGEST_REASON = 60
# These say "not now" although they begin with 4: too slow, being worked on, too early, too many.
LATER = {408, 409, 425, 429}


def fault_of(url: str) -> str:
    """Why nothing can be posted to this address, as far as it can be seen without asking; empty if it looks sound."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _("This is no complete address. Please write it like https://oa.example.cn/bulletin.")
    if (
        parts.scheme not in PORTS
        or not parts.hostname
        or port == 0
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        return _("This is no complete address. Please write it like https://oa.example.cn/bulletin.")
    if parts.username is not None or parts.fragment:
        return _(
            "Please leave user name, password and what follows # out of the address; the signature proves who posts."
        )
    return ""


def post(url: str, body: bytes, headers: dict[str, str]) -> str:
    """The status of the answer that takes it (2xx). Else raises NotConnected, TryLater, Rejected or Unsure."""
    if words := fault_of(url):
        raise Rejected(words)
    parts = urlsplit(url)
    with _connected(parts) as connection:
        try:
            connection.request("POST", parts._replace(scheme="", netloc="").geturl() or "/", body, headers)
        except OSError as error:
            raise NotConnected(_("it broke off before all was sent (%(said)s)") % {"said": _said(error)}) from error
        try:
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            raise Unsure(_("it gave no answer (%(said)s)") % {"said": _said(error)}) from error
        return _judged(response.status, response.reason)


def _judged(status: int, reason: str) -> str:
    words = f"{status} {''.join(c for c in reason if c.isprintable())[:LONGEST_REASON]}".strip()
    if 200 <= status < 300:
        return words
    if 300 <= status < 400:
        raise Rejected(_("%(status)s: it leads to another address. Please enter that one.") % {"status": words})
    raise (TryLater if status >= 500 or status in LATER else Rejected)(words)


@contextlib.contextmanager
def _connected(parts: SplitResult) -> Iterator[HTTPConnection]:
    """A connection, whose socket is already connected to an address that was looked at: a name that means another one a
    moment later changes nothing."""
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    sock = _connect(host, port)
    ends = _Deadline(sock)
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context()
            try:
                sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
                ends.sock = sock
                sock.do_handshake()
            except OSError as error:
                words = _("no secure connection comes about (%(said)s)")
                raise NotConnected(words % {"said": _said(error)}) from error
            connection: HTTPConnection = HTTPSConnection(host, port, context=context)
        else:
            connection = HTTPConnection(host, port)
        connection.sock = sock
        yield connection
    finally:
        ends.cancel()
        sock.close()


class _Deadline:
    """Breaks the connection off when its time is over: a time-out of the socket begins anew with every byte."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.timer = threading.Timer(SECONDS, self._break_off)
        self.timer.daemon = True
        self.timer.start()

    def _break_off(self) -> None:
        with contextlib.suppress(OSError):  # it was closed already
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def cancel(self) -> None:
        self.timer.cancel()


def _connect(host: str, port: int) -> socket.socket:
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NotConnected(_("there is no host of this name (%(said)s)") % {"said": _said(error)}) from error
    allowed = [address for address in sorted(map(str, found)) if _may_be_asked(ip_address(address.partition("%")[0]))]
    if not allowed:
        raise Rejected(_("its network address is none that may be posted to; the settings say which may"))
    for address in allowed[:2]:
        try:
            sock = socket.create_connection((address, port), CONNECT_SECONDS)
        except OSError as error:
            refused = error
        else:
            sock.settimeout(SECONDS)
            return sock
    raise NotConnected(_("it can't be reached (%(said)s)") % {"said": _said(refused)}) from refused


def _may_be_asked(address: IPv4Address | IPv6Address) -> bool:
    """A unit's system often stands in the intranet, so that private addresses may be; this machine itself, and the services
    that clouds put on link-local addresses, may not, unless a setting names their network."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if settings.WEBHOOK_NETWORKS:
        return any(address in network for network in settings.WEBHOOK_NETWORKS)
    is_own = address.is_loopback or address.is_link_local or address.is_unspecified
    return not (is_own or address.is_multicast or address.is_reserved)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
