"""Pages through a long list at the same cost, however long it has become."""

from collections.abc import Callable, Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

LIMIT = 150


class GatheredPage(Page):
    """`groups` are the rows that stand together; the page itself has them all one after the other."""

    groups: list[list]


class RecentPaginator(Paginator):
    """The first LIMIT rows of a list: their keys are read at once, the `rows` of a page when it is shown.

    A count of all would be as slow as the archive is long. `is_cut` says that there are more than are listed. `kinds`
    are querysets in one order, which together make the list: each finds its first rows by an index, which an OR of
    them would not. `gather` puts keys that belong together into groups, each of which counts as one row; `total` counts
    them all.
    """

    def __init__(
        self,
        kinds: Sequence[QuerySet],
        per_page: int,
        *,
        rows: QuerySet,
        gather: Callable[[list[int]], list[list[int]]] | None = None,
        **options,
    ):
        found = [list(kind.values_list("pk", flat=True)[: LIMIT + 1]) for kind in kinds]
        keys = found[0]
        if any(found[1:]):
            every = kinds[0].model.objects.filter(pk__in={key for some in found for key in some})
            order = kinds[0].query.order_by
            keys = list(every.order_by(*order).values_list("pk", flat=True)[: LIMIT + 1])
        self.rows, self.is_cut = rows, len(keys) > LIMIT
        keys = keys[:LIMIT]
        self.total = len(keys)
        super().__init__(gather(keys) if gather else [[key] for key in keys], per_page, **options)

    def _get_page(self, *args, **kwargs) -> GatheredPage:
        return GatheredPage(*args, **kwargs)

    def page(self, number) -> GatheredPage:
        page = super().page(number)
        assert isinstance(page, GatheredPage), "_get_page makes it"
        rows = self.rows.in_bulk([key for group in page.object_list for key in group])
        found = [[rows[key] for key in group if key in rows] for group in page.object_list]
        page.groups = [group for group in found if group]
        page.object_list = [row for group in page.groups for row in group]
        return page
