"""A sample as it came back: who was drawn, who answered, what each respondent stands for, and the response rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from supervision.exact import total_of


class Disposition(StrEnum):
    """What became of a sampled unit (after the outcome codes of AAPOR, Standard Definitions)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSAL = "refusal"
    NONCONTACT = "noncontact"
    OTHER = "other"
    UNKNOWN = "unknown"
    INELIGIBLE = "ineligible"


DISPOSITIONS: Mapping[str, Disposition] = {
    "完成": Disposition.COMPLETE,
    "部分完成": Disposition.PARTIAL,
    "拒访": Disposition.REFUSAL,
    "未联系上": Disposition.NONCONTACT,
    "其他未答": Disposition.OTHER,
    "资格不明": Disposition.UNKNOWN,
    "不合格": Disposition.INELIGIBLE,
}
"""The words of the sampling file; the values above are understood too."""

RESPONDED = frozenset({Disposition.COMPLETE, Disposition.PARTIAL})
_ELIGIBLE = frozenset(Disposition) - {Disposition.UNKNOWN, Disposition.INELIGIBLE}


@dataclass(frozen=True, slots=True)
class Sampled:
    """One unit of the sample, whether it answered or not.

    `base_weight` is the design weight, 1 / probability of selection. `answers` holds the numbers answered by the
    question's code, `groups` the group by the breakdown's code.
    """

    number: str
    stratum: str
    disposition: Disposition
    base_weight: Fraction
    answers: Mapping[str, Fraction]
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ResponseRates:
    """The response rates, each 0–1.

    RR1 counts complete answers over everybody who is or may be eligible, RR2 partial ones too, RR3 complete answers
    over the eligible and the estimated share of those of unknown eligibility.
    """

    rr1: Fraction
    rr2: Fraction
    rr3: Fraction


def response_rates(sample: Sequence[Sampled], *, weighted: bool) -> ResponseRates:
    """Return the rates, counting units or, `weighted`, their design weights. All 0 when nobody was eligible.

    Source: AAPOR, Standard Definitions, RR1–RR3 (e: eligible among those whose eligibility is known).
    """
    counts: dict[Disposition, list[Fraction]] = {disposition: [] for disposition in Disposition}
    for unit in sample:
        counts[unit.disposition].append(unit.base_weight if weighted else Fraction(1))
    counted = {disposition: total_of(weights) for disposition, weights in counts.items()}
    eligible = total_of(counted[disposition] for disposition in _ELIGIBLE)
    unknown, known = counted[Disposition.UNKNOWN], eligible + counted[Disposition.INELIGIBLE]
    share = eligible / known if known else Fraction(1)
    complete, partial = counted[Disposition.COMPLETE], counted[Disposition.PARTIAL]
    return ResponseRates(
        _rate(complete, eligible + unknown),
        _rate(complete + partial, eligible + unknown),
        _rate(complete, eligible + share * unknown),
    )


def _rate(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole if whole else Fraction(0)


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody who answered a question, with the weight that makes the respondents stand for the population."""

    stratum: str
    weight: Fraction
    answer: Fraction
    groups: Mapping[str, str]


def respondents(sample: Sequence[Sampled], question: str) -> tuple[Respondent, ...]:
    """Return who answered `question`, their design weights raised to make up for those who did not.

    Inside each stratum the weights are multiplied by (weight of all eligible and possibly eligible units) / (weight
    of those who answered this question): who is silent is taken to be like those of the stratum who are not.
    """
    drawn: dict[str, list[Fraction]] = {}
    answered: dict[str, list[Fraction]] = {}
    for unit in sample:
        if unit.disposition is not Disposition.INELIGIBLE:
            drawn.setdefault(unit.stratum, []).append(unit.base_weight)
            if _answered(unit, question):
                answered.setdefault(unit.stratum, []).append(unit.base_weight)
    raised = {stratum: total_of(drawn[stratum]) / total_of(weights) for stratum, weights in answered.items()}
    return tuple(
        Respondent(unit.stratum, unit.base_weight * raised[unit.stratum], unit.answers[question], unit.groups)
        for unit in sample
        if _answered(unit, question)
    )


def _answered(unit: Sampled, question: str) -> bool:
    return unit.disposition in RESPONDED and question in unit.answers
