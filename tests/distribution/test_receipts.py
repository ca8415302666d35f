"""A receipt is given once, by the reader or from a paper slip, and is never lost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from distribution import links, mailing, receipts
from distribution.models import Receipt
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def copy(sent_out):
    return sent_out.deliveries.select_related("mailing__issue", "reader").first()


def address(copy):
    return reverse("distribution:reader_confirm", args=[links.token_of(copy)])


def test_a_post_with_a_name_confirms_and_the_page_says_so(copy, client):
    answer = client.post(address(copy), {"name": " 林 向晚 "}, follow=True)
    receipt = Receipt.objects.get()
    assert (receipt.name, receipt.how) == ("林 向晚", Receipt.How.LINK)
    assert f"{timezone.localtime(receipt.confirmed_at):%H:%M}" in answer.content.decode()


def test_without_a_name_it_is_not_confirmed(copy, client):
    answer = client.post(address(copy), {"name": "  "})
    assert answer.status_code == 422
    assert not Receipt.objects.exists()


def test_the_second_confirmation_changes_nothing(copy, client):
    client.post(address(copy), {"name": "林向晚"})
    client.post(address(copy), {"name": "赵知远"})
    assert Receipt.objects.get().name == "林向晚"


def test_a_paper_slip_is_entered_with_its_day(copy, cast):
    receipt = receipts.enter(copy, "赵知远", date(2026, 4, 9), by=cast.tang)
    assert (receipt.how, receipt.entered_by) == (Receipt.How.PAPER, cast.tang)
    assert timezone.localtime(receipt.confirmed_at).date() == date(2026, 4, 9)


def test_a_day_to_come_is_refused(copy, cast):
    with pytest.raises(Refused):
        receipts.enter(copy, "赵知远", timezone.localdate() + timedelta(days=1), by=cast.tang)


def test_nobody_without_the_permission_enters_a_slip(copy, cast):
    with pytest.raises(Refused):
        receipts.enter(copy, "赵知远", date(2026, 4, 9), by=cast.lu)


def test_a_signed_in_reader_confirms_the_own_copy_alone(copy, cast, as_user):
    copy.reader.user = cast.shen
    copy.reader.save()
    assert as_user(cast.shen).get(reverse("distribution:copy", args=[copy.pk])).status_code == 200
    as_user(cast.shen).post(reverse("distribution:copy_confirm", args=[copy.pk]), {"name": "沈读之"})
    assert Receipt.objects.get().entered_by == cast.shen
    for name in ("copy", "copy_pdf", "copy_confirm"):
        assert as_user(cast.lin).get(reverse(f"distribution:{name}", args=[copy.pk])).status_code == 404


def test_the_missing_ones_stand_first_by_tier_and_unit(issue, cast, units):
    factories.make_reader("韵达", "党群工作部", "a@example.cn", unit=units.yunda)
    factories.make_reader("青浦局", "办公室", "b@example.cn", unit=units.qingpu)
    factories.make_reader("上海局", "办公室", "c@example.cn", unit=units.bureau)
    factories.make_reader("宝山局", "办公室", "d@example.cn", unit=units.baoshan)
    factories.make_reader("行业协会", "秘书处", "e@example.cn")
    started = mailing.start(issue, by=cast.tang)
    confirmed = started.deliveries.get(reader__organisation="上海局")
    receipts.enter(confirmed, "某人", date(2026, 4, 9), by=cast.tang)
    order = [copy.reader.organisation for copy in started.deliveries.missing_first().select_related("reader")]
    assert order == ["青浦局", "宝山局", "韵达", "行业协会", "上海局"]


def test_the_page_counts_and_filters(copy, cast, as_user):
    receipts.confirm(copy, "林向晚")
    address = reverse("distribution:receipts", args=[copy.mailing_id])
    everything = as_user(cast.lu).get(address)
    assert "1 / 3" in everything.content.decode()
    missing = as_user(cast.lu).get(address, {"show": "missing"})
    assert copy not in missing.context["object_list"]
    assert len(missing.context["object_list"]) == 2
    found = as_user(cast.lu).get(address, {"q": copy.reader.organisation})
    assert list(found.context["object_list"]) == [copy]
