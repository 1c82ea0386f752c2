"""What assessment.yaml says about the analysis around an assessment: checks for irregularities, robustness, outlook.

A section or a check that a plan leaves out is as in analysis.yaml, which comes with duban; a check written as null is
switched off. A loaded plan holds every threshold, so what a stored run was examined by is known for ever.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.errors import PlanError
from config.plan.files import read_file
from config.plan.schema.base import Entry, Figure, Source

DEFAULTS = "analysis.yaml"

Positive = Annotated[Figure, Field(gt=0)]
Chance = Annotated[Figure, Field(gt=0, lt=1)]
Part = Annotated[Figure, Field(gt=0, le=1)]
Several = Annotated[int, Field(ge=2)]
Sigmas = Annotated[Figure, Field(ge=0)]
"""How many standard deviations of pure chance (the square root of the usual count) do not count as a jump."""


class Bunching(Entry):
    """Too many attainments from 1 to 1 + `width`.

    Too many: at least `least`, and by chance alone hardly ever. `chance` is the probability that an honest run raises
    any such flag; it goes by how densely attainments lie within `near` of 1 in the whole run.
    """

    width: Part
    near: Part
    least: Several
    chance: Chance
    source: Source

    @model_validator(mode="after")
    def _near_is_wider(self) -> Self:
        if self.near <= self.width:
            raise ValueError("near 应大于 width：要用更宽的一段来估计正常情况")
        return self


class LastDayJump(Entry):
    """Filed on the last day or later, with a gain above `factor` times what is usual.

    Usual: the median of at least `history` earlier gains, or the scheduled one where that is more.
    """

    factor: Annotated[Figure, Field(gt=1)]
    history: Several
    sigmas: Sigmas
    source: Source


class LateSurge(Entry):
    """More than `share` of the gain of at least `history` periods came in the last one."""

    share: Part
    history: Several
    sigmas: Sigmas
    source: Source


class Fall(Entry):
    """A cumulative figure below its last one, by more than the share `tolerance` of that."""

    tolerance: Annotated[Figure, Field(ge=0, lt=1)]
    source: Source


class TakenBack(Entry):
    """A rise by at least the share `rise`, of which at least the share `back` is gone one period later."""

    rise: Positive
    back: Part
    sigmas: Sigmas
    source: Source


class ChangedAfterFreeze(Entry):
    """A figure that an earlier run was calculated from, since then changed by at least the share `share`."""

    share: Part
    source: Source


class Repeated(Entry):
    """The same value as one period ago, after at least `history` gains of which none was 0.

    Only where standing still has a probability below `chance`, going by the gains before.
    """

    history: Several
    chance: Chance
    source: Source


class RepeatedColumn(Entry):
    """At least the share `share` of at least `least` figures are the same as one period ago."""

    least: Several
    share: Part
    source: Source


class SameAsOther(Entry):
    """Another district has the same figure of at least `digits` significant digits.

    Or the two have at least `several` figures in common that have at least `several_digits`.
    """

    digits: Several
    several: Several
    several_digits: Several
    source: Source


class RoundNumbers(Entry):
    """At least `least` counts of `digits` digits or more end in 0.

    `chance` is the probability that an honest run raises any such flag.
    """

    digits: Several
    least: Several
    chance: Chance
    source: Source


class Irregularities(Entry):
    """The checks. Each raises a flag for a person; none is a verdict. None: the check is switched off."""

    bunching: Bunching | None
    last_day_jump: LastDayJump | None
    late_surge: LateSurge | None
    fall: Fall | None
    taken_back: TakenBack | None
    changed_after_freeze: ChangedAfterFreeze | None
    repeated: Repeated | None
    repeated_column: RepeatedColumn | None
    same_as_other: SameAsOther | None
    round_numbers: RoundNumbers | None

    @model_validator(mode="before")
    @classmethod
    def _as_by_default(cls, data: object) -> object:
        """Fill in the checks that are not mentioned; analysis.yaml itself mentions all."""
        if not isinstance(data, dict) or cls.model_fields.keys() <= data.keys():
            return data
        default = _default().irregularities
        return {**{check: getattr(default, check) for check in cls.model_fields}, **data}


class Robustness(Entry):
    """A part of the total counts as dominant when its effective weight is above `dominant` times the nominal one."""

    dominant: Annotated[Figure, Field(gt=1)]
    source: Source


class Outlook(Entry):
    """An interval holds the figure at the plan's end with the probability `confidence`.

    Below `least_increments` known increments there is no interval.
    """

    confidence: Chance
    least_increments: Several
    source: Source


class Final(Entry):
    """期末考核: the targets as at the plan's end, with the conduct of the last year or of all assessed years."""

    conduct: Literal["last_year", "whole_plan"]
    source: Source


class Defaults(Entry):
    """analysis.yaml; every section and every check must be there."""

    irregularities: Irregularities
    robustness: Robustness
    outlook: Outlook


@cache
def _default() -> Defaults:
    found = read_file(files("config"), DEFAULTS, Defaults)
    if found.content is None or found.problems:
        raise PlanError(f"随程序安装的 {DEFAULTS} 已损坏，请重新安装：{'；'.join(map(str, found.problems))}")
    return found.content


def default_irregularities() -> Irregularities:
    """Return the checks of a plan that says nothing about them."""
    return _default().irregularities


def default_robustness() -> Robustness:
    """Return what counts as dominant where the plan does not say."""
    return _default().robustness


def default_outlook() -> Outlook:
    """Return how an outlook is made where the plan does not say."""
    return _default().outlook
