"""Robots of 企业微信, 钉钉 and 飞书 in a group: they say that something happened, and nothing of what stands in it.

What a robot says is a notice and never a delivery. It is a row; a worker posts it, again if need be: twice does no harm.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone

from .models import RobotPost

logger = logging.getLogger(__name__)
SECONDS = 10  # less than the next try is away
BATCH = 20  # as many as 企业微信 takes in a minute
LONGEST_ANSWER = 10_000


class NotPosted(Exception):
    """The robot did not take it; the text says why."""


def announce(text: str) -> None:
    """Have every robot that is set up say this, once the transaction is committed."""
    RobotPost.objects.bulk_create(RobotPost(robot=name, text=text) for name in settings.ROBOTS)


def post_due() -> None:
    """Post what waits, each on its own; what failed is tried again after 1, 5, 15, 60 and 240 minutes."""
    now = timezone.now()
    for post in RobotPost.objects.due(now).order_by("pk")[:BATCH]:
        if not post.claim(now):
            continue
        try:
            _post(post)
        except (NotPosted, HTTPException, OSError) as error:
            logger.warning("robot %s, post %s: %s", post.robot, post.pk, error)
            post.mark_refused(str(error) or type(error).__name__)
        else:
            post.mark_sent()


def _post(post: RobotPost) -> None:
    robot = settings.ROBOTS.get(post.robot)
    if robot is None:
        raise NotPosted("it is no longer set up")
    path, body = REQUESTS[post.robot](robot, post.text, timezone.now().timestamp())
    host = urlsplit(robot["host"])
    connect = HTTPSConnection if host.scheme == "https" else HTTPConnection
    connection = connect(host.netloc, timeout=SECONDS)
    try:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        connection.request("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)
        response = connection.getresponse()
        answer = response.read(LONGEST_ANSWER).decode(errors="replace")
    finally:
        connection.close()
    if response.status != 200 or not _is_taken(answer):
        raise NotPosted(f"{response.status} {answer}")


def _is_taken(answer: str) -> bool:
    """All three answer 200 to a post that they refuse, too; their code says how it went."""
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and 0 in (said.get("errcode"), said.get("code"), said.get("StatusCode"))


# --- how each wants to be asked: (its settings, text, seconds) -> path, body ---------------------------------------
def _wecom(robot: Mapping[str, str], text: str, _seconds: float) -> tuple[str, dict[str, Any]]:
    """The key is the only secret."""
    query = urlencode({"key": robot["token"]})
    return f"/cgi-bin/webhook/send?{query}", {"msgtype": "text", "text": {"content": text}}


def _dingtalk(robot: Mapping[str, str], text: str, seconds: float) -> tuple[str, dict[str, Any]]:
    """The secret signs milliseconds, line end, secret; both stand in the address."""
    query = {"access_token": robot["token"]}
    if secret := robot["secret"]:
        stamp = str(round(seconds * 1000))
        query |= {"timestamp": stamp, "sign": _signed(key=secret, message=f"{stamp}\n{secret}")}
    return f"/robot/send?{urlencode(query)}", {"msgtype": "text", "text": {"content": text}}


def _feishu(robot: Mapping[str, str], text: str, seconds: float) -> tuple[str, dict[str, Any]]:
    """Seconds, line end, secret are the key, and nothing is signed by it; both stand in the body."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret := robot["secret"]:
        stamp = str(int(seconds))
        body = {"timestamp": stamp, "sign": _signed(key=f"{stamp}\n{secret}", message=""), **body}
    return f"/open-apis/bot/v2/hook/{robot['token']}", body


def _signed(*, key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


REQUESTS: dict[str, Callable[[Mapping[str, str], str, float], tuple[str, dict[str, Any]]]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
}
