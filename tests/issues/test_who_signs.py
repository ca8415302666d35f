"""Who signs an issue neither sent it nor wrote or changed what stands in it; and the sheet says who reviewed it."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from articles import review, revision
from articles.models import Article
from articles.revision import Wording
from issues import signing
from issues.models import Issue, SignOff
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused


def becomes_signer(user):
    """The person leaves the office for the signature: what they did before stays theirs."""
    user.roles.exclude(role="contributor").delete()
    user.roles.create(role="signer")
    factories.give_phone(user)
    return type(user).objects.get(pk=user.pk)


@scene
def writer(cast):
    """Writes for a unit, and signs."""
    return factories.make_user("qiu", "邱写之", "contributor", "signer", unit=cast.lin.unit)


def pending(bulletin, cast, article):
    issue = factories.pending_issue(bulletin, cast, [article])
    issue.refresh_from_db()
    return issue


def wrote(cast, writer):
    return factories.accepted(writer, cast.gu), writer


def handed_in(cast, writer):
    article = factories.make_article(cast.lin)
    article.apply(Article.SUBMIT, by=writer)
    article.apply(Article.ACCEPT, by=cast.gu)
    return article, writer


def changed(cast, _writer):
    article = factories.submitted(cast.lin)
    revision.revise(article, Wording({"subtitle": "改过"}, {}), by=cast.gu, seen=article.current_version_id)
    article.apply(Article.ACCEPT, by=cast.gu)
    return article, cast.gu


def sent(cast, _writer):
    return factories.accepted(cast.zhao, cast.gu), cast.lu  # who sends in factories.pending_issue


@pytest.mark.parametrize("part", [wrote, handed_in, changed, sent])
def test_whoever_had_a_hand_in_it_does_not_sign_it(part, as_user, bulletin, cast, writer):
    article, person = part(cast, writer)
    issue = pending(bulletin, cast, article)
    if person != writer:
        person = becomes_signer(person)

    assert not issue.may(Issue.SIGN, person)
    assert not Issue.objects.to_sign(person).exists()
    page = as_user(person).get(reverse("issues:sign_off", args=[issue.pk])).text
    assert "要由另一人签发" in page
    assert 'data-dialog="sign"' not in page
    digest = signing.present_proof(issue).digest
    with pytest.raises(Refused):
        signing.sign(issue, by=person, expected_digest=digest, code=factories.code_of(person))
    with pytest.raises(DatabaseError, match="issues_signoff never changes"), transaction.atomic():
        SignOff.objects.create(issue=issue, by=person, digest=digest)


def test_who_only_reviewed_it_may_sign_it(bulletin, cast):
    issue = pending(bulletin, cast, factories.accepted(cast.zhao, cast.gu))
    reviewer = becomes_signer(cast.gu)

    assert issue.may(Issue.SIGN, reviewer)
    assert list(Issue.objects.to_sign(reviewer)) == [issue]


def test_the_sheet_says_who_reviewed_and_who_stood_in(as_user, bulletin, cast, three_reviews):
    article = factories.passed(cast.zhao, cast.lu)
    article.apply(Article.STAND_IN_SECOND, by=cast.lu, note="梅映雪出差")
    article.apply(Article.ACCEPT, by=cast.gu)
    issue = pending(bulletin, cast, article)
    address = reverse("issues:sign_off", args=[issue.pk])

    page = as_user(cast.fang).get(address).text
    assert "复审由陆一鸣代审，原因：梅映雪出差" in page
    assert "待补审" in page
    assert "初审 陆一鸣，复审 陆一鸣（代审），终审 顾文岚" in page

    review.ratify(article, by=cast.admin, version=article.current_version_id)

    page = as_user(cast.fang).get(address).text
    assert "管理员 已补审" in page
    assert "无人审自己的稿件；以下为代审：" in page
    assert "无人一稿审两次" not in page  # which stays untrue after the confirmation
    assert "待补审" not in page
