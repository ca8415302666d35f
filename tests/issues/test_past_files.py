"""Past issues brought in the browser: read by a worker, looked over beside their text, stored, taken back."""

from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Unit
from articles.models import Article
from issues.content import content_of
from issues.models import Issue, PastFile
from issues.past import intake
from tests import old_issues
from tests.issues.test_import_issue import ISSUE
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite

SURE = ISSUE.replace("街角的灯亮到深夜", "松江邮政管理局点亮街角的灯").replace(" & ", "和")
PAGE = "/issues/archive/import/"


@pytest.fixture
def lu(as_user, cast):
    return as_user(cast.lu)


def brought(cast, bulletin, text=SURE, **fields):
    return old_issues.make_past_file(cast.lu, text, bulletin=bulletin, **fields)


def typed(page):
    """What the page's form would send as it stands."""
    rows = page.context["rows"]
    sent = {f"kind-{row['key']}": row["kind"] for row in rows} | {f"text-{row['key']}": row["text"] for row in rows}
    sent |= {f"unit-{row['key']}": row["unit"] for row in rows}
    form = page.context["form"]
    head = {field.html_name: "" if field.value() is None else field.value() for field in form}
    return {"seen": page.context["asked"].revision} | head | sent


def key_of(page, text):
    return next(row["key"] for row in page.context["rows"] if row["text"].startswith(text))


def address(name, asked):
    return reverse(f"issues:{name}", args=[asked.pk])


# --- brought and read ---------------------------------------------------------------------------------------------------


def test_files_are_kept_and_read_by_a_worker(lu, cast, bulletin):
    files = [SimpleUploadedFile("第5期.txt", SURE.encode()), SimpleUploadedFile("坏.pdf", b"%PDF-1.7 broken")]

    page = lu.post(reverse("issues:past_upload"), {"files": files}, follow=True).text

    assert "2 个文件里已读好 0 个" in page
    assert intake.take_in_next()
    assert not intake.take_in_next()
    page = lu.get(PAGE).text
    assert "2023年第5期" in page
    assert "坏.pdf无法作为 PDF 打开" in page
    assert Issue.objects.count() == 0


def test_a_file_that_comes_while_the_last_one_is_finished_is_read_too(
    cast, bulletin, monkeypatch, django_capture_on_commit_callbacks
):
    def take_in(name, text):
        assert intake.take_in(SimpleUploadedFile(name, text.encode()), bulletin=bulletin, by=cast.lu) == ""

    take_in("先来.txt", SURE)
    save = PastFile.save

    def late(asked, *args, **kwargs):
        assert not intake.take_in_next(), "the worker has seen the last one before this one is stored"
        save(asked, *args, **kwargs)

    monkeypatch.setattr(PastFile, "save", late)
    with django_capture_on_commit_callbacks(execute=True):
        take_in("后到.txt", SURE.replace("第5期", "第6期"))

    assert PastFile.objects.get(name="后到.txt").is_ready


def test_a_script_gets_the_reason_of_each_file(lu, cast, bulletin):
    brought(cast, bulletin)

    answer = lu.post(
        reverse("issues:past_upload"),
        {"files": SimpleUploadedFile("再来一次.txt", SURE.encode())},
        headers={"Accept": "application/json"},
    ).json()

    assert answer["files"][0]["refusal"] == "“再来一次.txt”已经上传过了，就是“往期.txt”。"


def test_a_file_that_could_not_be_read_may_come_again(cast, bulletin):
    brought(cast, bulletin, "不是一期简报")

    brought(cast, bulletin, "不是一期简报")

    assert PastFile.objects.count() == 1


def test_a_file_that_is_too_large_is_not_kept(cast, bulletin, monkeypatch):
    monkeypatch.setattr("issues.past.reading.LARGEST_FILE", 10)

    with pytest.raises(Refused, match=r"往期.txt"):
        brought(cast, bulletin)

    assert not PastFile.objects.exists()


def test_the_list_asks_as_often_for_ten_files_as_for_two(lu, cast, bulletin, django_assert_num_queries):
    def bring(numbers):
        for number in numbers:
            brought(cast, bulletin, SURE.replace("第5期（总第435期）", f"第{number}期"))

    bring(range(1, 3))
    lu.get(PAGE)
    with django_assert_num_queries(13):
        lu.get(PAGE)
    bring(range(3, 11))

    with django_assert_num_queries(13):
        assert "2023年第10期" in lu.get(PAGE).text


def test_the_list_comes_anew_only_when_something_has_changed(lu, cast, bulletin):
    brought(cast, bulletin)
    state = lu.get(PAGE).context["state"]

    assert lu.get(PAGE, {"have": state}, headers={"HX-Request": "true"}).status_code == 204
    assert lu.get(PAGE, {"have": "0-0-0-0"}, headers={"HX-Request": "true"}).status_code == 200


# --- looked over and put right ------------------------------------------------------------------------------------------


def test_the_page_shows_each_row_beside_its_lines_and_what_is_unsure(lu, cast, bulletin):
    asked = brought(cast, bulletin, ISSUE)

    page = lu.get(address("past_file", asked))

    row = next(row for row in page.context["rows"] if row["text"].startswith("街角"))
    assert row["source"] == [(23, "街角的灯亮到深夜")]
    assert row["unsure"][-1] == "看不出此稿是哪个单位的，已归入“其他来源”。"
    assert page.context["form"].initial["number"] == 5


def test_saving_the_page_as_it_stands_changes_nothing(lu, cast, bulletin):
    asked = brought(cast, bulletin)
    before = asked.draft

    lu.post(address("past_mend", asked), typed(lu.get(address("past_file", asked))))

    asked.refresh_from_db()
    assert asked.draft == before
    assert asked.checked_by == cast.lu


def test_titles_rows_and_units_are_put_right_by_hand(lu, cast, bulletin):
    asked = brought(cast, bulletin)
    page = lu.get(address("past_file", asked))
    sent = typed(page)
    sent[f"text-{key_of(page, '上海市邮政管理局召开')}"] = "上海市邮政管理局\n召开消防安全会议"
    sent[f"kind-{key_of(page, '一、压实')}"] = "goes_on"
    divided = key_of(page, "近日，")
    sent[f"text-{divided}"] = "近日，青浦局送去了雨衣。\n\n黄浦邮政管理局举行演练"
    sent[f"unit-{key_of(page, '松江')}"] = "青浦邮政管理局"
    lu.post(address("past_mend", asked), sent)
    page = lu.get(address("past_file", asked))
    sent = typed(page)
    sent[f"kind-{key_of(page, '黄浦')}"] = "title"
    sent[f"kind-{key_of(page, '入冬以来')}"] = "left_out"
    sent[f"kind-{key_of(page, '松江')}"] = "paragraph"

    lu.post(address("past_mend", asked), sent | {"do": "store", "number": 7})

    issue = Issue.objects.get()
    first, second, third, _last = content_of(issue).articles
    assert issue.number == 7
    assert first.title == "上海市邮政管理局\n召开消防安全会议"
    assert "思路。一、压实责任</p>" in first.body
    assert second.body == "<p>近日，青浦局送去了雨衣。</p>"
    assert (third.title, third.body) == ("黄浦邮政管理局举行演练", "<p>松江邮政管理局点亮街角的灯</p>")


def test_a_subtitle_is_one_with_and_without_its_dash(lu, cast, bulletin):
    asked = brought(cast, bulletin)
    page = lu.get(address("past_file", asked))
    said = {
        f"text-{key_of(page, '上海市邮政管理局召开')}": "消防安全无小事\n——上海局召开会议",
        f"text-{key_of(page, '——青浦局')}": "青浦局开展活动\x00",
    }

    lu.post(address("past_mend", asked), typed(page) | said | {"do": "store"})

    assert [(one.title, one.subtitle) for one in content_of(Issue.objects.get()).articles][:2] == [
        ("消防安全无小事", "上海局召开会议"),
        ("暖“蜂”同行　情满申城", "青浦局开展活动"),
    ]


def test_the_unit_that_a_person_says_goes_before_the_guess(lu, cast, bulletin):
    asked = brought(cast, bulletin)
    page = lu.get(address("past_file", asked))
    said = {f"unit-{key_of(page, '松江')}": "黄浦邮政管理局", f"unit-{key_of(page, '2月3日')}": "黄浦邮政管理局"}

    lu.post(address("past_mend", asked), typed(page) | said | {"do": "store"})

    units = [article.unit for article in Article.objects.order_by("pk")]
    assert [str(unit) for unit in units].count(str(Unit.objects.get(name="黄浦邮政管理局"))) == 2


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(lu, cast, bulletin):
    asked = brought(cast, bulletin)
    page = lu.get(address("past_file", asked))
    sent = typed(page) | {"number": "0", f"text-{key_of(page, '入冬')}": "改过的一段。"}

    answer = lu.post(address("past_mend", asked), sent)

    assert answer.status_code == 422
    assert "改过的一段。" in answer.text
    assert "请填 1 以上的整数。" in answer.text


def test_a_page_that_somebody_has_saved_meanwhile_comes_back_with_what_was_typed(lu, cast, bulletin):
    asked = brought(cast, bulletin)
    page = lu.get(address("past_file", asked))
    lu.post(address("past_mend", asked), typed(page))

    answer = lu.post(address("past_mend", asked), typed(page) | {f"text-{key_of(page, '入冬')}": "改过的一段。"})

    assert answer.status_code == 409
    assert "改过的一段。" in answer.text
    lu.post(address("past_mend", asked), typed(answer) | {"number": "5"})
    assert "改过的一段。" in str(PastFile.objects.get().draft)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SURE.replace("2023年第5期（总第435期）\n", ""), "缺期号或日期。"),
        (SURE, "看不出"),
    ],
)
def test_what_is_not_complete_can_not_be_stored(lu, cast, bulletin, text, words):
    asked = brought(cast, bulletin, text)
    if words == "看不出":
        page = lu.get(address("past_file", asked))
        sent = typed(page) | {f"kind-{key_of(page, '入冬')}": "left_out", "do": "store"}
        words = "题目“松江邮政管理局点亮街角的灯”下面没有正文。"
    else:
        sent = typed(lu.get(address("past_file", asked))) | {"do": "store"}

    answer = lu.post(address("past_mend", asked), sent, follow=True)

    assert words in answer.text
    assert not Issue.objects.exists()


# --- stored -------------------------------------------------------------------------------------------------------------


def test_all_that_is_sure_is_stored_at_once_and_nothing_unsure(lu, cast, bulletin):
    sure = brought(cast, bulletin)
    brought(cast, bulletin, ISSUE.replace("第5期（总第435期）", "第6期"), name="疑.txt")

    lu.post(reverse("issues:past_store"))
    while intake.take_in_next():
        pass

    sure.refresh_from_db()
    issue = Issue.objects.get()
    assert (sure.issue, issue.number, issue.dated_on, issue.created_by) == (issue, 5, date(2023, 3, 2), cast.lu)
    assert issue.is_past


def test_a_number_that_is_taken_is_said_before_and_refused(lu, cast, bulletin):
    intake.store(brought(cast, bulletin), by=cast.lu)
    again = brought(cast, bulletin, SURE.replace("128名", "129名").replace("（总第435期）", ""), name="又一份.txt")

    assert "已经有2023年第5期了。" in lu.get(PAGE).text
    intake.confirm(PastFile.objects.all(), by=cast.lu)
    while intake.take_in_next():
        pass

    again.refresh_from_db()
    assert (again.issue, again.confirmed_at) == (None, None)
    assert "2023-5" in again.error


def test_the_original_is_fetched_from_the_issue(lu, cast, bulletin):
    asked = brought(cast, bulletin)
    issue = intake.store(asked, by=cast.lu)

    assert address("past_original", asked) in lu.get(reverse("issues:detail", args=[issue.pk])).text
    answer = lu.get(address("past_original", asked))
    assert b"".join(answer.streaming_content).decode() == SURE
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_file_is_removed_with_its_row_but_not_from_the_archive(
    lu, cast, bulletin, django_capture_on_commit_callbacks
):
    asked, stored = brought(cast, bulletin, ISSUE.replace("第5期（总第435期）", "第6期")), brought(cast, bulletin)
    intake.store(stored, by=cast.lu)

    with django_capture_on_commit_callbacks(execute=True):
        lu.post(address("past_remove", asked))
        lu.post(address("past_remove", stored))

    assert list(PastFile.objects.all()) == [stored]
    assert not default_storage.exists(asked.file.name)
    assert default_storage.exists(stored.file.name)


def test_a_file_that_ends_the_worker_again_and_again_is_given_up(cast, bulletin):
    asked = brought(cast, bulletin, None)
    PastFile.objects.update(attempts=3)

    intake.read(asked)

    asked.refresh_from_db()
    assert "3 次" in asked.error


def test_an_unread_file_has_a_page_that_says_why(lu, cast, bulletin):
    asked = brought(cast, bulletin, "不是一期简报")

    assert asked.error in lu.get(address("past_file", asked)).text
    assert lu.post(address("past_mend", asked)).status_code == 302


def test_the_archive_leads_editors_to_the_import(lu, as_user, cast, bulletin):
    assert PAGE in lu.get(reverse("issues:archive")).text
    assert PAGE not in as_user(cast.shen).get(reverse("issues:archive")).text


def test_the_administration_leads_to_the_import(as_user, cast):
    assert PAGE in as_user(cast.admin).get(reverse("admin:index")).text
