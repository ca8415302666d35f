"""Whatever comes into the mailbox for returned mail is read for what it is, and nothing that is written in it stops that."""

import time

import pytest

from distribution.bounces.reading import Outcome, read
from distribution.bounces.reasons import Kind, is_hard, kind_of

from . import returned_mail

ADDRESS, OURS = returned_mail.ADDRESS, returned_mail.OURS


@pytest.mark.parametrize(
    ("mail", "kind", "address", "hard"),
    [
        (returned_mail.postfix(), Kind.USER, ADDRESS, True),
        (returned_mail.postfix(status="5.4.4", said="Host or domain name not found."), Kind.DOMAIN, ADDRESS, True),
        (returned_mail.postfix(status="4.4.1", said="connect to mx[192.0.2.7]: timed out"), Kind.OTHER, ADDRESS, False),
        (returned_mail.exim(), Kind.FULL, ADDRESS, False),
        (returned_mail.exchange(), Kind.USER, ADDRESS, True),
        (returned_mail.qq(OURS), Kind.USER, "zhang@qq.example", True),
        (returned_mail.qq(OURS, words="收件人邮箱已满，无法接收新的邮件。", said="552 full"), Kind.FULL, "zhang@qq.example", False),
        (returned_mail.netease(), Kind.USER, "zhang@163.example", True),
        (returned_mail.netease(text="邮件内容被判为垃圾邮件", words="554 DT:SPM 163 smtp"), Kind.SPAM, "zhang@163.example", False),
        (returned_mail.netease(text="收件人域名不存在", words="550"), Kind.DOMAIN, "zhang@163.example", True),
        (returned_mail.netease(text="附件过大", words="552 exceeded mailsize limit"), Kind.SIZE, "zhang@163.example", False),
    ],
)  # fmt: skip
def test_a_report_says_why_of_whom_and_of_which_mail(mail, kind, address, hard):
    report = read(mail)

    assert (report.outcome, report.kind) == (Outcome.FAILED, kind)
    assert address in report.addresses
    assert report.message_ids == (OURS,)
    assert report.is_of_server
    assert is_hard(report.words, report.status) == hard


def test_a_delay_is_no_failure():
    assert read(returned_mail.postfix(action="delayed", status="4.4.1")).outcome == Outcome.DELAYED


def test_a_report_of_arrival_is_none_either():
    assert read(returned_mail.postfix(action="delivered", status="2.0.0", said="250 ok")).outcome == Outcome.DELIVERED


@pytest.mark.parametrize("subject", ["自动回复：简报", "Out of office", "回复：简报"])
def test_who_is_away_has_returned_nothing(subject):
    assert read(returned_mail.away(subject=subject)).outcome == Outcome.AUTOMATIC


def test_a_persons_answer_is_nothing_of_the_kind_whatever_its_words():
    assert read(returned_mail.answer("张三的邮箱已满，用户不存在。550 5.1.1")).outcome == Outcome.UNKNOWN


def test_the_words_of_the_returned_mail_itself_count_for_nothing():
    report = read(returned_mail.netease(text="其他错误", words="550 rejected"))

    assert (report.outcome, report.kind) == (Outcome.FAILED, Kind.OTHER)


@pytest.mark.parametrize(
    ("answer", "kind", "hard"),
    [
        ("550 5.1.1 <a@x.example>: Recipient address rejected", Kind.USER, True),
        ("450 4.1.1 user unknown, try later", Kind.USER, False),
        ("550 Mailbox not found. http://service.mail.qq.example", Kind.USER, True),
        ("553 sorry, no mailbox here: user unknown", Kind.USER, True),
        ("550 User suspended", Kind.USER, True),
        ("550 Domain may not exist or DNS check failed", Kind.OTHER, False),  # the sender's
        ("550 5.1.8 sender domain does not exist", Kind.OTHER, False),
        ("550 MI:SPF mx14, the IP is not permitted by SPF", Kind.SPAM, False),
        ("552 5.3.4 message size exceeds fixed limit", Kind.SIZE, False),
        ("552 5.2.2 mailbox is full", Kind.FULL, False),
        ("554 5.7.1 refused", Kind.SPAM, False),
        ("550 relay 5.1.1.2 said no", Kind.OTHER, False),  # an address of a network
        ("收件人邮箱域名不存在", Kind.DOMAIN, True),
        ("您所发的用户已停用", Kind.USER, True),
    ],
)
def test_an_answer_has_one_meaning(answer, kind, hard):
    assert (kind_of(answer), is_hard(answer)) == (kind, hard)


@pytest.mark.parametrize(
    "mail",
    [
        returned_mail.nested(2000),
        b"",
        b"\xff\xfe\x00" * 1000,
        b"From: postmaster@x\r\nSubject: =?nope?Q?=FF?= =?utf-8?B?!!!?=\r\nContent-Type: text/plain; charset=nope\r\n\r\n\xb2\xbb",
        b"From: postmaster@x\r\nContent-Type: text/html\r\n\r\n" + b"<style" * 30_000 + b"<p" * 30_000,
        b"From: postmaster@x\r\nSubject: undeliverable\r\n\r\n" + b"-" * 200_000 + b"exceed" * 30_000,
        b"Content-Type: multipart/report; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: x\r\n\r\n" * 5_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 80_000,
        b"X: " + b"a\r\n " * 200_000,
        b"Subject: \xd0\xc5\xcf\xe4\r\n" * 20_000,
    ],
    ids=["nested", "empty", "no text", "charsets", "tags", "dashes", "reports", "parts", "folded", "headers"],
)  # fmt: skip
def test_hostile_input_is_read_soon_and_as_text_that_a_database_takes(mail):
    began = time.process_time()
    report = read(mail)

    assert time.process_time() - began < 5
    for text in (report.subject, report.sender, report.words, report.text):
        assert "\0" not in text
        text.encode()
