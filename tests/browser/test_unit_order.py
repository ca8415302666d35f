"""The order of the units, by dragging and by keys."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import units as acts
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def order(tier):
    return [unit.short_name for unit in acts.by_tier(timezone.localdate())[tier]]


def moved(page):
    return page.expect_response(lambda response: "/move/" in response.url)


def test_a_unit_is_moved_by_keys_and_keeps_the_focus(live_server, cast, units, browse):
    page = browse(cast.lu, path=reverse("accounts:units"))
    page.focus(f"#u-{units.baoshan.pk}")

    with moved(page):
        page.keyboard.press("Alt+ArrowUp")
    page.wait_for_timeout(150)

    assert order("branch") == ["宝山局", "青浦局"]
    assert page.evaluate("document.activeElement.id") == f"u-{units.baoshan.pk}"
    assert page.inner_text("#live") == "宝山局现为派出机构第 1 位"
    assert page.faults == []


def test_a_unit_is_dragged_into_another_tier(live_server, cast, units, browse):
    page = browse(cast.lu, path=reverse("accounts:units"))
    page.wait_for_load_state("networkidle")

    with moved(page):
        page.locator(f"#unit-{units.yunda.pk} .grip").drag_to(page.locator(f"#unit-{units.post.pk} .grip"))

    assert order("courier") == []
    assert set(order("post")) == {"上海邮政", "韵达"}
    assert page.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_unit_goes_to_another_tier_without_dragging(live_server, cast, units, browse, size, shot):
    page = browse(cast.lu, path=reverse("accounts:units"), size=size)

    page.locator(f"#m-{units.yunda.pk}").click()
    page.locator(f"#t-{units.yunda.pk}").select_option("派出机构")
    shot(page, "unit-order-move")
    with moved(page):
        page.locator(f"#unit-{units.yunda.pk}").get_by_role("button", name="移过去").click()

    assert order("branch") == ["青浦局", "宝山局", "韵达"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.faults == []
