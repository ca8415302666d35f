import itertools
import os
import threading
import time
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from bulletin_cms import celery_app
from tests import factories, people, pristine, site
from tests.scenes import ONE_REVIEW, THREE_REVIEWS, Stage, chain_of, scene

STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
# The marks and fixtures of what a server has to do with.
SERVED = {"db", "transactional_db", "live_server", "django_db", "browser", "worker", "postgres", "redis"}
HERE = Path(__file__).resolve().parent

celery_app.loader.import_default_modules()
if os.environ.get("TEST_PASS"):
    # Hypothesis' own: the same examples each time, so that `make test` says of the same code the same. A plain pytest
    # looks for new ones.
    hypothesis.settings.load_profile("ci")


def pytest_collection_modifyitems(config, items):
    """Of `make test`'s parts one runs what asks no server, one the browsers, two all else, each on its database.

    Browsers run on PostgreSQL alone but for the whole way on a phone, what is marked `sqlite` or `postgres` on that database
    alone. The processes of `make run`, whose Redis is private either way, run after all else. A plain pytest runs everything.
    """
    part = os.environ.get("TEST_PASS", "")
    if not part:
        items[:] = in_scenes(items)
        return
    wanted = {True: [], False: []}
    for item in items:
        names = {mark.name for mark in item.iter_markers()} | set(item.fixturenames)
        if "test_processes" in item.nodeid:
            is_ours = part == "processes"
        elif SERVED.isdisjoint(names):
            is_ours = part == "plain"
        elif "browser" in names:
            is_ours = part == ("sqlite" if "whole_way" in item.nodeid and "phone" in item.nodeid else "browsers")
        elif "postgres" in names:
            is_ours = part == "postgresql"
        elif "sqlite" in names:
            is_ours = part == "sqlite"
        else:
            is_ours = part in ("postgresql", "sqlite")
        wanted[is_ours].append(item)
    config.hook.pytest_deselected(items=wanted[False])
    items[:] = in_scenes(wanted[True])


def in_scenes(items):
    """In each file those of the same scenes come one after the other, so that each scene is made once."""
    ordered = []
    for _key, of_file in itertools.groupby(items, key=lambda item: (item.path, is_transactional(item))):
        group = list(of_file)
        if any(not SERVED.isdisjoint(item.fixturenames) for item in group):
            group.sort(
                key=lambda item: ("three_reviews" in item.fixturenames, [each.__name__ for each in chain_of(item)])
            )
        ordered += group
    return ordered


@pytest.fixture(scope="session")
def bulletins_dir():
    """The folder of the real past issues: BULLETINS_DIR, or ../shared/bulletins beside the checkout."""
    folder = Path(os.environ.get("BULLETINS_DIR") or HERE.parent.parent / "shared" / "bulletins")
    if not list(folder.glob("*.json")):
        pytest.fail(f"No real issues (*.txt, *.json) in {folder}: set BULLETINS_DIR to the folder that holds them.")
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file, as it runs in earnest: in memory, threads meet "table is locked" instead of waiting."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def as_it_was_before():
    """After a test with transactions the database is put back as a whole, past the triggers that refuse it.

    Django would empty all tables, make permissions and triggers anew, and leave out what the migrations had entered.
    """

    def teardown(_case):
        wait_for_requests()
        pristine.restore(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


def wait_for_requests():
    """A request goes on after its browser is closed, and what it reads stands in the way of emptying the tables."""
    deadline = time.monotonic() + 10
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:  # socketserver's name for the one that answers
            thread.join(max(0, deadline - time.monotonic()))


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, monkeypatch):
    """Uploads and PDFs of a test stay its own; tasks run at once unless a test starts a real worker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # Served from where they lie, whatever an earlier `make run` has collected.
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": STATIC_FILES}}
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for all files before each test
    monkeypatch.setattr(celery_app, "send_task", factories.run_at_once)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The units and people stand in the database from the start: making them for each test took a fifth of all time."""
    with django_db_blocker.unblock():
        site.keep_migrated(connection)
        people.make_office()
        pristine.keep(connection)


@pytest.fixture(autouse=True)
def one_review(settings):
    """An article is accepted by its first review, unless a test asks for `three_reviews`."""
    settings.ARTICLE_REVIEW_STEPS = ONE_REVIEW


@pytest.fixture
def three_reviews(one_review, settings):
    """As in an office without a bulletin, or with a new one."""
    settings.ARTICLE_REVIEW_STEPS = THREE_REVIEWS


@pytest.fixture(scope="session")
def scenery(django_db_setup, django_db_blocker, tmp_path_factory):
    """What stands between tests is struck before the database goes."""
    scenery = Stage(tmp_path_factory.mktemp("scenes"))
    yield scenery
    with django_db_blocker.unblock():
        scenery.strike(0)


@pytest.fixture
def scenes(request, scenery, django_db_blocker, tmp_path):
    """What the scenes of this test give, by the functions that make them."""
    with django_db_blocker.unblock():
        return scenery.stand(
            chain_of(request.node),
            tmp_path / "media",
            steps=THREE_REVIEWS if "three_reviews" in request.fixturenames else ONE_REVIEW,
            transactional=is_transactional(request.node),
        )


@pytest.fixture
def _django_db_helper(scenes, _django_db_helper):
    """The scenes stand before pytest-django begins the test's own transaction (`db`, `transactional_db`, the mark django_db)."""


def is_transactional(item):
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or not {"transactional_db", "live_server"}.isdisjoint(
        item.fixturenames
    )


@scene(writes=False)
def units():
    return people.office_units()


@scene(writes=False)
def cast(units):
    """The named people of the tests."""
    return people.office_people(units)


@scene
def bulletin():
    bulletin = factories.make_bulletin()
    factories.make_recipient_list(bulletin)
    return bulletin


@pytest.fixture
def as_user(client):
    """Log in: as_user(cast.lu).get(…)."""

    def login(user):
        factories.sign_in(client, user)
        return client

    return login


@pytest.fixture
def client_of():
    """A browser of one's own for each person: client_of(cast.lu)."""
    clients = {}

    def login(user):
        if user.pk not in clients:
            clients[user.pk] = Client()
            factories.sign_in(clients[user.pk], user)
        return clients[user.pk]

    return login
