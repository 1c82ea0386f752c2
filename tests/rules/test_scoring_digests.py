"""The two fingerprints: the same for what is the same, another for whatever could change a result."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from scoring_cases import Json, a_case, a_district, an_item, golden, scored

from supervision.scoring.digests import input_digest, scheme_hash
from supervision.scoring.reading import read_case


def prints(case: Json) -> tuple[str, str]:
    result = scored(case)
    return result["scheme_hash"], result["input_digest"]


def changed(change: Callable[[Json], Any]) -> Json:
    case = copy.deepcopy(golden())
    change(case)
    return case


def test_the_scheme_hash_is_that_of_the_documented_text() -> None:
    case = a_case([], [a_district()], weights={"supervision": "10.0"})
    text = (
        '{"adjustment_limit":"5","cap":"1","components":[{"code":"supervision","weight":"10"}],'
        '"grades":[["90","优秀"],["80","良好"],["60","合格"],["0","不合格"]],"lights":{"yellow_from":"0.8"},'
        '"max_total":null,"min_coverage":"0.8","rule":"capped"}'
    )
    assert scheme_hash(read_case(case).scheme) == hashlib.sha256(text.encode()).hexdigest()


def test_the_input_digest_is_that_of_the_documented_text() -> None:
    district = a_district("1", name="上城区", figures={"T01": {"target": 5, "value": "1.50", "rating": None}})
    case = a_case([an_item(weight="1e1")], [district])
    case["scheme"]["grades"] = [["0", "合格"]]
    text = (
        '{"as_of":"2022-07-25","districts":[{"adjustments":[],"code":"1","figures":{"T01":{"target":"5",'
        '"value":"1.5"}},"group":"区","items_due":[],"name":"上城区","requests":[],"supervision":{"circulars":0,'
        '"supervision_notices":0}}],"plan":{"end":"2023-12-31","start":"2021-01-01"},"quarter":"2022Q2",'
        '"scheme":{"adjustment_limit":"5","cap":"1","components":[{"code":"targets","items":[{"basis":"level",'
        '"code":"T01","measure_type":"annual_stock","rule":null,"strict":false,"tolerance":"5",'
        '"trajectory":null,"weight":"10"}],"weight":"10"}],"grades":[["0","合格"]],'
        '"lights":{"yellow_from":"0.8"},"max_total":null,"min_coverage":"0.8","rule":"capped"}}'
    )
    assert input_digest(read_case(case)) == hashlib.sha256(text.encode()).hexdigest()


SAME: list[Callable[[Json], Any]] = [
    lambda case: case["scheme"].update(cap=1, min_coverage="0.80", adjustment_limit="5.00"),
    lambda case: case["scheme"]["components"][0]["items"][1].update(
        rule=None, strict=False, basis="level", trajectory=None, tolerance="5.0"
    ),
    lambda case: [case["scheme"].pop(key) for key in ("rule", "cap", "max_total", "lights", "grades")],
    lambda case: case["districts"][0]["figures"]["T01"].update(value="480.00", baseline=None, not_applicable=False),
    lambda case: case["districts"][0]["figures"]["T01"].update(value="4.8e2", target=1000),
    lambda case: case["districts"][0].pop("supervision"),
    lambda case: case["districts"][0]["requests"][0].pop("returned"),
    lambda case: case["districts"][0]["items_due"].reverse(),
]


@pytest.mark.parametrize("change", SAME)
def test_another_notation_of_the_same_case_has_the_same_fingerprints(change: Callable[[Json], Any]) -> None:
    assert prints(changed(change)) == prints(golden())


OTHER_SCHEME: list[Callable[[Json], Any]] = [
    lambda case: case["scheme"].update(cap="1.1"),
    lambda case: case["scheme"].update(max_total="100"),
    lambda case: case["scheme"]["components"].reverse(),
    lambda case: case["scheme"]["components"][0]["items"].reverse(),
    lambda case: case["scheme"]["components"][0]["items"][0].update(trajectory=[["2022Q2", "0.5"]]),
    lambda case: case["scheme"]["grades"][0].reverse() or case["scheme"]["grades"].__setitem__(0, ["95", "优秀"]),
]


@pytest.mark.parametrize("change", OTHER_SCHEME)
def test_another_scheme_changes_both_fingerprints(change: Callable[[Json], Any]) -> None:
    scheme, case = prints(changed(change))
    assert scheme != prints(golden())[0]
    assert case != prints(golden())[1]


OTHER_INPUT: list[Callable[[Json], Any]] = [
    lambda case: case.update(as_of="2022-07-26"),
    lambda case: case.update(quarter="2022Q1"),
    lambda case: case["plan"].update(end="2023-12-30"),
    lambda case: case["districts"][0]["figures"]["T01"].update(value="480.01"),
    lambda case: case["districts"][0]["figures"]["T01"].update(value=None),
    lambda case: case["districts"][0]["figures"]["T01"].update(reported_by_other=True),
    lambda case: case["districts"][0]["items_due"][0].update(completed=None),
    lambda case: case["districts"][0]["adjustments"][0].update(reason="另一理由"),
    lambda case: case["districts"][0].update(name="下城区"),
]


@pytest.mark.parametrize("change", OTHER_INPUT)
def test_another_input_changes_its_digest_and_not_the_hash_of_the_scheme(change: Callable[[Json], Any]) -> None:
    scheme, case = prints(changed(change))
    assert scheme == prints(golden())[0]
    assert case != prints(golden())[1]


def test_a_missing_figure_and_a_zero_have_different_digests() -> None:
    zero = changed(lambda case: case["districts"][0]["figures"]["T01"].update(value=0))
    none = changed(lambda case: case["districts"][0]["figures"]["T01"].pop("value"))
    assert prints(zero)[1] != prints(none)[1]
