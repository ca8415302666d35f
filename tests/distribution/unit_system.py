"""A unit's own system, as a real HTTP server in a thread: keeps what it is posted, and answers what a test tells it to."""

import contextlib
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Posted:
    headers: dict
    body: bytes

    @property
    def words(self) -> dict:
        return json.loads(self.body)

    @property
    def key(self) -> str:
        return self.headers["Idempotency-Key"]


class UnitSystem:
    """`status` is what it answers; or "hang up" or "silence" once it has all; or "drip", an answer that takes its time.

    `delay`: seconds it thinks about each post after having kept it.
    """

    def __init__(self, delay: float = 0):
        self.delay = delay
        self.posted: list[Posted] = []
        self.status, self.location = 200, ""
        self.silence = 2.0  # seconds
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                with contextlib.suppress(OSError):
                    system.take(self)

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/oa?token=hidden"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    @property
    def known(self) -> set[str]:
        """What it has, as a system has it that looks at the number."""
        return {each.key for each in self.posted}

    def take(self, handler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.posted.append(Posted(dict(handler.headers), body))
        time.sleep(self.delay)
        if self.status == "hang up":
            return
        if self.status == "silence":
            time.sleep(self.silence)
            return
        if self.status == "drip":
            for _n in range(40):
                handler.wfile.write(b"H")
                time.sleep(0.1)
            return
        handler.send_response(self.status)
        if self.location:
            handler.send_header("Location", self.location)
        handler.end_headers()
        handler.wfile.write(b"x" * 1000)
