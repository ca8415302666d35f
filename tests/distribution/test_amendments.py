"""更正 and 撤回 reach everybody who had the issue: the mails, the readers' pages."""

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from distribution import links, mailing, receipts, sending
from distribution.archiving import contents
from distribution.channels.email.letter import compose
from distribution.models import Delivery, Mailing, Reader
from issues import amending, numbering
from issues.models import Edition, Issue
from tests import factories
from tests.issues.test_amendments import erratum, issue_it, original
from tests.scenes import scene
from workflow.refusals import Refused

__all__ = ["original"]


@scene
def readers():
    factories.make_readers(3)
    factories.make_reader("退休老干部", "某某", email="")
    return list(Reader.objects.order_by("pk"))


@pytest.fixture
def sent(original, readers, cast):
    return mailing.start(original, by=cast.tang)


def amendment(original, cast, edition=Edition.CORRECTION):
    issue = amending.begin(original, edition, by=cast.lu)
    if edition == Edition.WITHDRAWAL:
        amending.set_reason(issue, "第1篇的人数有待核实。", by=cast.lu)
    else:
        erratum(issue, cast.lu)
    return issue_it(issue, cast)


def text_of(response):
    return response.content.decode()


def page_of(client, delivery):
    return client.get(reverse("distribution:reader_page", args=[links.token_of(delivery)]))


def test_it_goes_to_all_who_had_the_issue_and_to_nobody_else(original, sent, readers, cast):
    readers[0].is_active = False
    readers[0].save()
    factories.make_reader("后来的单位", "办公室", email="late@example.cn")

    started = mailing.start(amendment(original, cast), by=cast.tang)

    assert set(started.deliveries.values_list("reader", flat=True)) == {reader.pk for reader in readers}
    assert started.deliveries.get(reader=readers[3]).status == "paper"


def test_who_gets_the_issue_later_gets_its_correction_too(original, sent, cast):
    started = mailing.start(amendment(original, cast), by=cast.tang)
    late = factories.make_reader("后来的单位", "办公室", email="late@example.cn")

    mailing.add(sent, Reader.objects.filter(pk=late.pk), by=cast.tang)

    assert started.deliveries.filter(reader=late).exists()


@pytest.mark.parametrize(
    ("edition", "subject", "words"),
    [
        (Edition.CORRECTION, "【更正】", "内容有更正"),
        (Edition.REVISION, "【更正版】", "请以此版为准"),
        (Edition.WITHDRAWAL, "【撤回】", "请勿继续传阅"),
    ],
)
def test_the_letter_says_what_it_is(original, sent, cast, edition, subject, words):
    started = mailing.start(amendment(original, cast, edition), by=cast.tang)

    assert started.subject.startswith(subject)
    letter = compose(started.deliveries.select_related("reader").first())
    assert words in letter.body
    assert words in letter.alternatives[0][0]


def test_the_old_link_shows_the_correction_with_the_readers_own_copy(original, sent, cast, client):
    started = mailing.start(amendment(original, cast), by=cast.tang)
    delivery = sent.deliveries.first()

    page = text_of(page_of(client, delivery))

    copy = started.deliveries.get(reader=delivery.reader)
    assert "本期已更正" in page
    assert links.token_of(copy) in page
    assert "公示小组" in page  # the text of the issue stays
    assert "本件针对2026年4月8日印发的2026年第10期" in text_of(page_of(client, copy))


def test_the_old_link_shows_a_withdrawal_and_its_reason_instead_of_the_text(original, sent, cast, client):
    amendment(original, cast, Edition.WITHDRAWAL)
    delivery = sent.deliveries.first()
    token = links.token_of(delivery)

    page = page_of(client, delivery)

    assert "本期已撤回" in text_of(page)
    assert "第1篇的人数有待核实。" in text_of(page)
    assert "公示小组" not in text_of(page)
    assert client.get(reverse("distribution:reader_pdf", args=[token])).url == reverse(
        "distribution:reader_page", args=[token]
    )


def test_photos_of_a_withdrawn_issue_open_no_more(bulletin, readers, cast, client):
    article = factories.make_article(cast.lin, title="青浦局开展培训")
    photo = factories.make_photo(article)
    article.apply(article.SUBMIT, by=cast.lin)
    article.apply(article.ACCEPT, by=cast.lu)
    original = factories.issued_issue(bulletin, cast, [article])
    delivery = mailing.start(original, by=cast.tang).deliveries.first()
    address = reverse("distribution:reader_photo", args=[links.token_of(delivery), photo.pk])
    assert client.get(address).status_code == 200

    amendment_of = amending.begin(original, Edition.WITHDRAWAL, by=cast.lu)
    amending.set_reason(amendment_of, "有误。", by=cast.lu)
    issue_it(amendment_of, cast)

    assert client.get(address).status_code == 404


def test_a_corrected_edition_shows_the_photos_of_its_issue(bulletin, readers, cast, client):
    article = factories.make_article(cast.lin, title="青浦局开展培训", body="<p>公示培训。</p>")
    photo = factories.make_photo(article)
    article.apply(article.SUBMIT, by=cast.lin)
    article.apply(article.ACCEPT, by=cast.lu)
    original = factories.issued_issue(bulletin, cast, [article])
    mailing.start(original, by=cast.tang)
    delivery = mailing.start(amendment(original, cast, Edition.REVISION), by=cast.tang).deliveries.first()

    address = reverse("distribution:reader_photo", args=[links.token_of(delivery), photo.pk])

    assert address in text_of(page_of(client, delivery))
    assert client.get(address).status_code == 200


def test_a_withdrawn_issue_goes_to_nobody_any_more(original, sent, cast):
    amendment(original, cast, Edition.WITHDRAWAL)
    late = factories.make_reader("后来的单位", "办公室", email="late@example.cn")

    sending.pump(1)

    sent.refresh_from_db()
    assert sent.status == "paused"
    assert "撤回" in sent.paused_because
    assert not mail.outbox
    assert not sent.deliveries.filter(status="sent").exists()
    with pytest.raises(Refused, match="撤回"):
        mailing.add(sent, Reader.objects.filter(pk=late.pk), by=cast.tang)


def test_the_archive_package_of_an_issue_holds_what_puts_it_right(original, sent, cast):
    correction = amendment(original, cast)

    papers = {paper.name: paper.data for paper in contents.papers_of(original, contents.record_of(original))}

    assert papers["过程/关联文件/2026年第10期更正.pdf"].startswith(b"%PDF")
    assert "2026年第10期更正" in papers["过程/关联文件.csv"].decode()
    assert "原来那一期" in contents.problem(correction)


def test_what_nobody_has_needs_no_correction_by_mail(original, readers, cast):
    correction = amendment(original, cast)

    assert [issue.pk for issue in mailing.ready_issues()] == [original.pk]
    with pytest.raises(Refused, match="还没有发给谁"):
        mailing.start(correction, by=cast.tang)
    mailing.start(original, by=cast.tang)
    assert [issue.pk for issue in mailing.ready_issues()] == [correction.pk]


def test_a_corrected_edition_of_what_nobody_has_goes_to_all_in_its_place(original, readers, cast):
    revision = amendment(original, cast, Edition.REVISION)

    assert [issue.pk for issue in mailing.ready_issues()] == [revision.pk]
    assert mailing.start(revision, by=cast.tang).deliveries.count() == 4


@pytest.mark.sqlite
def test_no_random_way_changes_what_was_issued_or_leaves_a_reader_without_the_correction(bulletin, cast):
    """Random acts of the office, of readers and of the mail server."""

    class Office(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

        @initialize()
        def begin(self):
            article = factories.accepted(cast.lin, cast.lu, title="青浦局开展培训", body="<p>公示培训甲乙丙丁。</p>")
            self.original = factories.issued_issue(bulletin, cast, [article])
            self.said = Issue.objects.filter(pk=self.original.pk).values().get()
            self.serial = 0

        def open(self):
            return self.original.amendments.open().first()

        def attempt(self, act, *args, **kwargs):
            try:
                with transaction.atomic():
                    return act(*args, **kwargs)
            except Refused:
                return None

        @rule(edition=st.sampled_from([Edition.CORRECTION, Edition.REVISION, Edition.WITHDRAWAL]))
        def begin_amendment(self, edition):
            self.attempt(amending.begin, self.original, edition, by=cast.lu)

        @rule(wrong=st.sampled_from("甲乙丙丁戊"))
        def write(self, wrong):
            if issue := self.open():
                self.attempt(amending.add_erratum, issue, "1-text-1", wrong, "改", by=cast.lu)
                self.attempt(amending.set_reason, issue, "说明。", by=cast.lu)

        @rule()
        def give_up(self):
            if issue := self.open():
                self.attempt(numbering.discard, issue, by=cast.lu)

        @rule()
        def issue_it(self):
            if issue := self.open():
                self.attempt(issue_it, issue, cast)

        @rule()
        def gain_a_reader(self):
            self.serial += 1
            factories.make_reader(f"第{self.serial}单位", "办公室", email=f"r{self.serial}@example.cn")

        @precondition(lambda self: self.serial)
        @rule(at=st.integers(0, 9))
        def lose_a_reader(self, at):
            Reader.objects.filter(pk=Reader.objects.values_list("pk", flat=True)[at % self.serial]).update(
                is_active=False
            )

        @rule()
        def mail(self):
            for issue in list(mailing.ready_issues()):
                self.attempt(mailing.start, issue, by=cast.tang)

        @rule()
        def add_readers(self):
            for row in Mailing.objects.all():
                self.attempt(mailing.add, row, Reader.objects.active(), by=cast.tang)

        @rule()
        def confirm(self):
            if delivery := Delivery.objects.filter(receipt=None).first():
                self.attempt(receipts.confirm, delivery, "周予安")

        @invariant()
        def nothing_issued_changes(self):
            assert Issue.objects.filter(pk=self.original.pk).values().get() == self.said

        @invariant()
        def whoever_has_the_issue_has_what_was_mailed_to_put_it_right(self):
            holders = set(Delivery.objects.filter(mailing__issue=self.original).values_list("reader", flat=True))
            for row in Mailing.objects.filter(issue__amends=self.original):
                assert holders <= set(row.deliveries.values_list("reader", flat=True))
            unmailed = self.original.amendments.issued().filter(mailing=None)
            if holders:  # what is not mailed yet waits on the list of the office
                assert set(unmailed) <= set(mailing.ready_issues())

    run_state_machine_as_test(Office, settings=profile(max_examples=12, stateful_step_count=14, deadline=None))
