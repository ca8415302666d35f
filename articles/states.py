"""How an article's states look."""

from django.utils.translation import pgettext_lazy

from workflow.states import State

STATES = {
    "article.draft": State(pgettext_lazy("state of an article", "draft"), "pen"),
    "article.submitted": State(pgettext_lazy("state of an article", "submitted"), "clock", "go"),
    "article.accepted": State(pgettext_lazy("state of an article", "accepted"), "check", "ok"),
    "article.returned": State(pgettext_lazy("state of an article", "returned"), "undo", "you"),
    "article.placed": State(pgettext_lazy("state of an article", "placed"), "desk", "ok"),
    "article.issued": State(pgettext_lazy("state of an article", "printed"), "archive", "ok"),
    "article.discarded": State(pgettext_lazy("state of an article", "deleted"), "cross", "stop"),
    "todo.write": State(pgettext_lazy("kind of to-do", "draft"), "pen"),
    "todo.returned": State(pgettext_lazy("kind of to-do", "returned"), "undo", "you"),
    "todo.review": State(pgettext_lazy("kind of to-do", "to review"), "eye", "you"),
}
