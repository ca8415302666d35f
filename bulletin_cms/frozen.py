"""The administration's log never changes."""

from workflow.frozen import always

RULES = tuple(always("django_admin_log"))
