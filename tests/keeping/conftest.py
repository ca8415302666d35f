import pytest

from tests import factories
from tests.scenes import scene


@pytest.fixture(autouse=True)
def backups_apart(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_DIR.mkdir()


@scene
def filled(bulletin, cast):
    """An issued issue, an article with a photo and its Word file."""
    with factories.without_worker():
        issue = factories.issued_issue(bulletin, cast)
    article = factories.make_article(cast.lin)
    factories.make_photo(article)
    factories.make_source_file(article)
    return issue


@pytest.fixture
def office(transactional_db, filled):
    return filled
