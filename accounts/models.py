from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .roles import ROLES


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

    name = models.CharField(_("full name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    position = models.PositiveSmallIntegerField(_("order within the tier"), default=100)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

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


class User(AbstractUser):
    name = models.CharField(_("name"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("unit"))
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)

    first_name = None
    last_name = None

    REQUIRED_FIELDS = ["name", "email"]

    class Meta(AbstractUser.Meta):
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
