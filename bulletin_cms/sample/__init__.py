"""The sample office: loads its people and stories through the same acts that the pages use."""

import re
import tomllib
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.models import RoleAssignment, Unit, User
from accounts.roles import SIGNER
from articles import richtext
from articles.models import Article, Commission, Kind, Status
from distribution.models import PrintedLine, Reader, ReaderGroup
from issues import assembly, numbering
from issues.models import Bulletin, Direction, Issue, RecipientList
from points import by_hand, ledger, rules
from points.examples import EXAMPLES
from points.models import HandCause, HandKind, Level, RuleSet

from . import asking

HERE = Path(__file__).parent
# Who makes the first review, the second, the final one.
REVIEWERS = ("lu", "qin", "gu")
# One password for all people of the sample; a public site refuses to load it.
PASSWORD = "jianbao-2026"
# The signer's phone, known to all like the password; `manage.py sample_code fang` shows what it shows.
PHONE = "73616d706c652d70686f6e652d6f662d66616e67"

# Where the city has adopted one of its stories.
PASSED_UP_IN = "《市政务信息》第128期"


def read(name: str) -> dict:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@transaction.atomic
def load_people() -> Bulletin:
    """The bulletin with its dated lists, units, users with roles, and readers."""
    data = read("people")
    bulletin = Bulletin.objects.create(**data["bulletin"])
    for entry in data["list"]:
        recipient_list = RecipientList.objects.create(bulletin=bulletin, valid_from=entry["valid_from"])
        for direction in (Direction.UP, Direction.ACROSS):
            recipient_list.lines.bulk_create(
                recipient_list.lines.model(
                    recipient_list=recipient_list, direction=direction, text=text, position=position
                )
                for position, text in enumerate(entry[direction.value], 1)
            )
    units = {
        key: Unit.objects.create(name=name, short_name=short, tier=tier, position=10 * place)
        for place, (key, (name, short, tier)) in enumerate(data["units"].items(), 1)
    }
    hashed = make_password(PASSWORD)
    for person in data["person"]:
        is_administrator = "administrator" in person["roles"]
        user = User.objects.create(
            username=person["username"],
            name=person["name"],
            unit=units[person["unit"]],
            email=f"{person['username']}@office.example.cn",
            password=hashed,
            is_staff=is_administrator,
        )
        RoleAssignment.objects.bulk_create(RoleAssignment(user=user, role=role) for role in person["roles"])
        if SIGNER in person["roles"]:
            TOTPDevice.objects.create(user=user, name="phone", key=PHONE)
    for name, email in data["readers"].items():
        organisation, _space, person_name = name.partition(" ")
        unit = next((unit for unit in units.values() if unit.short_name == organisation), None)
        Reader.objects.create(name=person_name or organisation, organisation=organisation, unit=unit, email=email)
    groups = {name: ReaderGroup.objects.create(name=name, tier=tier) for name, tier in data["groups"].items()}
    for text, group in data["lines"]["sent"].items():
        PrintedLine.objects.create(text=text).groups.add(groups[group])
    for text, reason in data["lines"]["not_sent"].items():
        PrintedLine.objects.create(text=text, not_sent=reason)
    return bulletin


def code_of(username: str) -> str | None:
    """What the sample's phone of this person shows; None for everybody whose phone is a real one."""
    device = TOTPDevice.objects.filter(user__username=username, key=PHONE, confirmed=True).first()
    return device and second_factor.present_code(device)


@transaction.atomic
def load_articles() -> dict[str, list[Article]]:
    """Every story, by the state in which its author and the editors have left it before an issue is assembled."""
    people = {user.username: user for user in User.objects.select_related("unit")}
    by_state = defaultdict(list)
    for entry in read("stories")["story"]:
        by_state[entry["state"]].append(_load_article(entry, people))
    return by_state


def load_commissions(bulletin: Bulletin) -> list[Commission]:
    """Before the second issue is opened (asking.py)."""
    names = {key: name for key, (name, _short, _tier) in read("people")["units"].items()}
    found = {unit.name: unit for unit in Unit.objects.all()}
    return asking.load(bulletin, read("commissions")["commission"], {key: found[name] for key, name in names.items()})


def _load_article(entry: dict, people: dict[str, User]) -> Article:
    author = people[entry["by"]]
    assert author.unit, "everybody of the sample has a unit"
    article = Article.objects.create(
        created_by=author,
        unit=author.unit,
        kind=entry.get("kind", Kind.ARTICLE),
        title=entry.get("title", ""),
        subtitle=entry.get("subtitle", ""),
        authors=author.name,
        event_on=timezone.localdate() - timedelta(days=3),
        body=richtext.from_text(re.sub(r"\{(\d+)\}", _day, entry["body"])),
    )
    if entry["state"] != "draft":
        article.apply(article.handing_in(), by=author)
    if article.is_awaiting and entry["state"] != "awaiting":
        article.apply(Article.APPROVE, by=article.asked_to_approve().first())
    if entry["state"] == "returned":
        article.apply(Article.RETURN, by=people["lu"], note=entry["note"])
    else:
        _review(article, entry["state"], people)
    return article


def _review(article: Article, state: str, people: dict[str, User]) -> None:
    """One reviewer after the other passes it, until it is in this state; what stands in an issue has passed all."""
    last = Status.ACCEPTED if state in ("issue", "next") else state
    for move, name in zip(Article.PASSES, REVIEWERS, strict=True):
        if article.is_in_review and article.status != last:
            article.apply(move, by=people[name])


def _day(days_ago: re.Match) -> str:
    day = timezone.localdate() - timedelta(days=int(days_ago[1]))
    return f"{day.month}月{day.day}日"


def load_points(issue: Issue) -> None:
    """Rules from the shipped examples, a story of the issue that the city has adopted, and what is counted under them; once."""
    people = {user.username: user for user in User.objects.all()}
    if RuleSet.objects.exists():
        return
    made = EXAMPLES["length"].rules()
    made.valid_from = timezone.localdate().replace(day=1)
    rules.add(made, by=people["gu"])
    first = issue.placements.filter(section="branch").order_by("position").first() or issue.placements.first()
    assert first, "the sample's issue has stories"
    passed_up = {"kind": HandKind.PASSED_UP, "level": Level.CITY, "source": PASSED_UP_IN}
    by_hand.enter(HandCause(article=first.article, on=timezone.localdate(), **passed_up), by=people["lu"])
    ledger.bring_up_to_date()


@transaction.atomic
def assemble(bulletin: Bulletin, articles: list[Article], *, days_ahead: int = 0) -> Issue:
    """Open the next issue and put these accepted articles in."""
    editor = User.objects.get(username="lu")
    issue = numbering.open_issue(bulletin, dated_on=timezone.localdate() + timedelta(days=days_ahead), by=editor)
    for article in articles:
        assembly.place(issue, article, by=editor)
    return issue
