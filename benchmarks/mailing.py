"""How fast mails go out: `python benchmarks/mailing.py [--readers 1000] [--rounds 3] [--many 10000]`.

A small mail server in a process of its own takes everything. In turn, so that all meet the same machine: the raw limit (one
finished letter over one socket, again and again), Django's `EmailMessage.send()` in a loop, and the pump, on SQLite and on
PostgreSQL, with a PDF of 0.7 MB. Printed are mails a second and the ratios: the bar is 20 times the loop and 0.4 of the
limit. Then the pump's memory at `--many` readers beside that at 1,000. Exit code 1 when a bar is missed.
"""

import argparse
import json
import os
import resource
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import postgres  # noqa: E402

if "--here" in sys.argv:  # started below, with the settings of one database and one mail server
    import django

    django.setup()

    from django.conf import settings
    from django.core.mail import EmailMessage, get_connection
    from django.core.management import call_command

    from bulletin_cms.celery import app as celery_app
    from distribution import mailing, sending
    from distribution.channels.email.letter import Enclosure
    from distribution.channels.email.wire import Press
    from distribution.models import Delivery, DeliveryStatus, Reader
    from tests import factories, people

PLAIN, RAW = 20, 0.4  # the bars
GROWTH_MB = 20
PDF = 700_000
SINK = """
import socket, sys, threading
server = socket.create_server(("127.0.0.1", 0)); print(server.getsockname()[1], flush=True)
def talk(peer):
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(b"220 sink\\r\\n"); rest = b""; in_data = False
    while block := peer.recv(1 << 20):
        rest += block
        if in_data:
            if not rest.endswith(b"\\r\\n.\\r\\n"):
                rest = rest[-4:]; continue
            in_data, rest = False, b""; peer.sendall(b"250 taken\\r\\n"); continue
        *lines, rest = rest.split(b"\\r\\n")
        for line in lines:
            verb = line[:4].upper(); in_data = verb == b"DATA"
            said = {b"DATA": b"354 go on", b"QUIT": b"221 bye", b"EHLO": b"250-sink\\r\\n250 PIPELINING"}
            peer.sendall(said.get(verb, b"250 fine") + b"\\r\\n")
while True:
    threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()
"""


def office(readers: int):
    """An issue whose PDF has the wanted size, and its readers; a mailing of it, frozen and not begun."""
    call_command("migrate", verbosity=0)
    with mock.patch.object(celery_app, "send_task"):  # what asks for a worker gets none
        people.make_office()
        cast = people.office_people(people.office_units())
        bulletin = factories.make_bulletin(review_steps=1)
        factories.make_recipient_list(bulletin)
        issue = factories.issued_issue(bulletin, cast, pdf=b"%PDF-1.7\n" + os.urandom(PDF))
        Reader.objects.bulk_create(
            Reader(organisation=f"第{n}快递服务有限公司", name="党群工作部", email=f"reader{n}@example.cn")
            for n in range(readers)
        )
        return mailing.start(issue, by=cast.tang)


def again(started) -> None:
    """As if nothing had been sent."""
    Delivery.objects.filter(mailing=started).update(status=DeliveryStatus.QUEUED, attempts=0, sent_at=None)
    type(started).objects.filter(pk=started.pk).update(status="sending", finished_at=None)


def timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def raw(started, count: int) -> float:
    row = Delivery.objects.filter(mailing=started).select_related("reader", "mailing__issue").first()
    letter = Press(Enclosure(started.issue, started.issue.pdf.open().read())).wire(row)
    data = b"".join(letter.wire_parts()) + b".\r\n"
    smtp = smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT)
    smtp.sock.setsockopt(6, 1, 1)  # TCP_NODELAY
    smtp.ehlo()

    def send():
        for _ in range(count):
            smtp.mail("a@example.cn")
            smtp.rcpt("b@example.cn")
            smtp.docmd("DATA")
            smtp.send(data)
            smtp.getreply()

    seconds = timed(send)
    smtp.quit()
    return count / seconds


def plain(started, count: int) -> float:
    pdf = started.issue.pdf.open().read()

    def send():
        connection = get_connection()
        connection.open()
        for n in range(count):
            mail = EmailMessage("简报", "请查收。", to=[f"reader{n}@example.cn"], connection=connection)
            mail.attach("bulletin.pdf", pdf, "application/pdf")
            mail.send()
        connection.close()

    return count / timed(send)


def pumped(started, count: int) -> float:
    again(started)
    seconds = timed(lambda: sending.pump(seconds=600))
    sent = Delivery.objects.filter(mailing=started, status=DeliveryStatus.SENT).count()
    assert sent == count, f"{sent} of {count} sent"
    return count / seconds


def measure_here(options) -> None:
    """One database: prints JSON, the figures of each round and the peak of memory in MB."""
    started = office(options.readers)
    rounds = [
        {"raw": raw(started, 300), "plain": plain(started, 60), "pump": pumped(started, options.readers)}
        for _ in range(options.rounds)
    ]
    print(json.dumps({"rounds": rounds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def measure(database: str, port: int, readers: int, rounds: int, folder: Path) -> dict:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bulletin_cms.settings",
        "VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "FONT_DIR": os.environ.get("FONT_DIR") or str(ROOT / "var" / "fonts"),
    }
    command = [sys.executable, __file__, "--here", "--readers", str(readers), "--rounds", str(rounds)]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure_here(options)
        return 0
    missed = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
        stack.callback(sink.wait)
        stack.callback(sink.terminate)
        port = int(sink.stdout.readline())
        for name, url in (("SQLite", ""), ("PostgreSQL", stack.enter_context(postgres()))):
            found = measure(url, port, options.readers, options.rounds, folder / name)
            middle = {key: statistics.median(one[key] for one in found["rounds"]) for key in ("raw", "plain", "pump")}
            by_plain = statistics.median(one["pump"] / one["plain"] for one in found["rounds"])
            by_raw = statistics.median(one["pump"] / one["raw"] for one in found["rounds"])
            print(
                f"{name}: pump {middle['pump']:.0f}/s, loop {middle['plain']:.0f}/s, raw {middle['raw']:.0f}/s",
                flush=True,
            )
            print(f"  {by_plain:.1f} x the loop (bar {PLAIN}), {by_raw:.2f} of the raw limit (bar {RAW})", flush=True)
            missed += (by_plain < PLAIN) + (by_raw < RAW)
        if options.many:
            few = measure("", port, 1000, 1, folder / "few")["peak"]
            many = measure("", port, options.many, 1, folder / "many")["peak"]
            print(f"memory: {few:.0f} MB at 1,000 readers, {many:.0f} MB at {options.many:,} (bar + {GROWTH_MB} MB)")
            missed += many > few + GROWTH_MB
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
