"""Rules as offices of three kinds have them: to begin with, and to be changed."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from .models import RuleSet, Shared


@dataclass(frozen=True)
class Example:
    """`values` are fields of RuleSet; what is not named has the field's own default."""

    slug: str
    name: str | Promise
    about: str | Promise
    values: dict[str, Any]

    def rules(self) -> RuleSet:
        """As a set that is not stored and has no first day yet."""
        return RuleSet(name=str(self.name), **self.values)


EXAMPLES = {
    example.slug: example
    for example in (
        Example(
            "length",
            pgettext_lazy("example of rules", "By carrier and length"),
            pgettext_lazy(
                "example of rules",
                "A brief gives 5, an article 10, a long one 30; adopted by the city, a ministry or the centre 20, 50 or 80.",
            ),
            {
                "brief": 5,
                "short": 10,
                "middle": 10,
                "long": 30,
                "passed_city": 20,
                "passed_ministry": 50,
                "passed_state": 80,
                "praised_bureau": 10,
                "praised_city": 20,
                "praised_ministry": 50,
                "praised_state": 80,
                "retracted": 30,
                "corrected": 10,
                "duplicate": 5,
                "shared": Shared.EQUAL,
            },
        ),
        Example(
            "study",
            pgettext_lazy("example of rules", "Briefs 1, items 2 or 5, studies 10"),
            pgettext_lazy(
                "example of rules",
                "Small numbers; of one story only the highest counts, and each unit of a merged story has it in full.",
            ),
            {
                "brief": 1,
                "short": 2,
                "middle": 5,
                "long": 10,
                "passed_city": 10,
                "passed_ministry": 20,
                "passed_state": 30,
                "praised_bureau": 5,
                "praised_city": 10,
                "praised_ministry": 20,
                "praised_state": 30,
                "retracted": 10,
                "corrected": 2,
                "duplicate": 1,
                "highest_only": True,
                "shared": Shared.FULL,
            },
        ),
        Example(
            "base",
            pgettext_lazy("example of rules", "Capped base and bonus"),
            pgettext_lazy(
                "example of rules",
                "At most 20 base points a month, no bonus below two stories; two missed commissions set the year to zero.",
            ),
            {
                "submitted": 1,
                "brief": 2,
                "short": 5,
                "middle": 5,
                "long": 8,
                "first": 2,
                "on_time": 3,
                "missed": 5,
                "passed_city": 10,
                "passed_ministry": 20,
                "passed_state": 30,
                "praised_bureau": 10,
                "praised_city": 20,
                "praised_ministry": 30,
                "praised_state": 40,
                "retracted": 10,
                "corrected": 3,
                "duplicate": 2,
                "monthly_cap": 20,
                "minimum": 2,
                "withholds": True,
                "zero_after": 2,
                "shared": Shared.EQUAL,
            },
        ),
    )
}
