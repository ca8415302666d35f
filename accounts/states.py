"""How the tasks in the accounts look, and the rows of a table of Excel."""

from django.utils.translation import pgettext_lazy

from workflow.states import State

STATES = {
    "todo.no_address": State(pgettext_lazy("kind of to-do", "no address"), "mail", "you"),
    "row.new": State(pgettext_lazy("row of a table", "new"), "plus", "ok"),
    "row.changed": State(pgettext_lazy("row of a table", "changed"), "pen", "go"),
    "row.same": State(pgettext_lazy("row of a table", "the same"), "check"),
    "row.faulty": State(pgettext_lazy("row of a table", "faulty"), "stop", "stop"),
}
