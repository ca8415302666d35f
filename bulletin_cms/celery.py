"""The Celery application: tasks are doorbells, the database is the queue of record."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")

app = Celery("bulletin_cms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
