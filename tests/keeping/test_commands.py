"""The commands, as the page for administrators (docs/backup.md) gives them, one after the other."""

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "backup.md"
# What the first of the commands in each of these words says.
ANSWERS = {
    "backup": "完好",
    "restore --check": "完好",
    "restore": "现在的数据库或文件目录里有内容",
    "restore --replace": "恢复前的内容另存为备份",
    "verify": "都对",
}


def said(line, folder):
    """What one line of the page answers, its file put into this folder."""
    words = shlex.split(line.replace("/srv/backups", str(folder)))
    assert words[:2] == [".venv/bin/python", "manage.py"]
    out = StringIO()
    try:
        call_command(*words[2:], stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


@pytest.mark.sqlite
def test_every_command_of_the_page_does_what_the_page_says(office, tmp_path):
    lines = [line for block in re.findall(r"```sh\n(.+?)```", PAGE.read_text(), re.S) for line in block.splitlines()]
    named = [" ".join(word for word in line.split()[2:] if not word.startswith("/")) for line in lines]

    assert named == list(ANSWERS)
    for name, line in zip(named, lines, strict=True):
        assert ANSWERS[name] in said(line, tmp_path), line


@pytest.mark.sqlite
@pytest.mark.parametrize("command", [["backup"], ["restore", "--check"], ["restore", "--replace"]])
def test_a_refusal_is_one_sentence(office, tmp_path, command):
    (tmp_path / "other.zip").write_text("不是备份")

    with pytest.raises(CommandError, match=r"other\.zip.+。"):
        call_command(*command, str(tmp_path / "other.zip"))
