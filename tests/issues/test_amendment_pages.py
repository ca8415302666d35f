"""The pages of 更正 and 撤回: the office's, and what readers of the archive see of an issue that was put right."""

import pytest
from django.urls import reverse

from issues import amending
from issues.models import Edition, Issue
from tests import factories, old_issues
from tests.issues.test_amendments import erratum, issue_it, original

pytestmark = pytest.mark.sqlite

__all__ = ["original"]


@pytest.fixture
def correction(original, cast):
    return amending.begin(original, Edition.CORRECTION, by=cast.lu)


def text_of(response):
    return response.content.decode()


def withdrawn(original, cast):
    withdrawal = amending.begin(original, Edition.WITHDRAWAL, by=cast.lu)
    amending.set_reason(withdrawal, "第1篇的人数有待核实。", by=cast.lu)
    return issue_it(withdrawal, cast)


# --- the office -----------------------------------------------------------------------------------------------------
def test_an_editor_begins_one_from_the_issue(original, cast, as_user):
    client = as_user(cast.lu)
    assert reverse("issues:amend", args=[original.pk]) in text_of(client.get(f"/issues/archive/{original.pk}/"))

    answer = client.post(reverse("issues:amend", args=[original.pk]), {"edition": "correction"}, follow=True)

    assert "2026年第10期更正" in text_of(answer)
    assert "请写出哪里错、应为什么。" in text_of(answer)


def test_a_refused_passage_keeps_what_was_typed(correction, cast, as_user):
    typed = {"key": "1-text-1", "wrong": "没有的话", "right": "应当的话"}

    answer = as_user(cast.lu).post(reverse("issues:erratum_add", args=[correction.pk]), typed)

    assert answer.status_code == 422
    for words in ("这些字不在这一处", "没有的话", "应当的话"):
        assert words in text_of(answer)


def test_the_page_shows_what_is_put_right_and_takes_it_away(correction, cast, as_user):
    client = as_user(cast.lu)
    typed = {"key": "1-text-1", "wrong": "公示培训", "right": "共识培训"}
    page = client.post(reverse("issues:erratum_add", args=[correction.pk]), typed, follow=True)
    assert "第1段“公示培训”应为“共识培训”。" in text_of(page)

    page = client.post(reverse("issues:erratum_remove", args=[correction.errata.get().pk]), follow=True)

    assert "还没有写更正" in text_of(page)


def test_the_second_editor_alone_is_offered_to_compare(correction, cast, client_of):
    erratum(correction, cast.lu)
    address = reverse("issues:amendment", args=[correction.pk])

    assert "已核对，无误" not in text_of(client_of(cast.lu).get(address))
    assert "已核对，无误" in text_of(client_of(cast.gu).get(address))
    answer = client_of(cast.gu).post(reverse("issues:amendment_check", args=[correction.pk]), follow=True)
    assert "顾文岚" in text_of(answer)
    assert amending.checked(correction)


def test_the_whole_way_over_the_pages(correction, cast, client_of):
    erratum(correction, cast.lu)
    amending.check(correction, by=cast.gu)
    client_of(cast.lu).post(reverse("issues:transition", args=[correction.pk, "send"]))
    correction.refresh_from_db()
    proof = factories.set_pages(correction)
    sheet = text_of(client_of(cast.fang).get(reverse("issues:sign_off", args=[correction.pk])))
    assert "第1段“公示培训”应为“共识培训”。" in sheet
    assert "顾文岚" in sheet
    assert "无人审自己的稿件" not in sheet

    signed = {"digest": proof.digest, "code": factories.code_of(cast.fang)}
    client_of(cast.fang).post(reverse("issues:sign", args=[correction.pk]), signed)
    page = client_of(cast.gu).get(reverse("issues:desk", args=[correction.pk]), follow=True)
    assert "印发…" in text_of(page)
    page = client_of(cast.gu).post(reverse("issues:publish", args=[correction.pk]), follow=True)

    assert Issue.objects.get(pk=correction.pk).is_issued
    assert "关于2026年第10期的更正" in text_of(page)


def test_it_can_be_given_up_even_after_it_was_returned(correction, cast, as_user):
    erratum(correction, cast.lu)
    correction.events.create(by=cast.lu, transition="send", from_status="draft", to_status="pending")

    as_user(cast.lu).post(reverse("issues:discard", args=[correction.pk]))

    correction.refresh_from_db()
    assert correction.status == "discarded"


def test_the_desk_of_a_correction_is_its_own_page(correction, cast, as_user):
    answer = as_user(cast.lu).get(reverse("issues:desk", args=[correction.pk]))

    assert answer.url == reverse("issues:amendment", args=[correction.pk])
    assert as_user(cast.lu).get(reverse("issues:settings", args=[correction.pk])).status_code == 404


def test_the_signer_finds_it_on_the_list_and_the_editors_on_theirs(correction, cast, client_of):
    assert "起草" in text_of(client_of(cast.lu).get("/"))
    erratum(correction, cast.lu)
    amending.check(correction, by=cast.gu)
    client_of(cast.lu).post(reverse("issues:transition", args=[correction.pk, "send"]))

    assert "签发 2026年第10期更正" in text_of(client_of(cast.fang).get("/"))


def test_a_number_is_made_void_from_the_settings(bulletin, cast, as_user):
    issue = factories.make_issue(bulletin, cast.lu)
    client = as_user(cast.lu)
    assert "作废期号…" in text_of(client.get(reverse("issues:settings", args=[issue.pk])))

    page = client.post(reverse("issues:void", args=[issue.pk]), {"note": "印错作废。"}, follow=True)

    assert "已作废的期号" in text_of(page)
    assert "印错作废。" in text_of(client.get(reverse("issues:history", args=[issue.pk])))


# --- the readers of the archive -------------------------------------------------------------------------------------
def test_issue_and_correction_show_each_other(correction, original, cast, as_user):
    erratum(correction, cast.lu)
    issue_it(correction, cast)
    client = as_user(cast.shen)

    of_the_issue, of_the_correction = (
        reverse("issues:detail", args=[original.pk]),
        reverse("issues:detail", args=[correction.pk]),
    )
    assert of_the_correction in text_of(client.get(of_the_issue))
    assert of_the_issue in text_of(client.get(of_the_correction))


@pytest.mark.parametrize("address", ["/issues/archive/", "/issues/archive/?q=培训", "/issues/archive/?q=2026-10"])
def test_lists_and_hits_show_that_an_issue_was_corrected(correction, cast, as_user, address):
    erratum(correction, cast.lu)
    issue_it(correction, cast)

    assert "已更正" in text_of(as_user(cast.shen).get(address))


def test_a_correction_is_no_issue_of_its_own_in_the_list_of_the_year(correction, original, cast, as_user):
    erratum(correction, cast.lu)
    issue_it(correction, cast)

    page = as_user(cast.shen).get("/issues/archive/?year=2026")

    assert list(page.context["page_obj"]) == [original]
    assert page.context["issue_count"] == 1


def test_the_unit_reads_beside_its_article_that_the_issue_was_corrected(correction, original, cast, as_user):
    erratum(correction, cast.lu)
    issue_it(correction, cast)
    article = original.placements.get().article

    assert "2026年第10期更正" in text_of(as_user(cast.lin).get(reverse("articles:detail", args=[article.pk])))


def test_of_a_withdrawn_issue_readers_see_the_reason_and_no_text(original, cast, as_user):
    withdrawn(original, cast)
    client = as_user(cast.shen)

    page = text_of(client.get(reverse("issues:detail", args=[original.pk])))

    assert "本期已撤回" in page
    assert "第1篇的人数有待核实。" in page
    assert "公示小组" not in page
    assert client.get(reverse("issues:archive_pdf", args=[original.pk])).status_code == 404
    assert client.get(reverse("issues:page", args=[original.pk, original.pdf_sha256, 1])).status_code == 404
    assert client.get(reverse("distribution:download", args=[original.pk])).status_code == 404
    assert "公示小组" not in text_of(client.get("/issues/archive/?q=培训"))


def test_the_office_still_reads_a_withdrawn_issue(original, cast, as_user):
    withdrawn(original, cast)

    page = text_of(as_user(cast.lu).get(reverse("issues:detail", args=[original.pk])))

    assert "本期已撤回" in page
    assert "公示小组" in page


def test_the_lists_ask_no_more_for_many_corrections(
    original, cast, as_user, django_assert_num_queries, django_assert_max_num_queries
):
    client = as_user(cast.shen)
    with django_assert_max_num_queries(60) as before:
        client.get("/issues/archive/?q=培训")
    for _n in range(3):
        correction = amending.begin(original, Edition.CORRECTION, by=cast.lu)
        erratum(correction, cast.lu)
        issue_it(correction, cast)

    with django_assert_num_queries(len(before)):
        client.get("/issues/archive/?q=培训")


def test_a_past_issue_offers_no_correction_that_would_be_refused(bulletin, cast, as_user):
    past, issued = old_issues.past_issue(), factories.issued_issue(bulletin, cast)
    client = as_user(cast.lu)

    def offers(issue):
        address = reverse("issues:amend", args=[issue.pk])
        return address in client.get(reverse("issues:detail", args=[issue.pk])).text

    assert (offers(past), offers(issued)) == (False, True)
