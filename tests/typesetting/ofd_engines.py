"""Programs of other people that read OFD files: ofd-cli (drawing, checking) and ofdkit (text)."""

import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import ofdkit
from PIL import Image, ImageChops, ImageFilter

from tests.typesetting import engines
from tests.typesetting.printed import squeezed
from tests.typesetting.read_back import sheets
from typesetting.ofd import door

PROGRAM = Path(sys.executable).with_name("ofd-cli")
DPI = 100
DARK, PALE = 128, 230  # what is ink for certain, what may be
MOST_STRAY = 15  # pixels of a page


def written(pdf, **changes):
    given = {"title": "工作简报", "author": "党建办", "created": date(2026, 3, 27)}
    return door.write(pdf, **(given | changes))


def passes(ofd):
    """Whether ofd-cli finds nothing; what it says otherwise."""
    done = _run("check", ofd)
    return done.returncode == 0 and "[通过]" in done.stdout, done.stdout + done.stderr


def pages(ofd):
    """Each page in grey on white, as ofd-cli draws it."""
    with tempfile.TemporaryDirectory() as folder:
        done = _run("render", ofd, "--dpi", str(DPI), "--format", "bmp", "--prefix", "p", after=[folder])
        assert done.returncode == 0, done.stdout + done.stderr
        drawn = [_on_white(Image.open(path)) for path in sorted(Path(folder).iterdir(), key=_number)]
    assert drawn, done.stdout
    return drawn


def page_texts(ofd):
    """The text of each page as ofdkit reads it, without white space."""
    with tempfile.NamedTemporaryFile(suffix=".ofd") as file:
        file.write(ofd)
        file.flush()
        document = ofdkit.open(file.name)
        try:
            return [squeezed("".join(run.text for run in page.runs)) for page in document.pages]
        finally:
            document.close()


def pdf_texts(pdf):
    """The characters of each page as pdfium reads them."""
    return ["".join(character.text for character in sheet.characters) for sheet in sheets(pdf)]


def differing_ink(pdf, ofd):
    """Pixels of each page that are ink in one file and not within a pixel of it in the other."""
    ours, theirs = pages(ofd), engines.pages(pdf, "pdfium", DPI)
    assert len(ours) == len(theirs)
    return [_alone(one, other) + _alone(other, one) for one, other in zip(ours, theirs, strict=True)]


def is_like(pdf, ofd):
    found = differing_ink(pdf, ofd)
    assert max(found) <= MOST_STRAY, found


def _alone(one, other):
    width, height = min(one.width, other.width), min(one.height, other.height)
    assert abs(one.width - other.width) <= 1
    assert abs(one.height - other.height) <= 1
    ink = one.crop((0, 0, width, height)).point(lambda shade: 255 if shade < DARK else 0)
    near = other.crop((0, 0, width, height)).point(lambda shade: 255 if shade < PALE else 0)
    return ImageChops.subtract(ink, near.filter(ImageFilter.MaxFilter(3))).histogram()[255]


def _run(command, ofd, *options, after=()):
    with tempfile.NamedTemporaryFile(suffix=".ofd") as file:
        file.write(ofd)
        file.flush()
        parts = [str(PROGRAM), command, *options, file.name, *after]
        return subprocess.run(parts, capture_output=True, text=True, timeout=120, check=False)


def _on_white(picture):
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture.convert("RGBA"))
    return white.convert("L")


def _number(path):
    return int(re.search(r"page(\d+)\.", path.name)[1])


def key(folder, kind="SM2"):
    """A private key and its public one, each in a file."""
    private, public = folder / f"{kind}.pem", folder / f"{kind}.pub"
    made = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{kind}", "-out", private]
    subprocess.run(made, check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return private, public
