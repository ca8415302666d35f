"""What a worker makes because somebody asked for it: it claims the row, makes it, writes the result."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import claimers

MOST_ATTEMPTS = 3  # a worker that is restarted costs one; a content that ends its worker costs them all


class JobQuerySet(models.QuerySet):
    def waiting(self):
        """What no worker has in hand, oldest first."""
        is_free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
        return self.filter(is_free, state=Job.State.QUEUED).order_by("requested_at", "pk")

    def release_claims_of_the_dead(self):
        """Free what processes of this machine had claimed that are gone. Claims from elsewhere count until their lease
        ends."""
        claimed = self.filter(state=Job.State.QUEUED, lease_until__gt=timezone.now())
        for name in claimed.values_list("lease_by", flat=True).distinct():
            if name and claimers.is_gone(name):
                claimed.filter(lease_by=name).update(lease_until=None)


class Job(models.Model):
    """What was asked for, and how far it is. Subclasses hold the result."""

    class State(models.TextChoices):
        QUEUED = "queued", _("being set")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be set")

    state = models.CharField(_("status"), max_length=10, choices=State, default=State.QUEUED)
    error = models.TextField(_("why"), blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("How often a worker has claimed it."))
    lease_until = models.DateTimeField(null=True, help_text=_("Until then it is the worker's that claimed it."))
    lease_by = models.CharField(max_length=100, blank=True, help_text=_("The process that claimed it."))

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_queued(self) -> bool:
        return self.state == self.State.QUEUED

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    def claim(self, seconds: int) -> bool:
        """Take it for so many seconds. False when another worker has it, or when there is nothing to make."""
        rows = type(self).objects.filter(pk=self.pk)
        lease = timezone.now() + timedelta(seconds=seconds)
        mine = {"lease_until": lease, "lease_by": claimers.own_name()}
        is_mine = bool(rows.waiting().update(attempts=F("attempts") + 1, **mine))
        if is_mine:
            self.attempts, self.lease_until = rows.values_list("attempts", "lease_until").get()
        return is_mine

    def settle(self, **values) -> bool:
        """Write the result and give up the claim. False when the claim is no longer ours: it ran out, or another
        content was asked for meanwhile."""
        rows = type(self).objects.filter(pk=self.pk, state=self.State.QUEUED, lease_until=self.lease_until)
        return bool(rows.update(lease_until=None, **values))
