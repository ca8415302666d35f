"""The sample office in use: `python benchmarks/soak.py [--minutes 30] [--kill]`.

Five persons work over HTTP on a site of its own, served as `make run` serves it: a writer types, looks at the preview and
hands in; an editor accepts, fills the issue, moves articles; the signer reads and signs, or returns it; the chief editor
issues and mails it; a reader searches the archive, opens the mailed link and confirms. `--kill` ends a process with -9
every twenty seconds: worker, beat, Redis, one of the web's two, in turn. Says at the end how many answers there were,
which were missing, how long the pages took to come, and which processes were started anew. Exit code 1 if anything failed.
"""

import argparse
import contextlib
import http.cookiejar
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from email import message_from_bytes, policy
from html import unescape
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.site import site  # noqa: E402

PASSWORD = "jianbao-2026"
KILLED_EVERY = 20  # seconds
PAGES_WITHIN = 60  # seconds; previews and proofs that take longer are a failure
SENTENCES = [
    "4月6日，青浦邮政管理局在徐泾镇开办夜间书屋，供快递员收工后阅读、充电。",
    "书屋由街道提供场地，企业轮流值守，开放到晚上十点。",
    "首批图书三百余册，内容包括交通安全、法律常识和少儿读物。",
    "快递员可以凭工作证借阅，也可以带孩子来做作业。",
    "下一步，该局将把书屋的做法介绍给其他乡镇。",
]


class Lost(Exception):
    """No answer came: the connection was refused or broke."""


class Log:
    def __init__(self):
        self.answers, self.seconds, self.faults, self.waits = Counter(), [], [], {"preview": [], "proof": []}
        self.lost_at, self.killed_at, self.done, self.missing = [], [], Counter(), Counter()
        self.lock = threading.Lock()

    def fault(self, text: str) -> None:
        with self.lock:
            self.faults.append(f"{time.strftime('%H:%M:%S')} {text}")
            print("  FAULT", self.faults[-1], flush=True)


class Person:
    """Somebody with a browser; works until told to stop."""

    def __init__(self, here, log: Log, username: str):
        self.here, self.log, self.username = here, log, username
        self.browser = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path: str, fields: dict | None = None, *, raw: bool = False):
        """The answer's text; a POST carries the token of the cookie. A lost GET is asked again once, as a person does."""
        request = Request(path if path.startswith("http") else self.here.url + path)
        if fields is not None:
            token = next((cookie.value for cookie in self._cookies() if cookie.name == "csrftoken"), "")
            request.data = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
            request.add_header("Origin", self.here.url)
        begun = time.monotonic()
        try:
            with self.browser.open(request, timeout=30) as answer:
                status, body = answer.status, answer.read()
        except HTTPError as error:
            status, body = error.code, error.read()
        except (HTTPException, OSError) as error:  # refused, or broken off before the page was whole
            with self.log.lock:
                self.log.lost_at.append(begun)
            raise Lost(f"{path}: {error}") from error
        with self.log.lock:
            self.log.answers[status] += 1
            if status == 404:
                self.log.missing[re.sub(r"\d+", "N", path)] += 1
            self.log.seconds.append(time.monotonic() - begun)
        if status >= 500 or status in (400, 403):
            self.log.fault(f"{self.username} {request.get_method()} {path}: {status}")
        return body if raw else body.decode(errors="replace")

    def _cookies(self):
        return next(handler for handler in self.browser.handlers if hasattr(handler, "cookiejar")).cookiejar

    def sign_in(self) -> None:
        self.ask("/accounts/login/")
        answer = self.ask("/accounts/login/", {"username": self.username, "password": PASSWORD})
        if 'name="code"' in answer:
            self.ask("/accounts/code/", {"code": self.phone_code()})
        assert self.username == "" or "/accounts/logout/" in self.ask("/"), f"{self.username} could not sign in"

    def phone_code(self) -> str:
        return self.here.manage("sample_code", self.username).strip()

    def work(self, until: float) -> None:
        is_in = False
        while time.monotonic() < until:
            try:
                if not is_in and self.username:
                    self.sign_in()
                    is_in = True
                self.turn()
            except Lost:
                time.sleep(1)
            except Exception:
                self.log.fault(f"{self.username}: {traceback.format_exc()}")
                time.sleep(2)
            time.sleep(random.uniform(0.2, 1))

    def wait_for(self, what: str, path: str, pattern: str) -> str:
        """Look at a page as its script does, until it shows this; what comes too late is a fault."""
        begun = time.monotonic()
        while True:
            with contextlib.suppress(Lost):
                answer = self.ask(path)
                if re.search(pattern, answer):
                    break
            if time.monotonic() - begun > PAGES_WITHIN:
                self.log.fault(f"{self.username}: {path} did not show {pattern} within {PAGES_WITHIN} s")
                return ""
            time.sleep(0.3)
        with self.log.lock:
            self.log.waits[what].append(time.monotonic() - begun)
        return answer


class Writer(Person):
    def turn(self):
        number = random.randrange(10_000)
        fields = {
            "kind": "article",
            "title": f"宝山局开办第{number}间夜间书屋",
            "event_on": "4月6日",
            "authors": "赵知远",
        }
        address, base, text = "/articles/new/autosave/", "", ""
        self.ask("/articles/new/")
        for _ in range(random.randrange(3, 6)):
            text += f"<p>{random.choice(SENTENCES)}</p>"
            answer = json.loads(self.ask(address, fields | {"body": text, "base": base}))
            address = answer["autosave_url"]
            base = unescape(re.search(r'name="base" value="([^"]*)"', self.ask(answer["edit_url"]))[1])
            pk = re.search(r"/articles/(\d+)/", address)[1]
            self.ask(f"/issues/articles/{pk}/preview/", {})
            time.sleep(random.uniform(0.3, 1))
        if page := self.wait_for("preview", f"/issues/articles/{pk}/preview/", r"/pages/[\w-]+\.png"):
            self.ask(re.search(r"[^\"]*/pages/[\w-]+\.png[^\"]*", page)[0].replace("&amp;", "&"), raw=True)
        self.ask(answer["edit_url"], fields | {"body": text, "base": base, "act": "submit"})
        self.log.done["handed in"] += 1
        self.ask("/articles/")


class Editor(Person):
    def turn(self):
        self.ask("/")
        for pk in dict.fromkeys(re.findall(r'href="/articles/(\d+)/', self.ask("/articles/queue/"))):
            page = self.ask(f"/articles/{pk}/")
            if act := re.search(rf"/articles/{pk}/accept/", page):
                version = re.search(r'name="version" value="(\d+)"', page)[1]
                self.ask(act[0], {"version": version})
                self.log.done["passed"] += 1
        drafts = self.showing("settings/")
        if not drafts and not self.showing("transition/recall/"):
            self.ask("/issues/new/")
            self.ask("/issues/new/", {"kind": "regular", "dated_on": time.strftime("%Y-%m-%d")})
            drafts = self.showing("settings/")
        for issue in drafts[:1]:
            self.assemble(issue)

    def showing(self, act: str) -> list[str]:
        """The issues whose desk offers this act."""
        listed = dict.fromkeys(re.findall(r'href="/issues/(\d+)/"', self.ask("/issues/")))
        return [pk for pk in listed if f"/issues/{pk}/{act}" in self.ask(f"/issues/{pk}/")]

    def assemble(self, issue: str) -> None:
        desk = self.ask(f"/issues/{issue}/")
        for article in list(dict.fromkeys(re.findall(r"/articles/(\d+)/place/", desk)))[:2]:
            self.ask(f"/issues/{issue}/articles/{article}/place/", {})
        placed = list(dict.fromkeys(re.findall(r"/articles/(\d+)/take-out/", self.ask(f"/issues/{issue}/"))))
        if placed:
            self.ask(f"/issues/{issue}/articles/{placed[-1]}/move/", {"to": "first"})
        if len(placed) > 2:
            self.ask(f"/issues/{issue}/articles/{placed[0]}/take-out/", {})
            self.ask(f"/issues/{issue}/articles/{placed[0]}/place/", {})
        if placed:
            self.wait_for("proof", f"/issues/{issue}/", rf"/issues/{issue}/(looks|pages)/[\w/-]+\.png")
        if len(placed) > 2:
            self.ask(f"/issues/{issue}/transition/send/", {})
            self.log.done["sent for sign-off"] += 1


class Signer(Person):
    def turn(self):
        for issue in re.findall(r'href="/issues/sign-offs/(\d+)/"', self.ask("/issues/sign-offs/"))[:1]:
            sheet = self.ask(f"/issues/sign-offs/{issue}/")
            if f"/sign-offs/{issue}/refuse/" not in sheet:
                continue
            sheet = self.wait_for("proof", f"/issues/sign-offs/{issue}/", 'name="digest" value="')
            if not sheet:
                continue
            if random.random() < 0.2:
                self.ask(f"/issues/sign-offs/{issue}/refuse/", {"note": "请再核对第一篇的日期。"})
                self.log.done["returned"] += 1
                continue
            digest = re.search(r'name="digest" value="(\w+)"', sheet)[1]
            time.sleep(31)  # a code is good once
            answer = self.ask(f"/issues/sign-offs/{issue}/sign/", {"digest": digest, "code": self.phone_code()})
            self.log.done["signed"] += "/withdraw/" in answer


class Chief(Person):
    def turn(self):
        for issue in dict.fromkeys(re.findall(r'href="/issues/(\d+)/"', self.ask("/issues/"))):
            if f"/issues/{issue}/publish/" in self.ask(f"/issues/{issue}/"):
                self.ask(f"/issues/{issue}/publish/", {})
                self.ask(f"/distribution/prepare/{issue}/")
                mailing = self.ask(f"/distribution/start/{issue}/", {})
                self.log.done["issued and mailed"] += "/distribution/" in mailing
        self.ask("/distribution/")


class Reader(Person):
    def turn(self):
        self.ask("/issues/archive/")
        self.ask("/issues/archive/?" + urlencode({"q": random.choice(["书屋", "快递", "青浦", "安全"])}))
        mails = list((self.here.folder / "var" / "mail").glob("*.eml"))
        if not mails:
            return
        mail = message_from_bytes(random.choice(mails).read_bytes(), policy=policy.default)
        links = re.findall(r"http://\S+/r/[\w-]+/", mail.get_body(("plain",)).get_content())
        for link in links[:1]:
            self.ask(link)
            assert self.ask(f"{link}pdf/", raw=True).startswith(b"%PDF"), "the mailed link gives no PDF"
            if "/confirm/" in self.ask(link):
                self.ask(f"{link}confirm/", {"name": "周予安"})
                self.log.done["confirmed"] += 1


def spawned(log: Path) -> list[tuple[str, int]]:
    return [
        (name, int(pid))
        for name, pid in re.findall(r"spawned: '(\w+)' with pid (\d+)", log.read_text(errors="replace"))
    ]


def kill_in_turn(serve_log: Path, log: Log, until: float) -> None:
    names, turn = ["worker", "web", "redis", "beat", "previews"], 0
    while time.monotonic() + KILLED_EVERY < until:
        time.sleep(KILLED_EVERY)
        name, turn = names[turn % len(names)], turn + 1
        pid = dict(spawned(serve_log))[name]
        if name == "web":
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        log.killed_at.append(time.monotonic())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            log.done[f"killed {name}"] += 1


def report(log: Log, serve_log: Path, minutes: float) -> int:
    starts = Counter(name for name, _pid in spawned(serve_log))
    unexplained = [at for at in log.lost_at if not any(-30 < killed - at < 30 for killed in log.killed_at)]
    ordered = sorted(log.seconds)
    print(f"\n{minutes:g} minutes, {len(log.seconds)} answers ({len(log.seconds) / minutes / 60:.1f} a second)")
    print("answers by status:", dict(sorted(log.answers.items())))
    print(
        f"seconds: p50 {statistics.median(ordered):.3f}, p95 {ordered[int(len(ordered) * 0.95)]:.3f}, most {ordered[-1]:.2f}"
    )
    print(f"lost: {len(log.lost_at)}, of which not near a kill: {len(unexplained)}")
    for what, waits in log.waits.items():
        if waits:
            print(f"{what}: {len(waits)} times, p50 {statistics.median(waits):.2f} s, most {max(waits):.2f} s")
    print("done:", dict(log.done))
    print("started:", dict(starts))
    print("not found:", dict(log.missing))
    print(f"faults: {len(log.faults)}")
    restarts = sum(starts.values()) - len(starts)
    kills = sum(count for name, count in log.done.items() if name.startswith("killed") and name != "killed web")
    if restarts != kills:
        print(f"{restarts} processes were started anew, {kills} were killed")
    return int(bool(log.faults or unexplained or restarts != kills))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, site(Path(folder), has_broker=False) as here:
        serve_log, log = Path(folder) / "serve.log", Log()
        with serve_log.open("ab") as output:
            manager = subprocess.Popen(
                [sys.executable, "ops/serve.py"], cwd=ROOT, env=here.environment, stdout=output, stderr=output
            )
        try:
            here.manage("demo")
            # One editor reviews here what the others hand in.
            here.shell("from issues.models import Bulletin; Bulletin.objects.update(review_steps=1)")
            until = time.monotonic() + options.minutes * 60
            people = [
                Writer(here, log, "zhao"), Editor(here, log, "lu"), Signer(here, log, "fang"), Chief(here, log, "gu"),
                Reader(here, log, "shen"),
            ]  # fmt: skip
            threads = [threading.Thread(target=person.work, args=[until]) for person in people]
            if options.kill:
                threads.append(threading.Thread(target=kill_in_turn, args=[serve_log, log, until]))
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if manager.poll() is not None:
                log.fault("the manager itself has ended")
            return report(log, serve_log, options.minutes)
        finally:
            manager.terminate()
            manager.wait(120)


if __name__ == "__main__":
    sys.exit(main())
