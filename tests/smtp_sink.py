"""A small mail server in a thread: accepts everything, unless a test tells it otherwise, and keeps what it got."""

import contextlib
import re
import socket
import socketserver
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Received:
    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message_id(self) -> str:
        return re.search(rb"(?im)^Message-ID:\s*(\S+)", self.content)[1].decode()


@dataclass
class Answers:
    """What the server says where it does not accept: (stage, recipient or "*") -> an answer, or "hang up", or "silence".

    An answer that ends with "and hang up" comes together with the end of the connection.

    Stages: connect, mail, rcpt, data (before the body), half (in the middle of it), body (after it).
    """

    by_stage: dict = field(default_factory=dict)

    def at(self, stage: str, recipient: str = "*") -> str | None:
        return self.by_stage.get((stage, recipient)) or self.by_stage.get((stage, "*"))


class SmtpSink:
    """`delay`: seconds it thinks about each mail after having written it down."""

    def __init__(self, delay: float = 0):
        self.delay = delay
        self.offers_pipelining = True
        self.received: list[Received] = []
        self.connections = 0
        self.answers = Answers()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self):
                sink.peers.add(self.connection)
                with contextlib.suppress(ConnectionError):
                    sink.talk(self)
                sink.peers.discard(self.connection)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.peers: set[socket.socket] = set()
        self._listen = lambda port: Server(("127.0.0.1", port), Handler)
        self.server = self._listen(0)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    def go_away(self) -> None:
        """Nobody answers at the port any more, and all conversations break off."""
        self.__exit__()
        for peer in list(self.peers):
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        self.server = self._listen(self.port)
        self.__enter__()

    def refuse(self, stage: str, answer: str, recipient: str = "*") -> None:
        self.answers.by_stage[stage, recipient] = answer

    def accept_all(self) -> None:
        self.answers.by_stage.clear()

    @property
    def message_ids(self) -> list[str]:
        return [mail.message_id for mail in self.received]

    def talk(self, handler) -> None:
        def say(line: str) -> None:
            handler.wfile.write(f"{line}\r\n".encode())

        def answer(stage: str, otherwise: str, recipient: str = "*") -> bool:
            return tell(self.answers.at(stage, recipient) or otherwise)

        def tell(said: str) -> bool:
            """Says it; False when the conversation is over."""
            if said == "silence":
                time.sleep(5)
                return False
            if said == "hang up":
                return False
            if said.endswith("and hang up"):  # both in one packet: whoever has read the answer can know
                handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
                say(said)
                handler.connection.shutdown(socket.SHUT_WR)
                handler.rfile.read()
                return False
            say(said)
            return not said.startswith("421")

        self.connections += 1
        if not answer("connect", "220 sink"):
            return
        sender, recipients = "", []
        for line in iter(handler.rfile.readline, b""):
            words = line.decode(errors="replace").strip()
            verb = words[:4].upper()
            if verb in ("EHLO", "HELO"):
                say("250-sink\r\n250 PIPELINING" if self.offers_pipelining else "250 sink")
            elif verb == "MAIL":
                sender, recipients = words.partition("<")[2].partition(">")[0], []
                if not answer("mail", "250 fine"):
                    return
            elif verb == "RCPT":
                recipient = words.partition("<")[2].partition(">")[0]
                said = self.answers.at("rcpt", recipient) or "250 fine"
                recipients += [recipient] if said.startswith("250") else []
                if not tell(said):
                    return
            elif verb == "DATA":
                first = recipients[0] if recipients else "*"
                otherwise = "354 go on" if recipients else "554 no valid recipients"
                said = self.answers.at("data", first) or otherwise
                if not tell(said):
                    return
                if said.startswith("354") and not self._take(handler, sender, recipients, first, answer):
                    return
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")

    def _take(self, handler, sender, recipients, first, answer) -> bool:
        if self.answers.at("half", first):
            handler.rfile.read(1000)
            return answer("half", "hang up", first)
        lines = []
        for line in iter(handler.rfile.readline, b""):
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        else:
            return False  # broken off: not a mail
        said = self.answers.at("body", first) or "250 kept"
        if said.startswith("250") or said in ("silence", "hang up"):
            self.received.append(Received(sender, recipients, b"".join(lines)))
        time.sleep(self.delay)
        return answer("body", "250 kept", first)
