"""Each printed 报/送/发 line is tied to readers or to a reason; what is tied to nobody is said wherever it matters."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Tier
from accounts.tables import importing
from bulletin_cms import sample
from distribution import addressing
from distribution.models import PrintedLine, Reader, ReaderGroup
from issues.models import RecipientList
from tests import excel_files, factories, people
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LINE = "上海市邮政管理局局领导、各处室、派出机构、文明办"


def url(name, *args):
    return reverse(f"distribution:{name}", args=args)


def reach(text):
    [line] = addressing.addressed([text])
    return line.reach.value, line.count, line.names


@scene
def office():
    return factories.make_reader("上海市文明办", "收文", "wm@example.cn")


@scene
def couriers():
    """A group of all readers of courier companies, of whom there are two."""
    unit = factories.make_unit("示例快递公司", "示例快递", tier=Tier.COURIER)
    factories.make_readers(2, unit)
    return ReaderGroup.objects.create(name="各快递企业", tier=Tier.COURIER)


@pytest.mark.parametrize("text", ["上海市文明办", "上海市文明办收文"])
def test_a_line_that_is_just_a_readers_name_reaches_that_reader(text, office):
    assert reach(text) == ("named", 1, ["上海市文明办 收文"])


def test_a_line_that_is_just_a_units_name_reaches_its_readers(cast):
    factories.make_reader("简报收件人", "甲", unit=cast.lin.unit)

    assert reach(cast.lin.unit.name) == reach(cast.lin.unit.short_name) == ("named", 1, ["简报收件人 甲"])


def test_a_line_of_several_bodies_is_not_taken_as_reached_because_one_of_them_is(cast):
    factories.make_reader("上海市邮政管理局", "办公室")

    assert reach(LINE) == ("nobody", 0, [])


def test_readers_and_groups_stand_behind_a_line_each_counted_once(office, couriers, cast):
    both = Reader.objects.filter(unit__tier=Tier.COURIER)[:1]
    addressing.tie(LINE, readers=[office, *both], groups=[couriers], by=cast.tang)

    assert reach(LINE) == ("tied", 3, ["各快递企业（2 位）", "第1快递服务公司 党群工作部", "上海市文明办 收文"])


def test_who_comes_to_a_tier_later_belongs_to_its_group(couriers, cast):
    addressing.tie("各快递企业", groups=[couriers], by=cast.tang)
    factories.make_reader("新来的公司", "收发", unit=factories.make_unit("又一家快递", "又一家", tier=Tier.COURIER))

    assert reach("各快递企业")[1] == 3


def test_whoever_gets_no_new_issues_reaches_nobody(office, cast):
    addressing.tie(LINE, readers=[office], by=cast.tang)
    Reader.objects.update(is_active=False)

    assert reach(LINE) == ("nobody", 0, [])
    assert reach("上海市文明办") == ("nobody", 0, [])


def test_a_reason_stands_instead_of_readers(cast):
    addressing.tie("国家邮政局", not_sent="由办公室送纸质件", by=cast.tang)

    [line] = addressing.addressed(["国家邮政局"])
    assert (line.reach, line.reason, line.is_open) == ("not_sent", "由办公室送纸质件", False)


def test_readers_and_a_reason_together_or_neither_are_refused(office, cast):
    for values in ({"readers": [office], "not_sent": "另送"}, {}):
        with pytest.raises(Refused, match="二者择一"):
            addressing.tie(LINE, by=cast.tang, **values)
    assert not PrintedLine.objects.exists()


def test_only_who_manages_mailings_says_who_gets_it(office, cast):
    for act in (addressing.tie, addressing.untie):
        with pytest.raises(Refused):
            act(LINE, by=cast.lin)


def test_the_queries_do_not_grow_with_the_lines(couriers, cast):
    def asked(count):
        texts = [f"第{n}行" for n in range(count)]
        for n, text in enumerate(texts):
            reader = factories.make_reader(f"{count}单位{n}", "收发", f"{count}-{n}@example.cn")
            group = ReaderGroup.objects.create(name=f"{count}组{n}", tier=Tier.COURIER if n % 2 else "")
            group.readers.add(reader)
            addressing.tie(text, readers=[reader], groups=[group, couriers], by=cast.tang)
        with CaptureQueriesContext(connection) as queries:
            assert all(line.count == 3 for line in addressing.addressed([*texts, "没有人的一行"])[:-1])
        return len(queries)

    assert asked(2) == asked(12) == 7


def test_the_list_names_what_reaches_nobody_and_leads_to_saying_who(bulletin, office, cast, as_user):
    client = as_user(cast.tang)
    page = client.get(reverse("issues:recipient_lists"))
    lines = {line.text for line in page.context["addressed"] if line.is_open}
    assert lines == {*factories.UP, *factories.ACROSS} - {"上海市文明办"}
    assert f"{len(lines)} 行没有收件人" in page.text

    for text in lines:
        client.post(f"{url('line')}?text={text}", {"readers": [office.pk], "next": reverse("issues:recipient_lists")})

    page = client.get(reverse("issues:recipient_lists"))
    assert "各行都已落实" in page.text
    assert "没有人收到" not in page.text


def test_the_form_begins_with_those_whose_name_stands_in_the_line(cast, as_user):
    likely = factories.make_reader("上海市邮政管理局", "办公室", "sh@example.cn")
    other = factories.make_reader("别的单位", "收发", "other@example.cn")

    picked = as_user(cast.tang).get(f"{url('line')}?text={LINE}").context["form"].fields["readers"]

    assert (picked.ticked, picked.rows) == ({likely.pk}, [likely, other])


def test_what_was_ticked_and_typed_stays_on_a_refused_form(office, cast, as_user):
    page = as_user(cast.tang).post(f"{url('line')}?text={LINE}", {"readers": [office.pk], "not_sent": "另送"})

    assert page.status_code == 422
    assert page.context["form"].fields["readers"].ticked == {office.pk}
    assert 'value="另送"' in page.text
    assert not PrintedLine.objects.exists()


def test_what_was_said_can_be_forgotten(office, cast, as_user):
    addressing.tie("上海市文明办", not_sent="另送", by=cast.tang)

    as_user(cast.tang).post(url("untie"), {"text": "上海市文明办"})

    assert reach("上海市文明办")[0] == "named"


def test_the_address_to_go_back_to_is_never_another_site(office, cast, as_user):
    data = {"readers": [office.pk], "next": "https://example.com/"}
    answer = as_user(cast.tang).post(f"{url('line')}?text={LINE}", data)

    assert answer.url == reverse("issues:recipient_lists")


def test_the_signer_reads_which_lines_reach_nobody(bulletin, office, cast, as_user):
    issue = factories.pending_issue(bulletin, cast)
    sheet = reverse("issues:sign_off", args=[issue.pk])

    assert (
        f"{len(factories.UP) + len(factories.ACROSS) - 1} 行印出的名单没有人收到" in as_user(cast.fang).get(sheet).text
    )

    for text in {*factories.UP, *factories.ACROSS}:
        addressing.tie(text, readers=[office], by=cast.tang)
    addressing.tie("各快递企业", not_sent="由协会转发", by=cast.tang)
    assert "印出的每一行都已指定由谁收到，或写明不寄" in as_user(cast.fang).get(sheet).text

    assert "1 行不寄" in as_user(cast.fang).get(sheet).text
    assert "各快递企业：由协会转发" in as_user(cast.fang).get(sheet).text


def test_the_check_page_names_the_printed_lines_that_reach_nobody(issue, office, cast, as_user):
    page = as_user(cast.tang).get(url("prepare", issue.pk))

    assert {line.text for line in page.context["addressed"] if line.is_open} == {
        *factories.UP, *factories.ACROSS
    } - {"上海市文明办"}  # fmt: skip
    assert "没有人收到" in page.text


def test_a_group_is_made_changed_and_deleted(office, cast, as_user):
    client = as_user(cast.tang)
    client.post(url("group_new"), {"name": "各处室", "readers": [office.pk]})
    group = ReaderGroup.objects.get()
    assert list(group.members()) == [office]

    client.post(url("group", group.pk), {"name": "各处室", "tier": Tier.COURIER, "readers": []})
    group.refresh_from_db()
    assert (group.tier, list(group.members())) == (Tier.COURIER, [])

    assert "这个分组已经有了" in client.post(url("group_new"), {"name": "各处室"}).text
    client.post(url("group_delete", group.pk))
    assert not ReaderGroup.objects.exists()


def test_a_group_that_gets_a_line_stays(couriers, cast, as_user):
    addressing.tie("各快递企业", groups=[couriers], by=cast.tang)

    page = as_user(cast.tang).post(url("group_delete", couriers.pk), follow=True)

    assert "“各快递企业”由这个分组收" in page.text
    assert ReaderGroup.objects.exists()


def test_the_list_of_groups_says_how_many_receive_issues(couriers, cast, as_user):
    client = as_user(cast.tang)
    Reader.objects.filter(organisation="第1快递服务公司").update(is_active=False)

    assert client.get(url("groups")).context["groups"] == [(couriers, 1)]
    with CaptureQueriesContext(connection) as few:
        client.get(url("groups"))
    for n in range(20):
        ReaderGroup.objects.create(name=f"第{n}组").readers.set(Reader.objects.all())
    with CaptureQueriesContext(connection) as many:
        client.get(url("groups"))
    assert len(few) == len(many)


def test_groups_come_in_and_go_out_with_the_table_of_readers(cast):
    headers = [*excel_files.READERS, "分组"]
    rooms, union = (ReaderGroup.objects.create(name=name) for name in ("各处室", "工会"))
    lines = [["甲单位", "收发", "", "", "", "", "工会、各处室"], ["乙单位", "收发", "", "", "", "", ""]]
    excel_files.taken_in("readers", headers, *lines, by=cast.tang)
    first, second = Reader.objects.get(organisation="甲单位"), Reader.objects.get(organisation="乙单位")
    assert (set(first.groups.all()), set(second.groups.all())) == ({rooms, union}, set())

    unknown = excel_files.uploaded("readers", headers, [*lines[1][:-1], "没有的组"], by=cast.tang)
    assert [column for _line, column, _words in excel_files.faults(unknown, cast.tang)] == ["groups"]

    changed = excel_files.taken_in("readers", headers, [*lines[0][:-1], "工会"], by=cast.tang)
    assert list(first.groups.all()) == [union]
    importing.undo(changed, by=cast.tang)
    assert set(first.groups.all()) == {rooms, union}


def test_the_sample_office_says_who_gets_each_line_of_its_lists(db):
    people.leave_the_office()
    bulletin = sample.load_people()

    for recipient_list in RecipientList.objects.filter(bulletin=bulletin):
        lines = addressing.addressed(line.text for line in recipient_list.lines.all())
        assert [line.text for line in lines if line.is_open] == []
    assert reach("各快递企业")[1] == Reader.objects.filter(unit__tier=Tier.COURIER).count()
