"""What happens on a day: as `noon_of`, and events of articles say so too."""

from contextlib import contextmanager

import pytest
from django.utils import timezone

from articles.models import ArticleEvent
from tests.factories import noon_of


@contextmanager
def happening_on(day):
    """The default of a field is the clock itself, which was there before any patch of it."""
    with noon_of(day), pytest.MonkeyPatch.context() as patch:
        noon = timezone.now()
        patch.setitem(vars(ArticleEvent._meta.get_field("at")), "_get_default", lambda: noon)
        yield
