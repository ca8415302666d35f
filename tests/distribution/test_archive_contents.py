"""What an archive package holds: what was signed to the letter, what came before, who received it; the same bytes each time."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from io import BytesIO, StringIO

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from lxml import etree

from articles.models import Article, ArticleVersion, Photo
from distribution.archiving import making, package, papers, verify_package
from distribution.archiving.papers import CONTENT, MANIFEST, METADATA, README, VERIFIER
from distribution.models import Reader
from issues import setting
from issues.content import content_of
from issues.models import Issue
from tests import factories
from tests.distribution.packages import files_of, package_of, rich_issue, rich_package, verify
from typesetting import rendering
from workflow.models import Entry
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# The 18 fields of GB/T 33480-2016, in its order.
FIELDS = [
    "公文标识",
    "文种",
    "份号",
    "密级和保密期限",
    "紧急程度",
    "发文机关标志",
    "发文字号",
    "签发人",
    "标题",
    "主送机关",
    "附件说明",
    "发文机关或签发人署名",
    "成文日期",
    "附注",
    "抄送机关",
    "印发机关",
    "印发日期",
    "发布层次",
]


@pytest.fixture
def files(request):
    return files_of(rich_package(request).data)


@pytest.fixture
def tree(files):
    """Read by another engine than wrote it."""
    return etree.fromstring(files[METADATA])


def text_of(files, ending):
    return next(data for name, data in files.items() if name.endswith(ending)).decode("utf-8-sig")


def rows_of(files, ending):
    return list(csv.DictReader(io.StringIO(text_of(files, ending), newline="")))


# --- what was signed --------------------------------------------------------------------------------------------------
def test_the_pdf_and_the_content_are_what_was_signed(bulletin, cast):
    issue = rich_issue(bulletin, cast)
    files = files_of(package_of(issue).data)
    signed = issue.sign_offs.get()

    assert files["原件/2026年第10期.pdf"] == factories.PDF
    assert hashlib.sha256(files[CONTENT]).hexdigest() == signed.digest
    assert signed.digest in text_of(files, "签发单.txt")
    assert signed.pdf_sha256 in text_of(files, "签发单.txt")
    assert "签发人：方维舟" in text_of(files, "签发单.txt")


def test_the_ofd_and_the_word_file_go_along_and_what_is_missing_is_said(bulletin, cast):
    issue = rich_issue(bulletin, cast)
    factories.make_paper(issue, "ofd", b"PK our own stand-in")
    files = files_of(package_of(issue).data)

    assert files["其他版本/2026年第10期.ofd"] == b"PK our own stand-in"
    assert "Word 可编辑稿：还没有生成" in text_of(files, "说明.txt")
    assert hashlib.new("sm3", factories.PDF).hexdigest() in text_of(files, "签发单.txt")


def test_a_changed_ofd_keeps_the_package_back(bulletin, cast):
    issue = rich_issue(bulletin, cast)
    paper = factories.make_paper(issue, "ofd", b"PK our own stand-in")
    with paper.file.open("ab") as file:
        file.write(b"x")

    with pytest.raises(Refused, match="正在重新生成"):
        package_of(issue)


def test_it_gives_the_heads_of_the_log_by_which_the_log_is_checked_from_outside(bulletin, cast):
    issue = rich_issue(bulletin, cast)
    files = files_of(package_of(issue).data)
    signed, heads = issue.sign_offs.get(), text_of(files, "日志链.txt")
    number, code = re.search(r"--head (\d+):([0-9a-f]{64})", heads).groups()

    assert all(signed.log_hash in text for text in (heads, text_of(files, "签发单.txt")))
    assert Entry.objects.get(pk=number).source in ("distribution.receipt", "distribution.mailingevent")
    call_command("verify_audit", head=[f"{number}:{code}"], stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("verify_audit", head=[f"{number}:{signed.log_hash}"], stdout=StringIO())


def test_made_twice_it_is_the_same_to_the_byte_and_with_a_receipt_another(bulletin, cast):
    issue = rich_issue(bulletin, cast)
    first = package_of(issue)
    making.record(issue, first.codes, by=cast.lu)

    assert package_of(Issue.objects.get(pk=issue.pk)).data == first.data
    Reader.objects.update(name="机要室")
    assert package_of(issue).codes != first.codes


def test_the_metadata_say_what_was_signed_whatever_the_tables_say_now(bulletin, cast, units):
    issue = rich_issue(bulletin, cast)
    before = files_of(package_of(issue).data)[METADATA]
    bulletin.name_lines, bulletin.publisher = "新刊名", "新单位"
    bulletin.save()
    units.qingpu.name = "青浦局（更名）"
    units.qingpu.save()

    assert files_of(package_of(Issue.objects.get(pk=issue.pk)).data)[METADATA] == before


@pytest.mark.parametrize("spoil", ["pdf", "photo", "source"])
def test_what_is_gone_or_was_changed_on_the_disk_is_named_and_nothing_is_made(spoil, bulletin, cast):
    issue = rich_issue(bulletin, cast)
    rows = {"pdf": issue, "photo": Photo.objects.get, "source": issue.placements.first().article.source_files.get}
    row = rows[spoil] if spoil == "pdf" else rows[spoil]()
    file = row.pdf if spoil == "pdf" else row.file
    file.storage.delete(file.name)
    if spoil == "photo":
        file.storage.save(file.name, ContentFile(b"another picture"))

    words = {"pdf": "正式 PDF", "photo": "“现场”的文件被改过", "source": "找不到“=急救 稿件.DOCX”的文件"}
    with pytest.raises(Refused, match=words[spoil]):
        making.write_package(issue, BytesIO())


def test_a_content_that_is_not_what_was_signed_is_refused(bulletin, cast):
    issue = factories.issued_issue(bulletin, cast)
    issue.frozen.text = issue.frozen.text.replace("2026", "2027")

    with pytest.raises(Refused, match="与签发的不一致"):
        making.write_package(issue, BytesIO())


# --- the metadata -----------------------------------------------------------------------------------------------------
def test_the_metadata_name_the_issue_by_both_standards(tree):
    file = tree.find("封装内容/文件实体块/文件实体")

    assert tree.get("说明") == "按 DA/T 46、48 的元素名组织，未经档案馆验收"
    assert file.findtext("内容描述/文件编号") == "2026年第10期（总第545期）"
    assert file.findtext("内容描述/日期") == "2026-04-08"
    assert file.findtext("内容描述/主送") == "；".join(factories.UP)
    assert file.findtext("内容描述/抄送") == "；".join(factories.ACROSS)
    office = tree.find("封装内容/公文核心元数据")
    assert [field.tag for field in office] == FIELDS
    values = {field.tag: field.text for field in office}
    assert (values["发文字号"], values["文种"], values["签发人"]) == ("2026年第10期（总第545期）", "简报", "方维舟")
    assert (values["成文日期"], values["印发日期"]) == ("2026-04-08", "2026-04-08")


def test_the_metadata_tell_acts_and_people(tree):
    acts = {act.findtext("业务行为"): act for act in tree.iterfind("封装内容/业务实体块/业务实体")}
    people = {each.findtext("机构人员标识"): each.findtext("机构人员名称") for each in tree.iter("机构人员实体")}

    assert people[acts["签发"].findtext("机构人员标识")] == "方维舟"
    assert people[acts["开始分发"].findtext("机构人员标识")] == "唐若谷"


def test_what_is_not_set_is_to_be_given_and_what_is_set_is_written(bulletin, cast, settings):
    issue = factories.issued_issue(bulletin, cast)
    files = files_of(package_of(issue).data)
    assert '<保管期限 状态="待补" />' in text_of(files, METADATA)
    assert "保管期限：待补" in text_of(files, README)

    settings.ARCHIVE = settings.ARCHIVE | {"retention": "永久", "fonds_number": "0123"}
    files = files_of(package_of(issue).data)
    assert "<保管期限>永久</保管期限>" in text_of(files, METADATA)
    assert "<全宗号>0123</全宗号>" in text_of(files, METADATA)
    assert "保管期限：待补" not in text_of(files, README)


def test_a_title_that_no_xml_can_hold_is_no_false_alarm(bulletin, cast, tmp_path):
    article = factories.make_article(cast.lin, title="甲<乙>&\x0b丙")
    article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.ACCEPT, by=cast.lu)
    issue = factories.issued_issue(bulletin, cast, [article])
    (tmp_path / "a.zip").write_bytes(package_of(issue).data)

    assert verify(tmp_path / "a.zip")[0] == 0


# --- how it came about ------------------------------------------------------------------------------------------------
def test_each_article_comes_with_its_sources_versions_and_comparison(files):
    own = {name.split("/", 2)[2] for name in files if name.startswith("过程/01 ")}

    assert own == {"原稿/1-=急救 稿件.docx", "照片/01.jpg", "版本/第01版.txt", "版本/第02版.txt", "花脸稿.html"}
    assert "广泛凝聚安全公示。" in text_of(files, "第01版.txt")
    assert "广泛凝聚安全共识。" in text_of(files, "第02版.txt")


def test_the_comparison_goes_from_the_first_submission_to_what_was_printed(bulletin, cast):
    article = factories.submitted(cast.lin, body="<p>凝聚安全公示。</p>")
    article.apply(Article.RETURN, by=cast.lu, note="请核对")
    article.body = "<p>凝聚安全共识。</p>"
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.ACCEPT, by=cast.lu)
    files = files_of(package_of(factories.issued_issue(bulletin, cast, [article])).data)

    page = re.sub(r"<span[^>]*>[^<]*</span>", "", text_of(files, "花脸稿.html"))
    assert "<del>公示</del><ins>共识</ins>" in page
    assert "http" not in page  # it opens without the net


def test_what_its_unit_never_handed_in_stays_with_the_unit(bulletin, cast):
    article = factories.make_article(cast.lin, body="<p>草稿里的话。</p>")
    article.add_version(by=cast.lin)
    article.body = "<p>报送的话。</p>"
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.ACCEPT, by=cast.lu)
    package = package_of(factories.issued_issue(bulletin, cast, [article]))

    assert ArticleVersion.objects.filter(article=article).count() == 2
    assert "报送的话".encode() in package.data
    assert "草稿里的话".encode() not in package.data


def test_the_review_is_told_with_who_when_what_and_why(files):
    rows = [row for row in rows_of(files, "审稿经过.csv") if row["序号"] == "1"]
    returned = next(row for row in rows if row["说明"])

    assert (returned["经办人"], returned["稿件版本"]) == ("陆一鸣", "1")
    assert "退修" in returned["事项"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", returned["时间"])
    assert returned["说明"] == "'=1+1 请核对“公示”"
    assert rows_of(files, "批注.csv")[0]["批注"] == "人数请核实"


def test_mailing_and_receipts_stand_in_a_table_without_formulas(files):
    (row,) = rows_of(files, "分发与签收.csv")

    assert row["收件人"] == "'@cmd|calc 办公室"
    assert row["签收人"] == "王五"
    assert files["过程/分发与签收.csv"].startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("title", ["...", "con", "a" * 150])
def test_whatever_its_title_an_article_has_a_folder(title, bulletin, cast, tmp_path):
    article = factories.accepted(cast.lin, cast.lu, title=title)
    (tmp_path / "a.zip").write_bytes(package_of(factories.issued_issue(bulletin, cast, [article])).data)

    assert verify(tmp_path / "a.zip")[0] == 0


def test_a_pdf_as_the_site_sets_it_is_one_that_can_be_kept(bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    pdf = rendering.render(content_of(issue), photo_bytes=setting.photo_bytes)

    assert verify_package.wrong_format(".pdf", pdf) == ""


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@a", "\t=1", " =1", "＝1", "\r=1"])
def test_no_cell_is_a_formula(words):
    paper = papers.table("a.csv", ["a"], [[words]])

    (row,) = list(csv.reader(io.StringIO(paper.data.decode("utf-8-sig"), newline="")))[1:]
    assert row == [f"'{words}"]


# --- the zip ----------------------------------------------------------------------------------------------------------
def test_names_are_utf8_and_safe_on_windows_and_nothing_is_dated_now(request):
    with zipfile.ZipFile(BytesIO(rich_package(request).data)) as archive:
        entries = archive.infolist()

    assert {entry.flag_bits for entry in entries} == {0x800}
    assert {entry.date_time for entry in entries} == {(2026, 4, 8, 12, 0, 0)}
    for entry in entries:
        assert not re.search(r'[<>:"\\|?*]|[ .](/|$)', entry.filename), entry.filename
        assert len(entry.filename) < 100


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("a/b\\c:d.docx", "a_b_c_d.docx"),
        ("一" * 200 + ".DOCX", "一" * 24 + ".docx"),
        ("..\u202egnp.exe ", "_gnp.exe"),
        ("e\u0301.doc", "é.doc"),
        ("无后缀", "无后缀"),
    ],
)
def test_the_name_of_a_file_becomes_a_safe_one(name, part):
    assert papers.file_part(name) == part


def test_other_programs_open_it(request, tmp_path):
    (tmp_path / "a.zip").write_bytes(rich_package(request).data)
    for command in (["unzip", "-tq", "a.zip"], [sys.executable, "-m", "zipfile", "-t", "a.zip"]):
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0, command


def test_the_list_names_every_other_file_and_the_codes_are_its_own(request, files):
    lines = files[MANIFEST].decode().splitlines()[1:]

    assert {line.split("\t")[3] for line in lines} == set(files) - {MANIFEST}
    codes = rich_package(request).codes
    assert codes.sha256 == hashlib.sha256(files[MANIFEST]).hexdigest()
    assert codes.sm3 == hashlib.new("sm3", files[MANIFEST]).hexdigest()
    assert files[VERIFIER] == package.SOURCE.read_bytes()
    assert json.loads(files[CONTENT])["number"] == 10


def test_a_python_without_sm3_is_told_at_the_start(monkeypatch):
    known = hashlib.new

    def new(name, *data):
        if name == "sm3":
            raise ValueError(f"unsupported hash type {name}")
        return known(name, *data)

    assert "archiving.E001" not in [message.id for message in run_checks()]
    monkeypatch.setattr(hashlib, "new", new)
    (error,) = [message for message in run_checks() if message.id == "archiving.E001"]
    assert "没有 SM3" in error.msg
    assert error.is_serious()
