"""Somebody signs in anew in a second tab, which gives the browser a new CSRF token: the first tab goes on working."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from issues import desk
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sign_in_elsewhere():
    def act(page, user):
        token = page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value")
        Session.objects.all().delete()
        tab = page.context.new_page()
        tab.goto(reverse("accounts:login"))
        tab.get_by_label("用户名或邮箱").fill(user.username)
        tab.get_by_label("密码", exact=True).fill(factories.PASSWORD)
        tab.get_by_role("button", name="登录").click()
        expect(tab.locator("[data-account]")).to_be_visible()
        tab.close()
        assert token == page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value")

    return act


def test_a_form_is_taken_with_what_was_typed(browse, cast, sign_in_elsewhere):
    article = factories.submitted(cast.lin)
    page = browse(cast.lu, path=reverse("articles:detail", args=[article.pk]))
    page.get_by_role("button", name="退修…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("请补上日期")

    sign_in_elsewhere(page, cast.lu)
    dialog.get_by_role("button", name="退修").click()

    page.wait_for_url("**/queue/")
    article.refresh_from_db()
    assert (article.status, article.events.last().note) == ("returned", "请补上日期")


def test_a_button_of_htmx_acts(browse, cast, bulletin, sign_in_elsewhere):
    articles = [factories.accepted(cast.lin, cast.lu, title=title) for title in ("青浦一", "青浦二")]
    issue = factories.make_issue(bulletin, cast.lu, articles)
    page = browse(cast.lu, path=f"{reverse('issues:desk', args=[issue.pk])}?sel={articles[0].pk}")

    sign_in_elsewhere(page, cast.lu)
    with page.expect_response(lambda answer: "/move/" in answer.url) as moved:
        page.click(f"#down-{articles[0].pk}")

    assert moved.value.status == 200
    assert [row.article.title for row in desk.sections_of(issue)[0].rows] == ["青浦二", "青浦一"]


def test_a_text_saves_itself_and_is_handed_in(browse, cast, sign_in_elsewhere):
    article = factories.make_article(cast.lin)
    page = browse(cast.lin, path=reverse("articles:edit", args=[article.pk]))
    page.locator(".cke_wysiwyg_div").wait_for()

    sign_in_elsewhere(page, cast.lin)
    page.locator("#id_title").fill("在第一个窗口里改的标题")
    expect(page.locator("[data-saved] [data-words]")).to_contain_text("已保存")
    page.get_by_role("button", name="报送", exact=True).first.click()
    page.wait_for_url(f"**/articles/{article.pk}/")

    article = Article.objects.get()
    assert (article.status, article.title) == ("submitted", "在第一个窗口里改的标题")
