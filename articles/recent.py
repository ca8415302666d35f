"""Pages through a long list at the same cost, however long it has become."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

LIMIT = 150


class RecentPaginator(Paginator):
    """The first LIMIT rows of a list: their keys are read at once, the `rows` of a page when it is shown.

    A count of all would be as slow as the archive is long. `is_cut` says that there are more than are listed. `kinds`
    are querysets in one order, which together make the list: each finds its first rows by an index, which an OR of
    them would not.
    """

    def __init__(self, kinds: Sequence[QuerySet], per_page: int, *, rows: QuerySet, **options):
        found = [list(kind.values_list("pk", flat=True)[: LIMIT + 1]) for kind in kinds]
        keys = found[0]
        if any(found[1:]):
            every = kinds[0].model.objects.filter(pk__in={key for some in found for key in some})
            order = kinds[0].query.order_by
            keys = list(every.order_by(*order).values_list("pk", flat=True)[: LIMIT + 1])
        self.rows, self.is_cut = rows, len(keys) > LIMIT
        super().__init__(keys[:LIMIT], per_page, **options)

    def page(self, number) -> Page:
        page = super().page(number)
        rows = self.rows.in_bulk(page.object_list)
        page.object_list = [rows[key] for key in page.object_list if key in rows]
        return page
