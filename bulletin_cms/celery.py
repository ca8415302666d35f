"""The Celery application: messages only say that there is work, the database says which."""

import os

import kombu
from celery import Celery
from celery.app.amqp import AMQP

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")


class Connection(kombu.Connection):
    """Looks every second for a broker that is away. Celery would wait longer each time, up to half a minute."""

    def ensure_connection(self, *args, **kwargs):
        return super().ensure_connection(*args, interval_start=1, interval_max=1, **kwargs)


class Messages(AMQP):
    Connection = Connection


app = Celery("bulletin_cms", amqp=Messages)
app.config_from_object("django.conf:settings", namespace="CELERY")
