"""What was commissioned, from the unit's list to the story, and a reason that the office reads."""

import pytest
from django.urls import reverse

from articles.models import Answer, Commissioned
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_commission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_unit_accepts_one_begins_it_and_declines_another(live_server, cast, units, browse, size, shot):
    made = [make_commission(cast.lu, units.qingpu, title=title, days=3) for title in ("器材换新", "场地共用")]
    page = browse(cast.lin, path=reverse("home"), size=size)

    page.get_by_role("button", name="应约：器材换新").click()
    page.get_by_role("button", name="去交稿：器材换新").click()
    page.wait_for_url("**/edit/")
    assert page.get_by_role("link", name="器材换新").is_visible()
    shot(page, "commission-begun")

    page.goto(reverse("home"))
    page.get_by_role("link", name="场地共用").click()
    page.get_by_role("button", name="说明不能写…").click()
    page.get_by_label("为什么不能写").fill("今年没有这项工作")
    page.get_by_role("button", name="发送原因").click()
    page.wait_for_load_state()

    assert "今年没有这项工作" in page.inner_text("main")
    shot(page, "commission-declined")
    states = [Commissioned.objects.get(pk=row.pk).status for row in made]
    assert states == [Answer.ACCEPTED, Answer.DECLINED]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.faults == []
