"""How an article's states look, and what is to do with it. Both stand with its transitions, but for what is being written."""

from django.utils.translation import pgettext_lazy

from workflow.states import State

from .models import Article

STATES = {
    **{f"article.{status}": look for status, look in Article.looks().items()},
    "todo.write": State(pgettext_lazy("kind of to-do", "draft"), "pen"),
    "todo.commission": State(pgettext_lazy("kind of to-do", "commission"), "comment", "you"),
    "commission.topic": State(pgettext_lazy("of a month", "topic"), "comment"),
    "todo.confirm": State(pgettext_lazy("kind of to-do", "please confirm"), "question", "you"),
    "todo.held": State(pgettext_lazy("kind of to-do", "kept for later, due"), "pause", "you"),
    "review.ratify": State(pgettext_lazy("step of a review", "to be confirmed"), "clock", "you"),
    "todo.agree": State(pgettext_lazy("kind of to-do", "to agree"), "eye", "you"),
    "todo.ratify": State(pgettext_lazy("kind of to-do", "to ratify"), "eye", "you"),
    "todo.returned": State(pgettext_lazy("kind of to-do", "returned"), "undo", "you"),
}
