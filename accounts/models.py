from datetime import date, datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .roles import ROLES, roles_with


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
        return (
            self.filter(models.Q(username=name) | models.Q(email__iexact=name) & ~models.Q(email=""))
            .order_by("pk")
            .first()
        )

    def with_permission(self, permission: str):
        """The active people whose roles give it."""
        held = RoleAssignment.objects.filter(user=models.OuterRef("pk"), role__in=roles_with(permission))
        return self.filter(models.Exists(held), is_active=True)


class User(AbstractUser):
    name = models.CharField(_("name"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("unit"))
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)

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


class Mail(models.Model):
    """A mail to a user about the account. The worker sends it; the rows tell afterwards who was told what."""

    class Kind(models.TextChoices):
        PASSWORD_LINK = "password_link", _("link for a new password")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        ADDRESS_CHANGED = "address_changed", _("address changed")
        ROLES_CHANGED = "roles_changed", _("roles changed")
        SECOND_FACTOR_ON = "second_factor_on", _("phone code switched on")
        SECOND_FACTOR_OFF = "second_factor_off", _("phone code switched off")
        SECOND_FACTOR_RESET = "second_factor_reset", _("phone code reset")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="mails", verbose_name=_("user"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    address = models.EmailField(_("e-mail"))
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(sent_at=None), name="mail_waiting"),
        ]

    def __str__(self):
        return str(self.get_kind_display())
