"""Plain functions that make rows. All stories are our own writing; names of units are facts."""

import hashlib
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import count
from zipfile import ZipFile

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from accounts import second_factor
from accounts.models import RoleAssignment, Tier, Unit, User
from articles import proofing, remarks
from articles.commissions import asking
from articles.models import Article, ArticleVersion, Commission, Exemption, Photo, Reason, SourceFile, TextProof
from bulletin_cms import celery_app
from distribution.models import ArchivePackage, Reader
from issues import across, assembly, numbering, signing
from issues import remarks as issue_remarks
from issues.models import Bulletin, Issue, Paper, Placement, RecipientList
from points import rules
from points.examples import EXAMPLES
from points.models import HandCause, HandKind, Level
from proofreading.engine import Finding

PASSWORD = "correct-horse-battery"
_serial = count(1)

UP = [
    "国家邮政局精神文明建设指导委员会",
    "上海市精神文明建设委员会",
    "上海市快递行业精神文明创建指导小组",
    "上海市邮政管理局精神文明建设委员会",
]
ACROSS = [
    "上海市文明办",
    "上海市建交党委办公室",
    "上海市建交系统文明办",
    "上海市交通委文明办",
    "上海市邮政管理局局领导、各处室、派出机构、文明办",
    "上海市快递行业协会",
    "各快递企业",
]


def run_at_once(task, args=None, kwargs=None, **_options):
    """In place of the broker: a task runs where it is sent from."""
    celery_app.tasks[task].apply(args, kwargs)


@contextmanager
def without_worker():
    """Within, what asks for a worker gets none: its message goes to the broker, or nowhere. Tests run tasks at once else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(celery_app, "send_task", raising=False)
        yield


def make_unit(name="青浦邮政管理局", short_name="青浦局", tier=Tier.BRANCH, **fields):
    return Unit.objects.get_or_create(name=name, defaults={"short_name": short_name, "tier": tier, **fields})[0]


def make_user(username, name, *roles, unit=None, **fields):
    user = User(username=username, name=name, unit=unit, email=f"{username}@example.cn", **fields)
    user.password = _hash_of_password()
    user.save()
    RoleAssignment.objects.bulk_create(RoleAssignment(user=user, role=role) for role in roles)
    if "signer" in roles:
        give_phone(user)
    return user


def give_phone(user):
    """The person's phone shows codes from now on."""
    return TOTPDevice.objects.create(user=user, name="phone")


def code_of(user):
    """A code that will be accepted, whatever was entered a moment ago."""
    TOTPDevice.objects.filter(user=user).update(last_t=-1, throttling_failure_count=0)
    return second_factor.present_code(second_factor.device_of(user))


def sign_in(client, user):
    """Signed in past the pages, with the phone code where the person has one."""
    client.force_login(user)
    if device := second_factor.device_of(user):
        session = client.session
        session[second_factor.SESSION_KEY] = device.pk
        session.save()


@cache
def _hash_of_password():
    """Hashed once: argon2 for every user of every test would cost minutes."""
    return make_password(PASSWORD)


def make_article(by, *, title=None, unit=None, body=None, **fields):
    n = next(_serial)
    return Article.objects.create(
        created_by=by,
        unit=unit or by.unit,
        title=title or f"青浦邮政管理局组织第{n}次安全培训",
        body=body
        or f"<p>4月1日，青浦邮政管理局组织辖区企业开展第{n}次安全培训，讲解操作规程。</p><p>下一步，青浦局将继续跟进。</p>",
        **fields,
    )


def make_commission(by, *units, title="循环箱使用情况", days=10, **fields):
    """The row of the first of these units; with `days` until the deadline. One whose deadline is over was made before it."""
    today = timezone.localdate()
    due_on = today + timedelta(days)
    commission = Commission(title=title, due_on=max(due_on, today), **fields)
    asking.ask(commission, units, by=by)
    if due_on < today:
        Commission.objects.filter(pk=commission.pk).update(due_on=due_on)
        commission.asked.update(due_on=due_on)
    return commission.asked.get(unit=units[0])


def make_rules(by, slug="length", valid_from=date(2026, 1, 1), **fields):
    """One of the shipped examples, brought into force."""
    made = EXAMPLES[slug].rules()
    for name, value in ({"valid_from": valid_from} | fields).items():
        setattr(made, name, value)
    return rules.add(made, by=by)


def praise(article, on=date(2026, 4, 20), **fields):
    """What a person would enter: the city has adopted the story."""
    about = {"kind": HandKind.PASSED_UP, "level": Level.CITY, "source": "市简报第5期"} | fields
    return HandCause(article=article, on=on, **about)


def make_source_file(article, **fields):
    """A Word file of the article; with None one that could not be read."""
    fields = {"name": "稿件.docx", "taken": "正文 1 段"} | fields
    if article:
        fields.setdefault("created_by", article.created_by)
    return SourceFile.objects.create(article=article, file=ContentFile(b"PK", name="source.docx"), **fields)


def make_remark(article, by, text="人数与第 4 段不符", paragraph=1):
    return remarks.add(article, paragraph, text, by=by, version=article.current_version_id)


def make_reason(act="decline", label="内容重复", **fields):
    """A reason of the office's table: one of those that the migration enters, or a new one."""
    made = {"code": f"X{next(_serial)}"} | fields
    return Reason.objects.update_or_create(act=act, label=label, defaults=fields, create_defaults=made)[0]


def declined(by, editor, note="", **fields):
    article = submitted(by, **fields)
    reason = make_reason()
    article.apply(Article.DECLINE, by=editor, note=reason.said(note), reason=reason)
    return article


def held(article, editor, days=7, note=""):
    """Kept for later by this editor, until so many days from today."""
    article.apply(Article.HOLD, by=editor, note=note, until=timezone.localdate() + timedelta(days=days))
    return article


def make_photo(article, content=b"a picture", **fields):
    fields = {"width": 1, "height": 1, "content_type": "image/jpeg", "sha256": sha256(content).hexdigest()} | fields
    return Photo.objects.create(article=article, file=ContentFile(content, "picture.jpg"), **fields)


def one_review():
    return 1


def submitted(by, **fields):
    article = make_article(by, **fields)
    article.apply(Article.SUBMIT, by=by)
    return article


def accepted(by, editor, **fields):
    article = submitted(by, **fields)
    article.apply(Article.ACCEPT, by=editor)
    return article


def passed(by, *people, **fields):
    """Handed in, and passed by these people one after the other: its last step is left when there are fewer than steps."""
    article = submitted(by, **fields)
    for person in people:
        article.apply(next(move for move in article.transitions_for(person) if move in Article.PASSES), by=person)
    return article


def make_bulletin(**fields):
    return Bulletin.objects.create(
        **{
            "name_lines": "上海市邮政快递行业\n党建、文明创建工作简报",
            "publisher": "上海市邮政管理局党建办、文明办",
            "used_year": 2026,
            "used_number": 9,
            "used_total_number": 544,
            **fields,
        }
    )


def make_recipient_list(bulletin, valid_from=date(2024, 5, 1), up=UP, across=ACROSS, down=()):
    recipient_list = RecipientList.objects.create(bulletin=bulletin, valid_from=valid_from)
    for direction, texts in (("up", up), ("across", across), ("down", down)):
        recipient_list.lines.bulk_create(
            recipient_list.lines.model(recipient_list=recipient_list, direction=direction, text=text, position=position)
            for position, text in enumerate(texts, 1)
        )
    return recipient_list


def make_issue(bulletin, editor, articles=(), dated_on=date(2026, 4, 8), **fields):
    issue = numbering.open_issue(bulletin, dated_on=dated_on, by=editor, **fields)
    if articles:
        assembly.place_all(issue, articles, by=editor)
        proofread_clean(issue)
    return issue


def proofread_clean(issue):
    """What of its texts has no proof of today gets one without findings."""
    remarks = issue_remarks.of_issue(issue).remarks
    proofread(*(remark.placement.article for remark in remarks if not remark.panel.is_fresh))
    across.make(issue.pk)


def proofread(*articles, findings=(), failed=()):
    """The proofs of what these articles say now, as if a worker had made them: clean, or with these findings, each given by
    its fields."""
    tables, today = proofing.tables_now()
    now = timezone.now()
    known = {"requested_at": now, "made_at": now, "as_of": today, "tables": tables, "failed": list(failed)}
    known["findings"] = [make_finding(**each) for each in findings]
    rows = [
        TextProof(article=article, digest=digest, **known)
        for article in articles
        for digest in proofing.digests_of(article)
    ]
    TextProof.objects.filter(article__in=articles).delete()
    TextProof.objects.bulk_create(rows)


def make_finding(quote="部门部门", suggestion="部门", **fields):
    """A finding as a proof keeps it; by default a doubled word at the beginning of the first paragraph."""
    start = fields.setdefault("start", 0)
    known = {
        "rule": "doubled-word",
        "level": "error",
        "article": 1,
        "paragraph": 1,
        "why": "词语重复。",
        "source": "通例",
    }
    end = start + len(quote)
    return asdict(Finding(**known | {"quote": quote, "suggestion": suggestion, "end": end} | fields))


def make_exemption(article, by, quote="部门部门", **fields):
    fields = {"rule": "doubled-word", "lets_through": False, "reason": "引文"} | fields
    return Exemption.objects.create(article=article, quote=quote, by=by, **fields)


PDF = b"%PDF-1.7\nour own stand-in for an official PDF\n%%EOF\n"


def make_reader(organisation="青浦邮政管理局", name="办公室", email="office@example.cn", **fields):
    return Reader.objects.create(organisation=organisation, name=name, email=email, **fields)


def make_readers(count, unit=None):
    return Reader.objects.bulk_create(
        Reader(organisation=f"第{n}快递服务公司", name="党群工作部", email=f"reader{n}@example.cn", unit=unit)
        for n in range(1, count + 1)
    )


def make_package(issue, by):
    """An archive package that is ready to be fetched."""
    file = ContentFile(b"PK", name="package.zip")
    return ArchivePackage.objects.create(issue=issue, asked_by=by, state="ready", file=file, ready_at=timezone.now())


def make_paper(issue, kind="wechat", data=None):
    """A form of the issue as if a worker had made it: by default a text for 公众号 without photos."""
    if data is None:
        out = BytesIO()
        with ZipFile(out, "w") as file:
            file.writestr("正文.html", "<section><p>全文。</p></section>")
        data = out.getvalue()
    sums = {"sha256": sha256(data).hexdigest(), "sm3": hashlib.new("sm3", data).hexdigest(), "size": len(data)}
    known = {"characters": 3, "made_from": issue.pdf_sha256, "state": "ready", "ready_at": timezone.now()}
    return Paper.objects.create(issue=issue, kind=kind, file=ContentFile(data, name=f"{kind}.bin"), **sums, **known)


@cache
def blank_pdf(pages=2):
    """A real PDF with empty pages, so that pictures of them can be drawn."""
    sheets = [Image.new("1", (595, 842), 1) for _page in range(pages)]
    file = BytesIO()
    sheets[0].save(file, "PDF", save_all=True, append_images=sheets[1:])
    return file.getvalue()


def set_pages(issue, *, pdf=PDF, pages=1, first_pages=(1,)):
    """The proof of what the issue says now, as if a worker had set it."""
    proof = signing.present_proof(issue)
    proof.pdf.save(f"{proof.digest}.pdf", ContentFile(pdf), save=False)
    proof.sha256, proof.pages, proof.first_pages = sha256(pdf).hexdigest(), pages, list(first_pages)
    proof.places = []  # those of a real rendering are not of these pages
    proof.state, proof.ready_at, proof.report = proof.State.READY, timezone.now(), {"checked": 1, "findings": []}
    proof.save()
    return proof


def pending_issue(bulletin, cast, articles=None, dated_on=None, security="", **pages):
    """An issue that waits for its signature, with its pages set."""
    if articles is None:
        articles = [accepted(cast.lin, cast.lu), accepted(cast.zhao, cast.lu)]
    issue = make_issue(bulletin, cast.lu, articles, dated_on=dated_on or timezone.localdate())
    if security:
        assembly.set_up(issue, by=cast.lu, dated_on=issue.dated_on, security=security)
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    set_pages(issue, **pages)
    return issue


def signed_issue(bulletin, cast, articles=None, **wanted):
    issue = pending_issue(bulletin, cast, articles, **wanted)
    signing.sign(issue, by=cast.fang, expected_digest=signing.present_proof(issue).digest, code=code_of(cast.fang))
    issue.refresh_from_db()
    return issue


def issued_issue(bulletin, cast, articles=None, dated_on=date(2026, 4, 8), **wanted):
    """An issue that went the whole way on its day: sent, signed, issued."""
    with noon_of(dated_on):
        issue = signed_issue(bulletin, cast, articles, dated_on=dated_on, **wanted)
        signing.publish(issue, by=cast.gu)
    issue.refresh_from_db()
    return issue


def issued_correction(issue, cast, number=1):
    """A correction of the issue's first story, issued past its signing."""
    issue = Issue.objects.get(pk=issue.pk)
    same = {name: getattr(issue, name) for name in ("bulletin", "kind", "year", "number", "security", "print_run")}
    about = {"edition": "correction", "edition_number": number, "amends": issue, "dated_on": issue.dated_on}
    amendment = Issue.objects.create(created_by=cast.lu, **about, **same)
    amendment.errata.create(story=1, part="text", block=2, wrong="将继续跟进", right="将持续跟进")
    done = {"status": "issued", "issued_at": timezone.now(), "frozen": issue.frozen, "pdf_sha256": "0" * 64}
    Issue.objects.filter(pk=amendment.pk).update(**done)
    return Issue.objects.get(pk=amendment.pk)


@contextmanager
def noon_of(day):
    """Within, the clock stands."""
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: noon)
        yield


def many_articles(by, count, *, status, issue=None):
    """Many accepted or placed articles at once, past the acts: for counting queries."""
    articles = Article.objects.bulk_create(
        Article(created_by=by, unit=by.unit, title=f"青浦邮政管理局开展第{n}次巡查", body="<p>巡查。</p>")
        for n in range(count)
    )
    versions = ArticleVersion.objects.bulk_create(
        ArticleVersion(article=article, number=1, title=article.title, body=article.body, created_by=by)
        for article in articles
    )
    for article, version in zip(articles, versions, strict=True):
        article.current_version, article.status, article.decided_at = version, status, timezone.now()
    Article.objects.bulk_update(articles, ["current_version", "status", "decided_at"])
    if issue:
        Placement.objects.bulk_create(
            Placement(issue=issue, article=article, version=version, section=article.unit.tier, position=position)
            for position, (article, version) in enumerate(zip(articles, versions, strict=True), 1)
        )
    return articles
