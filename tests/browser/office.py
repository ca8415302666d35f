"""The office that the browser tests walk through: one row of everything, with our own stories."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from articles import photos
from articles.models import Article
from distribution import mailing
from distribution.bounces import filing
from distribution.models import HeldAddress
from issues import proofs, setting
from points import by_hand, ledger
from tests import factories
from tests.distribution import returned_mail

REAL_PAGES = {"pdf": factories.blank_pdf(), "pages": 2}  # that can be drawn


def _count(issued, cast):
    """Rules, a story that was passed up, one by mistake, and what is counted."""
    rule_set = factories.make_rules(cast.gu)
    story = issued.placements.first().article
    by_hand.enter(factories.praise(story), by=cast.lu)
    mistaken = by_hand.enter(factories.praise(story, level="ministry", source="《国家邮政局简报》第30期"), by=cast.lu)
    by_hand.reverse(mistaken, by=cast.lu, why="登记到别的稿件了")
    ledger.bring_up_to_date_if_due()
    return rule_set, story


def furnish(cast, bulletin):
    """Rows in every state. The names are used by tests/browser/pages.py."""
    with factories.without_worker():  # the tests send the mails themselves, and pages are set once, at the end
        site = _rows(cast, bulletin)
    setting.render_proof(proofs.present(site.issue))
    return site


DRILL = (
    "<p>为进一步提高企业火灾防控能力，4月1日，青浦邮政管理局联合区消防救援支队在一处分拨中心开展演练，广泛凝聚安全{}。</p>"
    "<p>演练模拟二层包装耗材区起火，值班人员立即启动预案，疏散引导组、灭火行动组迅速到位。</p>"
    "<table><tbody><tr><th>企业</th><th>参演人数</th></tr><tr><td>甲企业</td><td>{}</td></tr></tbody></table>"
)
ADDED = "<p>下一步，青浦局将督促企业补齐短板。</p>"


def _revise(article):
    """The unit has changed some characters of it, added a paragraph and moved another."""
    first, second, table = DRILL.format("共识", 16).replace("</p>", "</p>\n").split("\n")
    picture = BytesIO()
    Image.new("RGB", (640, 480), "#8899AA").save(picture, "JPEG")
    photos.take_in(article, SimpleUploadedFile("演练.jpg", picture.getvalue()), caption="演练现场")
    article.title = article.title.replace("联合消防", "联合区消防")
    article.body = second + first.replace("为进一步提高", "为提高") + table + ADDED
    article.save()


def _rows(cast, bulletin):
    today = timezone.localdate()
    draft = factories.make_article(cast.lin, title="青浦局组织快递员参加急救技能培训")
    returned = factories.submitted(
        cast.lin, title="青浦邮政管理局联合消防救援部门\n开展快递分拨中心消防演练", body=DRILL.format("公示", 6)
    )
    returned.apply(Article.RETURN, by=cast.lu, note="参演企业数与名单不符；第 3 段缺企业全称")
    _revise(returned)
    waiting = factories.submitted(cast.lin, title="青浦局走访社区听取末端投递意见")
    factories.submitted(cast.zhao, title="宝山邮政管理局推进循环箱进网点")
    accepted = factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局开展夏季快递网点安全检查")
    placed = [
        factories.accepted(cast.lin, cast.lu, title="青浦邮政管理局新增三处夜间服务点"),
        factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局举办从业人员交通安全课堂"),
    ]
    factories.make_reader(user=cast.shen)
    sent = mailing.start(factories.issued_issue(bulletin, cast, **REAL_PAGES), by=cast.tang)
    issued = factories.issued_issue(bulletin, cast, **REAL_PAGES)
    issue = factories.make_issue(bulletin, cast.gu, placed, dated_on=today + timedelta(days=1))
    held = {"source": "refused", "kind": "user", "words": "550 5.1.1 user unknown"}
    HeldAddress.objects.create(address="former@example.cn", delivery=sent.deliveries.get(), **held)
    filing.file(returned_mail.qq(), "1.eml")
    for_issue = {"wanted_year": issue.year, "wanted_number": issue.number}
    commissioned = factories.make_commission(cast.lu, cast.lin.unit, cast.zhao.unit, length=800, days=3, **for_issue)
    month = issue.dated_on.replace(day=1)
    topic = {"kind": "topic", "month": month, "is_for_all": True, "is_binding": False}
    factories.make_commission(cast.lu, cast.lin.unit, title="冬季安全生产", days=1, **topic)
    pending = factories.pending_issue(bulletin, cast, **REAL_PAGES, first_pages=[1, 2])
    rule_set, praised = _count(issued, cast)
    return SimpleNamespace(
        cast=cast,
        bulletin=bulletin,
        rule_set=rule_set,
        praised=praised,
        draft=draft,
        returned=returned,
        waiting=waiting,
        accepted=accepted,
        placed=placed[0],
        issue=issue,
        commission=commissioned.commission,
        commissioned=commissioned,
        issued=issued,
        pending=pending,
        recipient_list=bulletin.recipient_lists.get(),
        mailing=sent,
        delivery=sent.deliveries.get(),
    )
