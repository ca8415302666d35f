from datetime import date, datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from workflow.states import State

from .roles import ROLES, roles_with
from .tables.models import TableImport as TableImport


class Tier(models.TextChoices):
    """The order in which an issue prints its articles: by the tier of the submitting unit."""

    BUREAU = "bureau", _("Municipal bureau")
    BRANCH = "branch", _("District bureaus")
    POST = "post", _("China Post")
    COURIER = "courier", _("Courier companies")
    OTHER = "other", _("Others")


class UnitQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(models.Q(valid_from=None) | models.Q(valid_from__lte=day)).filter(
            models.Q(valid_to=None) | models.Q(valid_to__gte=day)
        )


class Unit(models.Model):
    """A bureau, company or office. Names change with time, so a unit is valid from a day to a day."""

    class Approval(models.TextChoices):
        """Whether a second person of the unit approves what it hands in."""

        AUTO = "auto", _("where someone else of the unit may approve")
        NEVER = "never", _("never")

    name = models.CharField(_("full name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    position = models.PositiveSmallIntegerField(_("order within the tier"), default=100)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    approval = models.CharField(
        _("approval inside the unit"),
        max_length=10,
        choices=Approval,
        default=Approval.AUTO,
        help_text=_("A unit approver who did not write the article reads it before it is handed in."),
    )
    # Of the row of a former name: the one under which the unit goes on.
    renamed_to = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="former_names")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "name", Coalesce("valid_from", models.Value(date.min)), name="unit_name_once_from_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None)
                | models.Q(valid_from=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="unit_valid_to_after_from",
                violation_error_message=_("The last day must not lie before the first day."),
            ),
        ]

    def __str__(self):
        return self.name

    def is_valid_on(self, day: date) -> bool:
        """As `valid_on`, of one row."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)


class Users(UserManager):
    def named(self, name: str):
        """Whose user name or e-mail address this is."""
        found = self.filter(models.Q(username=name) | models.Q(email__iexact=name) & ~models.Q(email=""))
        return found.order_by("pk").first()

    def with_permission(self, permission: str):
        """The active people whose roles give it."""
        held = RoleAssignment.objects.filter(user=models.OuterRef("pk"), role__in=roles_with(permission))
        return self.filter(models.Exists(held), is_active=True)

    def without_address(self):
        """Who can be told nothing by mail."""
        return self.filter(is_active=True, email="")


class Rhythm(models.TextChoices):
    """How soon a notice is mailed. In the list behind the bell it stands at once in any case."""

    AT_ONCE = "at_once", _("by mail at once")
    DAILY = "daily", _("in one mail a day")
    HERE = "here", _("only here")


class Topic(models.TextChoices):
    """What notices are about, as far as a person chooses how soon to be told. Of news nothing is to be done."""

    URGENT = "urgent", _("Urgent: to approve, to sign, returned, reminded")
    WORK = "work", _("Other things to do")
    NEWS = "news", _("What became of articles and issues")


class User(AbstractUser):
    name = models.CharField(_("name"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("unit"))
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    urgent_mails = models.CharField(Topic.URGENT.label, max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    work_mails = models.CharField(Topic.WORK.label, max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    news_mails = models.CharField(Topic.NEWS.label, max_length=10, choices=Rhythm, default=Rhythm.DAILY)

    first_name = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
    last_name = None  # type: ignore[assignment]  # the same

    REQUIRED_FIELDS = ["name", "email"]

    # The confirmed phone of the person who asks; RoleBackend reads it with the user of a request.
    second_factor_id = None

    objects: ClassVar[Users] = Users()

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]  # the stubs don't know it
        swappable = "AUTH_USER_MODEL"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("Another user has this e-mail address."),
            )
        ]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name

    @cached_property
    def role_names(self) -> frozenset[str]:
        return frozenset(self.roles.values_list("role", flat=True))

    def has_role(self, *names) -> bool:
        return not self.role_names.isdisjoint(names)

    def rhythm_of(self, topic: str) -> str:
        """How soon this person wants to be told of it by mail; without an address there is no mail."""
        return getattr(self, f"{topic}_mails") if self.email else Rhythm.HERE


class RoleAssignment(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=[(name, role.label) for name, role in ROLES.items()])

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_a_user")]

    def __str__(self):
        return str(self.get_role_display())


class PersonalLink(models.Model):
    """What one person may do once without signing in (accounts/links.py). The row keeps the hash of the secret alone."""

    VALID_FOR = timedelta(days=7)

    user = models.ForeignKey(User, models.CASCADE, related_name="links", verbose_name=_("user"))
    page = models.CharField(_("page"), max_length=60)
    subject = models.PositiveBigIntegerField(_("what it is about"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")

    def __str__(self):
        return f"{self.page} {self.subject}"

    @property
    def expires_at(self) -> datetime:
        return self.created_at + self.VALID_FOR


class OutgoingQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(sent_at=None, begun_at=None, next_try_at__lte=now)


class Outgoing(models.Model):
    """What a worker sends: waiting -claim-> this worker's until the next try -begin-> going out -> sent.

    Each step is a guarded UPDATE. What a worker claimed and did not begin is tried again. What was begun and has no end
    may have arrived: it stays as it is, and is never sent again by itself.
    """

    TRIES_AFTER = (1, 5, 15, 60, 240)  # minutes

    created_at = models.DateTimeField(_("at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, default=timezone.now)
    begun_at = models.DateTimeField(_("begun"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(sent_at=None), name="%(class)s_waiting"),
        ]

    def claim(self, now) -> bool:
        """Moves the next try ahead before anything goes out, so that no other worker takes the same row."""
        minutes = self.TRIES_AFTER[self.attempts] if self.attempts < len(self.TRIES_AFTER) else None
        later = now + timedelta(minutes=minutes) if minutes else None
        return self._move({"attempts": self.attempts}, attempts=self.attempts + 1, next_try_at=later)

    def begin(self) -> bool:
        """Written down before the server hears of it. False: another worker has taken it meanwhile."""
        return self._move({"attempts": self.attempts}, begun_at=timezone.now())

    def _move(self, guard: dict, **fields) -> bool:
        mine = type(self).objects.filter(pk=self.pk, sent_at=None, begun_at=None, **guard)
        is_mine = bool(mine.update(**fields))
        if is_mine:
            for name, value in fields.items():
                setattr(self, name, value)
        return is_mine

    def mark_sent(self) -> None:
        self.sent_at, self.error = timezone.now(), ""
        self.save(update_fields=["sent_at", "error"])

    def mark_refused(self, why: str) -> None:
        """It surely did not arrive, so it is tried again when its time has come."""
        self.begun_at, self.error = None, why[:500]
        self.save(update_fields=["begun_at", "error"])

    def mark_unsure(self, why: str) -> None:
        """It may have arrived."""
        self.error = why[:500]
        self.save(update_fields=["error"])

    @property
    def state(self) -> str:
        if self.sent_at:
            return gettext("sent")
        if self.begun_at:
            return gettext("unsure whether it arrived")
        return gettext("waits") if self.next_try_at else gettext("given up")


class Mail(Outgoing):
    """A mail to a user: about the account, or with notices. The rows tell afterwards who was told what."""

    class Kind(models.TextChoices):
        PASSWORD_LINK = "password_link", _("link for a new password")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        ADDRESS_CHANGED = "address_changed", _("address changed")
        ROLES_CHANGED = "roles_changed", _("roles changed")
        ACCOUNT_MADE = "account_made", _("new account")
        SECOND_FACTOR_ON = "second_factor_on", _("phone code switched on")
        SECOND_FACTOR_OFF = "second_factor_off", _("phone code switched off")
        SECOND_FACTOR_RESET = "second_factor_reset", _("phone code reset")
        NOTICE = "notice", _("notice at once")
        DAILY = "daily", _("notices of a day")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="mails", verbose_name=_("user"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    address = models.EmailField(_("e-mail"))
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    day = models.DateField(_("day"), null=True)

    class Meta(Outgoing.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day"], condition=models.Q(kind="daily"), name="one_mail_with_notices_a_day"
            )
        ]

    def __str__(self):
        return str(self.get_kind_display())


class RobotPost(Outgoing):
    """What a robot says in a group: that something happened, without names and without what was written."""

    ROBOTS = {"wecom": _("WeCom"), "dingtalk": _("DingTalk"), "feishu": _("Feishu")}

    robot = models.CharField(_("robot"), max_length=10, choices=list(ROBOTS.items()))
    text = models.CharField(_("text"), max_length=200)

    class Meta(Outgoing.Meta):
        verbose_name = _("post of a robot")
        verbose_name_plural = _("posts of robots")

    def __str__(self):
        return self.text


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        """What the bell counts: neither read nor settled."""
        return self.filter(read_at=None, settled_at=None)

    def about(self, document, apart: str = ""):
        return self.filter(matter=matter_of(document, apart))

    def asking(self):
        """That ask for something which is still to be done."""
        return self.filter(settled_at=None).exclude(topic=Topic.NEWS)


def matter_of(document: models.Model, apart: str = "") -> str:
    """What a notice is about, as it stands in its row."""
    return f"{document._meta.label_lower} {document.pk} {apart}".strip()


class Notice(models.Model):
    """What one person is told of one document. It is settled when the document has moved on, whoever moved it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("user"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    topic = models.CharField(_("kind"), max_length=10, choices=Topic)
    matter = models.CharField(max_length=60, editable=False)
    word = models.CharField(_("what it says"), max_length=20)
    title = models.CharField(_("title"), max_length=220)
    note = models.TextField(_("note"), blank=True)
    verb = models.CharField(_("button"), max_length=20)
    url = models.CharField(_("place"), max_length=200)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    is_for_daily_mail = models.BooleanField(default=False)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices", verbose_name=_("mail"))
    link = models.ForeignKey(
        PersonalLink, models.SET_NULL, null=True, related_name="+", verbose_name=_("personal link")
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(fields=["user"], condition=models.Q(read_at=None, settled_at=None), name="notice_unread"),
            models.Index(fields=["matter"], condition=models.Q(settled_at=None), name="notice_unsettled"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(is_for_daily_mail=True, read_at=None, settled_at=None),
                name="notice_for_daily_mail",
            ),
        ]

    def __str__(self):
        return f"【{self.word}】{self.title}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.settled_at is None

    @property
    def button(self) -> str:
        """What is settled can only be looked at."""
        return pgettext("button of a notice", "Look") if self.settled_at else self.verb

    @property
    def look(self) -> State:
        if self.settled_at:
            return State(self.word, "check")
        looks = {Topic.URGENT: ("warn", "you"), Topic.WORK: ("clock", "go"), Topic.NEWS: ("info", "")}
        icon, colour = looks[Topic(self.topic)]
        return State(self.word, icon, colour)
