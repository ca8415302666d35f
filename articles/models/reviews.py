"""Who has which part in an article: who wrote it, who took which step of its review, and who agreed to what was changed later."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The part of those who wrote, approved or handed in: they take no step of its review.
WRITING = 0


class ReviewPart(models.Model):
    """One person's part in one round: WRITING, or the one step of the review that they took by passing or by editing in it.

    There is one row for each person and round, so nobody takes two steps. The rows never change, and the database takes no
    pass by a person whose part is another one (articles/frozen.py).
    """

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="parts", verbose_name=_("article"))
    round = models.PositiveSmallIntegerField(_("round"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    step = models.PositiveSmallIntegerField(_("step"))

    class Meta:
        verbose_name = _("part in a review")
        verbose_name_plural = _("parts in reviews")
        constraints = [
            models.UniqueConstraint(fields=["article", "round", "person"], name="one_part_a_person_and_round"),
            models.CheckConstraint(condition=Q(step__lte=3), name="part_is_a_step"),
        ]

    def __str__(self):
        return f"{self.article} {self.person}: {self.step}"

    @classmethod
    def has(cls, user, step) -> Exists:
        """Whether the person has this part in the article of the outer query."""
        return Exists(cls._of(user).filter(step=step))

    @classmethod
    def has_other(cls, user, step) -> Exists:
        """Whether the person has a part in the article of the outer query that is not this step."""
        return Exists(cls._of(user).exclude(step=step))

    @classmethod
    def _of(cls, user) -> models.QuerySet:
        return cls.objects.filter(article=OuterRef("pk"), round=OuterRef("round"), person=user)


class CorrectionQuerySet(models.QuerySet):
    def open(self):
        """Those of the present round to which not enough others have agreed yet: `missing` says how many."""
        agreed = Agreement.objects.filter(correction=OuterRef("pk")).order_by().values("correction")
        count = Coalesce(Subquery(agreed.annotate(n=Count("pk")).values("n")), 0)
        return self.annotate(missing=F("needed") - count).filter(missing__gt=0, round=F("article__round"))

    def to_agree(self, user):
        """Those that wait for this person too: nobody agrees to a change of their own, or to what they wrote."""
        agreed = Agreement.objects.filter(correction=OuterRef("pk"), person=user)
        wrote = ReviewPart.objects.filter(
            article=OuterRef("article"), round=OuterRef("round"), person=user, step=WRITING
        )
        return self.open().exclude(person=user).filter(~Exists(agreed), ~Exists(wrote))


class Correction(models.Model):
    """A change by the office after steps of the review were passed, which stay passed. `needed` is how many others have to agree.

    A correction of the wording needs one. A larger change of an article that already stands in an issue needs so many that
    as many people have seen the new text as there are steps.
    """

    article = models.ForeignKey(
        "articles.Article", models.PROTECT, related_name="corrections", verbose_name=_("article")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    version = models.OneToOneField(
        "articles.ArticleVersion", models.PROTECT, related_name="correction", verbose_name=_("article version")
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    is_wording = models.BooleanField(_("correction of the wording"))
    needed = models.PositiveSmallIntegerField(_("agreements needed"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    missing: int  # as `open` gives it

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(needed__gte=1), name="correction_needs_agreement")]

    def __str__(self):
        return str(self.version)


class Agreement(models.Model):
    """Another person of the office has seen a correction and agrees."""

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="agreements", verbose_name=_("correction"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["correction", "person"], name="one_agreement_a_person")]

    def __str__(self):
        return f"{self.correction} {self.person}"


class Ratification(models.Model):
    """A further person has taken the step in which somebody had stood in: what the event says."""

    event = models.OneToOneField(
        "articles.ArticleEvent", models.PROTECT, related_name="ratification", verbose_name=_("article event")
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("ratification")
        verbose_name_plural = _("ratifications")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.event} {self.person}"
