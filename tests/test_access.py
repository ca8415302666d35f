"""Who may open what: every address of the site, every person of the cast, and nobody. A new address must be classified here.

Each address is asked for by everybody. Those named may get any answer but a refusal; all others get 403 or 404, and
whoever is not signed in gets the sign-in page, except on the public pages.
"""

from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from distribution import mailing
from distribution.models import Delivery
from tests import access_world
from tests.scenes import scene

pytestmark = pytest.mark.sqlite

EVERYBODY = "lin zhao he lu gu fang tang shen admin"
QINGPU = "lin he"
EDITORS = "lu gu admin"
CHIEFS = "gu admin"
WRITERS = "lin zhao he"
SENDERS = "gu tang admin"
WATCHERS = "lu gu tang admin"
LISTS = "lu gu tang admin"
SIGNERS = "fang"

# address -> (method, who may; what the address is of). One line an address, so that a review sees each.
PUBLIC = {
    "begin": "GET",
    "issues:verify": "GET",
    "printed:verify": "GET",
    "accounts:login": "GET",
    "admin_login": "GET",
    "accounts:password_reset": "GET",
    "accounts:password_reset_done": "GET",
    "accounts:password_reset_confirm": "GET",
    "accounts:password_reset_complete": "GET",
    "accounts:welcome": "GET",
    "articles:approval": "GET",
    "articles:approval_photo": "GET",
    "articles:approval_decide": "POST",
    "articles:link_renew": "POST",
    "articles:confirmation_by_link": "GET",
    "articles:confirmation_photo": "GET",
    "distribution:reader_page": "GET",
    "distribution:reader_pdf": "GET",
    "distribution:reader_photo": "GET",
    "distribution:reader_confirm": "POST",
    "distribution:reader_new_link": "POST",
}
PRIVATE = {
    "home": ("GET", EVERYBODY, ""),
    "log": ("GET", "admin", ""),
    "check_log": ("POST", "admin", ""),
    "accounts:code": ("GET", EVERYBODY, ""),
    "accounts:second_factor": ("GET", EVERYBODY, ""),
    "accounts:logout": ("POST", EVERYBODY, ""),
    "accounts:profile": ("GET", EVERYBODY, ""),
    "accounts:units": ("GET", EDITORS, ""),
    "accounts:unit_move": ("POST", EDITORS, "unit"),
    "accounts:table": ("GET", SENDERS, "table"),
    "accounts:table_export": ("GET", SENDERS, "table"),
    "accounts:table_template": ("GET", SENDERS, "table"),
    "accounts:table_upload": ("POST", SENDERS, "table"),
    "accounts:table_import": ("GET", SENDERS, "table import"),
    "accounts:table_store": ("POST", SENDERS, "table import"),
    "accounts:table_undo": ("POST", SENDERS, "table import"),
    "accounts:password_change": ("GET", EVERYBODY, ""),
    "proofreading:words": ("GET", EDITORS, ""),
    "proofreading:words_of": ("GET", EDITORS, "words"),
    "proofreading:word_add": ("GET", EDITORS, "words"),
    "proofreading:word_end": ("GET", EDITORS, "word"),
    "proofreading:rules": ("GET", EDITORS, ""),
    "proofreading:rule_switch": ("POST", EDITORS, "rule"),
    "proofreading:house": ("POST", EDITORS, ""),
    "proofreading:trial": ("GET", EDITORS, ""),
    "accounts:notices": ("GET", EVERYBODY, ""),
    "accounts:notice_choices": ("GET", EVERYBODY, ""),
    "accounts:notices_read": ("POST", EVERYBODY, ""),
    "accounts:notice_open": ("POST", "lu", "notice"),
    # articles: one draft and one submitted article of 青浦, written by lin
    "articles:list": ("GET", WRITERS, ""),
    "articles:approvals": ("GET", "he", ""),
    "articles:queue": ("GET", EDITORS, ""),
    "articles:assign": ("POST", EDITORS, ""),
    "articles:remind": ("POST", EDITORS, ""),
    "articles:hold": ("POST", EDITORS, ""),
    "articles:create": ("GET", WRITERS, ""),
    "articles:import": ("POST", WRITERS, ""),
    "articles:import_into": ("POST", QINGPU, "draft"),
    "articles:paste": ("POST", WRITERS + " " + EDITORS, ""),
    "articles:join_lines": ("POST", WRITERS + " " + EDITORS, ""),
    "articles:source": ("GET", QINGPU + " " + EDITORS, "source"),
    "articles:source_dismiss": ("POST", QINGPU, "source"),
    "articles:edit": ("GET", QINGPU, "draft"),
    "articles:detail": ("GET", QINGPU + " " + EDITORS, "submitted"),
    "articles:version": ("GET", QINGPU + " " + EDITORS, "version"),
    "articles:version_restore": ("POST", QINGPU + " " + EDITORS, "version"),
    "articles:compare": ("GET", QINGPU + " " + EDITORS, "submitted"),
    "articles:compare_word": ("GET", QINGPU + " " + EDITORS, "submitted"),
    "articles:autosave": ("POST", QINGPU, "draft"),
    "articles:transition": ("POST", QINGPU + " " + EDITORS, "move"),
    "articles:proofreading": ("GET", QINGPU + " " + EDITORS, "submitted"),
    "articles:finding": ("POST", QINGPU + " " + EDITORS, "finding"),
    "articles:finding_undo": ("POST", QINGPU + " " + EDITORS, "exemption"),
    "articles:duplicates": ("GET", QINGPU + " " + EDITORS, "submitted"),
    "articles:duplicates_note": ("GET", QINGPU + " " + EDITORS, "submitted"),
    "articles:duplicates_merge": ("POST", EDITORS, "submitted"),
    "articles:duplicates_keep": ("POST", EDITORS, "submitted"),
    "articles:family": ("GET", EDITORS, "submitted"),
    "articles:agree": ("POST", EDITORS, "submitted"),
    "articles:ratify": ("POST", EDITORS, "submitted"),
    "articles:revise": ("GET", EDITORS, "submitted"),
    "articles:ask_unit": ("POST", EDITORS, "submitted"),
    "articles:confirmation": ("GET", QINGPU, "confirmation"),
    "articles:kind": ("POST", EDITORS, "submitted"),
    "articles:remark_add": ("POST", QINGPU + " " + EDITORS, "submitted"),
    "articles:remark": ("POST", QINGPU + " " + EDITORS, "remark"),
    "articles:reasons": ("GET", EDITORS, ""),
    "articles:reason_add": ("POST", EDITORS, ""),
    "articles:reason": ("POST", EDITORS, "reason"),
    "articles:commissions": ("GET", EDITORS, ""),
    "articles:commission_create": ("GET", EDITORS, ""),
    "articles:commission": ("GET", EDITORS, "commission"),
    "articles:commission_change": ("GET", EDITORS, "commission"),
    "articles:commission_withdraw": ("POST", EDITORS, "commission"),
    "articles:my_commissions": ("GET", WRITERS, ""),
    "articles:commissioned": ("GET", QINGPU + " " + EDITORS, "commissioned"),
    "articles:commissioned_begin": ("POST", QINGPU, "commissioned"),
    "articles:commissioned_tie": ("POST", QINGPU, "commissioned"),
    "articles:commissioned_attach": ("POST", EDITORS, "commissioned"),
    "articles:commissioned_extend": ("POST", EDITORS, "commissioned"),
    "articles:commissioned_transition": ("POST", QINGPU + " " + EDITORS, "commissioned move"),
    "articles:presence": ("POST", QINGPU + " " + EDITORS, "submitted"),
    "articles:photo_add": ("POST", QINGPU, "draft"),
    "articles:photo": ("GET", QINGPU + " " + EDITORS, "photo"),
    "articles:photo_move": ("POST", QINGPU, "draft photo"),
    "articles:photo_place": ("POST", QINGPU, "draft photo"),
    "articles:photo_remove": ("POST", QINGPU, "draft photo"),
    "articles:photo_restore": ("POST", QINGPU, "draft photo"),
    # issues: one on the desk, one waiting for its signature, one issued
    "issues:list": ("GET", EDITORS, ""),
    "issues:create": ("GET", EDITORS, ""),
    "issues:choose_bulletin": ("POST", EVERYBODY, "bulletin"),
    "issues:desk": ("GET", EDITORS, "desk"),
    "issues:state": ("GET", EDITORS, "desk"),
    "issues:pages": ("GET", EDITORS, "desk"),
    "issues:page_picture": ("GET", EDITORS, "page picture"),
    "issues:photo": ("GET", EVERYBODY, "issued photo"),
    "issues:article_preview": ("GET", QINGPU, "draft"),
    "issues:article_preview_retry": ("POST", QINGPU, "draft"),
    "issues:article_redline": ("POST", QINGPU + " " + EDITORS, "submitted"),
    "issues:redline": ("GET", "lin", "redline"),
    "issues:redline_pdf": ("GET", "lin", "redline"),
    "issues:past_files": ("GET", EDITORS, ""),
    "issues:past_upload": ("POST", EDITORS, ""),
    "issues:past_store": ("POST", EDITORS, ""),
    "issues:past_file": ("GET", EDITORS, "past file"),
    "issues:past_mend": ("POST", EDITORS, "past file"),
    "issues:past_remove": ("POST", EDITORS, "past file"),
    "issues:past_original": ("GET", EDITORS, "past file"),
    "issues:past_take_back": ("POST", EDITORS, "issued"),
    "issues:article_page_picture": ("GET", QINGPU, "draft page picture"),
    "issues:place": ("POST", EDITORS, "place"),
    "issues:place_many": ("POST", EDITORS, "desk"),
    "issues:take_out": ("POST", EDITORS, "placed"),
    "issues:take_out_many": ("POST", EDITORS, "desk"),
    "issues:move": ("POST", EDITORS, "placed"),
    "issues:revise": ("GET", EDITORS, "placed"),
    "issues:kind": ("POST", EDITORS, "placed"),
    "issues:settle": ("POST", EDITORS, "placed"),
    "issues:restore_order": ("POST", EDITORS, "desk"),
    "issues:proofread": ("POST", EDITORS, "desk"),
    "issues:retry": ("POST", EDITORS, "desk"),
    "issues:history": ("GET", EDITORS, "desk"),
    "issues:proof_pdf": ("GET", EDITORS, "desk"),
    "issues:transition": ("POST", EDITORS, "send"),
    "issues:publish": ("POST", CHIEFS, "signed"),
    "issues:settings": ("GET", EDITORS, "desk"),
    "issues:discard": ("POST", EDITORS, "desk"),
    "issues:recipients": ("GET", EDITORS, "desk"),
    "issues:update_recipients": ("POST", EDITORS, "desk"),
    "issues:amend": ("GET", EDITORS, "issued"),
    "issues:amendment": ("GET", EDITORS, "amendment"),
    "issues:erratum_add": ("POST", EDITORS, "amendment"),
    "issues:erratum_remove": ("POST", EDITORS, "erratum"),
    "issues:amendment_reason": ("POST", EDITORS, "amendment"),
    "issues:amendment_check": ("POST", EDITORS, "amendment"),
    "issues:void": ("POST", EDITORS, "desk"),
    "issues:sign_offs": ("GET", SIGNERS, ""),
    "issues:sign_off": ("GET", SIGNERS, "pending"),
    "issues:sign_off_state": ("GET", SIGNERS, "pending"),
    "issues:sign_off_pages": ("GET", SIGNERS, "pending"),
    "issues:sign_off_changes": ("GET", SIGNERS, "pending"),
    "issues:sign_off_changes_word": ("GET", SIGNERS, "pending"),
    "issues:sign_off_changes_pdf": ("POST", SIGNERS, "pending"),
    "issues:sign": ("POST", SIGNERS, "pending"),
    "issues:refuse": ("POST", SIGNERS, "pending"),
    "issues:withdraw_sign_off": ("POST", SIGNERS, "signed"),
    "issues:recipient_lists": ("GET", LISTS, ""),
    "issues:recipient_list_new": ("GET", LISTS, ""),
    "issues:compare": ("GET", LISTS, ""),
    "issues:recipient_list": ("GET", LISTS, "list"),
    "issues:recipient_list_edit": ("GET", LISTS, "list"),
    "issues:recipient_list_delete": ("POST", LISTS, "list"),
    "issues:archive": ("GET", EVERYBODY, ""),
    "issues:archive_line": ("GET", EVERYBODY, ""),
    "issues:archive_print": ("GET", EVERYBODY, "year"),
    "issues:detail": ("GET", EVERYBODY, "issued"),
    "issues:archive_pdf": ("GET", EVERYBODY, "issued"),
    "issues:papers": ("GET", EVERYBODY, "issued"),
    "issues:paper": ("GET", EVERYBODY, "paper"),
    "issues:paper_text": ("GET", EVERYBODY, "issued"),
    "issues:paper_retry": ("POST", EDITORS, "paper"),
    "issues:article": ("GET", EVERYBODY, "issued article"),
    "issues:set_again": ("POST", EVERYBODY, "issued"),
    "issues:page": ("GET", EDITORS, "picture"),
    # points: rules in force, one entry by hand
    "points:entries": ("GET", WRITERS + " " + EDITORS, ""),
    "points:update": ("POST", EDITORS, ""),
    "points:ledger_state": ("GET", EDITORS, ""),
    "points:by_hand": ("GET", EDITORS, ""),
    "points:by_hand_story": ("GET", EDITORS, "hand kind"),
    "points:by_hand_add": ("GET", EDITORS, "hand kind"),
    "points:by_hand_reverse": ("POST", EDITORS, "hand"),
    "points:rules": ("GET", EDITORS, ""),
    "points:rules_add": ("GET", CHIEFS, ""),
    "points:rules_show": ("GET", EDITORS, "rule set"),
    "points:closing": ("GET", EDITORS, ""),
    "points:close": ("POST", CHIEFS, ""),
    "points:closed": ("GET", EDITORS, "closed month"),
    "points:reopen": ("POST", CHIEFS, "closed month"),
    # distribution
    "distribution:list": ("GET", WATCHERS, ""),
    "distribution:prepare": ("GET", SENDERS, "issue_pk"),
    "distribution:trial": ("POST", SENDERS, "issue_pk"),
    "distribution:plan": ("GET", SENDERS, "issue_pk"),
    "distribution:call_off": ("POST", SENDERS, "issue_pk"),
    "distribution:start": ("POST", SENDERS, "issue_pk"),
    "distribution:detail": ("GET", WATCHERS, "mailing"),
    "distribution:progress": ("GET", WATCHERS, "mailing"),
    "distribution:pause": ("POST", SENDERS, "mailing"),
    "distribution:resume": ("POST", SENDERS, "mailing"),
    "distribution:letter": ("GET", WATCHERS, "mailing"),
    "distribution:add": ("POST", SENDERS, "mailing"),
    "distribution:receipts": ("GET", WATCHERS, "mailing"),
    "distribution:receipts_print": ("GET", WATCHERS, "mailing"),
    "distribution:receipts_pdf": ("POST", WATCHERS, "mailing"),
    "distribution:receipts_xlsx": ("GET", WATCHERS, "mailing"),
    "distribution:remind": ("GET", SENDERS, "mailing"),
    "distribution:deadline": ("GET", SENDERS, "mailing"),
    "distribution:delivery": ("GET", WATCHERS, "delivery"),
    "distribution:readdress": ("POST", SENDERS, "delivery"),
    "distribution:enter_receipt": ("POST", SENDERS, "delivery"),
    "distribution:act": ("POST", SENDERS, "act"),
    "distribution:hand_over": ("POST", SENDERS, "mailing"),
    "distribution:readers": ("GET", SENDERS, ""),
    "distribution:reader_new": ("GET", SENDERS, ""),
    "distribution:reader": ("GET", SENDERS, "reader"),
    "distribution:held": ("GET", SENDERS, ""),
    "distribution:hold": ("GET", SENDERS, ""),
    "distribution:held_take_off": ("POST", SENDERS, "held"),
    "distribution:returned": ("GET", SENDERS, ""),
    "distribution:returned_look": ("POST", SENDERS, "returned"),
    "distribution:system": ("GET", SENDERS, "reader"),
    "distribution:system_key": ("POST", SENDERS, "reader"),
    "distribution:system_trial": ("POST", SENDERS, "reader"),
    "distribution:line": ("GET", SENDERS, ""),
    "distribution:untie": ("POST", SENDERS, ""),
    "distribution:groups": ("GET", SENDERS, ""),
    "distribution:group_new": ("GET", SENDERS, ""),
    "distribution:group": ("GET", SENDERS, "group"),
    "distribution:group_delete": ("POST", SENDERS, "group"),
    "distribution:reader_copies": ("GET", WATCHERS, "reader"),
    "distribution:silent": ("GET", WATCHERS, ""),
    "distribution:silent_xlsx": ("GET", WATCHERS, ""),
    "distribution:download": ("GET", EVERYBODY, "issue_pk"),
    "distribution:copies": ("GET", EVERYBODY, ""),
    "distribution:archive": ("GET", EDITORS, "issue_pk"),
    "distribution:archive_make": ("POST", EDITORS, "issue_pk"),
    "distribution:archive_file": ("GET", EDITORS, "package"),
    "distribution:archive_verifier": ("GET", EDITORS, ""),
    "distribution:copy": ("GET", "shen", "delivery"),
    "distribution:copy_pdf": ("GET", "shen", "delivery"),
    "distribution:copy_photo": ("GET", "shen", "delivery photo"),
    "distribution:copy_confirm": ("POST", "shen", "delivery"),
    "points:report": ("GET", WRITERS + " " + EDITORS, ""),
    "points:report_xlsx": ("GET", EDITORS, ""),
    "points:figure": ("GET", WRITERS + " " + EDITORS, "figure"),
    "points:draft": ("GET", EDITORS, ""),
    "points:wording": ("GET", CHIEFS, ""),
}


def addresses(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from addresses(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield prefix + pattern.name


def test_every_address_is_classified():
    assert set(addresses()) == {*PUBLIC, *PRIVATE}


@scene
def world(cast, bulletin):
    return access_world.furnish(cast, bulletin)


def ask(client, method, address):
    """The answer; what it changed is taken back, also that it signed somebody out. A missing file or PDF engine is no refusal."""
    client.raise_request_exception = False
    cookies = client.cookies.output(header="")
    with transaction.atomic():
        response = client.generic(method, address)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response


def test_each_address_is_open_to_those_named_and_to_nobody_else(world, cast, client_of):
    clients = {person: client_of(user) for person, user in vars(cast).items()}
    admitted = {}
    for name, (method, _who, of) in PRIVATE.items():
        address = reverse(name, kwargs=world.kwargs[of])
        answers = {person: ask(client, method, address).status_code for person, client in clients.items()}
        admitted[name] = {person for person, status in answers.items() if status not in (401, 403, 404)}

    assert admitted == {name: set(who.split()) for name, (_method, who, _of) in PRIVATE.items()}


def test_who_is_not_signed_in_gets_the_sign_in_page_everywhere(world, client):
    answers = {
        name: ask(client, method, reverse(name, kwargs=world.kwargs[of]))
        for name, (method, _who, of) in PRIVATE.items()
    }

    assert {name for name, answer in answers.items() if answer.status_code != 302} == set()
    assert {answer.url.partition("?")[0] for answer in answers.values()} == {reverse("accounts:login")}


@pytest.mark.parametrize("name", [name for name in PUBLIC if name.startswith("distribution:")])
@pytest.mark.parametrize("token", ["own", "tampered", "revoked"])
def test_a_personal_link_opens_its_own_copy_only(name, token, world, cast, client):
    kwargs = {"token": world.token}
    if token == "tampered":
        kwargs["token"] = world.token[:-1] + ("A" if world.token[-1] != "A" else "B")
    elif token == "revoked":
        Delivery.objects.update(status="sent")
        mailing.revoke(Delivery.objects.get(), by=cast.tang)
    if name == "distribution:reader_photo":
        kwargs["photo_pk"] = world.photo.pk

    answer = ask(client, PUBLIC[name], reverse(name, kwargs=kwargs))

    if name == "distribution:reader_new_link":  # tells nothing, whatever the link
        assert answer.status_code in (302, 404, 200)
    else:
        assert (answer.status_code == 404) == (token != "own")
