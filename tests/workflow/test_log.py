"""The log: every event stands in one chain, and whatever is done to it past the program is named, triggers or not."""

from datetime import date
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bulletin_cms import verify
from distribution import access, mailing, receipts
from issues.models import IssueEvent
from points import by_hand
from points.models import ClosedMonth, Reopening, Wording
from tests import factories
from tests.scenes import scene
from workflow import audit, chain, changes, frozen, logged
from workflow.chain import Head
from workflow.logged import sources
from workflow.models import Change, Entry, Waiting

migration = import_module("bulletin_cms.migrations.0003_log_what_was_there")

pytestmark = pytest.mark.django_db


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults():
    return [fault for fault in audit.faults(verify.noted_heads()) if fault]


def anew(number):
    """Computed anew from this entry on, as by somebody who knows how."""
    previous = Entry.objects.filter(number=number - 1).values_list("hash", flat=True).first() or chain.FIRST
    for entry in Entry.objects.filter(number__gte=number).order_by("number"):
        entry.previous = previous
        previous = entry.computed_hash()
        Entry.objects.filter(pk=entry.pk).update(previous=entry.previous, hash=previous)


@scene
def log(bulletin, cast):
    """A chain of what it takes to sign an issue, with two changes of users behind it."""
    with factories.without_worker():
        factories.signed_issue(bulletin, cast)
    changes.record(cast.lin, Change.What.ROLES, by=cast.admin, note="角色：通讯员 → 编辑")
    changes.record(cast.lin, Change.What.PASSWORD, by=cast.lin)
    chain.link()
    return Entry.objects


@pytest.fixture
def untouchable(log):
    """Within the test the database lets everything be rewritten."""
    with transaction.atomic():
        frozen.remove(connection)
        yield
        frozen.install(connection)


def test_each_event_stands_in_it_once_and_each_hash_covers_the_one_before(log):
    entries = list(log.order_by("number"))

    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.previous for entry in entries] == [chain.FIRST, *(entry.hash for entry in entries[:-1])]
    assert all(entry.hash == entry.computed_hash() for entry in entries)
    assert {(entry.source, entry.row) for entry in entries} == {
        (source, pk) for source, model in sources().items() for pk in model.objects.values_list("pk", flat=True)
    }
    assert not Waiting.objects.exists()
    assert faults() == []


def test_it_says_who_did_what_about_what(log, cast):
    entry = log.get(topic="workflow.change:roles")

    assert (entry.by, entry.who) == (cast.admin.pk, str(cast.admin))
    assert entry.title == f"用户 {cast.lin}"
    assert "通讯员 → 编辑" in entry.words


def test_every_table_of_events_is_logged(bulletin, cast):
    issue = factories.issued_issue(bulletin, cast)
    factories.make_reader()
    copy = mailing.start(issue, by=cast.tang).deliveries.get()
    access.log(issue, access.Kind.OPEN, delivery=copy)
    receipts.confirm(copy, "王五")
    changes.record(cast.lin, Change.What.ADDED, by=None)
    if not copy.events.exists():
        copy.event("sent").save()
    factories.make_commission(cast.lu, cast.lin.unit)
    factories.make_rules(cast.gu)
    by_hand.enter(factories.praise(issue.placements.first().article), by=cast.lu)
    closed = ClosedMonth.objects.create(month=date(2026, 4, 1), by=cast.gu, figures={})
    Reopening.objects.create(closed=closed, by=cast.gu, why="漏记一篇")
    Wording.objects.create(title="{时段}通报", text="采用{采用}篇。", by=cast.gu)
    chain.link()

    assert set(Entry.objects.values_list("source", flat=True)) == sources().keys()
    assert faults() == []


def test_many_that_are_written_at_once_are_chained_too(cast, monkeypatch):
    monkeypatch.setattr(logged, "AT_ONCE", 2)
    Change.objects.bulk_create(changes.draft(cast.lin, Change.What.LOCK, by=cast.admin) for _n in range(3))

    assert chain.link() == 3
    assert faults() == []


def test_the_sign_off_names_the_head_of_its_moment(log):
    signed = IssueEvent.objects.get(transition="sign")
    sign_off = signed.issue.sign_offs.get()

    at_signing = log.get(source="issues.issueevent", row=signed.pk)
    assert sign_off.head == Head(at_signing.number, at_signing.hash)
    assert log.get(source="issues.signoff").number > at_signing.number


def test_what_a_unit_keeps_to_itself_is_not_told(bulletin, cast):
    article = factories.make_article(cast.lin, title="还没有报送的题名")
    article.events.create(
        by=cast.lin, transition="discard", from_status="draft", to_status="discarded", note="内部原因"
    )
    chain.link()

    entry = Entry.objects.get()
    assert "题名" not in entry.title
    assert "内部原因" not in entry.words


@pytest.mark.parametrize("statement", ["UPDATE workflow_entry SET words = 'X'", "DELETE FROM workflow_entry"])
def test_the_database_refuses_to_rewrite_it(statement, log):
    with pytest.raises(DatabaseError, match="workflow_entry never changes"), transaction.atomic():
        execute(statement)


def test_what_waits_is_not_given_another_row(cast):
    changes.record(cast.lin, Change.What.PASSWORD, by=cast.lin)

    with pytest.raises(DatabaseError, match="workflow_waiting never changes"), transaction.atomic():
        execute('UPDATE workflow_waiting SET "row" = 0')


# --- with triggers off ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "column",
    ["words = 'X'", "who = 'X'", "at = '2020-01-01'", '"by" = NULL', "fields = '{}'", "hash = 'X'", "topic = 'X'"],
)
def test_an_edited_entry_is_named(column, log, untouchable):
    execute(f"UPDATE workflow_entry SET {column} WHERE topic = 'workflow.change:roles'")  # noqa: S608

    number = log.get(source="workflow.change", row=Change.objects.get(what="roles").pk).number
    assert f"第 {number} 条" in faults()[0]


def test_an_entry_that_was_edited_and_hashed_anew_no_longer_fits_the_next(log, untouchable):
    entry = log.get(number=2)
    entry.words = "X"
    Entry.objects.filter(pk=2).update(words="X", hash=entry.computed_hash())

    [fault] = faults()
    assert "第 3 条" in fault


def test_a_chain_that_was_computed_anew_is_not_the_one_that_the_sign_off_names(log, untouchable):
    Entry.objects.filter(pk=2).update(words="X")
    anew(2)

    [fault] = faults()
    assert "签发单" in fault


def test_a_removed_entry_is_named_and_its_row_too(log, untouchable):
    Entry.objects.filter(pk=2).delete()

    missing, past = faults()
    assert "第 2 条" in missing
    assert "articles.articleevent" in past


def test_an_inserted_entry_is_named(log, untouchable):
    last = chain.last()
    Entry.objects.create(
        number=last.number + 1, at=timezone.now(), source="issues.issueevent", row=999, topic="issues.issueevent",
        words="伪造", fields="{}", previous=last.hash, hash="f" * 64,
    )  # fmt: skip

    assert f"第 {last.number + 1} 条" in faults()[0]
    anew(last.number + 1)
    [fault] = faults()
    assert "issues.issueevent 999" in fault


def test_entries_in_another_order_are_named(log, untouchable):
    for before, after in ((2, 1000), (3, 2), (1000, 3)):
        Entry.objects.filter(pk=before).update(number=after)

    found = faults()
    assert "第 2 条" in found[0]
    assert "第 3 条" in found[1]


def test_an_end_that_was_cut_off_is_found_by_its_rows(log, untouchable):
    end = chain.last().number
    Entry.objects.filter(number=end).delete()

    [fault] = faults()
    assert "workflow.change" in fault


def test_an_end_that_was_cut_off_with_its_rows_is_found_by_the_sign_off(log, untouchable):
    [(_where, head)] = verify.noted_heads()
    for entry in Entry.objects.filter(number__gte=head.number):
        if entry.source != "issues.signoff":
            sources()[entry.source].objects.filter(pk=entry.row).delete()
    Entry.objects.filter(number__gte=head.number).delete()

    found = faults()
    assert any("签发单" in fault and f"第 {head.number} 条" in fault for fault in found)


def test_an_end_that_was_cut_off_later_is_found_by_a_head_that_was_noted(log, untouchable):
    last = chain.last()
    call_command("verify_audit", head=[f"{last.number}:{last.hash}"], stdout=StringIO())
    Change.objects.filter(pk=Entry.objects.get(number=last.number).row).delete()
    Entry.objects.filter(number=last.number).delete()
    assert faults() == []

    with pytest.raises(CommandError, match="1"):
        call_command("verify_audit", head=[f"{last.number}:{last.hash}"], stdout=StringIO())


@pytest.mark.parametrize("noted", ["5", "x:y", "0:" + "0" * 64, "3:abc"])
def test_a_head_that_is_none_is_refused(noted, db):
    with pytest.raises(CommandError, match="64"):
        call_command("verify_audit", head=[noted])


def test_an_edited_row_is_named_with_its_column(log, untouchable):
    event = IssueEvent.objects.get(transition="sign")
    IssueEvent.objects.filter(pk=event.pk).update(note="X")

    [fault] = faults()
    assert f"issues.issueevent {event.pk}" in fault
    assert "note" in fault


def test_a_removed_row_is_named(log, untouchable):
    event = Change.objects.get(what="roles")
    Change.objects.filter(pk=event.pk).delete()

    [fault] = faults()
    assert f"workflow.change {event.pk}" in fault


def test_an_inserted_row_is_named(log, cast):
    """No trigger refuses that: what was not written by the program does not wait to be chained."""
    execute(
        "INSERT INTO issues_issueevent (by_id, at, transition, from_status, to_status, note, issue_id) "
        "SELECT by_id, at, transition, from_status, to_status, '伪造', issue_id FROM issues_issueevent "
        "WHERE transition = 'sign'"
    )
    chain.link()

    [fault] = faults()
    assert f"issues.issueevent {IssueEvent.objects.get(note='伪造').pk}" in fault


def test_a_row_that_is_gone_before_it_was_chained_is_named_and_holds_up_nothing(log, cast, untouchable):
    changes.record(cast.lin, Change.What.ADDRESS, by=cast.lin)
    gone = Change.objects.latest("pk")
    Change.objects.filter(pk=gone.pk).delete()
    changes.record(cast.lin, Change.What.LOCK, by=cast.admin)

    assert chain.link() == 1
    [fault] = faults()
    assert f"workflow.change {gone.pk}" in fault


def test_a_row_that_waits_twice_is_chained_once(log, cast):
    changes.record(cast.lin, Change.What.ADDRESS, by=cast.lin)
    [waiting] = Waiting.objects.all()
    chained = log.first()
    Waiting.objects.bulk_create(Waiting(source=each.source, row=each.row) for each in (waiting, chained))

    assert chain.link() == 1
    assert not Waiting.objects.exists()
    assert faults() == []


def test_the_past_is_chained_in_its_order(log, untouchable):
    """As the migration finds an office that has worked without a log."""
    Entry.objects.all().delete()
    with connection.cursor() as cursor:
        migration.let_wait(None, cursor)
    Waiting.objects.bulk_create(
        Waiting(source="workflow.change", row=pk) for pk in Change.objects.values_list("pk", flat=True)
    )
    chain.link()

    past = log.exclude(source="workflow.change").order_by("number")
    assert [entry.at for entry in past] == sorted(entry.at for entry in past)
    assert {fault for fault in audit.faults(()) if fault} == set()


def test_the_migration_knows_every_table_that_was_there():
    tables = {model._meta.db_table for model in sources().values()}
    later = {"workflow_change", "articles_commissionevent", "points_closedmonth", "points_handcause", "points_ruleset"}
    later |= {"points_wording", "points_reopening"}
    assert tables - later == migration.TABLES.keys()


def test_who_takes_a_row_off_the_waiting_ones_is_found(log, cast):
    changes.record(cast.lin, Change.What.ADDRESS, by=cast.lin)
    Waiting.objects.all().delete()
    chain.link()

    [fault] = faults()
    assert "workflow.change" in fault


def test_what_can_not_be_read_is_a_fault(log, untouchable):
    last = chain.last().number
    Entry.objects.filter(pk=last).update(fields="{")
    anew(last)

    [fault] = faults()
    assert f"第 {last} 条" in fault


def test_what_is_written_meanwhile_is_no_fault(log, cast):
    changes.record(cast.lin, Change.What.ADDRESS, by=cast.lin)

    assert faults() == []
    assert audit.waiting_count() == 1
