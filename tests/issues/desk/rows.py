"""What the tests of the desk ask of its pages."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, issue, article=None):
    return reverse(f"issues:{name}", args=[issue.pk, article.pk] if article else [issue.pk])


def articles_of(issue):
    return [placement.article for placement in issue.placements.select_related("article").order_by("position")]


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
