"""What the database itself refuses, tried with plain SQL, and that no trigger goes missing unnoticed."""

from datetime import date
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles import review, revision
from articles.models import Article, UnitConfirmation
from articles.revision import Wording
from distribution import access, mailing, receipts
from distribution.models import Delivery, Reminder
from issues.models import Issue
from points import by_hand, ledger
from points import models as points_models
from points.models import ClosedMonth, Reopening
from tests import factories
from tests.scenes import scene
from workflow import chain, changes, frozen
from workflow.models import Change

pytestmark = pytest.mark.django_db


def execute(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@scene
def office(bulletin, cast):
    """A published issue that was mailed, opened and confirmed, and one that is only signed."""
    published = factories.issued_issue(bulletin, cast)
    factories.make_reader()
    sent = mailing.start(published, by=cast.tang)
    delivery = sent.deliveries.get()
    delivery.events.create(what="sent")
    day = timezone.localdate()
    Reminder.objects.create(mailing=sent, delivery=delivery, day=day, address=delivery.address, message_id="<1@x>")
    access.log(published, access.Kind.OPEN, delivery=delivery)
    receipts.confirm(delivery, "王五")
    for placement in published.placements.all():
        fields = {"width": 4, "height": 3, "content_type": "image/jpeg", "sha256": "0" * 64}
        placement.article.all_photos.create(file="x.jpg", **fields)
    factories.make_commission(cast.lu, cast.lin.unit)
    UnitConfirmation.objects.create(
        article=placement.article,
        version=placement.version,
        asked_by=cast.lu,
        answered_by=cast.lin,
        answered_at=timezone.now(),
    )
    correct_and_confirm(factories.submitted(cast.zhao), cast)
    LogEntry.objects.create(user=cast.admin, content_type=ContentType.objects.first(), object_repr="X", action_flag=2)
    points_models.Wording.objects.create(title="{时段}通报", text="采用{采用}篇。", by=cast.gu)
    factories.make_rules(cast.gu)
    by_hand.enter(factories.praise(placement.article), by=cast.lu)
    ledger.bring_up_to_date()
    ClosedMonth.objects.create(month=date(2026, 4, 1), by=cast.gu, figures={})
    later = ClosedMonth.objects.create(month=date(2026, 5, 1), by=cast.gu, figures={})
    Reopening.objects.create(closed=later, by=cast.gu, why="漏记一篇")
    changes.record(cast.lin, Change.What.ROLES, by=cast.admin)
    chain.link()
    return published


def correct_and_confirm(article, cast):
    """An article of whose two reviews one was made in absence, and which was corrected afterwards."""
    Article.objects.filter(pk=article.pk).update(review_steps=2)
    article.apply(Article.PASS_FIRST, by=cast.lu)
    article.apply(Article.STAND_IN_LAST, by=cast.lu, note="没有别人")
    review.ratify(article, by=cast.gu, version=article.current_version_id)
    seen = article.current_version_id
    version = revision.revise(article, Wording({"subtitle": "订正"}, {}), by=cast.gu, seen=seen, is_correction=True)
    review.agree(article, by=cast.admin, version=version.pk)


# table -> a column and a value for the UPDATE that is refused; DELETE is refused everywhere
TABLES = {
    "issues_archiveentry": "title = 'X'",
    "issues_frozencontent": "text = '{}'",
    "issues_issue": "editor_note = 'X'",
    "issues_issueevent": "note = 'X'",
    "issues_issuerecipient": "text = 'X'",
    "issues_placement": "position = 99",
    "issues_proof": "sha256 = 'X'",
    "issues_signoff": "digest = 'X'",
    "articles_article": "title = 'X'",
    "articles_articleevent": "note = 'X'",
    "articles_articleversion": "title = 'X'",
    "articles_unitconfirmation": "remarks = '[1]'",
    "articles_commissionevent": "note = 'X'",
    "articles_reviewpart": "step = 3",
    "articles_correction": "needed = 9",
    "articles_agreement": "person_id = 0",
    "articles_ratification": "person_id = 0",
    "articles_photo": "caption = 'X'",
    "distribution_accesslog": "kind = 'download'",
    "distribution_delivery": "message_id = 'X'",
    "distribution_deliveryevent": "note = 'X'",
    "distribution_mailing": "subject = 'X'",
    "distribution_mailingevent": "note = 'X'",
    "distribution_reminder": "day = '2020-01-01'",
    "distribution_receipt": "name = 'X'",
    "points_wording": "text = 'X'",
    "points_closedmonth": "figures = '[]'",
    "points_entry": "points = 99",
    "points_reopening": "why = 'X'",
    "points_handcause": "source = 'X'",
    "points_ruleset": "brief = 99",
    "django_admin_log": "object_repr = 'X'",
    "workflow_change": "note = 'X'",
    "workflow_entry": "words = 'X'",
}


def test_every_table_with_a_trigger_is_tried():
    assert {rule.table for rule in frozen.rules()} == {
        *TABLES,
        "accounts_roleassignment",  # tests/accounts/test_roles.py
        "workflow_waiting",  # tests/workflow/test_log.py
        "issues_erratum",  # tests/issues/test_amendments.py
        "issues_pastfile",  # tests/issues/test_past_taking_back.py
    }


@pytest.mark.parametrize("table", TABLES)
def test_neither_change_nor_deletion_is_taken(table, office):
    for statement in (f"UPDATE {table} SET {TABLES[table]}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match=f"{table} never changes"):
            execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO issues_issuerecipient (issue_id, direction, text, position) VALUES ({issue}, 'up', 'X', 9)",
        "INSERT INTO issues_signoff (issue_id, by_id, at, digest, pdf_sha256, withdrawn_at) "
        "VALUES ({issue}, {by}, '2026-01-01', 'X', '', '2026-01-01')",
        "UPDATE issues_signoff SET withdrawn_at = '2026-01-01'",
        "UPDATE issues_signoff SET pdf_sha256 = 'X', report = NULL",
        "UPDATE issues_issue SET status = 'draft' WHERE id = {issue}",
        "UPDATE issues_issue SET frozen_id = NULL WHERE id = {issue}",
        "UPDATE issues_issue SET pdf_sha256 = 'X' WHERE id = {issue}",
        "UPDATE distribution_delivery SET reader_id = reader_id + 1",
    ],
)
def test_nothing_is_put_beside_or_into_what_was_issued(statement, office, cast):
    with pytest.raises(DatabaseError, match="never changes"):
        execute(statement.format(issue=office.pk, by=cast.fang.pk))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE issues_issue SET number = 99 WHERE id = {issue}",
        "UPDATE issues_issue SET security = '内部' WHERE id = {issue}",
        "DELETE FROM issues_issue WHERE id = {issue}",
        "UPDATE issues_placement SET position = 99 WHERE issue_id = {issue}",
        "DELETE FROM issues_issuerecipient WHERE issue_id = {issue}",
        "INSERT INTO issues_issuerecipient (issue_id, direction, text, position) VALUES ({issue}, 'up', 'X', 9)",
        "UPDATE issues_proof SET state = 'queued' WHERE issue_id = {issue}",
        "DELETE FROM issues_proof WHERE issue_id = {issue}",
        "UPDATE issues_signoff SET report = NULL WHERE issue_id = {issue}",
    ],
)
def test_what_is_signed_waits_unchanged(statement, bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)

    with pytest.raises(DatabaseError, match="never changes"):
        execute(statement.format(issue=issue.pk))


def test_a_sign_off_is_withdrawn_once(bulletin, cast):
    factories.signed_issue(bulletin, cast)

    assert execute("UPDATE issues_signoff SET withdrawn_at = '2026-01-01'") == 1
    with pytest.raises(DatabaseError, match="never changes"):
        execute("UPDATE issues_signoff SET withdrawn_at = NULL")


def test_what_moves_on_by_right_still_does(office, bulletin, cast):
    delivery = Delivery.objects.get()
    delivery.status, delivery.smtp_reply = "sent", "250 OK"
    delivery.save()
    office.mailing.apply(office.mailing.PAUSE, by=cast.tang)
    article = factories.accepted(cast.lin, cast.lu)
    opened = factories.make_issue(bulletin, cast.lu, [article])
    assert execute(f"UPDATE issues_issue SET print_run = 3 WHERE id = {opened.pk}") == 1
    assert execute(f"DELETE FROM issues_placement WHERE issue_id = {opened.pk}") == 1
    assert execute(f"UPDATE articles_article SET title = 'X' WHERE id = {article.pk}") == 1


@pytest.mark.postgres
def test_a_table_is_not_emptied_at_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE.")
    with pytest.raises(DatabaseError, match="never changes"):
        execute("TRUNCATE issues_issueevent")


def warnings():
    return [message.msg for message in frozen.check(databases=["default"])]


def drop(rule):
    on = "" if connection.vendor == "sqlite" else f" ON {rule.table}"
    execute(f"DROP TRIGGER {rule.name}{on}")


def test_a_trigger_that_is_gone_is_told_and_put_back_by_the_next_migrate(office):
    drop(frozen.rules()[0])
    assert len(warnings()) == 1
    assert frozen.rules()[0].name in warnings()[0]

    call_command("migrate", verbosity=0)

    assert warnings() == []
    with pytest.raises(DatabaseError, match="never changes"):
        execute("UPDATE issues_frozencontent SET text = '{}'")


def test_the_command_check_names_it():
    drop(frozen.rules()[0])
    said = StringIO()

    call_command("check", databases=["default"], stderr=said)

    assert frozen.rules()[0].name in said.getvalue()


def test_a_trigger_that_was_weakened_counts_as_missing():
    rule = frozen.rules()[0]
    for statement in frozen._removal(connection, rule):
        execute(statement)
    weak = frozen.Rule(rule.table, rule.event, "1 = 2")
    for statement in frozen._creation(connection, weak):
        execute(statement)

    assert len(warnings()) == 1


@pytest.mark.postgres
def test_a_trigger_that_is_switched_off_counts_as_missing():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite can't switch a trigger off.")
    rule = frozen.rules()[0]
    execute(f"ALTER TABLE {rule.table} DISABLE TRIGGER {rule.name}")
    assert len(warnings()) == 1

    frozen.install(connection)

    assert warnings() == []


@pytest.mark.sqlite  # PostgreSQL alters a table where it stands
@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_made_anew_has_its_triggers_again(bulletin, cast):
    """As a later migration does on SQLite, which changes a field by building issues_issue anew."""
    field = Issue._meta.get_field("number")
    changed = field.clone()
    changed.null = not field.null
    changed.set_attributes_from_name(field.name)
    changed.model = Issue
    frozen.before_migrate(using="default", plan=["a migration"])
    with connection.schema_editor() as editor:
        editor.alter_field(Issue, field, changed)
        editor.alter_field(Issue, changed, field)
    assert warnings() != []

    call_command("migrate", verbosity=0)

    assert warnings() == []


def test_verifying_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert frozen.missing(connection) == []


def test_an_issue_is_deleted_by_nobody(office):
    with pytest.raises(DatabaseError):
        Issue.objects.filter(pk=office.pk)._raw_delete("default")
