"""The fonts cut at set-up: made once, made anew when their source changes, and first in every stack."""

import os
import shutil

import pytest
from django.core.management import call_command

from typesetting.fonts import cutting, roles


@pytest.fixture
def one_font(settings, tmp_path):
    """A FONT_DIR of its own with one font, copied so that it can be changed."""
    body = roles.whole_face(roles.BODY)
    settings.FONT_DIR = tmp_path / "fonts"
    settings.FONT_DIR.mkdir()
    copy = shutil.copy2(body.file, settings.FONT_DIR)
    yield roles.Face(body.family, str(copy), body.index, body.weight)
    roles.forget()


def test_a_second_cut_keeps_the_first(one_font):
    (first,) = cutting.cut_faces({one_font})
    made = first.stat().st_mtime_ns
    assert cutting.cut_faces({one_font}) == [first]
    assert first.stat().st_mtime_ns == made


def test_another_source_is_cut_anew_and_the_old_cut_goes(one_font):
    (first,) = cutting.cut_faces({one_font})
    os.utime(one_font.file, (1, 1))
    (second,) = cutting.cut_faces({one_font})
    assert second != first
    assert sorted(cutting.folder().iterdir()) == [second]


def test_rare_names_and_the_marks_of_official_texts_are_in_it():
    for character in "镕喆堃赟龑珺玥〔〕—…“”①㛃䶮":
        assert ord(character) in cutting.usual_characters()


def test_the_command_names_the_font_of_each_role_and_what_is_missing(capsys):
    call_command("fonts")
    said = capsys.readouterr().out
    for role in ("仿宋", "小标宋", "楷体", "黑体", "宋体"):
        assert role in said
    if roles.whole_face(roles.BODY).family != roles.STACKS[roles.BODY][0]:
        assert "没有安装：仿宋_GB2312" in said
