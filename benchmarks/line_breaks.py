"""How well the composer breaks lines: `python benchmarks/line_breaks.py [FOLDER]` prints two figures.

1. The share of the printed line breaks of the real issues (FOLDER with their .txt and .json, or BULLETINS_DIR) that a PDF
   in the layout `as-printed` has too, and every paragraph where they differ. The bar is 98 %.
2. How many faulty lines the presets for new issues have: spread by 0.9 em or more, a last line of one Han, a forbidden
   line start or end.
"""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")
django.setup()

from tests.typesetting.printed import bulletins_folder, real_issue  # noqa: E402
from typesetting import reading, rendering  # noqa: E402
from typesetting.fonts import roles  # noqa: E402
from typesetting.lines import classes, markup  # noqa: E402
from typesetting.lines.breaks import SPREAD_LIMIT  # noqa: E402
from typesetting.page import body  # noqa: E402
from typesetting.page.presets import MM, PRESETS  # noqa: E402

PRINTED = ("000", "004")  # the issues whose extract has the printed lines; in the others a line is a paragraph


@dataclass(frozen=True)
class Breaks:
    """Squeezed text, and the places in it where a line begins."""

    text: str
    starts: frozenset[int]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def breaks_of(lines: list[str]) -> Breaks:
    starts, text = set(), ""
    for line in map(squeezed, lines):
        if line:
            starts.add(len(text))
            text += line
    return Breaks(text, frozenset(starts))


def printed_breaks(folder: Path, name: str) -> Breaks:
    return breaks_of(next(folder.glob(f"{name}_*.txt")).read_text(encoding="utf-8").split("\n"))


def made_breaks(content) -> Breaks:
    pdf = rendering.render(content, photo_bytes=bytes, layout="as-printed")
    bottom = PRESETS["as-printed"].bottom_mm * MM
    return breaks_of([line.text for line in reading.lines_of(pdf) if line.baseline > bottom])


def compare(folder: Path, name: str) -> tuple[int, int]:
    """Printed breaks inside the paragraphs, and those of them that the PDF has."""
    content, _texts = real_issue(folder, name)
    printed, made = printed_breaks(folder, name), made_breaks(content)
    total = hits = from_printed = from_made = 0
    for text in paragraphs(content):
        wanted = squeezed(text)
        from_printed, from_made = printed.text.index(wanted, from_printed), made.text.index(wanted, from_made)
        inner = range(1, len(wanted))
        in_print = {place for place in inner if from_printed + place in printed.starts}
        in_pdf = {place for place in inner if from_made + place in made.starts}
        total, hits = total + len(in_print), hits + len(in_print & in_pdf)
        for place in sorted(in_print ^ in_pdf):
            where = "printed" if place in in_print else "in the PDF"
            print(f"  {name}: only {where}: {wanted[max(place - 8, 0) : place]}|{wanted[place : place + 8]}")
        from_printed, from_made = from_printed + len(wanted), from_made + len(wanted)
    return total, hits


def paragraphs(content) -> list[str]:
    """The paragraphs of the articles and of the briefs, in order."""
    texts = [block.text for article in content.articles for block in body.read(article.body)]
    for number, brief in enumerate(content.briefs, 1):
        texts.append(f"{number}." + body.read(brief.body)[0].text)
    return texts


def faults(texts: list[str], layout: str) -> dict[str, int]:
    preset = PRESETS[layout]
    found = dict.fromkeys(
        ("lines", f"spread by {SPREAD_LIMIT} em or more", "last line of one Han", "forbidden start or end"), 0
    )
    lines_key, spread_key, short_key, forbidden_key = found
    for text in texts:
        runs = body.plain(text).runs
        lines = markup.set_lines(runs, roles.BODY, preset.body_size, preset.measure, indent=2, printed=preset.printed)
        found[lines_key] += len(lines)
        for line in lines:
            found[spread_key] += line.adjusted >= SPREAD_LIMIT - 1e-6
            found[forbidden_key] += line.text.strip()[0] in classes.NEVER_FIRST
            found[forbidden_key] += line.text.strip()[-1] in classes.NEVER_LAST
        last = [
            character for character in lines[-1].text if classes.kind(character) not in (classes.MARK, classes.SPACE)
        ]
        found[short_key] += len(lines) > 1 and len(last) < 2
    return found


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else bulletins_folder()
    pairs = [compare(folder, name) for name in PRINTED]
    total, hits = (sum(pair[i] for pair in pairs) for i in (0, 1))
    print(f"printed line breaks reproduced by as-printed: {hits} of {total} = {hits / total:.1%} (bar: 98 %)")
    names = sorted(path.name[:3] for path in folder.glob("*.json"))
    texts = [text for name in names for text in paragraphs(real_issue(folder, name)[0])]
    for layout in PRESETS:
        counted = ", ".join(f"{key} {value}" for key, value in faults(texts, layout).items())
        print(f"{layout}: {counted}")
    sys.exit(hits / total < 0.98)


if __name__ == "__main__":
    main()
