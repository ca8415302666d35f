"""Three programs that read PDFs, each by a different reader of fonts: pdfium (Chrome), poppler, MuPDF."""

import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter

DPI = 60


def pages(pdf: bytes, program: str, dpi: int = DPI) -> list[Image.Image]:
    """Each page in grey, as the program draws it."""
    if program == "pdfium":
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "a.pdf", Path(folder) / "page"
        file.write_bytes(pdf)
        command = ["pdftoppm", "-png", "-r", dpi, file, out]
        if program == "mutool":
            command = ["mutool", "draw", "-q", "-N", "-r", dpi, "-o", f"{out}-%02d.png", file]
        said = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, check=True)
        assert not said.stderr.strip(), said.stderr[:500]
        return [Image.open(path).convert("L") for path in sorted(Path(folder).glob("page-*.png"))]


def text(pdf: bytes, program: str) -> str:
    """The text of the file as the program copies it."""
    if program == "pdfium":
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    command = ["pdftotext", "-q", "-", "-"]
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = ["mutool", "draw", "-q", "-F", "text", file.name]
        if program == "pdftotext":
            command = ["pdftotext", "-q", file.name, "-"]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def ink(page: Image.Image) -> Image.Image:
    """Where there is ink, in spots as large as a letter, so that no program's own smoothing counts."""
    return page.filter(ImageFilter.BoxBlur(4)).resize((page.width // 6, page.height // 6), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The greatest difference of darkness between the same spots of two pages, 0 to 255."""
    other = other.resize(one.size)
    pairs = zip(ink(one).tobytes(), ink(other).tobytes(), strict=True)
    return max(abs(first - second) for first, second in pairs)
