"""Reads a Word file of ten pages with five photos, beside mammoth alone: seconds of computing, and their ratio.

.venv/bin/python benchmarks/word.py [--rounds 15] [--photo 1600x1200]
"""

import argparse
import os
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")

import django  # noqa: E402

django.setup()

import mammoth  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from docx import Document  # noqa: E402
from PIL import Image  # noqa: E402

from articles import photos, word  # noqa: E402

SENTENCE = (
    "为进一步提高快递企业的火灾防控和应急处置能力，青浦邮政管理局联合区消防救援支队开展演练，辖区企业负责人到场观摩。"
)
PARAGRAPHS, SENTENCES = 48, 4  # about ten pages of 22 lines


def picture(size: tuple[int, int], seed: int) -> BytesIO:
    """Noise over a slope: as hard to pack as a photo."""
    noise = Image.effect_noise(size, 40 + seed).convert("RGB")
    out = BytesIO()
    Image.blend(noise, Image.linear_gradient("L").resize(size).convert("RGB"), 0.7).save(out, "JPEG", quality=85)
    out.seek(0)
    return out


def ten_pages(size: tuple[int, int]) -> bytes:
    document = Document()
    document.add_paragraph("青浦邮政管理局开展消防演练", style="Title")
    for at in range(PARAGRAPHS):
        document.add_paragraph("　　" + SENTENCE * SENTENCES, style="List Number" if at % 6 == 5 else None)
        if at % 10 == 9 or at == PARAGRAPHS - 1:
            document.add_picture(picture(size, at))
            document.add_paragraph(f"▲演练现场{at}")
    table = document.add_table(6, 5)
    for cell in (cell for row in table.rows for cell in row.cells):
        cell.text = "青浦局"
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def seconds(work) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--photo", default="1600x1200")
    options = parser.parse_args()
    size = tuple(int(side) for side in options.photo.split("x"))
    data = ten_pages(size)
    article = word.read(data)
    print(
        f"{len(data) // 1024} KB, {len(article.paragraphs)} paragraphs, {len(article.photos)} photos of {options.photo}"
    )
    ours, alone = [], []
    for _ in range(options.rounds):
        alone.append(seconds(lambda: mammoth.convert_to_html(BytesIO(data))))
        ours.append(seconds(lambda: word.read(data)))
    encoding = seconds(lambda: [photos._picture(ContentFile(each.data, name=each.name)) for each in article.photos])
    print(f"reading {statistics.median(ours):.3f} s, mammoth alone {statistics.median(alone):.3f} s")
    print(
        f"ratio {statistics.median(a / b for a, b in zip(ours, alone, strict=True)):.2f} (lowest {min(ours) / min(alone):.2f})"
    )
    print(f"photos decoded and encoded for storing {encoding:.2f} s")


if __name__ == "__main__":
    main()
