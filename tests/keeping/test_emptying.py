"""The sample goes as a whole, and only while nothing else is there."""

from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Unit, User
from articles.models import Article
from bulletin_cms import backup, backup_file, emptying, first_steps, sample
from distribution.models import Reader
from issues.models import Bulletin, Issue, IssueEvent, PastFile
from points.models import ClosedMonth, HandCause, Wording
from tests import factories, people
from tests.scenes import scene
from workflow import frozen

pytestmark = [pytest.mark.django_db(transaction=True)]


@scene
def example():
    """The sample alone, with a photo."""
    people.leave_the_office()
    with factories.without_worker():
        bulletin = sample.load_people()
        articles = sample.load_articles()
        sample.assemble(bulletin, articles["issue"])
        sample.load_commissions(bulletin)
        sample.assemble(bulletin, articles["next"], days_ahead=9)
    article = Article.objects.exclude(title="").first()
    factories.make_photo(article)
    return bulletin


@pytest.fixture
def office(transactional_db, three_reviews, example):
    return example


def test_the_sample_is_removed_whole_and_kept_in_a_backup(office, capsys):
    assert IssueEvent.objects.exists(), "the records that the database lets nobody delete"

    call_command("remove_sample")

    assert first_steps.is_empty()
    assert [model.objects.count() for model in (Article, Issue, Reader)] == [0, 0, 0]
    assert list(backup.stored()) == []
    assert frozen.missing(connection) == []
    [kept] = settings.BACKUP_DIR.iterdir()
    assert str(kept) in capsys.readouterr().out
    assert sum(backup_file.read(kept).about.rows.values()) > 50, "all of it, read back and compared"


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda bulletin: factories.make_user("li.na", "李娜"), "1 位用户（李娜）"),
        (lambda bulletin: factories.make_reader("真实单位", "收发"), "1 个收件人（真实单位 收发）"),
        (lambda bulletin: factories.make_article(User.objects.get(username="lin"), title="真实稿件"), "1 篇稿件（真实稿件）"),
        (lambda bulletin: factories.make_issue(bulletin, User.objects.get(username="lu"), dated_on=date(2027, 1, 8)), "1 期简报"),
        (lambda bulletin: factories.make_commission(User.objects.get(username="lu"), Unit.objects.first(), title="真实约稿"), "1 件约稿（真实约稿）"),
        (lambda bulletin: factories.make_recipient_list(bulletin, date(2027, 1, 1)), "1 版报送名单（2027-01-01）"),
        (lambda bulletin: PastFile.objects.create(name="旧刊.docx", file="past/a.docx", sha256="a" * 64), "1 份往期文件"),
        (lambda bulletin: HandCause.objects.create(kind="deducted", fault="duplicate", unit=Unit.objects.first(), on=date(2026, 4, 1), source="重复报送", by=User.objects.get(username="lu")), "1 笔手工登记的积分（"),
        (lambda bulletin: ClosedMonth.objects.create(month=date(2026, 4, 1), by=User.objects.get(username="gu"), figures={}), "1 个已结账的月份（2026年4月）"),
        (lambda bulletin: Wording.objects.create(title="{时段}通报", text="采用{采用}篇。", by=User.objects.get(username="gu")), "1 份通报模板"),
        (lambda bulletin: Bulletin.objects.create(name_lines="另一份简报", publisher="办公室"), "1 份刊物（另一份简报）"),
    ],
)  # fmt: skip
@pytest.mark.django_db(transaction=False)
def test_what_is_not_of_the_sample_is_named(make, named, db):
    people.leave_the_office()
    bulletin = sample.load_people()
    assert emptying.not_of_the_sample() == []
    for _of_the_sample in range(2):
        factories.make_issue(bulletin, User.objects.get(username="lu"))

    make(bulletin)

    [words] = emptying.not_of_the_sample()
    assert named in words


def test_where_there_is_work_nothing_is_touched(office):
    factories.make_user("li.na", "李娜")
    before = (User.objects.count(), Article.objects.count(), len(list(backup.stored())))

    with pytest.raises(CommandError, match="不是示例里的.*李娜"):
        call_command("remove_sample")

    assert (User.objects.count(), Article.objects.count(), len(list(backup.stored()))) == before


def test_without_a_sample_there_is_nothing_to_remove():
    with pytest.raises(CommandError, match="没有示例"):
        call_command("remove_sample")
