"""Pages through a long list at the same cost, however long it has become."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

LIMIT = 300


class RecentPaginator(Paginator):
    """The first LIMIT rows of an ordered queryset: their keys are read at once, the rows of a page when it is shown.

    A count of all would be as slow as the archive is long. `is_cut` says that there are more than are listed.
    """

    def __init__(self, rows: QuerySet, per_page: int, **options):
        keys = list(rows.values_list("pk", flat=True)[: LIMIT + 1])
        self.rows, self.is_cut = rows, len(keys) > LIMIT
        super().__init__(keys[:LIMIT], per_page, **options)

    def page(self, number) -> Page:
        page = super().page(number)
        rows = {row.pk: row for row in self.rows.order_by().filter(pk__in=page.object_list)}
        page.object_list = [rows[key] for key in page.object_list if key in rows]
        return page
