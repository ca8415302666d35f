"""The office that the browser tests walk through: one row of everything, with our own stories."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from articles.models import Article
from distribution import mailing
from issues import proofs, setting
from tests import factories


def furnish(url, cast, bulletin):
    """Rows in every state. The names are used by tests/browser/pages.py."""
    with factories.without_worker():  # the tests send the mails themselves, and pages are set once, at the end
        site = _rows(url, cast, bulletin)
    setting.render_proof(proofs.present(site.issue))
    return site


def _rows(url, cast, bulletin):
    today = timezone.localdate()
    draft = factories.make_article(cast.lin, title="青浦局组织快递员参加急救技能培训")
    returned = factories.submitted(cast.lin, title="青浦邮政管理局联合消防救援部门\n开展快递分拨中心消防演练")
    returned.apply(Article.RETURN, by=cast.lu, note="参演企业数与名单不符；第 3 段缺企业全称")
    waiting = factories.submitted(cast.lin, title="青浦局走访社区听取末端投递意见")
    factories.submitted(cast.zhao, title="宝山邮政管理局推进循环箱进网点")
    accepted = factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局开展夏季快递网点安全检查")
    placed = [
        factories.accepted(cast.lin, cast.lu, title="青浦邮政管理局新增三处夜间服务点"),
        factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局举办从业人员交通安全课堂"),
    ]
    factories.make_reader(user=cast.shen)
    sent = mailing.start(factories.issued_issue(bulletin, cast), by=cast.tang)
    issued = factories.issued_issue(bulletin, cast)
    issue = factories.make_issue(bulletin, cast.gu, placed, dated_on=today + timedelta(days=1))
    pending = factories.pending_issue(bulletin, cast, pdf=factories.blank_pdf(), pages=2, first_pages=[1, 2])
    return SimpleNamespace(
        url=url,
        cast=cast,
        bulletin=bulletin,
        draft=draft,
        returned=returned,
        waiting=waiting,
        accepted=accepted,
        placed=placed[0],
        issue=issue,
        issued=issued,
        pending=pending,
        recipient_list=bulletin.recipient_lists.get(),
        mailing=sent,
        delivery=sent.deliveries.get(),
    )
