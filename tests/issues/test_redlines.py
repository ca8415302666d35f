"""A comparison as a PDF (花脸稿): readable without colour, set by a worker, for whoever asked alone."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from issues import tasks
from issues.models import RedlinePdf
from tests import factories
from tests.scenes import scene
from tests.typesetting.read_back import page_texts

pytestmark = pytest.mark.sqlite

BODY = "<p>广泛凝聚安全公示，压实全员安全责任。</p><p>下一步，青浦局将继续跟进。</p>"


@scene
def revised(cast):
    """Handed in, returned, handed in anew."""
    article = factories.submitted(cast.lin, title="青浦局\n开展演练", body=BODY)
    article.apply(Article.RETURN, by=cast.lu, note="请核对“公示”")
    article.body = BODY.replace("公示", "共识")
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)
    return article


def ask(client, article, a="1", b="2"):
    address = reverse("issues:article_redline", args=[article.pk])
    return client.post(f"{address}?a={a}&b={b}")


def set_all():
    for asked in RedlinePdf.objects.waiting():
        tasks.render_redline(redline_id=asked.pk)


def text_of(pdf):
    return re.sub(r"\s", "", "".join(page_texts(pdf)))


# --- an article's ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["lin", "lu"])
def test_the_unit_and_the_office_fetch_it(as_user, cast, revised, who):
    client = as_user(getattr(cast, who))
    waiting = ask(client, revised)
    assert "正在生成" in client.get(waiting["Location"]).text

    set_all()

    asked = RedlinePdf.objects.get()
    address = reverse("issues:redline_pdf", args=[asked.pk])
    assert f'href="{address}"' in client.get(waiting["Location"], headers={"HX-Request": "true"}).text
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert "%E8%8A%B1%E8%84%B8%E7%A8%BF" in answer["Content-Disposition"]
    text = text_of(answer.getvalue())
    assert "安全公示共识，压实" in text
    assert "青浦局开展演练（花脸稿）" in text
    assert "陆一鸣" in text
    assert "请核对“公示”" in text


def test_it_names_the_paragraph_of_each_remark(as_user, cast, revised):
    factories.make_remark(revised, cast.gu, "网点名称请核实", paragraph=2)
    client = as_user(cast.lin)
    ask(client, revised)
    set_all()

    pdf = client.get(reverse("issues:redline_pdf", args=[RedlinePdf.objects.get().pk])).getvalue()

    assert "（第2段）网点名称请核实" in text_of(pdf)


def test_the_comparison_offers_it(as_user, cast, revised):
    for name in ("detail", "compare"):
        text = as_user(cast.lu).get(reverse(f"articles:{name}", args=[revised.pk])).text
        assert f'action="{reverse("issues:article_redline", args=[revised.pk])}?a=1&amp;b=2"' in text


def test_it_is_for_whoever_asked_alone(as_user, cast, revised):
    ask(as_user(cast.lin), revised)
    set_all()
    asked = RedlinePdf.objects.get()

    for name in ("redline", "redline_pdf"):
        assert as_user(cast.lu).get(reverse(f"issues:{name}", args=[asked.pk])).status_code == 404


@pytest.mark.parametrize("who", ["zhao", "shen"])
def test_another_units_comparison_is_not_found(as_user, cast, revised, who):
    assert ask(as_user(getattr(cast, who)), revised).status_code == 404
    assert not RedlinePdf.objects.exists()


@pytest.mark.parametrize(("a", "b"), [("1", "9"), ("now", "1"), ("1", "now"), ("", "")])
def test_what_is_no_version_leads_to_the_choice_of_versions(as_user, cast, revised, a, b):
    answer = ask(as_user(cast.lu), revised, a, b)

    assert answer["Location"] == reverse("articles:compare", args=[revised.pk])
    assert not RedlinePdf.objects.exists()


def test_the_same_comparison_is_made_once(as_user, cast, revised):
    client = as_user(cast.lin)
    first = ask(client, revised)["Location"]
    set_all()

    assert ask(client, revised)["Location"] == first
    assert not RedlinePdf.objects.waiting()


def test_before_it_is_there_it_is_not_found(as_user, cast, revised):
    client = as_user(cast.lin)
    ask(client, revised)

    assert client.get(reverse("issues:redline_pdf", args=[RedlinePdf.objects.get().pk])).status_code == 404


# --- what goes wrong ------------------------------------------------------------------------------------------------------
def test_what_could_not_be_set_says_why_and_can_be_asked_for_again(as_user, cast, revised):
    client = as_user(cast.lin)
    address = ask(client, revised)["Location"]
    page = RedlinePdf.objects.get().page
    RedlinePdf.objects.update(page=page.replace("<body>", '<body><img src="https://example.org/a.png">'))
    set_all()
    assert "没能排出来：不允许读取这个地址" in client.get(address).text

    RedlinePdf.objects.update(page=page)
    assert ask(client, revised)["Location"] == address
    set_all()
    assert RedlinePdf.objects.get().is_ready


def test_a_lost_message_is_made_up_for(as_user, cast, revised):
    ask(as_user(cast.lin), revised)

    tasks.render_waiting_redlines()

    assert RedlinePdf.objects.get().is_ready


def test_after_a_day_it_is_forgotten_with_its_file(as_user, cast, revised):
    ask(as_user(cast.lin), revised)
    set_all()
    asked = RedlinePdf.objects.get()
    RedlinePdf.objects.update(requested_at=timezone.now() - timedelta(days=2))

    tasks.render_waiting_redlines()

    assert not RedlinePdf.objects.exists()
    assert not asked.pdf.storage.exists(asked.pdf.name)
