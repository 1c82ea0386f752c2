"""The worked cases that office staff can read, calculated again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from scoring_cases import Json, a_case, a_district, an_item, scored, the_line

CASES = Path(__file__).parent.parent / "cases" / "scoring.yaml"

REPORTED = {"未报": None}


def sheet(title: str) -> list[Any]:
    """Return the cases under `title`, every value as the text that stands in the file."""
    content = YAML(typ="base").load(CASES.read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["情形"]) for case in content[title]]


def given(content: Any) -> Any:
    """Return what was filed: true and false as such, numbers as their text."""
    if isinstance(content, dict):
        return {str(key): given(value) for key, value in content.items()}
    if isinstance(content, list):
        return [given(value) for value in content]
    return {"true": True, "false": False}.get(content, content)


def as_printed(number: str, places: int = 6) -> str | None:
    """Return a number of the file as the calculator prints it; 无 is null."""
    if number == "无":
        return None
    whole, _, decimals = number.partition(".")
    return f"{whole}.{decimals.ljust(places, '0')}"


@pytest.mark.parametrize("case", sheet("指标"))
def test_an_indicator_is_worth_what_the_office_worked_out(case: Json) -> None:
    item = an_item(measure_type=case["类型"], **given(case.get("设定", {})))
    line = the_line(item, given(case["填报"]))
    assert line["expected"] == as_printed(case["应达"])
    assert line["attainment"] == as_printed(case["完成率"])
    assert line["points"] == as_printed(case["得分"])
    assert line["light"] == (None if case["灯"] == "无" else case["灯"])


@pytest.mark.parametrize("case", sheet("履职"))
def test_conduct_is_worth_what_the_office_worked_out(case: Json) -> None:
    district = a_district(**given(case["内容"]))
    (result,) = scored(a_case([], [district], weights={case["部分"]: "10"}))["districts"]
    assert result["components"][0]["points"] == as_printed(case["得分"])


@pytest.mark.parametrize("case", sheet("排名"))
def test_districts_are_ranked_as_the_office_worked_out(case: Json) -> None:
    districts = [
        a_district(str(place), name=name, figures={"T01": {"target": "100", "value": REPORTED.get(value, value)}})
        for place, (name, value) in enumerate(case["各区"])
    ]
    result = scored(a_case([an_item(weight="100")], list(reversed(districts))))["districts"]
    assert [each["name"] for each in result] == [name for name, _ in case["各区"]]
    assert [each["total"] for each in result] == [as_printed(total, 2) for total in case["总分"]]
    assert [str(each["rank"] or "无") for each in result] == case["位次"]
    assert [each["grade"] for each in result] == case["等次"]
