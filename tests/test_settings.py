"""A bad setting stops the start with one sentence; a good one switches the service."""

import ast
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
KEY = "rY3u8-QmZ1xT5bNw7Kc0HsVf2LgPe9DjAo4iBhUq6WnXtCv_ySzGkRdJ"
PROGRAM = """
import json, django
from django.conf import settings
django.setup()
print(json.dumps({name: str(getattr(settings, name)) for name in
    ("DATABASES", "CELERY_BROKER_URL", "EMAIL_BACKEND", "SECURE_SSL_REDIRECT", "ALLOWED_HOSTS", "SECRET_KEY", "ROBOTS", "ARCHIVE",
     "MAIL_LIMITS", "BOUNCES")}))
"""
# Has loaded what is not ours, and runs the program in a child of its own for each line: (environment, where its output goes).
STARTER = f"""
import json, os, sys
import celery.app, django.core.mail, django.core.management, django.db.migrations, redis
for line in sys.stdin:
    environment, *outputs = json.loads(line)
    child = os.fork()
    if not child:
        for number, path in enumerate(outputs, 1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.clear()
        os.environ.update(environment)
        exec({PROGRAM!r}, {{"__name__": "__main__"}})
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
INHERITED = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}}
PROCESS = {"cwd": ROOT, "env": INHERITED, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}


@pytest.fixture(scope="module")
def starter():
    with subprocess.Popen([sys.executable, "-c", STARTER], **PROCESS) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def start(starter, tmp_path, tmp_path_factory):
    """start(PORT="80"): the settings are read by a process that has not read any, with these variables."""
    outputs = [tmp_path_factory.mktemp("started") / name for name in ("stdout", "stderr")]

    def run(**environment):
        given = {
            **INHERITED,
            "DJANGO_SETTINGS_MODULE": "bulletin_cms.settings",
            "VAR_DIR": str(tmp_path),
            **environment,
        }
        starter.stdin.write(json.dumps([given, *map(str, outputs)]) + "\n")
        starter.stdin.flush()
        code = int(starter.stdout.readline())
        return subprocess.CompletedProcess(PROGRAM, code, *(path.read_text() for path in outputs))

    return run


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_URL": "mysql://root@localhost/x"},
        {"DATABASE_URL": "postgresql://localhost:port/x"},
        {"DATABASE_URL": "postgresql://localhost"},
        {"REDIS_URL": "localhost:6379"},
        {"EMAIL_URL": "mail.example.cn"},
        {"SITE_URL": "bulletin.example.cn"},
        {"PORT": "http"},
        {"PORT": "99999"},
        {"DEBUG": "maybe"},
        {"SECRET_KEY": "short"},
        {"SITE_URL": "https://bulletin.example.cn"},  # a public site without a secret key
        {"SITE_URL": "https://bulletin.example.cn", "SECRET_KEY": KEY, "DEBUG": "1"},
        {"VAR_DIR": "/proc/nowhere"},
        {"SECRET_KEY": "k" * 60},
        {"ALLOWED_HOSTS": "bulletin.example.cn,*"},
        {"SITE_URL": "http://user:password@bulletin.example.cn"},
        {"SITE_URL": "http://bulletin.example.cn?a=b"},
        {"DEFAULT_FROM_EMAIL": "office@example.cn\nBcc: all@example.cn"},
        {"DEFAULT_FROM_EMAIL": "简报编辑部"},
        {"TRUSTED_PROXIES": "proxy.example.cn"},
        {"ARCHIVE_RETENTION": "三十年"},
        {"BOUNCES_FROM": "mail.example.cn"},
        {"BOUNCES_FROM": "pop3://u:p@mail.example.cn"},
        {"BOUNCES_FROM": "imaps://mail.example.cn"},
        {"BOUNCES_FROM": "/var/mail/returned", "BOUNCES_MOVE_TO": "done"},
        {"BOUNCES_FROM": "imaps://u:p@mail.example.cn", "BOUNCES_MOVE_TO": "已读"},
        {"BOUNCE_ADDRESS": "bounces+x@example.cn"},
        {"MAIL_LOG": "mail.log"},
        {"OFD_SEAL_KEY": "/nowhere/key.pem"},
        {"WEBHOOK_NETWORKS": "oa.example.cn"},
        {"MAIL_LIMITS": "qq.com"},
        {"MAIL_LIMITS": "qq.com=0/1"},
        {"MAIL_LIMITS": "qq.com=60/2,QQ.com=30/1"},
        {"WECOM_ROBOT_TOKEN": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"},
        {"FEISHU_ROBOT_TOKEN": "abc", "FEISHU_ROBOT_HOST": "open.feishu.cn"},
    ],
    ids=str,
)
def test_a_bad_value_stops_the_start_with_one_sentence(start, environment):
    result = start(**environment)

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("不能启动：环境变量 ")
    assert result.stderr.count("\n") == 1, result.stderr


def test_a_folder_too_deep_for_a_socket_is_refused_unless_redis_is_elsewhere(start, tmp_path):
    deep = str(tmp_path / ("简报" * 20))
    assert start(VAR_DIR=deep).stderr.startswith("不能启动：环境变量 VAR_DIR 的路径太长")
    assert start(VAR_DIR=deep, REDIS_URL="redis://127.0.0.1:6379/0").returncode == 0


def test_the_embedded_default_needs_nothing(start, tmp_path):
    settings = json.loads(start().stdout)

    assert "sqlite3" in settings["DATABASES"]
    assert settings["CELERY_BROKER_URL"] == f"redis+socket://{tmp_path}/redis/redis.sock"
    assert settings["EMAIL_BACKEND"] == "distribution.channels.email.files.EmlFileBackend"


def test_three_addresses_switch_the_services(start):
    result = start(
        DATABASE_URL="postgresql://u:p%40w@127.0.0.1:5433/bulletin",
        REDIS_URL="redis://127.0.0.1:6380/0",
        EMAIL_URL="smtp+tls://u:p@mail.example.cn",
    )

    settings = json.loads(result.stdout)
    assert "'PASSWORD': 'p@w'" in settings["DATABASES"]
    assert settings["CELERY_BROKER_URL"] == "redis://127.0.0.1:6380/0"
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"


def test_a_robot_is_set_up_by_its_token_and_its_platform_may_be_elsewhere(start):
    assert json.loads(start().stdout)["ROBOTS"] == "{}"
    result = start(
        WECOM_ROBOT_TOKEN="abc-1",
        WECOM_ROBOT_HOST="https://wecom.example.cn",
        DINGTALK_ROBOT_TOKEN="def",
        DINGTALK_ROBOT_SECRET="SEC1",
    )

    assert ast.literal_eval(json.loads(result.stdout)["ROBOTS"]) == {
        "wecom": {"host": "https://wecom.example.cn", "token": "abc-1", "secret": ""},
        "dingtalk": {"host": "https://oapi.dingtalk.com", "token": "def", "secret": "SEC1"},
    }


def test_a_mailbox_for_returned_mail_is_a_folder_or_one_by_imap(start):
    by_imap = start(BOUNCES_FROM="imaps://o%40x:p%2Fw@mail.example.cn/Re%20turned", BOUNCES_MOVE_TO="Done")
    assert ast.literal_eval(json.loads(by_imap.stdout)["BOUNCES"]) == {
        "scheme": "imaps",
        "host": "mail.example.cn",
        "port": 993,
        "user": "o@x",
        "password": "p/w",
        "mailbox": "Re turned",
        "move_to": "Done",
    }


def test_limits_of_domains_are_read(start):
    found = json.loads(start(MAIL_LIMITS="QQ.com=60/2, 163.com=30/1").stdout)["MAIL_LIMITS"]

    assert re.findall(r"'([^']+)': MailLimit\(per_minute=(\d+), connections=(\d+)\)", found) == [
        ("qq.com", "60", "2"),
        ("163.com", "30", "1"),
    ]


def test_what_the_archive_gives_is_empty_unless_set(start):
    result = start(ARCHIVE_RETENTION="30年", ARCHIVE_NAME="某区档案馆", ARCHIVE_FONDS_NUMBER="0123")

    found = ast.literal_eval(json.loads(result.stdout)["ARCHIVE"])
    assert (found["retention"], found["archive_name"], found["fonds_number"]) == ("30年", "某区档案馆", "0123")
    assert (found["archive_code"], found["fonds_name"], found["fonds_creator"]) == ("", "", "")


def test_what_a_lost_message_spoke_of_is_looked_for_every_five_seconds():
    sweeps = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    told = {"accounts.tasks.send_mails", "accounts.tasks.post_to_robots", "distribution.tasks.pump"}
    told |= {"distribution.tasks.make_waiting_packages"}
    told |= {f"issues.tasks.render_waiting_{what}" for what in ("proofs", "previews", "redlines")}
    assert {task for task, seconds in sweeps.items() if seconds <= 5} >= told


def test_the_first_start_makes_a_key_that_only_its_owner_reads(start, tmp_path):
    first, second = json.loads(start().stdout), json.loads(start().stdout)

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert len(first["SECRET_KEY"]) >= 50


def test_a_public_site_is_secured(start):
    settings = json.loads(start(SITE_URL="https://bulletin.example.cn", SECRET_KEY=KEY).stdout)

    assert settings["SECURE_SSL_REDIRECT"] == "True"
    assert settings["ALLOWED_HOSTS"] == "['bulletin.example.cn']"
