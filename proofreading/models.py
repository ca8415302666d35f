"""What the office knows over the shipped tables: its own words, the rules it has switched off, the style of its house."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .tables import Entry, House


class Kind(models.TextChoices):
    UNITS = "units", pgettext_lazy("kind of word", "units")
    PERSONS = "persons", pgettext_lazy("kind of word", "persons")
    DOCUMENTS = "documents", pgettext_lazy("kind of word", "documents")
    PHRASES = "phrases", pgettext_lazy("kind of word", "set phrases")
    SERIES = "series", pgettext_lazy("kind of word", "fixed series")
    CONFUSIONS = "confusions", pgettext_lazy("kind of word", "wrong words")


class Word(models.Model):
    """An entry of the office's own: the columns are those of tables.Entry.

    The past is not rewritten: a row gets its last day, and what holds from then on is another row.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("right wording"), max_length=100)
    other = models.CharField(_("other names"), max_length=300, blank=True)
    wrong = models.CharField(_("common miswritings"), max_length=300, blank=True)
    near = models.CharField(_("only near"), max_length=300, blank=True)
    unless = models.CharField(_("not near"), max_length=300, blank=True)
    extra = models.CharField(_("mark"), max_length=20, blank=True)
    since = models.DateField(_("valid from"), null=True, blank=True)
    until = models.DateField(_("valid to"), null=True, blank=True)
    becomes = models.CharField(_("afterwards"), max_length=100, blank=True)
    source = models.CharField(_("source"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("proofreading", "word")
        verbose_name_plural = pgettext_lazy("proofreading", "words")
        ordering = ["name", "since", "pk"]
        permissions = [("edit_words", "Can edit the words and rules of the proofreader")]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")), name="word_until_after_since"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="word_has_a_source"),
        ]

    def __str__(self):
        return self.name

    @property
    def entry(self) -> Entry:
        texts = {
            name: getattr(self, name)
            for name in ("name", "other", "wrong", "near", "unless", "extra", "becomes", "source")
        }
        return Entry(self.kind, since=self.since, until=self.until, **texts)


class RuleSwitch(models.Model):
    """Whether the office has switched a rule off; a rule without a row is on."""

    rule = models.CharField(_("rule"), max_length=40, unique=True)
    is_off = models.BooleanField(_("off"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("rule of the proofreader")
        verbose_name_plural = _("rules of the proofreader")
        default_permissions = ()

    def __str__(self):
        return self.rule


class HouseStyle(models.Model):
    """The one row of settings of the house's style; without it tables.House holds."""

    longest_article = models.PositiveIntegerField(_("Longest article, in characters"), default=House.longest_article)
    longest_brief = models.PositiveIntegerField(_("Longest brief, in characters"), default=House.longest_brief)
    functions_since = models.DateField(
        _("Leading persons by their function since"),
        null=True,
        blank=True,
        default=date(2026, 1, 1),
        help_text=_("Empty: by their names."),
    )
    asks_for_next_steps = models.BooleanField(_("Stories of bureaus close with 下一步"), default=False)

    class Meta:
        verbose_name = _("style of the house")
        verbose_name_plural = verbose_name
        default_permissions = ()

    def __str__(self):
        return str(self._meta.verbose_name)

    @property
    def house(self) -> House:
        return House(self.longest_article, self.longest_brief, self.functions_since, self.asks_for_next_steps)
