"""The log while several write and link at once."""

import threading

import pytest
from django.db import connection, transaction

from tests.workflow.test_log import faults
from workflow import chain, changes
from workflow.models import Change, Entry

pytestmark = pytest.mark.django_db


# --- several at once --------------------------------------------------------------------------------------------------
def in_thread(act):
    """Runs it on a connection of its own; gives the thread and what it raised."""
    raised = []

    def run():
        try:
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


@pytest.mark.django_db(transaction=True)
def test_two_that_link_at_once_come_one_after_the_other(cast):
    """The one holds its links uncommitted, as a signature does, while the other wants to link."""
    is_held, may_end = threading.Event(), threading.Event()

    def sign():
        with transaction.atomic():
            changes.record(cast.lin, Change.What.ROLES, by=cast.admin)
            chain.head()
            is_held.set()
            may_end.wait(20)

    def work():
        changes.record(cast.zhao, Change.What.ROLES, by=cast.admin)
        chain.link()

    signing, of_signing = in_thread(sign)
    assert is_held.wait(20)
    working, of_working = in_thread(work)
    working.join(0.3)
    assert working.is_alive()
    may_end.set()
    signing.join(30)
    working.join(30)

    assert of_signing == of_working == []
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert faults() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time anyway")
def test_who_writes_an_event_does_not_wait_for_who_links(cast):
    with transaction.atomic():
        changes.record(cast.lin, Change.What.ROLES, by=cast.admin)
        chain.head()
        writing, raised = in_thread(lambda: changes.record(cast.zhao, Change.What.ROLES, by=cast.admin))
        writing.join(10)
        assert not writing.is_alive()

    assert raised == []
    assert chain.link() == 1
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_two_writers_and_two_linkers_leave_one_whole_chain(cast):
    def write():
        for _n in range(10):
            changes.record(cast.lin, Change.What.ADDRESS, by=cast.lin)
            chain.link()

    threads = [in_thread(write) for _n in range(2)]
    for thread, _raised in threads:
        thread.join(60)

    assert [raised for _thread, raised in threads] == [[], []]
    assert chain.last().number == 20
    assert faults() == []
