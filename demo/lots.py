"""Drawing lots without chance: the same seed and the same names always draw the same lot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

SEED = 20211229
"""The seed of a demonstration that nobody gave another: the day the packaged plan was issued."""

_DIGITS = 9


@dataclass(frozen=True)
class Lots:
    """Lots drawn by name from a seed. There is no state: the order in which they are drawn changes nothing."""

    seed: int = SEED

    def share(self, *names: object) -> Decimal:
        """Return a share between 0 and 1, 1 excluded, with nine digits."""
        return Decimal(self._number(*names) % 10**_DIGITS).scaleb(-_DIGITS)

    def chosen(self, share: Decimal, *names: object) -> bool:
        """Return True for that share of all names."""
        return self.share(*names) < share

    def between(self, low: int, high: int, *names: object) -> int:
        """Return a whole number from `low` through `high`."""
        return low + self._number(*names) % (high - low + 1)

    def shuffled(self, each: Iterable[str], *names: object) -> tuple[str, ...]:
        """Return `each` in an order that depends on the seed alone."""
        return tuple(sorted(each, key=lambda one: (self._number(*names, one), one)))

    def _number(self, *names: object) -> int:
        text = "\x1f".join(map(str, (self.seed, *names)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
