"""Where the time of a warm rendering goes: `python benchmarks/where.py [sample-9|003|…] [renderings]`.

A timer looks 500 times a second of computing what is being done; each look counts for the innermost part it finds.
"""

import signal
import sys
import time
from collections import Counter

import django
import renderers  # sets the path and the settings

django.setup()

from typesetting import rendering  # noqa: E402
from typesetting.inspection import layout_check  # noqa: E402

PARTS = (
    (
        "composing lines, writing HTML",
        (
            "/typesetting/lines/",
            "/typesetting/page/",
            "/typesetting/fonts/",
            "/typesetting/rendering.py",
            "/django/template/",
        ),
    ),
    (
        "reading HTML, matching and computing styles",
        ("/weasyprint/css/", "/cssselect2/", "/tinycss2/", "/weasyprint/html.py"),
    ),
    ("making boxes", ("/weasyprint/formatting_structure/",)),
    ("laying out lines and pages", ("/weasyprint/layout/",)),
    ("shaping text (Pango)", ("/weasyprint/text/",)),
    ("drawing", ("/weasyprint/draw/", "/weasyprint/pdf/stream.py", "/weasyprint/stacking.py")),
    ("fonts, tags, metadata", ("/weasyprint/pdf/",)),
    ("writing and packing the file", ("/pydyf/",)),
    ("our stand-ins for parts of WeasyPrint", ("/typesetting/press/speed.py",)),
    ("everything else", ("",)),
)
STEP = 0.002


def part_of(frame) -> str:
    while frame:
        for name, places in PARTS[:-1]:
            if any(place in frame.f_code.co_filename for place in places):
                return name
        frame = frame.f_back
    return PARTS[-1][0]


def main() -> None:
    issue = sys.argv[1] if len(sys.argv) > 1 else "sample-9"
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    renderers.rendering = rendering
    content, looks = renderers.issue_named(issue), Counter()
    for turn in range(3):
        rendering.render(renderers.changed(content, turn), photo_bytes=bytes)
    signal.signal(signal.SIGPROF, lambda _number, frame: looks.update([part_of(frame)]))
    signal.setitimer(signal.ITIMER_PROF, STEP, STEP)
    began = time.process_time()
    for turn in range(times):
        rendering.render(renderers.changed(content, turn), photo_bytes=bytes)
    took = (time.process_time() - began) / times * 1000
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(f"{issue}: {took:.0f} ms of computing for each rendering, a text changed before each")
    data, checks = rendering.render(content, photo_bytes=bytes), []
    for _turn in range(5):
        began = time.process_time()
        layout_check.check(data, content)
        checks.append((time.process_time() - began) * 1000)
    print(f"The layout check computes {min(checks):.0f} ms: {min(checks) / took:.1f} x the rendering")
    for name, count in looks.most_common():
        share = count / looks.total()
        print(f"  {share * took:6.1f} ms {share:5.0%}  {name}")


if __name__ == "__main__":
    main()
