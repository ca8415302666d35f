"""Where the stories stand, asked of a finished file that is opened once."""

import pypdfium2

from tests.typesetting.printed import article, issue
from typesetting import places, reading, rendering


def test_all_that_is_kept_of_a_file_is_asked_of_one_opened_document(monkeypatch):
    opened = []

    class Counted(pypdfium2.PdfDocument):
        def __init__(self, *args, **options):
            opened.append(self)
            super().__init__(*args, **options)

        def get_toc(self, *args, **options):
            opened.extend([] if args or options else ["outline"])  # it calls itself for what is below an entry
            return super().get_toc(*args, **options)

    brief = article(3, title="", paragraphs=["奉贤局走访驿站。"], section="brief")
    content = issue(article(1), article(2, title="青浦局召开座谈会"), briefs=(brief,))
    pdf = rendering.render(content, photo_bytes=bytes)
    monkeypatch.setattr(reading.pypdfium2, "PdfDocument", Counted)
    measured = places.measure(pdf, content)
    assert [story["article"] for story in measured.places] == [1, 2, 3]
    assert len(opened) == 2  # the document and its outline
