"""How the levels of findings and the families of rules are called."""

from django.utils.translation import pgettext_lazy

from workflow.states import State

from .passages import ERROR, QUERY, WARNING

LEVEL_WORDS = {
    ERROR: pgettext_lazy("level of a finding", "error"),
    WARNING: pgettext_lazy("level of a finding", "warning"),
    QUERY: pgettext_lazy("level of a finding", "query"),
}
FAMILY_WORDS = {
    "doubling": pgettext_lazy("family of rules", "Doubled words"),
    "punctuation": pgettext_lazy("family of rules", "Punctuation"),
    "numbers": pgettext_lazy("family of rules", "Numbers, dates, units"),
    "names": pgettext_lazy("family of rules", "Names"),
    "phrases": pgettext_lazy("family of rules", "Set phrases"),
    "words": pgettext_lazy("family of rules", "Wrong words"),
    "personal": pgettext_lazy("family of rules", "Personal data"),
    "house": pgettext_lazy("family of rules", "House style"),
}
STATES = {
    "finding.error": State(LEVEL_WORDS[ERROR], "stop", "stop"),
    "finding.warning": State(LEVEL_WORDS[WARNING], "warn", "you"),
    "finding.query": State(LEVEL_WORDS[QUERY], "question", "hold"),
}
