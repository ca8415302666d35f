import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from articles import word


class Command(BaseCommand):
    help = "Show what would be taken over from a Word file. Stores nothing: the site makes the draft."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .docx; .doc and .wps where LibreOffice is installed")
        parser.add_argument("--dry-run", action="store_true", required=True, help="store nothing")
        parser.add_argument("--json", action="store_true", help="print everything that was read, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if path.stat().st_size > word.LARGEST_FILE:
                raise word.too_large(path.name)
            article = word.read(path.read_bytes(), path.name)
        except word.NotWord as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        if options["json"]:
            self.stdout.write(json.dumps(article.as_dict(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join([article.title, *article.paragraphs, *_losses(article)]))


def _losses(article: word.WordArticle) -> list[str]:
    return [
        _("Not taken over: %(what)s, %(count)s") % {"what": each.what, "count": each.count} for each in article.losses
    ]
