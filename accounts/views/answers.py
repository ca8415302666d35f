"""What the pages of all apps answer alike: a refusal is told on the page that follows."""

from contextlib import contextmanager

from django.contrib import messages

from workflow.refusals import Refused


@contextmanager
def refusals_as_messages(request):
    """An act that can't be done now is told on the page that follows."""
    try:
        yield
    except Refused as refused:
        messages.error(request, str(refused))
