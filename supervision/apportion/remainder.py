"""Sharing out a whole number of quanta, so that the sum is exact and nobody gets more than they can hold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from config.errors import BadInput, Refused
from supervision.exact import exact, plain


def largest_remainder(
    total: Decimal, weights: Sequence[Decimal], *, quantum: Decimal, caps: Sequence[Decimal] | None = None
) -> tuple[Decimal, ...]:
    """Return `total` shared out by `weights` in whole multiples of `quantum`, summing to exactly `total`.

    Everybody gets the whole quanta of their quota; what is left goes one by one to the largest remainders, the
    earlier in order first when they are equal. With `caps` nobody gets more than theirs; the excess is shared out
    among the others in the same way.
    Raises BadInput for a negative total or weight, weights that are all zero, or a total that `quantum` does not
    divide; Refused when the caps do not hold the total.
    """
    units = in_quanta(total, quantum)
    shares = [exact(weight) for weight in weights]
    if units < 0 or any(share < 0 for share in shares) or not any(shares):
        raise BadInput("分解的总数和基数不得为负，基数不得全为零")
    most = [units] * len(shares) if caps is None else [int(exact(cap) // exact(quantum)) for cap in caps]
    return tuple(Decimal(part) * quantum for part in _capped(units, shares, most))


def in_quanta(amount: Decimal, quantum: Decimal) -> int:
    """Return how many `quantum` make `amount`. Raises BadInput when it is no whole number of them."""
    parts = exact(amount) / exact(quantum)
    if parts.denominator != 1:
        raise BadInput(f"{plain(amount)} 不是最小计数 {plain(quantum)} 的整数倍，请核对小数位数")
    return parts.numerator


def _capped(units: int, shares: Sequence[Fraction], caps: Sequence[int]) -> list[int]:
    """Share out, fix whoever would exceed their cap at it, and share the rest out among the others, until it fits."""
    given = [0] * len(shares)
    open_to = [place for place, share in enumerate(shares) if share]
    while units:
        if not open_to:
            raise Refused(f"上限之和不足，还有 {units} 个计数单位分不出去")
        parts = dict(zip(open_to, _by_remainder(units, [shares[place] for place in open_to]), strict=True))
        full = {place: caps[place] for place, part in parts.items() if part > caps[place]}
        for place, part in (full or parts).items():
            given[place] = part
        units -= sum((full or parts).values())
        open_to = [place for place in open_to if place not in full]
    return given


def _by_remainder(units: int, shares: Sequence[Fraction]) -> list[int]:
    whole = sum(shares)
    quotas = [units * share / whole for share in shares]
    parts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda place: parts[place] - quotas[place])
    for place in by_remainder[: units - sum(parts)]:
        parts[place] += 1
    return parts
