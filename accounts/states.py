"""How the tasks in the accounts look."""

from django.utils.translation import pgettext_lazy

from workflow.states import State

STATES = {"todo.no_address": State(pgettext_lazy("kind of to-do", "no address"), "mail", "you")}
