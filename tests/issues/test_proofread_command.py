"""manage.py proofread: past issues, articles in Word and plain text; what can't be read is said in Chinese."""

import json
import os
import sqlite3
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from proofreading import engine
from proofreading.engine import Rule, rules
from proofreading.models import RuleSwitch
from tests.site import ROOT
from tests.typesetting.printed import bulletins_folder

KEYS = {"rule", "level", "article", "paragraph", "start", "end", "quote", "suggestion", "why", "source", "deletes"}
TEXT = "青松邮政管理局召开会议\n3月20日,青松邮政管理局召开会议。\n各部门部门参加会议。\n"


def run(path, *options) -> str:
    out = StringIO()
    call_command("proofread", str(path), "--shipped", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(TEXT)
    return path


def test_it_prints_a_list_of_findings_as_json(text):
    found = json.loads(run(text, "--json"))
    assert [(each["rule"], each["paragraph"], each["start"], each["end"]) for each in found] == [
        ("half-width-mark", 1, 5, 6),
        ("doubled-word", 2, 1, 5),
    ]
    assert all(each.keys() == KEYS and each["article"] == 1 for each in found)


def test_it_prints_sentences_without_json(text):
    out = run(text, "--as-of", "2026-03-27")
    assert "错误　第 1 篇第 2 段　“部门部门” → 部门" in out
    assert f"2026-03-27：错误 2 处，警告 0 处，疑问 0 处；运行了 {len(rules())} 条规则。" in out


def test_a_past_issue_is_read_in_its_articles_and_by_its_own_day():
    path = next(bulletins_folder().glob("003*.txt"))
    assert {each["article"] for each in json.loads(run(path, "--json"))} <= set(range(1, 9))
    assert "2026-03-27：" in run(path)


def test_the_briefs_of_a_past_issue_are_numbered_after_its_articles():
    found = json.loads(run(next(bulletins_folder().glob("004*.txt")), "--json"))
    assert (10, 1, "在内") in {(each["article"], each["paragraph"], each["quote"]) for each in found}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("none.txt", None, "这个文件，请检查文件名"),
        (".", None, "打不开"),
        ("empty.txt", b"  \n", "是空文件"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n0000", "图片"),
        ("broken.docx", b"PK\x03\x04broken", "broken.docx"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_chinese(tmp_path, name, data, words):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CommandError) as error:
        run(tmp_path / name)
    assert words in str(error.value)
    assert error.value.returncode == 1


def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(CommandError, match="2026-02-30"):
        run(text, "--as-of", "2026-02-30")


def test_a_rule_that_fails_ends_the_command_with_a_word(text, monkeypatch):
    def breaks(whole):
        raise LookupError("no table")

    monkeypatch.setattr(engine, "ALL", (Rule("broken", "words", "", "", "error", breaks), *rules()))
    with pytest.raises(CommandError, match=r"没有全部看完.*broken"):
        run(text)


def in_a_process(text, var):
    """On a checkout whose data are in this folder."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, "manage.py", "proofread", str(text)],
        cwd=ROOT,
        env=environment | {"VAR_DIR": str(var)},
        capture_output=True,
        text=True,
    )


def test_without_a_database_it_says_so_and_uses_the_shipped_words(text, tmp_path):
    done = in_a_process(text, tmp_path / "nothing")

    assert done.returncode == 0, done.stderr
    assert "没有数据库" in done.stderr
    assert "错误" in done.stdout
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_a_database_without_tables_is_as_good_as_none(text, tmp_path):
    sqlite3.connect(tmp_path / "bulletin.sqlite3").close()

    done = in_a_process(text, tmp_path)

    assert done.returncode == 0, done.stderr
    assert "没有数据库" in done.stderr


def test_a_database_that_can_not_be_read_is_refused_and_nothing_is_proofread(text, tmp_path):
    (tmp_path / "bulletin.sqlite3").write_bytes(b"this is no database " * 100)

    done = in_a_process(text, tmp_path)

    assert done.returncode == 1
    assert "--shipped" in done.stderr
    assert done.stdout == ""


@pytest.mark.django_db
@pytest.mark.sqlite
def test_the_offices_own_words_and_switches_hold(text, cast):
    RuleSwitch.objects.create(rule="doubled-word", by=cast.lu)
    out = StringIO()

    call_command("proofread", str(text), stdout=out)

    assert "部门部门" not in out.getvalue()
    assert "停用" in out.getvalue()
