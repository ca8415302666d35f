"""The approver decides behind the link in the mail, without signing in: one version, one decision."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import links
from accounts.models import PersonalLink, RoleAssignment
from articles import approvals
from articles.duplicates import keeping
from articles.models import Article, Status
from tests.articles.test_approval import REASON, approving, awaiting
from tests.factories import make_article, make_photo
from tests.scenes import scene
from workflow.refusals import Refused

__all__ = ["approving"]  # switches approvals on
pytestmark = pytest.mark.sqlite


@scene
def article(approving, cast):  # noqa: F811
    return awaiting(cast.lin, body="<p>4月1日，青浦局公示检查结果。</p>")


@scene
def link(cast, article):
    return links.make(cast.he, approvals.PAGE, article.current_version_id)


@scene
def token(link):
    return links.token_of(link)


def page(token):
    return reverse("articles:approval", args=[token])


def decide(client, token, name="approve", **fields):
    return client.post(reverse("articles:approval_decide", args=[token, name]), fields)


def status():
    return Article.objects.get().status


# --- what it shows ----------------------------------------------------------------------------------------------------
def test_it_shows_the_whole_text_with_its_photos_and_who_wrote_it(cast, client):
    article = make_article(cast.lin, title="青浦局公示结果", body="<p>第一段。</p><p>最后一段。</p>")
    photo = make_photo(article, caption="检查现场")
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    token = links.token_of(links.make(cast.he, approvals.PAGE, article.current_version_id))

    answer = client.get(page(token))

    for words in ("青浦局公示结果", "第一段。", "最后一段。", "检查现场", "林向晚", "贺思齐", "同意报送", "退给通讯员"):
        assert words in answer.text
    picture = reverse("articles:approval_photo", args=[token, photo.pk])
    assert picture in answer.text
    assert client.get(picture).status_code == 200


def test_it_says_what_says_the_same_as_far_as_the_unit_may_know(cast, client):
    body = "<p>4月1日，青浦局在徐泾镇公示检查结果，三十家网点的门头、面单和消防器材逐一写明，企业当场签字确认。</p>"
    told = make_article(cast.lin, title="徐泾检查", body=body)
    make_article(cast.lin, title="徐泾检查再报", body=body)
    make_article(cast.zhao, title="别家的检查", body=body)
    told.apply(Article.ASK_APPROVAL, by=cast.lin)
    token = links.token_of(links.make(cast.he, approvals.PAGE, told.current_version_id))
    assert "正在查重" in client.get(page(token)).text

    assert keeping.compare_waiting() == 0
    shown = client.get(page(token)).text

    assert "徐泾检查再报" in shown
    assert "文字基本相同" in shown
    assert "别家的检查" not in shown
    assert reverse("articles:duplicates", args=[told.pk]) not in shown, "an approver by mail has no account"


def test_a_photo_of_another_article_is_not_given_out(cast, client, token):
    other = make_photo(make_article(cast.lin))

    assert client.get(reverse("articles:approval_photo", args=[token, other.pk])).status_code == 404


def test_it_shows_what_changed_since_it_was_sent_back(cast, client, article):
    article.apply(Article.SEND_BACK, by=cast.he, note=REASON)
    article.body = "<p>4月1日，青浦局公布检查结果。</p>"
    article.save()
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    token = links.token_of(links.make(cast.he, approvals.PAGE, article.current_version_id))

    assert "<del>" in client.get(page(token)).text


# --- what it does -----------------------------------------------------------------------------------------------------
def test_agreeing_hands_in_the_version_in_the_approvers_name(client, cast, article, token):
    answer = decide(client, token)

    event = article.events.last()
    assert (status(), event.transition, event.by) == (Status.SUBMITTED, "approve", cast.he)
    assert event.version == article.current_version
    assert "您已同意" in answer.text


def test_sending_back_takes_the_reason_along(client, cast, article, token):
    decide(client, token, "send_back", note=REASON)

    assert (status(), article.events.last().note) == (Status.SENT_BACK, REASON)


def test_without_a_reason_it_asks_again_and_stays_valid(client, token):
    answer = decide(client, token, "send_back", note=" ")

    assert (answer.status_code, status()) == (422, Status.AWAITING)
    assert "请写明理由" in answer.text or "理由" in answer.text
    assert re.search(r'<dialog class="dlg" id="send_back"[^>]* open>', answer.text)
    assert decide(client, token).status_code == 200


def test_any_other_act_is_not_found(client, token):
    for name in ("accept", "withdraw", "submit"):
        assert decide(client, token, name).status_code == 404
    assert status() == Status.AWAITING


def test_fifty_gets_and_heads_decide_nothing(client, token):
    addresses = [page(token), page(token) + "?ask=approve", *(f"{page(token)}{name}/" for name in approvals.DECISIONS)]
    for _n in range(50):
        for address in addresses:
            client.get(address)
            client.head(address)

    assert status() == Status.AWAITING
    assert client.get(page(token)).status_code == 200


def test_it_needs_no_account_no_cookie_and_no_origin(token):
    answer = Client(enforce_csrf_checks=True).post(
        reverse("articles:approval_decide", args=[token, "approve"]), HTTP_ORIGIN="null"
    )

    assert (answer.status_code, status()) == (200, Status.SUBMITTED)


# --- when it is dead --------------------------------------------------------------------------------------------------
def used(cast, article, client, token):
    decide(client, token)


def changed(cast, article, client, token):
    article.apply(Article.WITHDRAW, by=cast.lin)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)


def decided_on_the_site(cast, article, client, token):
    article.apply(Article.SEND_BACK, by=cast.he, note=REASON)


def too_old(cast, article, client, token):
    PersonalLink.objects.update(created_at=timezone.now() - timedelta(days=7, seconds=1))


def moved_to_another_unit(cast, article, client, token):
    cast.he.unit = cast.zhao.unit
    cast.he.save()


def lost_the_role(cast, article, client, token):
    RoleAssignment.objects.filter(user=cast.he).update(role="contributor")


def switched_off(cast, article, client, token):
    cast.he.is_active = False
    cast.he.save()


def became_the_writer(cast, article, client, token):
    Article.objects.update(created_by=cast.he)


ENDS = [used, changed, decided_on_the_site, too_old, moved_to_another_unit, lost_the_role, switched_off]


@pytest.mark.parametrize("end", [*ENDS, became_the_writer], ids=lambda end: end.__name__)
def test_it_is_dead_once(end, cast, article, client, token):
    photo = make_photo(article)
    end(cast, article, client, token)
    before = status()

    assert client.get(page(token)).status_code == 404
    assert client.get(reverse("articles:approval_photo", args=[token, photo.pk])).status_code == 404
    for name in approvals.DECISIONS:
        assert decide(client, token, name, note=REASON).status_code == 404
    assert status() == before


def test_a_link_lives_seven_days(client, link):
    link.created_at = timezone.now() - timedelta(days=6, hours=23)
    token = links.token_of(link)
    link.token_hash = links.hash_of(token)
    link.save()

    assert client.get(page(token)).status_code == 200


def test_every_dead_link_gets_the_same_page(cast, article, client, token):
    unknown = client.get(page("A" * 43)).text.split("<main")[1]
    changed(cast, article, client, token)

    assert client.get(page(token)).text.split("<main")[1] == unknown


def test_a_used_link_is_refused_below_the_page_too(cast, article, link):
    approvals.decide(link, article, Article.SEND_BACK, note=REASON)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    PersonalLink.objects.update(subject=article.current_version_id)
    link.refresh_from_db()

    with pytest.raises(Refused):
        approvals.decide(link, article, Article.APPROVE)
    assert status() == Status.AWAITING


# --- how it is kept secret --------------------------------------------------------------------------------------------
def test_only_its_hash_is_kept(token, link):
    assert len(token) == 43
    assert token not in str(list(PersonalLink.objects.values()))
    assert link.token_hash == links.hash_of(token)


def test_each_person_and_each_version_has_another(cast, article):
    tokens = {
        links.token_of(links.make(user, approvals.PAGE, subject))
        for user in (cast.he, cast.lin)
        for subject in (article.current_version_id, 99)
    }

    assert len(tokens) == 4


def test_a_link_to_another_page_opens_nothing(cast, article, client):
    other = links.make(cast.he, "articles:detail", article.current_version_id)

    assert client.get(page(links.token_of(other))).status_code == 404


@pytest.mark.parametrize("is_valid", [True, False])
def test_no_other_site_learns_it(is_valid, token, client):
    answer = client.get(page(token if is_valid else "A" * 43))

    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
