"""各种版本 of an issued issue: what is official, what stands beside it, and who gets it."""

import hashlib
import io
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from issues import tasks
from issues.papers import kinds
from tests import factories
from tests.scenes import scene

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def web_alone(monkeypatch):
    for code in set(kinds.KINDS) - {"html", "wechat"}:
        monkeypatch.delitem(kinds.KINDS, code)


@scene
def issued(bulletin, cast):
    return factories.issued_issue(bulletin, cast)


def of(issue, name="papers", *args):
    return reverse(f"issues:{name}", args=[issue.pk, *args])


def test_the_page_shows_each_form_with_its_proof_and_both_check_sums(issued, as_user, cast):
    tasks.make_waiting_papers()

    page = as_user(cast.shen).get(of(issued)).text

    paper = issued.papers.get(kind="html")
    with issued.pdf.open() as file:
        pdf = file.read()
    said = f"{paper.characters:,}"
    assert f"{said} / {said}" in page
    assert {paper.sha256, paper.sm3, issued.pdf_sha256, hashlib.new("sm3", pdf).hexdigest()} <= set(page.split()) | set(
        page.replace("<", " ").replace(">", " ").split()
    )
    assert "hx-trigger" not in page.partition('id="papers"')[2].partition(">")[0]


def test_it_costs_the_same_few_queries_for_any_number_of_forms(issued, as_user, cast, django_assert_max_num_queries):
    tasks.make_waiting_papers()
    client = as_user(cast.lu)
    client.get(of(issued))

    with django_assert_max_num_queries(11):
        client.get(of(issued))


def test_until_they_are_made_the_page_waits(issued, as_user, cast):
    client = as_user(cast.lu)

    page = client.get(of(issued))

    assert "正在生成" in page.text
    polled = client.get(of(issued), {"have": page.context["state"]}, headers={"HX-Request": "true"})
    assert polled.status_code == 204
    tasks.make_waiting_papers()
    polled = client.get(of(issued), {"have": page.context["state"]}, headers={"HX-Request": "true"})
    assert "正在生成" not in polled.text


def test_a_form_is_downloaded_under_the_name_of_its_issue(issued, as_user, cast):
    tasks.make_waiting_papers()

    answer = as_user(cast.lu).get(of(issued, "paper", "wechat"))

    data = b"".join(answer.streaming_content)
    assert hashlib.sha256(data).hexdigest() == issued.papers.get(kind="wechat").sha256
    assert "attachment" in answer["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["正文.html"]
    text = as_user(cast.lu).get(of(issued, "paper_text"))
    assert text["Content-Type"].startswith("text/plain")
    assert text.content == zipfile.ZipFile(io.BytesIO(data)).read("正文.html")


def test_what_is_internal_or_withdrawn_has_no_forms_for_others(bulletin, cast, as_user):
    issue = factories.issued_issue(bulletin, cast, security="内部")
    tasks.make_waiting_papers()

    assert as_user(cast.lin).get(of(issue)).status_code == 404
    assert as_user(cast.lin).get(of(issue, "paper", "html")).status_code == 404
    assert as_user(cast.lu).get(of(issue, "paper", "html")).status_code == 200


def test_each_article_has_an_address_that_lasts(issued, as_user, cast):
    article = issued.placements.first().article
    address = of(issued, "article", article.pk)

    assert address in as_user(cast.shen).get(of(issued, "detail")).text
    page = as_user(cast.shen).get(address)
    assert article.flat_title in page.text
    assert as_user(cast.shen).get(of(issued, "article", 0)).status_code == 404


@pytest.mark.parametrize("form", ["html", "wechat"])
def test_the_command_writes_a_form_with_its_check_sums(form, issued, tmp_path):
    out, path = StringIO(), tmp_path / "form"

    call_command("export_issue", issued.reference, "--as", form, "-o", str(path), stdout=out)

    data = path.read_bytes()
    assert hashlib.sha256(data).hexdigest() in out.getvalue()
    assert hashlib.new("sm3", data).hexdigest() in out.getvalue()


@pytest.mark.parametrize(("reference", "said"), [("2026-99", "没有"), ("第9期", "没有")])
def test_the_command_names_an_issue_that_there_is_not(reference, said, issued, tmp_path):
    with pytest.raises(CommandError, match=said):
        call_command("export_issue", reference, "--as", "html", "-o", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()
