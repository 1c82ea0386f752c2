"""What holds of every index and every sample."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from config.plan.schema.statistics import Index
from supervision.indices.composite import CompositeIndex, composite
from supervision.indices.estimate import Kind, estimate
from supervision.indices.roots import arithmetic_mean, geometric_mean, square_root
from supervision.indices.sample import Disposition, Respondent, Sampled, respondents
from supervision.indices.suppression import Shown, suppressed

values = st.decimals(min_value="0.01", max_value="100000", places=2)
weights = st.decimals(min_value="0.01", max_value="100", places=2)
components = st.lists(st.tuples(weights, values, values, st.booleans()), min_size=1, max_size=5)
few = settings(max_examples=40)
"""Roots of sixty digits take their time."""

methods = st.sampled_from(["arithmetic", "geometric"])


def index_of(
    parts: list[tuple[Decimal, Decimal, Decimal, bool]], method: str, scale: int = 1, period: str = "2022Q2"
) -> CompositeIndex:
    """Return the index of two modules that hold the parts (weight, base, value, inverse) and their mirror image."""
    modules = [
        {
            "code": f"m{m}", "name": "模块", "weight": (m + 1) * scale,
            "components": [
                {"code": f"c{m}-{c}", "name": "项", "weight": weight * scale, "series": "s", "inverse": inverse}
                for c, (weight, _, _, inverse) in enumerate(half)
            ],
        }
        for m, half in enumerate((parts, parts[::-1]))
    ]  # fmt: skip
    index = Index.model_validate(
        {"code": "own", "title": "指数", "frequency": "quarterly", "base_period": "2022Q1", "areas": ["杭州市"],
         "method": method, "missing": "share", "min_coverage": "0.5", "decimals": 2, "modules": modules,
         "source": "office ruling"}
    )  # fmt: skip
    base = {f"c{m}-{c}": part[1] for m, half in enumerate((parts, parts[::-1])) for c, part in enumerate(half)}
    now = {f"c{m}-{c}": part[2] for m, half in enumerate((parts, parts[::-1])) for c, part in enumerate(half)}
    return composite(index, area="杭州市", period=period, base=base, current=base if period == "2022Q1" else now)


@few
@given(components, methods)
def test_the_base_period_is_exactly_a_hundred(parts: list[tuple[Decimal, Decimal, Decimal, bool]], method: str) -> None:
    assert index_of(parts, method, period="2022Q1").index == 100


@few
@given(components, methods, st.integers(2, 50))
def test_scaling_all_weights_changes_nothing(
    parts: list[tuple[Decimal, Decimal, Decimal, bool]], method: str, scale: int
) -> None:
    assert index_of(parts, method, scale).index == index_of(parts, method).index


@few
@given(components)
def test_the_geometric_mean_never_exceeds_the_arithmetic(
    parts: list[tuple[Decimal, Decimal, Decimal, bool]],
) -> None:
    geometric, arithmetic = index_of(parts, "geometric").index, index_of(parts, "arithmetic").index
    assert geometric is not None and arithmetic is not None
    assert geometric <= arithmetic


@few
@given(components, methods, st.decimals(min_value="0.01", max_value="100", places=2))
def test_a_better_component_never_lowers_the_index(
    parts: list[tuple[Decimal, Decimal, Decimal, bool]], method: str, gain: Decimal
) -> None:
    weight, base, value, _ = parts[0]
    before = index_of([(weight, base, value, False), *parts[1:]], method).index
    after = index_of([(weight, base, value + gain, False), *parts[1:]], method).index
    assert before is not None and after is not None
    assert after >= before


@few
@given(st.lists(st.tuples(st.fractions(1, 9), st.fractions(Fraction(1, 9), 9)), min_size=1, max_size=6))
def test_means_lie_between_the_smallest_and_the_largest(parts: list[tuple[Fraction, Fraction]]) -> None:
    numbers = [number for _, number in parts]
    slack = Fraction(1, 10**20)
    for mean in (arithmetic_mean, geometric_mean):
        assert min(numbers) - slack <= mean(parts) <= max(numbers) + slack


@given(st.decimals(min_value=0, max_value=10**6, places=6))
def test_a_square_that_is_a_decimal_has_an_exact_root(root: Decimal) -> None:
    number = Fraction(root)
    assert square_root(number * number) == number


answers = st.lists(st.integers(-1000, 1000), min_size=2, max_size=8)


def a_stratum(name: str, numbers: list[int], population: int) -> list[Sampled]:
    return [
        Sampled(f"{name}{k}", name, Disposition.COMPLETE, Fraction(population, len(numbers)),
                {"q": Fraction(number)}, {"g": "甲" if k % 2 else "乙"})
        for k, number in enumerate(numbers)
    ]  # fmt: skip


KINDS: tuple[Kind, ...] = ("mean", "total")


@given(st.lists(answers, min_size=1, max_size=3), st.sampled_from(KINDS))
def test_a_full_census_has_no_standard_error(strata: list[list[int]], kind: Kind) -> None:
    population = {f"层{k}": len(numbers) for k, numbers in enumerate(strata)}
    sample = [unit for k, numbers in enumerate(strata) for unit in a_stratum(f"层{k}", numbers, len(numbers))]
    result = estimate(respondents(sample, "q"), kind, population=population)
    assert result.standard_error == 0
    everything = [number for numbers in strata for number in numbers]
    expected = Fraction(sum(everything)) if kind == "total" else Fraction(sum(everything), len(everything))
    assert result.value == expected


@given(answers, st.integers(0, 500), st.integers(2, 9))
def test_scaling_the_answers_scales_the_estimate_and_its_error(numbers: list[int], more: int, factor: int) -> None:
    population = {"层": len(numbers) + more}
    one, many = (
        estimate(respondents(a_stratum("层", scaled, population["层"]), "q"), "mean", population=population)
        for scaled in (numbers, [number * factor for number in numbers])
    )
    assert one.value is not None and many.value == one.value * factor
    assert one.standard_error is not None and many.standard_error is not None
    assert abs(many.standard_error - one.standard_error * factor) < Fraction(1, 10**30)


@given(answers, st.integers(0, 500))
def test_the_groups_add_up_to_the_total(numbers: list[int], more: int) -> None:
    population = {"层": len(numbers) + more}
    people = respondents(a_stratum("层", numbers, population["层"]), "q")

    def of(group: str) -> Fraction:
        def inside(respondent: Respondent) -> bool:
            return respondent.groups["g"] == group

        return estimate(people, "total", population=population, inside=inside).value or Fraction(0)

    assert of("甲") + of("乙") == estimate(people, "total", population=population).value


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 100), min_size=1, max_size=8))
def test_what_is_withheld_never_gives_away_fewer_than_thirty(cells: dict[str, int]) -> None:
    found = suppressed(cells, least=30)
    hidden = [cells[name] for name, shown in found.items() if shown is not Shown.SHOWN and cells[name]]
    everything_hidden = all(shown is not Shown.SHOWN for shown in found.values())
    assert not hidden or everything_hidden or (len(hidden) > 1 and sum(hidden) >= 30)
    assert all(shown is not Shown.SHOWN for name, shown in found.items() if cells[name] < 30)
