"""What comes of comparing another form of an issue with what was signed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """How many characters of what was signed stand in it in their order, of how many; `difference` says where the first one is
    that doesn't, with what stands there instead, or what stands behind the last; empty when all is equal."""

    equal: int
    characters: int
    difference: str = ""

    @property
    def is_equal(self) -> bool:
        return not self.difference
