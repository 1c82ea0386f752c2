"""All checks for irregularities over one run. Each raises a flag for a person with its evidence, never a verdict.

Source: the plan's assessment.yaml, irregularities; docs/analysis.md says what each looks for and what it overlooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from config.plan.schema.analysis import Irregularities
from supervision.analysis import copies, jumps, reversals
from supervision.analysis.bunching import bunched
from supervision.analysis.flags import Flag, Kind, one_of_each
from supervision.analysis.series import Series, Topics
from supervision.scoring.result import Result

__all__ = ["Flag", "Kind", "irregularities"]

ARule = TypeVar("ARule")


def irregularities(
    result: Result, series: Sequence[Series], *, topics: Topics, rules: Irregularities
) -> tuple[Flag, ...]:
    """Return the flags of a run by unit, subject and kind, each at most once; a check that is None raises none.

    `result` gives the attainments, `series` the figures of all periods as known at its freeze, every one of whose
    observations is of the assessed quarter or before it.
    """
    return one_of_each(_found(result, series, topics, rules))


def _found(result: Result, series: Sequence[Series], topics: Topics, rules: Irregularities) -> Iterator[Flag]:
    quarter = result.quarter

    def each(rule: ARule | None, check: Callable[[Series, ARule], Iterator[Flag]]) -> Iterator[Flag]:
        if rule is not None:
            for one in series:
                yield from check(one, rule)

    if rules.bunching is not None:
        yield from bunched(result, topics, rules.bunching)
    yield from each(rules.last_day_jump, lambda one, rule: jumps.last_day_jumps(one, quarter, rule))
    yield from each(rules.late_surge, lambda one, rule: jumps.late_surges(one, quarter, rule))
    yield from each(rules.fall, lambda one, rule: reversals.falls(one, quarter, rule))
    yield from each(rules.taken_back, lambda one, rule: reversals.taken_back(one, quarter, rule))
    yield from each(rules.changed_after_freeze, reversals.changed_after_freeze)
    yield from each(rules.repeated, lambda one, rule: copies.repeated(one, quarter, rule))
    if rules.repeated_column is not None:
        yield from copies.repeated_columns(series, quarter, rules.repeated_column)
    if rules.same_as_other is not None:
        yield from copies.same_as_others(series, quarter, rules.same_as_other)
    if rules.round_numbers is not None:
        yield from copies.round_numbers(series, quarter, rules.round_numbers)
