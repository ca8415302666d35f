"""What a fresh machine builds the project from: pinned, complete, and tied to no server."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements-dev.txt", "package-lock.json", ".npmrc"]
SCRIPTS = sorted(path for path in (ROOT / "ops").iterdir() if not path.suffix)


def pins(file: str) -> dict[str, str]:
    """Each pinned package with the text that belongs to it."""
    text = (ROOT / file).read_text()
    entries = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.M)[1:]
    return {re.match(r"[\w.-]+", entry)[0]: entry for entry in entries}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_has_one_version_and_its_hashes(file):
    for name, entry in pins(file).items():
        assert re.match(rf"{re.escape(name)}==[\w.]+", entry), entry
        assert "--hash=sha256:" in entry, name


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_the_project_asks_for_is_pinned(name):
    asked = re.findall(r"^([a-z][\w-]*)", (ROOT / f"{name}.in").read_text(), flags=re.M)
    assert set(asked) <= set(pins(f"{name}.txt"))


def test_the_tests_run_on_the_versions_that_the_site_runs_on():
    tested = pins("requirements-dev.txt")
    assert {name: entry for name, entry in tested.items() if name in pins("requirements.txt")} == pins(
        "requirements.txt"
    )


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_file_names_no_server_and_no_folder_of_a_machine(file):
    text = (ROOT / file).read_text()
    without_funding = re.sub(r'"url": "https://[^"]*"', "", text)
    assert not re.search(r"https?://|file:|--index-url|--find-links|/opt/|/home/|/root/|@ ", without_funding)


def test_every_browser_package_has_its_checksum():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert packages
    for path, package in packages.items():
        assert package["integrity"].startswith("sha512-"), path
        assert "resolved" not in package, path


def test_make_help_lists_every_target():
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.M)
    assert re.findall(r"^  make (\w+)", shown.stdout, flags=re.M) == targets


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_what_it_does_and_is_sound_shell(script):
    first, second, *_ = script.read_text().splitlines()
    assert first == "#!/bin/sh"
    assert second.startswith("# ")
    assert script.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", script], check=True)


def test_the_fonts_to_fetch_are_known_by_their_checksums():
    lines = (ROOT / "ops" / "fonts.sha256").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == [
        *(f"Fandol{cut}-Regular.otf" for cut in ("Fang", "Hei", "Kai", "Song")),
        "NotoSerifCJK-ExtraLight.ttc",
    ]


def test_nothing_that_a_machine_makes_is_committed():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    made = re.compile(r"^(\.venv|node_modules|var|staticfiles)/|\.(mo|pyc|otf|ttf|deb|sqlite3)$")
    assert [path for path in listed if made.search(path)] == []


def test_the_demonstration_starts_a_worker_for_every_queue():
    """A task whose queue nobody serves waits for ever; what it waits for then never comes."""
    started = re.search(r"ops/serve\.py ([a-z ]+) >", (ROOT / "ops" / "demo").read_text())[1].split()
    serve = (ROOT / "ops" / "serve.py").read_text()
    workers = re.findall(r'^ +"(\w+)": \(\[\*worker,', serve, flags=re.M)
    assert len(workers) == 2
    assert set(workers) <= set(started)
