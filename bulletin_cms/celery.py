"""The Celery application: messages only say that there is work, the database says which."""

import os

from celery import Celery
from celery.app.amqp import AMQP
from kombu import connection
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")


class Channel(redis.Channel):
    do_restore = False  # what a worker had in hand when it lost Redis; the sweeps find its row again


class Transport(redis.Transport):
    Channel = Channel


class Connection(connection.Connection):
    """Looks every second for a broker that is away. Celery would wait longer each time, up to half a minute."""

    def get_transport_cls(self):
        return Transport

    def ensure_connection(self, *args, **options):
        return super().ensure_connection(*args, **(options | {"interval_start": 1, "interval_max": 1}))


class Messages(AMQP):
    Connection = Connection


app = Celery("bulletin_cms", amqp=Messages)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()  # in workers alone: their modules load the typesetting
