"""What tests/test_access.py asks every address of: a new kind of thing gets its arguments here."""

from datetime import date
from types import SimpleNamespace

from accounts.models import TableImport
from articles.models import Article, UnitConfirmation
from distribution import links, mailing
from distribution.models import Delivery, HeldAddress, ReaderGroup, ReturnedMail
from issues import amending, previews, proofs, setting
from issues.models import ArticlePreview, RedlinePdf
from points import by_hand
from points.models import ClosedMonth
from proofreading.tables import shipped
from tests import factories, old_issues


def furnish(cast, bulletin):
    """An office with something at every stage, and for each kind of thing the arguments of its addresses."""
    draft, waiting = factories.make_article(cast.lin), factories.make_article(cast.lin)
    setting.render_preview(previews.request(draft))
    draft_page_hash = ArticlePreview.objects.get().page_hashes[0]
    photos = [factories.make_photo(article) for article in (draft, waiting)]
    waiting.apply(Article.SUBMIT, by=cast.lin)
    confirmation = UnitConfirmation.objects.create(article=waiting, version=waiting.current_version, asked_by=cast.lu)
    printed_article = factories.accepted(cast.lin, cast.lu)
    printed = factories.make_photo(printed_article)
    Article.objects.filter(pk=printed_article.pk).update(status="submitted")
    printed_article.refresh_from_db()
    printed_article.current_version = printed_article.add_version(by=cast.lin)
    printed_article.save()
    printed_article.apply(Article.ACCEPT, by=cast.lu)
    issued = factories.issued_issue(bulletin, cast, [printed_article], dated_on=date(2026, 4, 8))
    factories.make_paper(issued)
    placed, ready = factories.accepted(cast.lin, cast.lu), factories.accepted(cast.lin, cast.lu)
    desk = factories.make_issue(bulletin, cast.lu, [placed], dated_on=date(2026, 4, 17))
    pending = factories.pending_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])
    signed = factories.signed_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])
    proof = setting.render_proof(proofs.request(desk))
    reader = factories.make_reader(user=cast.shen)
    sending = mailing.start(issued, by=cast.tang)
    amendment = amending.begin(issued, "correction", by=cast.lu)
    erratum = amending.add_erratum(amendment, "1-text-1", "4月1日", "4月2日", by=cast.lu)
    delivery = Delivery.objects.get(reader=reader)
    commissioned = factories.make_commission(cast.lu, cast.lin.unit)
    return SimpleNamespace(
        token=links.token_of(delivery),
        photo=printed,
        kwargs={
            "": {},
            "notice": {"pk": cast.lu.notices.first().pk},
            "draft": {"pk": draft.pk},
            "submitted": {"pk": waiting.pk},
            "version": {"pk": waiting.pk, "number": 1},
            "finding": {"pk": waiting.pk, "act": "ignore"},
            "exemption": {"pk": factories.make_exemption(waiting, cast.lu).pk},
            "move": {"pk": waiting.pk, "name": "return"},
            "unit": {"pk": cast.lin.unit_id},
            "words": {"kind": "phrases"},
            "word": {"mark": shipped().of("phrases")[0].mark},
            "rule": {"name": "dash"},
            "table": {"table": "readers"},
            "table import": {"pk": TableImport.objects.create(table="readers", by=cast.tang).pk},
            "closed month": {"pk": ClosedMonth.objects.create(month=date(2020, 1, 1), by=cast.gu, figures={}).pk},
            "commission": {"pk": commissioned.commission_id},
            "commissioned": {"pk": commissioned.pk},
            "commissioned move": {"pk": commissioned.pk, "name": "accept"},
            "remark": {"pk": factories.make_remark(waiting, cast.lu).pk},
            "reason": {"pk": factories.make_reason().pk},
            "photo": {"pk": photos[1].pk},
            "confirmation": {"pk": confirmation.pk},
            "redline": {"pk": RedlinePdf.objects.create(asked_by=cast.lin, state="ready", pdf="none.pdf").pk},
            "past file": {"pk": old_issues.make_past_file(cast.lu).pk},
            "source": {"pk": factories.make_source_file(waiting).pk},
            "draft photo": {"pk": photos[0].pk},
            "package": {"pk": factories.make_package(issued, cast.lu).pk},
            "desk": {"pk": desk.pk},
            "amendment": {"pk": amendment.pk},
            "erratum": {"pk": erratum.pk},
            "pending": {"pk": pending.pk},
            "signed": {"pk": signed.pk},
            "issued": {"pk": issued.pk},
            "paper": {"pk": issued.pk, "kind": "wechat"},
            "issued article": {"pk": issued.pk, "article_pk": printed_article.pk},
            "issue_pk": {"issue_pk": issued.pk},
            "place": {"pk": desk.pk, "article_pk": ready.pk},
            "placed": {"pk": desk.pk, "article_pk": placed.pk},
            "send": {"pk": desk.pk, "name": "send"},
            "picture": {"pk": desk.pk, "sha256": proof.sha256, "number": 1},
            "page picture": {"pk": desk.pk, "page_hash": proof.page_hashes[0]},
            "draft page picture": {"pk": draft.pk, "page_hash": draft_page_hash},
            "bulletin": {"pk": bulletin.pk},
            "year": {"year": 2026},
            "list": {"pk": bulletin.recipient_lists.get().pk},
            "mailing": {"pk": sending.pk},
            "delivery": {"pk": delivery.pk},
            "issued photo": {"pk": issued.pk, "photo_pk": printed.pk},
            "delivery photo": {"pk": delivery.pk, "photo_pk": printed.pk},
            "act": {"pk": delivery.pk, "act": "revoke"},
            "figure": {"what": "adopted"},
            "reader": {"pk": reader.pk},
            "group": {"pk": ReaderGroup.objects.create(name="各处室").pk},
            "rule set": {"pk": factories.make_rules(cast.gu).pk},
            "hand kind": {"kind": "passed-up"},
            "hand": {"pk": by_hand.enter(factories.praise(printed_article), by=cast.lu).pk},
            "held": {"pk": HeldAddress.objects.create(address="a@b.cn", source="office").pk},
            "returned": {"pk": ReturnedMail.objects.create(digest="0", place="0", outcome="unknown").pk},
        },
    )
