"""Who may make which move of an article, and the same as a condition of rows."""

from django.db.models import F, Q

from .reviews import WRITING, ReviewPart
from .statuses import IN_REVIEW, Status


def is_its_author(article, user) -> bool:
    return article.created_by_id == user.pk


def did_not_write_it(article, user) -> bool:
    """Who wrote it, approved it or handed it in judges it in no way."""
    return article.part_of(user) != WRITING


def not_written_by(user) -> Q:
    """As `did_not_write_it`, of rows: those that nobody wrote here are anybody's to review."""
    return ~Q(created_by=user) & ~Q(ReviewPart.has(user, WRITING))


def may_take_step(article, user) -> bool:
    """Nobody takes two steps of one article. Where it is in no step its status tells whoever asks."""
    part = article.part_of(user)
    return part in (None, article.step) if article.step else part != WRITING


def may_pass_on(article, user) -> bool:
    return article.step != article.review_steps and may_take_step(article, user)


def may_accept(article, user) -> bool:
    return article.step in (0, article.review_steps) and may_take_step(article, user)


def may_stand_in(article, user) -> bool:
    """Who has taken another step may take this one too where nobody else is there, and says why."""
    return article.part_of(user) not in (None, WRITING, article.step)


def may_stand_in_on_the_way(article, user) -> bool:
    return article.step != article.review_steps and may_stand_in(article, user)


def may_stand_in_at_last(article, user) -> bool:
    return article.step in (0, article.review_steps) and may_stand_in(article, user)


def waits_for(step: int):
    """As `may_pass_on`, of rows in this step: condition of a person."""
    return lambda user: Q(review_steps__gt=step) & ~Q(created_by=user) & ~Q(ReviewPart.has_other(user, step))


def waits_for_the_last(user) -> Q:
    """As `may_accept`, of rows."""
    last = Q()
    for step, status in enumerate(IN_REVIEW, 1):
        last |= Q(status=status, review_steps=step)
    return last & ~Q(created_by=user) & ~Q(ReviewPart.has_other(user, F("article__review_steps")))


def is_of_its_unit(article, user) -> bool:
    return article.belongs_to(user)


def was_in_review(article, user) -> bool:
    return did_not_write_it(article, user) and article.held_from != Status.ACCEPTED


def was_accepted(article, user) -> bool:
    return did_not_write_it(article, user) and article.held_from == Status.ACCEPTED


def has_passed_review(article, _user) -> bool:
    """What was put aside during its review is no story for an issue yet."""
    return article.held_from in ("", Status.ACCEPTED)


def hands_in(article, user) -> bool:
    return article.belongs_to(user) and not article.needs_approval()


def writes_for_the_office(article, user) -> bool:
    """Of the office's own text; who hands in for a unit does so."""
    return is_its_author(article, user) and not user.has_perm("articles.submit_article")


def asks_approval(article, user) -> bool:
    """Whoever is the only one who could approve it has a colleague send it."""
    return article.belongs_to(user) and article.needs_approval() and article.approvers().exclude(pk=user.pk).exists()


def is_its_second_person(article, user) -> bool:
    return user.unit_id == article.unit_id and article.created_by_id != user.pk


def second_person_of(user) -> Q:
    """As `is_its_second_person`, of rows."""
    return Q(unit=user.unit_id) & ~Q(created_by=user)
