"""Who is told of an approval inside the unit, and what stands in the mail."""

import re

from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import mails
from accounts.models import Notice, PersonalLink, Unit, User
from articles.models import Article, Status
from tests.factories import make_article
from tests.scenes import scene


@scene
def article(cast, units):
    Unit.objects.filter(pk=units.qingpu.pk).update(approval=Unit.Approval.AUTO)
    article = Article.objects.get(pk=make_article(cast.lin, title="急救培训").pk)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    return article


def told(word):
    return sorted(Notice.objects.filter(word=word).values_list("user__username", flat=True))


def test_the_approver_is_told_at_once_with_a_link_that_needs_no_account(cast, article):
    mails.send_due()

    [message] = mail.outbox
    [(html, _kind)] = message.alternatives
    assert (message.to, message.subject) == ([cast.he.email], "【请审签】急救培训")
    [address] = set(re.findall(r"http://127\.0\.0\.1:8000(/\S*links/approve/\S+)", message.body))
    assert address in html
    page = Client().get(address)
    assert page.status_code == 200
    assert "急救培训" in page.text


def test_behind_the_bell_it_leads_to_the_site_and_carries_no_secret(as_user, cast, article):
    [notice] = cast.he.notices.all()
    answer = as_user(cast.he).post(reverse("accounts:notice_open", args=[notice.pk]))

    assert answer.url == reverse("articles:detail", args=[article.pk])


def test_who_wants_no_mail_gets_no_link(cast, article):
    User.objects.filter(pk=cast.he.pk).update(urgent_mails="here")
    article.apply(Article.WITHDRAW, by=cast.lin)
    before = PersonalLink.objects.count()
    article.apply(Article.ASK_APPROVAL, by=cast.lin)

    assert cast.he.notices.unread().count() == 1
    assert PersonalLink.objects.count() == before


def test_the_office_is_asked_to_review_when_it_is_approved_and_not_before(cast, article):
    assert told("请审稿") == []
    article.apply(Article.APPROVE, by=cast.he)

    assert told("请审稿") == ["admin", "gu", "lu"]
    assert told("已审签") == ["lin"]
    assert not cast.he.notices.unread().exists()


def test_the_writer_is_told_at_once_what_the_approver_sends_back(cast, article):
    article.apply(Article.SEND_BACK, by=cast.he, note="日期不符")

    [notice] = cast.lin.notices.all()
    assert (notice.word, notice.note, notice.mail.address) == ("审签退回", "日期不符", "lin@example.cn")
    assert article.status == Status.SENT_BACK


def test_what_was_withdrawn_before_the_mail_goes_is_asked_of_nobody(cast, article):
    article.apply(Article.WITHDRAW, by=cast.lin)
    mails.send_due()

    assert mail.outbox == []
