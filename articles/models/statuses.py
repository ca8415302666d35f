"""The states of an article, the sets of them that have a meaning, and the permissions of its review."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    AWAITING = "awaiting", _("awaiting approval")
    SENT_BACK = "sent_back", _("sent back by the unit")
    SUBMITTED = "submitted", _("submitted")
    SECOND_REVIEW = "second_review", _("second review")
    FINAL_REVIEW = "final_review", _("final review")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    HELD = "held", _("kept for later")
    DECLINED = "declined", _("declined")
    MERGED = "merged", _("merged into another")
    PLACED = "placed", _("placed")
    ISSUED = "issued", _("printed")
    DISCARDED = "discarded", _("deleted")


EDITABLE = (Status.DRAFT, Status.SENT_BACK, Status.RETURNED)
CAME_BACK = (Status.SENT_BACK, Status.RETURNED)  # with a reason, to whoever wrote it
WITHIN_UNIT = (Status.DRAFT, Status.AWAITING, Status.SENT_BACK)  # nothing that the office sees
IN_REVIEW = (Status.SUBMITTED, Status.SECOND_REVIEW, Status.FINAL_REVIEW)  # the first step, the second, the third
REVIEWED = (Status.ACCEPTED, Status.PLACED)  # and not printed yet
UNDER_WAY = (*IN_REVIEW, *REVIEWED)
REVISABLE = (*IN_REVIEW, Status.ACCEPTED)  # by the office; one in an issue is revised on its desk
CONFIRMABLE = (*REVISABLE, Status.PLACED)  # its unit may be asked about what the office has changed
REVIEW, APPROVAL = "articles.review_article", "articles.approve_article"
OFFICE = (REVIEW, "articles.place_article", "articles.issue_article")
