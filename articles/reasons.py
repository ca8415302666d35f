"""The office edits the reasons for which it returns and declines articles, or makes briefs of them."""

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit

from .models import Reason

EDIT = "articles.edit_reasons"
# The letters of the codes that the office's papers know: B for 不采用, T for 退修, J for 转简讯.
LETTERS = {Reason.Act.DECLINE: "B", Reason.Act.RETURN: "T", Reason.Act.BRIEF: "J"}


def add(act: str, label: str, *, by) -> Reason:
    """A new reason behind the others, with the next code. Raises Refused for a label that is empty or there already."""
    permit(by, EDIT)
    if act not in Reason.Act.values:
        raise Refused(_("There are no reasons for that."))
    with transaction.atomic():
        others = list(Reason.objects.select_for_update().filter(act=act))
        reason = Reason(act=act, code=_next_code(act, others), label=label.strip(), position=len(others) + 1)
        _store(reason)
    return reason


def rename(reason: Reason, label: str, *, by) -> None:
    """Articles that were decided keep the label of then."""
    permit(by, EDIT)
    reason.label = label.strip()
    _store(reason)


def move(reason: Reason, step: int, *, by) -> None:
    """One up (-1) or down (1) among the reasons of the same act."""
    permit(by, EDIT)
    with transaction.atomic():
        reasons = list(Reason.objects.select_for_update().filter(act=reason.act))
        at = reasons.index(reason)
        reasons.insert(max(0, at + step), reasons.pop(at))
        for position, each in enumerate(reasons, 1):
            each.position = position
        Reason.objects.bulk_update(reasons, ["position"])


def put_in_use(reason: Reason, is_used: bool, *, by) -> None:
    """One that is out of use is offered no more; what was decided for it stays."""
    permit(by, EDIT)
    reason.is_used = is_used
    reason.save(update_fields=["is_used"])


def _next_code(act: str, others: list[Reason]) -> str:
    letter = LETTERS[Reason.Act(act)]
    numbers = [int(other.code[1:]) for other in others if other.code[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1:02}"


def _store(reason: Reason) -> None:
    if not reason.label:
        raise Refused(_("Write the reason."))
    if len(reason.label) > Reason.LONGEST:
        raise Refused(_("The reason is too long: the unit reads it in one line."))
    if Reason.objects.filter(act=reason.act, label=reason.label).exclude(pk=reason.pk).exists():
        raise Refused(_("“%(label)s” stands in the table already.") % {"label": reason.label})
    reason.save()
