"""What the robots of groups are asked to say, and how each platform wants to be asked."""

import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import robots
from accounts.models import RobotPost
from distribution import mailing, queue
from tests import factories

SECONDS = 1775606400.5
SAID = "2026年第10期 已送签"


class Platform:
    """Takes posts on a loopback port and answers what it is told to."""

    def __init__(self):
        self.asked, self.answer, self.status, self.delay = [], {"errcode": 0}, 200, 0
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                platform.asked.append((self.path, json.loads(body), self.headers["Content-Type"]))
                time.sleep(platform.delay)
                self.send_response(platform.status)
                self.end_headers()
                self.wfile.write(json.dumps(platform.answer).encode())

            def log_message(self, *_args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def platform(settings):
    platform = Platform()
    threading.Thread(target=platform.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    settings.ROBOTS = {
        name: {"host": platform.host, "token": f"token-of-{name}", "secret": "SECtest123"} for name in robots.REQUESTS
    }
    yield platform
    platform.server.shutdown()
    platform.server.server_close()


# Worked out with openssl, not with the code that is tested.
@pytest.mark.parametrize(
    ("name", "secret", "path", "body"),
    [
        (
            "wecom",
            "",
            "/cgi-bin/webhook/send?key=abc-1",
            {"msgtype": "text", "text": {"content": SAID}},
        ),
        (
            "dingtalk",
            "SECtest123",
            "/robot/send?access_token=abc-1&timestamp=1775606400500&sign=L%2FN85rkDo9UaznWreLHmuUZDlsB1Z0KwWNLqkmCq2Kc%3D",
            {"msgtype": "text", "text": {"content": SAID}},
        ),
        (
            "dingtalk",
            "",
            "/robot/send?access_token=abc-1",
            {"msgtype": "text", "text": {"content": SAID}},
        ),
        (
            "feishu",
            "SECtest123",
            "/open-apis/bot/v2/hook/abc-1",
            {
                "timestamp": "1775606400",
                "sign": "w2dhfyaDzBim71viw/uFtBLkNXGt3ngc3YvUX6+n554=",
                "msg_type": "text",
                "content": {"text": SAID},
            },
        ),
        (
            "feishu",
            "",
            "/open-apis/bot/v2/hook/abc-1",
            {"msg_type": "text", "content": {"text": SAID}},
        ),
    ],
)
def test_each_platform_gets_its_exact_request(name, secret, path, body):
    assert robots.REQUESTS[name]({"token": "abc-1", "secret": secret}, SAID, SECONDS) == (path, body)


def test_a_post_goes_to_every_robot_that_is_set_up_and_once(db, platform):
    robots.announce(SAID)
    robots.post_due()
    robots.post_due()

    paths = [path.partition("?")[0] for path, _body, _kind in platform.asked]
    assert paths == ["/cgi-bin/webhook/send", "/robot/send", "/open-apis/bot/v2/hook/token-of-feishu"]
    assert {kind for _path, _body, kind in platform.asked} == {"application/json; charset=utf-8"}
    assert not RobotPost.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize("answer", [{"errcode": 0, "errmsg": "ok"}, {"code": 0, "msg": "success"}, {"StatusCode": 0}])
def test_it_knows_what_each_platform_calls_success(db, platform, answer):
    platform.answer = answer
    RobotPost.objects.create(robot="wecom", text=SAID)
    robots.post_due()

    assert RobotPost.objects.get().sent_at


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, {"errcode": 45009, "errmsg": "api freq out of limit"}),
        (200, {"code": 19021, "msg": "sign match fail"}),
        (200, ["0"]),
        (302, {"errcode": 0}),
        (500, {"errcode": 0}),
    ],
)
def test_what_is_refused_stays_as_a_row_with_the_reason_and_is_tried_again(db, platform, status, answer):
    platform.status, platform.answer = status, answer
    RobotPost.objects.create(robot="dingtalk", text=SAID)
    robots.post_due()
    post = RobotPost.objects.get()
    assert (post.sent_at, post.attempts) == (None, 1)
    assert post.error.startswith(str(status))
    assert post.next_try_at > timezone.now() + timedelta(seconds=30)

    platform.status, platform.answer = 200, {"errcode": 0}
    RobotPost.objects.update(next_try_at=timezone.now())
    robots.post_due()
    post.refresh_from_db()
    assert (bool(post.sent_at), post.error) == (True, "")


def test_a_platform_that_says_nothing_is_left_after_a_time_out(db, platform, monkeypatch):
    monkeypatch.setattr(robots, "SECONDS", 0.2)
    platform.delay = 1
    RobotPost.objects.create(robot="feishu", text=SAID)
    robots.post_due()

    assert "timed out" in RobotPost.objects.get().error


def test_a_platform_that_is_away_and_a_robot_that_was_removed_are_failures_in_their_rows(db, platform, settings):
    settings.ROBOTS = {"wecom": {"host": "http://127.0.0.1:1", "token": "abc", "secret": ""}}
    RobotPost.objects.create(robot="wecom", text=SAID)
    RobotPost.objects.create(robot="feishu", text=SAID)
    robots.post_due()

    assert all(RobotPost.objects.values_list("error", flat=True))
    assert platform.asked == []


def test_no_error_in_a_row_or_log_holds_the_key(db, platform, settings, caplog):
    settings.ROBOTS["wecom"]["host"] = "http://127.0.0.1:1"
    robots.announce(SAID)
    platform.status = 500
    robots.post_due()

    told = caplog.text + "".join(RobotPost.objects.values_list("error", flat=True))
    assert "token-of" not in told
    assert "SECtest123" not in told


def test_the_way_of_an_issue_is_told_without_names_and_text(cast, bulletin, platform):
    article = factories.accepted(cast.lin, cast.lu, title="急救技能培训")
    factories.make_reader()
    issue = factories.issued_issue(bulletin, cast, [article])
    sent = mailing.start(issue, by=cast.tang)
    queue.stop(sent, "550 office@example.cn")

    texts = list(RobotPost.objects.filter(robot="wecom").order_by("pk").values_list("text", flat=True))
    assert texts == [
        "2026年第10期已送签",
        "2026年第10期已签发",
        "2026年第10期已印发",
        "2026年第10期分发已停，要人处理",
    ]


def test_without_a_robot_nothing_is_written(cast, bulletin, settings):
    assert settings.ROBOTS == {}
    factories.pending_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])

    assert not RobotPost.objects.exists()


def test_the_administrator_looks_at_the_posts(as_user, cast):
    RobotPost.objects.create(robot="wecom", text=SAID)

    assert SAID in as_user(cast.admin).get(reverse("admin:accounts_robotpost_changelist")).text
