import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from issues import numbering, setting
from issues.content import content_of
from typesetting import reading, rendering
from typesetting.page.presets import PRESETS
from typesetting.press import door


class Command(BaseCommand):
    help = "Render an issue as the official PDF and print its pages, size and SHA-256."

    def add_arguments(self, parser):
        parser.add_argument("issue", help="as 2026-9, a supplement as 2026-增1")
        parser.add_argument("-o", "--output", required=True, type=Path, help="the PDF file to write")
        parser.add_argument("--layout", choices=PRESETS, help="the bulletin's own when not given")
        parser.add_argument(
            "--variant",
            choices=door.VARIANTS,
            default="archive",
            help="PDF/A-3u for the archive (default), or PDF/UA-1",
        )

    def handle(self, *, issue, output, layout, variant, **options):
        found = numbering.find(issue)
        if found is None:
            raise CommandError(
                _("There is no issue %(issue)s. Write it as 2026-9, a supplement as 2026-增1.") % {"issue": issue}
            )
        content = content_of(found)
        try:
            data = rendering.render(
                content, photo_bytes=setting.photo_bytes, layout=layout, variant=door.VARIANTS[variant]
            )
            output.write_bytes(data)
        except rendering.RenderingError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        self.stdout.write(
            _("%(file)s: %(pages)s pages, %(size)s bytes")
            % {"file": output, "pages": reading.page_count(data), "size": len(data)}
        )
        self.stdout.write(f"SHA-256 {hashlib.sha256(data).hexdigest()}")
        self.stdout.write(f"SM3 {hashlib.new('sm3', data).hexdigest()}")
        for character, place in rendering.fallbacks(content).items():
            self.stdout.write(
                _("Set in another font: %(character)s (%(place)s)") % {"character": character, "place": place}
            )
