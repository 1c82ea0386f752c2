"""Estimates from a stratified sample: totals, means and shares with their standard errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from supervision.exact import total_of
from supervision.indices.roots import square_root
from supervision.indices.sample import Respondent

Kind = Literal["mean", "total", "share"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the population is estimated at, from how many respondents, and how far that may be off.

    A share is between 0 and 1. `standard_error` is None where a stratum that was not taken whole has one respondent:
    from one answer nobody can tell how much answers differ. `because` says so.
    """

    kind: Kind
    respondents: int
    value: Fraction | None
    standard_error: Fraction | None
    because: str = ""

    @property
    def variation(self) -> Fraction | None:
        """The coefficient of variation: standard error / |value|; None where either is missing or the value is 0."""
        if not self.value or self.standard_error is None:
            return None
        return self.standard_error / abs(self.value)


def estimate(
    answers: Sequence[Respondent],
    kind: Kind,
    *,
    population: Mapping[str, int],
    inside: Callable[[Respondent], bool] = lambda respondent: True,
) -> Estimate:
    """Return the estimate for those of the population who are `inside` (default: all), from all respondents.

    Total: Horvitz–Thompson, the sum of weight x answer. Mean and share: Hájek, that sum over the sum of weights.
    Variance: between the respondents of a stratum, with the finite population correction 1 - n/N, summed over the
    strata; of a mean by linearisation; a group is a domain, so that its random size counts. A stratum of which
    everybody answered adds nothing: a full census has a standard error of 0.
    Source: Särndal, Swensson & Wretman, Model Assisted Survey Sampling, 5.7 and 10.3.
    """
    within = [respondent for respondent in answers if inside(respondent)]
    if not within:
        return Estimate(kind, 0, None, None, "没有有效回答")
    total = total_of(respondent.weight * respondent.answer for respondent in within)
    size = total_of(respondent.weight for respondent in within)
    centre, divisor = (Fraction(0), Fraction(1)) if kind == "total" else (total / size, size)
    value = total if kind == "total" else centre
    single = _single(answers, within, population)
    if single:
        return Estimate(kind, len(within), value, None, f"{'、'.join(single)} 只有 1 份有效回答，标准误无法估计")
    variance = total_of(
        _variance(members, inside, centre, population[name]) for name, members in _strata(answers).items()
    )
    return Estimate(kind, len(within), value, square_root(variance / divisor**2))


def _strata(answers: Sequence[Respondent]) -> Mapping[str, list[Respondent]]:
    found: dict[str, list[Respondent]] = {}
    for respondent in answers:
        found.setdefault(respondent.stratum, []).append(respondent)
    return found


def _single(answers: Sequence[Respondent], within: Sequence[Respondent], population: Mapping[str, int]) -> list[str]:
    """Return the strata of `within` that have one respondent and more than one unit."""
    concerned = {respondent.stratum for respondent in within}
    return [
        name
        for name, members in _strata(answers).items()
        if len(members) == 1 and population[name] > 1 and name in concerned
    ]


def _variance(
    members: Sequence[Respondent], inside: Callable[[Respondent], bool], centre: Fraction, population: int
) -> Fraction:
    """Return what one stratum adds to the variance of the (centred) total."""
    n = len(members)
    if n >= population or n == 1:
        return Fraction(0)
    parts = [r.weight * (r.answer - centre) if inside(r) else Fraction(0) for r in members]
    total = total_of(parts)
    spread = total_of(part * part for part in parts) - total * total / n
    return (1 - Fraction(n, population)) * Fraction(n, n - 1) * spread
