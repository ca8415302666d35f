"""Word files become drafts of their unit; the files are kept, and what they lost is said until it is put aside."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from articles import word
from articles.commissions import answering
from articles.models import Article, SourceFile
from tests import factories
from tests.articles import word_files

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]
STORY = "为提高火灾防控能力，青浦邮政管理局开展消防应急演练。"


def word_file(name="消防演练稿.docx", *, comment=False, box="", photo=True, data=None):
    document = Document()
    word_files.centred(document, "青浦邮政管理局开展消防演练", size=22)
    paragraph = document.add_paragraph(STORY)
    if photo:
        document.add_picture(word_files.picture())
        word_files.centred(document, "▲演练现场")
    document.add_paragraph("供稿人：贺思齐　联系电话：021-5500 0000")
    if comment:
        document.add_comment(paragraph.runs, text="请核对", author="贺思齐")
    if box:
        word_files.add_text_box(paragraph, box)
    return SimpleUploadedFile(name, data or word_files.data_of(document))


def send(client, *files, **headers):
    return client.post(reverse("articles:import"), {"files": files}, headers=headers)


@pytest.fixture
def lin(as_user, cast):
    return as_user(cast.lin)


def test_one_file_opens_its_draft(lin, cast):
    answer = send(lin, word_file())

    article = Article.objects.get()
    assert answer.url == reverse("articles:edit", args=[article.pk])
    assert (article.title, article.unit, article.created_by) == ("青浦邮政管理局开展消防演练", cast.lin.unit, cast.lin)
    assert (article.authors, article.contact) == ("贺思齐", "021-5500 0000")
    assert article.body == f"<p>{STORY}</p>"
    assert [(photo.caption, photo.width, photo.height) for photo in article.photos()] == [("演练现场", 800, 600)]
    assert article.status == "draft"


def test_a_photo_stands_where_it_stood_in_the_file(lin):
    document = Document()
    word_files.centred(document, "青浦邮政管理局开展消防演练", size=22)
    document.add_paragraph(STORY)
    document.add_picture(word_files.picture())
    document.add_paragraph("下一步，青浦局将继续开展演练。")

    send(lin, word_file(data=word_files.data_of(document)))

    assert [photo.after for photo in Article.objects.get().photos()] == [1]


def test_the_report_stands_beside_the_article_until_it_is_put_aside(lin):
    send(lin, word_file(comment=True))
    article, source = Article.objects.get(), SourceFile.objects.get()
    edit = reverse("articles:edit", args=[article.pk])

    page = lin.get(edit).text
    assert "“消防演练稿.docx”已装入：" in page
    assert "标题、正文 1 段、照片 1 张、供稿人、联系电话" in page
    assert "请核对 1 处：批注 1 处" in " ".join(page.split()).replace("： ", "：")

    answer = lin.post(reverse("articles:source_dismiss", args=[source.pk]), {"next": edit})
    assert answer.url == edit
    assert "已装入" not in lin.get(edit).text
    assert reverse("articles:source", args=[source.pk]) in lin.get(reverse("articles:detail", args=[article.pk])).text


def test_several_files_become_a_draft_each_and_a_bad_one_is_kept_with_its_sentence(lin):
    answer = send(lin, word_file("一.docx"), word_file("坏.docx", data="文字".encode()), word_file("二.docx"))

    assert answer.url == reverse("articles:list")
    assert Article.objects.count() == 2
    refused = SourceFile.objects.get(article=None)
    assert refused.file.read() == "文字".encode()
    page = lin.get(answer.url).text
    assert "“坏.docx”不是 Word 文件。请在 WPS 或 Word 里“另存为”.docx 再传。" in page
    assert "文件已保留" in page

    lin.post(reverse("articles:source_dismiss", args=[refused.pk]))
    assert "坏.docx" not in lin.get(answer.url).text


def test_a_script_gets_what_came_of_the_file(lin):
    answer = send(lin, word_file(), accept="application/json").json()
    assert answer["files"] == [
        {
            "name": "消防演练稿.docx",
            "refusal": "",
            "taken": "标题、正文 1 段、照片 1 张、供稿人、联系电话",
            "url": reverse("articles:edit", args=[Article.objects.get().pk]),
        }
    ]

    answer = send(lin, word_file(data=b"?"), accept="application/json").json()
    assert answer["files"][0]["refusal"].startswith("“消防演练稿.docx”不是 Word 文件")


def test_no_file_is_said(lin):
    assert "请先选择 Word 文件" in lin.post(reverse("articles:import"), follow=True).text


def test_a_text_beyond_the_limits_is_refused_as_everywhere(lin):
    document = Document()
    document.add_paragraph("标题")
    document.add_paragraph("很长。" * 2000)

    send(lin, SimpleUploadedFile("长.docx", word_files.data_of(document)))

    assert Article.objects.count() == 0
    assert SourceFile.objects.get().refusal.startswith("“长.docx”：")


def test_a_person_without_a_unit_is_told(lin, cast):
    cast.lin.unit = None
    cast.lin.save()

    send(lin, word_file())

    assert "不属于任何单位" in SourceFile.objects.get().refusal


def test_another_unit_in_the_file_is_named(lin, cast):
    document = Document()
    word_files.centred(document, "标题", size=22)
    document.add_paragraph(STORY)
    document.add_paragraph("供稿单位：宝山邮政管理局")

    send(lin, SimpleUploadedFile("稿.docx", word_files.data_of(document)))

    assert SourceFile.objects.get().losses == [
        {"what": "文件里写的供稿单位（草稿归您的单位）", "count": 1, "where": "宝山邮政管理局"}
    ]


def test_words_that_stand_nowhere_in_the_draft_are_offered_whole(lin):
    box = "安全生产月期间，各网点每周自查一次用电线路，" * 5
    send(lin, word_file(box=box, comment=True))

    losses = {loss["what"]: loss for loss in SourceFile.objects.get().losses}
    assert losses["文本框"]["words"] == [box]
    assert len(losses["文本框"]["where"]) < len(box)
    assert "words" not in losses["批注"]  # it is said about the text, and no part of it
    page = lin.get(reverse("articles:edit", args=[Article.objects.get().pk]))
    assert f'data-append="{box}"' in page.content.decode()


def test_what_is_too_long_to_be_offered_is_named_beside_what_is_offered(lin):
    send(lin, word_file())
    loss = {"what": "文本框", "count": 2, "where": "短的；长的…", "words": ["短的"]}
    SourceFile.objects.update(losses=[loss])

    page = lin.get(reverse("articles:edit", args=[Article.objects.get().pk])).text

    assert 'data-append="短的"' in page
    assert "短的；长的…" in page


def test_the_file_is_fetched_back_as_it_was_by_its_unit_and_the_office(lin, as_user, cast):
    upload = word_file()
    send(lin, upload)
    upload.seek(0)
    article, address = Article.objects.get(), reverse("articles:source", args=[SourceFile.objects.get().pk])

    answer = lin.get(address)
    assert b"".join(answer.streaming_content) == upload.read()
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert [as_user(user).get(address).status_code for user in (cast.he, cast.zhao, cast.lu)] == [200, 404, 404]

    article.apply(Article.SUBMIT, by=cast.lin)
    assert [as_user(user).get(address).status_code for user in (cast.lu, cast.zhao, cast.shen)] == [200, 404, 404]


def test_a_refused_file_is_its_senders_alone(lin, as_user, cast):
    send(lin, word_file(data=b"?"))
    address = reverse("articles:source", args=[SourceFile.objects.get().pk])

    assert lin.get(address).status_code == 200
    assert [as_user(user).get(address).status_code for user in (cast.he, cast.lu, cast.admin)] == [404, 404, 404]


def test_nobody_else_puts_a_report_aside(as_user, cast):
    article = factories.make_article(cast.lin)
    source = factories.make_source_file(article)
    article.apply(Article.SUBMIT, by=cast.lin)

    answers = [
        as_user(user).post(reverse("articles:source_dismiss", args=[source.pk])).status_code
        for user in (cast.zhao, cast.lu, cast.he)
    ]

    assert answers == [404, 403, 302]


def test_a_missing_file_is_not_found(lin, cast):
    source = factories.make_source_file(factories.make_article(cast.lin))
    source.file.storage.delete(source.file.name)

    assert lin.get(reverse("articles:source", args=[source.pk])).status_code == 404


def test_the_page_asks_as_much_for_many_files_as_for_one(
    lin, cast, django_assert_num_queries, django_assert_max_num_queries
):
    article = factories.make_article(cast.lin)
    factories.make_source_file(article)
    pages = [
        reverse("articles:edit", args=[article.pk]),
        reverse("articles:detail", args=[article.pk]),
        reverse("articles:list"),
    ]
    for page in pages:
        lin.get(page)
        with django_assert_max_num_queries(25) as few:
            lin.get(page)
        for _ in range(5):
            factories.make_source_file(article)
            factories.make_source_file(None, created_by=cast.lin)
        with django_assert_num_queries(len(few.captured_queries)):
            lin.get(page)


def test_files_are_picked_and_dropped_on_home_list_and_edit_pages(lin, cast):
    article = factories.make_article(cast.lin)
    pages = [
        reverse("home"),
        reverse("articles:list"),
        reverse("articles:create"),
        reverse("articles:edit", args=[article.pk]),
    ]

    for page in pages:
        text = lin.get(page).text
        assert f'action="{reverse("articles:import")}"' in text
        assert f'data-largest="{word.LARGEST_FILE}"' in text


# --- into a draft that has no text yet --------------------------------------------------------------------------------
def put_in(client, article, *files, **headers):
    return client.post(reverse("articles:import_into", args=[article.pk]), {"files": files}, headers=headers)


@pytest.fixture
def begun(cast):
    """A draft that was begun for a commission."""
    return answering.begin(factories.make_commission(cast.lu, cast.lin.unit), by=cast.lin)


def test_the_draft_of_a_commission_takes_a_file(lin, begun):
    edit = reverse("articles:edit", args=[begun.pk])
    assert f'action="{reverse("articles:import_into", args=[begun.pk])}"' in lin.get(edit).text

    answer = put_in(lin, begun, word_file())

    article = Article.objects.get()
    assert (answer.url, article.pk) == (edit, begun.pk)
    assert (article.title, article.body) == ("青浦邮政管理局开展消防演练", f"<p>{STORY}</p>")
    assert article.commissioned.article == article
    assert [photo.caption for photo in article.photos()] == ["演练现场"]
    assert article.source_files.get().name == "消防演练稿.docx"


def test_a_draft_with_a_text_keeps_it(lin, begun):
    Article.objects.filter(pk=begun.pk).update(body="<p>已经写了一段。</p>")

    page = lin.get(put_in(lin, begun, word_file()).url)

    assert "这份草稿已有内容" in page.text
    assert Article.objects.get().body == "<p>已经写了一段。</p>"
    assert reverse("articles:import_into", args=[begun.pk]) not in page.text


def test_a_script_hears_the_same(lin, begun):
    taken = put_in(lin, begun, word_file(), accept="application/json").json()["files"]
    refused = put_in(lin, begun, word_file(), accept="application/json").json()["files"]

    assert taken[0]["url"] == reverse("articles:edit", args=[begun.pk])
    assert (refused[0]["url"], "已有内容" in refused[0]["refusal"]) == ("", True)


def test_the_draft_of_another_unit_takes_none(as_user, cast, begun):
    assert put_in(as_user(cast.zhao), begun, word_file()).status_code == 404


def test_that_no_file_was_chosen_is_said(lin, begun):
    assert "请先选择" in lin.get(put_in(lin, begun).url).text
