"""Saying who gets a printed line; a file checked without leaving the computer; an office that begins with nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bulletin_cms import first_steps
from distribution.models import PrintedLine, Reader
from tests import factories, people
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page, axe, shot, name):
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        shot(page, name)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size(DESKTOP)


def test_a_line_is_tied_by_finding_and_ticking(bulletin, browse, cast, axe, shot):
    factories.make_readers(30)
    wanted = factories.make_reader("上海市快递行业协会", "秘书处", "xh@example.cn")

    page = browse(cast.tang, DESKTOP, reverse("issues:recipient_lists"))
    expect(page.get_by_text("10 行没有收件人")).to_be_visible()
    looked_at(page, axe, shot, "recipient-list-readers")
    page.get_by_role("row", name="各快递企业").get_by_role("link").click()
    page.get_by_role("searchbox", name="查收件人").fill("协会 秘书")
    rows = page.locator("[data-words]")
    assert rows.filter(visible=True).count() == 1
    rows.filter(visible=True).get_by_role("checkbox").check()
    page.get_by_role("searchbox", name="查收件人").fill("没有这样的")
    expect(page.get_by_text("没有这样的收件人，请少写几个字再找。")).to_be_visible()
    assert rows.filter(visible=True).count() == 1, "what is ticked stays in sight"
    looked_at(page, axe, shot, "line")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("9 行没有收件人")).to_be_visible()
    assert list(PrintedLine.objects.get(text="各快递企业").readers.all()) == [wanted]

    page.goto(reverse("distribution:group_new"))
    page.get_by_label("分组名称").fill("各处室")
    looked_at(page, axe, shot, "group")
    page.get_by_role("button", name="保存").click()
    looked_at(page, axe, shot, "groups")
    assert Reader.objects.count() == 31
    assert page.faults == []


def test_a_file_is_checked_without_being_sent(bulletin, cast, browse, axe, shot):
    with factories.without_worker():
        issue = factories.issued_issue(bulletin, cast)
    with issue.pdf.open() as file:
        pdf = file.read()

    page = browse(None, DESKTOP, reverse("issues:verify"))
    expect(page.get_by_text("校验值在本机算出，文件不会上传。")).to_be_visible()
    looked_at(page, axe, shot, "verify")
    posted = []
    page.on("request", lambda request: posted.append(request.method) if request.method == "POST" else None)
    page.get_by_label("要核验的 PDF").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf})
    expect(page.get_by_text("真实有效")).to_be_visible()
    assert issue.pdf_sha256 in page.url
    looked_at(page, axe, shot, "verified")
    page.get_by_label("要核验的 PDF").set_input_files(
        {"name": "b.pdf", "mimeType": "application/pdf", "buffer": pdf + b" "}
    )
    expect(page.get_by_text("这份文件不是本编辑部签发的 PDF")).to_be_visible()
    looked_at(page, axe, shot, "not-verified")
    assert (posted, page.faults) == ([], [])


def test_an_office_is_set_up_from_nothing(live_server, transactional_db, browse, axe, shot):
    people.leave_the_office()
    page = browse(None, DESKTOP, f"{reverse('begin')}?code={first_steps.code()}")
    page.get_by_label("刊名").fill("示例行业\n工作简报")
    expect(page.locator(".gate .name span")).to_have_text(["示例行业", "工作简报"])
    page.get_by_label("编发单位").fill("示例管理局办公室")
    page.get_by_label("姓名").fill("王莉")
    page.get_by_label("用户名").fill("wang.li")
    page.get_by_label("密码", exact=True).fill("简报-开门第一天-2026")
    page.get_by_label("再输一遍密码").fill("简报-开门第一天-2026")
    looked_at(page, axe, shot, "begin")
    page.get_by_role("button", name="建立编辑部").click()

    expect(page.get_by_text("编辑部已经建好。接下来要做的列在这里。")).to_be_visible()
    looked_at(page, axe, shot, "first-steps")
    page.goto(reverse("accounts:login"))
    assert page.faults == []
