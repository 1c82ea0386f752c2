"""A case that was written back is the same case."""

from __future__ import annotations

import json

from hypothesis import given, settings
from scoring_cases import Json, cases, golden

from supervision.scoring import loads_case, read_case
from supervision.scoring.writing import as_input


@given(cases())
@settings(max_examples=12, deadline=None)
def test_a_written_case_reads_back_as_the_same_case(case: Json) -> None:
    found = read_case(case)
    assert loads_case(json.dumps(as_input(found), ensure_ascii=False)) == found


def test_the_golden_case_is_written_without_what_is_absent() -> None:
    written = as_input(read_case(golden()))
    assert written["districts"][0]["figures"]["T01"] == {"target": "1000", "value": "480"}
