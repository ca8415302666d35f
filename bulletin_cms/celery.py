"""The Celery application: messages only say that there is work, the database says which."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")

app = Celery("bulletin_cms")
app.config_from_object("django.conf:settings", namespace="CELERY")
