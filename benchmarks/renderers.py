"""The programs that `render.py` compares, each set the same issue, each in a process of its own.

    python benchmarks/renderers.py NAME ISSUE FOLDER

answers each line on its input with one rendering and a line of JSON: seconds by the clock and of computing, bytes, memory.
ISSUE is `sample-9`, `sample-40` or the number of a real issue. NAME is one of RENDERERS.
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")
CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-pdf-header-footer",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

if __name__ == "__main__" and sys.argv[1] not in ("typst", "chromium", "chromium-cold", "libreoffice"):
    django.setup()
    from weasyprint import CSS, HTML

    from typesetting import rendering, wording
    from typesetting.page.presets import PRESETS
    from typesetting.press import door, speed


# The issues


def issue_named(name: str):
    """The content of an issue: our own stories, as many as fill the pages, or a real one."""
    from tests.typesetting.printed import bulletins_folder, real_issue  # noqa: PLC0415 - needs Django

    return sample(int(name[7:])) if name.startswith("sample-") else real_issue(bulletins_folder(), name)[0]


@cache
def sample(pages: int):
    from tests.issues import stories  # noqa: PLC0415 - needs Django
    from tests.typesetting import printed  # noqa: PLC0415 - needs Django

    chance, articles, rows = random.Random(9), [], 0
    while rows < (pages - 0.6) * 22:
        story = stories.article(chance, f"{chance.choice(stories.BUREAUS)}邮政管理局", "本局")
        rows += 3 + sum(len(text) // 26 + 1 for text in story["paragraphs"])
        title = "\n".join(line for line in story["title_lines"] if not line.startswith("——"))
        articles.append(printed.article(len(articles) + 1, title=title, paragraphs=story["paragraphs"]))
    return printed.issue(*articles)


def changed(content, turn: int):
    """As after a line more was typed in the first article."""
    first = content.articles[0]
    return replace(
        content, articles=(replace(first, body=f"{first.body}<p>又添一句{turn}。</p>"), *content.articles[1:])
    )


def uncomposed(content) -> tuple[str, str]:
    """The same HTML and CSS without the line composer's work: no line feeds, no spacing, lines broken by the program."""
    html = rendering.page_html(content, PRESETS["current"])
    html = re.sub(r'<span style="letter-spacing:[^"]*">(.*?)</span>', r"\1", html)
    html = re.sub(r"(<(p|h2)\b[^>]*>)(.*?)(</\2>)", lambda m: m[1] + m[3].replace("\n", "") + m[4], html, flags=re.S)
    css = rendering.stylesheet(PRESETS["current"]).replace("white-space: pre", "white-space: normal")
    return html, css + "p { text-align: justify }"


# The programs: each takes (content, turn) and gives the PDF


def ours(content, turn):
    return rendering.render(content, photo_bytes=bytes)


def ours_changed(content, turn):
    """A text changes before each rendering, as it does for the preview."""
    return rendering.render(changed(content, turn), photo_bytes=bytes)


def plain(content, turn):
    """WeasyPrint by itself, without the composer and without what we remember for it; the fonts and the kind of PDF are ours."""
    configuration = door.font_configuration()
    speed.remove()
    html, css = uncomposed(content)
    style = plain_style(css)
    return HTML(string=html).write_pdf(
        stylesheets=[style], font_config=configuration, pdf_variant=door.ARCHIVE, pdf_tags=True
    )


@cache
def plain_style(css: str):
    return CSS(string=css, font_config=door.font_configuration())


def prepare(name: str, folder: Path) -> None:
    """Write what the other programs read: an HTML file and a Typst file with the same text and fonts."""
    from typesetting.fonts import roles  # noqa: PLC0415 - needs Django

    content = issue_named(name)
    html, css = uncomposed(content)
    (folder / "issue.html").write_text(html.replace("</head>", f"<style>{css}</style></head>"))
    (folder / "issue.typ").write_text(typst_source(content))
    (folder / "fonts.conf").write_text(str(roles.fontconfig_file()))


def typst_source(content) -> str:
    from typesetting.fonts import roles  # noqa: PLC0415 - needs Django
    from typesetting.page import body  # noqa: PLC0415 - needs Django

    def family(role):
        found = [face.family for face in roles.faces(role) if not face.family.endswith(roles.CUT)]
        return "(" + "".join(f"{json.dumps(name, ensure_ascii=False)}, " for name in found) + ")"

    def text(value):
        return "#" + json.dumps(value, ensure_ascii=False)

    rows = [
        '#set page(paper: "a4", margin: (x: 31.6mm, top: 37mm, bottom: 35mm), numbering: "— 1 —")',
        f'#set text(font: {family(roles.BODY)}, size: 16pt, lang: "zh", region: "cn")',
        "#set par(justify: true, leading: 12.95pt, spacing: 12.95pt, first-line-indent: (amount: 2em, all: true))",
        f"#show heading: it => align(center, text(font: {family(roles.TITLE)}, size: 22pt, weight: 700, it.body))",
        f"#set document(title: {json.dumps(wording.full_title(content), ensure_ascii=False)})",
    ]
    for line in (*content.name_lines, wording.number_line(content), content.publisher):
        rows.append(f"#align(center, text(fill: rgb(215, 0, 15), font: {family(roles.TITLE)})[{text(line)}])")
    for article in (*content.articles, *content.briefs):
        if article.title:
            rows.append(f"= {text(wording.flat(article.title))}")
        rows += [text(block.text) + "\n" for block in body.read(article.body)]
        rows += ["又添一句#sys.inputs.turn。\n"] if article is content.articles[0] else []
    rows += [text(line) + "\n" for line in (*content.report_to, *content.send_to)]
    return "\n".join(rows)


# What runs without our own code


class Typst:
    """Its compiler, kept between renderings; it remembers whole pages, so that the text changes each time."""

    def __init__(self, folder: Path):
        import typst  # noqa: PLC0415 - is not asked for when the others are measured

        roles = Path(os.environ.get("FONT_DIR") or Path(os.environ.get("VAR_DIR") or ROOT / "var") / "fonts")
        self.compiler = typst.Compiler(str(folder / "issue.typ"), font_paths=[str(roles)])

    def __call__(self, turn: int):
        return self.compiler.compile(format="pdf", pdf_standards=["a-3u"], sys_inputs={"turn": str(turn)})


class Chromium:
    """A running browser prints a page anew each time."""

    def __init__(self, folder: Path):
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - is not asked for when the others are measured

        self.address = (folder / "issue.html").as_uri()
        browser = (
            sync_playwright()
            .start()
            .chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=CHROMIUM_FLAGS[1:])
        )
        self.page = browser.new_page()

    def __call__(self, turn: int):
        self.page.goto(self.address)
        return self.page.pdf(prefer_css_page_size=True)


class Command:
    """A program that is started for each rendering."""

    def __init__(self, folder: Path, *command: str):
        self.folder, self.command = folder, command

    def __call__(self, turn: int):
        subprocess.run(self.command, cwd=self.folder, check=True, capture_output=True, timeout=300)
        return (self.folder / "issue.pdf").read_bytes()


def command(name: str, folder: Path) -> Command:
    profile = tempfile.mkdtemp(prefix="profile", dir=folder)
    if name == "libreoffice":
        where = f"-env:UserInstallation=file://{profile}"
        return Command(folder, "soffice", where, "--headless", "--convert-to", "pdf", "issue.html")
    chosen = [f"--user-data-dir={profile}", "--print-to-pdf=issue.pdf", (folder / "issue.html").as_uri()]
    return Command(folder, "/usr/bin/chromium-headless-shell", *CHROMIUM_FLAGS, *chosen)


RENDERERS = ("ours", "ours-changed", "plain", "typst", "chromium", "chromium-cold", "libreoffice")


def memory() -> int:
    """Peak memory in MB: of this process, or of what it started where that is more; of a running browser the present sum."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    running = sum(shared_fairly(pid) for pid in descendants(os.getpid()))
    return max(own, started, running) // 1024


def descendants(pid: int) -> list[int]:
    parents = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        parents.append((int(stat.parent.name), int(rest[1])))
    found, new = [], [pid]
    while new:
        new = [child for child, parent in parents if parent in new]
        found += new
    return found


def shared_fairly(pid: int) -> int:
    try:
        return int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())[1])
    except (OSError, TypeError):
        return 0


def renderer(name: str, issue: str, folder: Path):
    """The function that makes the PDF; it is given the number of the turn."""
    if name in ("typst", "chromium"):
        return {"typst": Typst, "chromium": Chromium}[name](folder)
    if name in ("chromium-cold", "libreoffice"):
        return command(name, folder)
    content, make = issue_named(issue), {"ours": ours, "ours-changed": ours_changed, "plain": plain}[name]
    return lambda turn: make(content, turn)


def main() -> None:
    name, issue, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if name == "prepare":
        prepare(issue, folder)
        return
    make = renderer(name, issue, folder)
    for turn, _line in enumerate(sys.stdin):
        began, computed = time.perf_counter(), time.process_time()
        made = make(turn)
        taken = {"seconds": time.perf_counter() - began, "computing": time.process_time() - computed}
        print(json.dumps(taken | {"bytes": len(made), "memory": memory()}), flush=True)
        (folder / f"{name}.pdf").write_bytes(made)


if __name__ == "__main__":
    main()
