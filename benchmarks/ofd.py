"""What an OFD takes and whether it is its PDF: `python benchmarks/ofd.py [--random 50]`.

Of the real issues: milliseconds of computing, bytes, pixels of ink that differ at 100 dpi, whether the text is equal. Then random
contents, each held to the same by ofd-cli and ofdkit.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import django
from hypothesis import HealthCheck, Phase, given, settings

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")
django.setup()

from tests.typesetting import ofd_engines, test_ofd  # noqa: E402
from tests.typesetting.printed import bulletins_folder, real_issue, squeezed  # noqa: E402
from typesetting import rendering  # noqa: E402
from typesetting.ofd import door  # noqa: E402

ROUNDS = 5


def computing(act, *given):
    """The least milliseconds of computing of some rounds."""
    taken = []
    for _round in range(ROUNDS):
        began = time.process_time()
        act(*given)
        taken.append((time.process_time() - began) * 1000)
    return min(taken)


def real(name):
    content, _texts = real_issue(bulletins_folder(), name)
    pdf = rendering.render(content, photo_bytes=bytes)
    ofd = ofd_engines.written(pdf)
    texts = [squeezed(text) for text in door.text(ofd)]
    is_equal = texts == ofd_engines.pdf_texts(pdf) == ofd_engines.page_texts(ofd)
    print(
        f"{name}: {len(texts)} pages, {sum(map(len, texts))} characters, equal: {is_equal}; PDF {len(pdf) // 1024} KB, OFD "
        f"{len(ofd) // 1024} KB; written in {computing(ofd_engines.written, pdf):.0f} ms, checked in "
        f"{computing(door.check, ofd):.0f} ms; most differing ink of a page: {max(ofd_engines.differing_ink(pdf, ofd))} pixels"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=50, help="contents")
    options = parser.parse_args()
    for name in ("000", "003", "004"):
        real(name)
    seen = []

    @settings(
        max_examples=options.random, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(test_ofd.DOCUMENTS)
    def holds(content):
        test_ofd.holds(content)
        seen.append(content)

    holds()
    print(f"{len(seen)} random contents: text, ink and check in order")


if __name__ == "__main__":
    main()
