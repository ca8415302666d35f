import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from issues import numbering, pdf_pages, proofs, rendering
from issues.content import content_of
from issues.layout.presets import PRESETS


class Command(BaseCommand):
    help = "Render an issue as the official PDF and print its pages, size and SHA-256."

    def add_arguments(self, parser):
        parser.add_argument("issue", help="as 2026-9, a supplement as 2026-增1")
        parser.add_argument("-o", "--output", required=True, type=Path, help="the PDF file to write")
        parser.add_argument("--layout", choices=PRESETS, help="the bulletin's own when not given")

    def handle(self, *, issue, output, layout, **options):
        found = numbering.find(issue)
        if found is None:
            raise CommandError(f"There is no issue {issue}. Write it as 2026-9, a supplement as 2026-增1.")
        content = content_of(found)
        try:
            pdf = rendering.render(content, photo_bytes=proofs.photo_bytes, layout=layout)
            output.write_bytes(pdf)
        except rendering.RenderingError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        self.stdout.write(f"{output}: {pdf_pages.page_count(pdf)} pages, {len(pdf)} bytes")
        self.stdout.write(f"SHA-256 {hashlib.sha256(pdf).hexdigest()}")
        for character, place in rendering.fallbacks(content).items():
            self.stdout.write(f"Set in another font: {character} ({place})")
