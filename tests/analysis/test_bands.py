"""Bands are a partition consistent with the ranks; who cannot be told apart is never parted."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from analysis_cases import ready, rows_of_totals, worked
from hypothesis import given, settings
from scoring_cases import Json, cases

from supervision.analysis.bands import Band, bands
from supervision.scoring import Result


def with_intervals(*intervals: tuple[int, int, int]) -> Result:
    """Return a result in which the districts have these (rank, lowest, highest)."""
    _, result = ready(rows_of_totals(*(100 - place for place in range(len(intervals)))))
    districts = [
        replace(district, rank=rank, rank_interval=(low, high))
        for district, (rank, low, high) in zip(result.districts, intervals, strict=True)
    ]
    return replace(result, districts=tuple(districts))


def codes(found: tuple[Band, ...]) -> list[list[str]]:
    return [[member.code[-1] for member in band.members] for band in found]


@pytest.mark.parametrize("case", worked("梯队"), ids=lambda case: case["情形"])
def test_districts_stand_in_the_bands_that_the_office_worked_out(case: Json) -> None:
    intervals = [(int(row["位次"]), int(row["区间"][0]), int(row["区间"][1])) for row in case["各区"]]
    found = bands(with_intervals(*intervals))
    assert [[case["各区"][int(code) - 1]["名称"] for code in band] for band in codes(found)] == case["梯队"]


@given(cases(most_districts=6))
@settings(max_examples=12, deadline=None)
def test_bands_are_a_partition_of_the_ranked_in_the_order_of_ranks(case: Json) -> None:
    _, result = ready(case)
    found = bands(result)
    members = [member for band in found for member in band.members]
    assert [member.code for member in members] == [each.code for each in result.districts if each.ranked]
    assert [band.number for band in found] == list(range(1, len(found) + 1))
    for higher, lower in pairwise(found):
        assert max(m.rank_interval[1] for m in higher.members) < min(m.rank_interval[0] for m in lower.members)


@given(cases(most_districts=6))
@settings(max_examples=12, deadline=None)
def test_two_whose_intervals_overlap_are_in_one_band_and_neither_is_firmly_above(case: Json) -> None:
    _, result = ready(case)
    for band in bands(result):
        for member in band.members:
            for other in (each for each in result.districts if each.rank_interval and each.code != member.code):
                low, high = other.rank_interval or (0, 0)
                overlap = low <= member.rank_interval[1] and member.rank_interval[0] <= high
                if overlap:
                    assert other.code in [each.code for each in band.members]
                    assert other.code not in (*member.firmly_above, *member.firmly_below)
                else:
                    assert other.code in (member.firmly_above if low > member.rank else member.firmly_below)


def test_a_district_without_enough_data_is_in_no_band() -> None:
    case = rows_of_totals(90, 80)
    case["districts"][1]["figures"]["T01"].pop("value")
    assert codes(bands(ready(case)[1])) == [["1"]]


def test_a_band_says_what_it_means() -> None:
    first, second = bands(with_intervals((1, 1, 1), (2, 2, 3), (3, 2, 3)))
    assert first.title == "第一梯队"
    assert "位次稳定" in first.words
    assert (
        second.words == "第二梯队：区000002、区000003（第 2 至第 3 位），权重在 ±20% 内变动时位次相互交错，不宜强分先后"
    )
    assert second.as_json()["ranks"] == [2, 3]


def test_equals_that_no_weight_parts_are_said_to_be_equal() -> None:
    (first, _) = bands(with_intervals((1, 1, 1), (1, 1, 1), (3, 3, 3)))
    assert first.words == "第一梯队：区000001、区000002，并列第 1 位，权重在 ±20% 内变动时仍然并列"
