"""A rich issue and its archive package, for the tests of packages."""

import hashlib
import subprocess
import sys
import warnings
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.base import ContentFile
from docx import Document
from PIL import Image

from articles.models import Article, SourceFile
from distribution import mailing, receipts
from distribution.archiving import making
from distribution.archiving.package import HEAD, SOURCE
from distribution.archiving.papers import MANIFEST
from tests import factories

TITLE = '青浦局: "急救"/培训?'


def rich_issue(bulletin, cast):
    """Issued and mailed: one article came as a Word file with a photo, was returned with a remark, and handed in anew."""
    article = factories.make_article(cast.lin, title=TITLE, body="<p>广泛凝聚安全公示。</p><p>下一步继续跟进。</p>")
    word, picture = BytesIO(), BytesIO()
    Document().save(word)
    Image.new("RGB", (8, 6), "red").save(picture, "JPEG")
    SourceFile.objects.create(
        article=article,
        created_by=cast.lin,
        name="=急救 稿件.DOCX",
        file=ContentFile(word.getvalue(), name="source.bin"),
    )
    factories.make_photo(article, content=picture.getvalue(), caption="现场")
    article.apply(Article.SUBMIT, by=cast.lin)
    factories.make_remark(article, cast.lu, "人数请核实")
    article.apply(Article.RETURN, by=cast.lu, note="=1+1 请核对“公示”")
    article.body = article.body.replace("公示", "共识")
    article.save()
    article.apply(Article.SUBMIT, by=cast.lin)
    article.apply(Article.ACCEPT, by=cast.lu)
    issue = factories.issued_issue(
        bulletin, cast, [article, factories.accepted(cast.zhao, cast.lu, title="宝山局安全培训")]
    )
    factories.make_reader("@cmd|calc", "办公室")
    sent = mailing.start(issue, by=cast.tang)
    receipts.confirm(sent.deliveries.get(), "王五")
    return issue


def package_of(issue):
    """Its bytes and its check codes."""
    file = BytesIO()
    codes = making.write_package(issue, file)
    return SimpleNamespace(data=file.getvalue(), codes=codes)


def files_of(data):
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verify(*arguments, source=SOURCE, python_options=("-I",), env=None):
    """What 验证.py says, as a process of its own: (exit code, words)."""
    command = [sys.executable, *python_options, str(source), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


BUILT = {}


def rich_package(request):
    """Made once for all tests: what they change is a copy."""
    if not BUILT:
        issue = rich_issue(request.getfixturevalue("bulletin"), request.getfixturevalue("cast"))
        BUILT["package"] = package_of(issue)
    return BUILT["package"]


def packed(files, compression=ZIP_STORED):
    """The bytes of a zip of these (name, data), in which a name may come twice."""
    file = BytesIO()
    with warnings.catch_warnings(), ZipFile(file, "w", compression) as archive:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, data in files:
            archive.writestr(ZipInfo(name), data, compression)
    return file.getvalue()


def listed_anew(files):
    """With a list that says what these files are: what a forger would do who knows the format."""
    lines = [HEAD]
    for name, data in files.items():
        if name != MANIFEST:
            digests = hashlib.sha256(data).hexdigest(), hashlib.new("sm3", data).hexdigest()
            lines.append("\t".join([*digests, str(len(data)), name]))
    return files | {MANIFEST: "".join(f"{line}\n" for line in lines).encode()}
