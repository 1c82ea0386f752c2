"""What duban tells without a database: working days, the plan, the calculator."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from calling import ROOT, Duban
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervision.workdays import published

GOLDEN = (ROOT / "tests" / "cases" / "scoring_golden.json").read_text(encoding="utf-8")
PACKAGED = ROOT / "config" / "plans" / "hangzhou-2021-2023"
ANOTHER_CITY = ROOT / "tests" / "plan" / "another-city"

_days = st.dates(date(2005, 1, 1), date(2025, 12, 31))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=_days, n=st.integers(-250, 250))
def test_workdays_add_prints_what_the_calendar_says(duban: Duban, day: date, n: int) -> None:
    expected = published().add(day, n)

    assert duban("workdays", "add", day, n).out == f"{expected}\n"
    assert duban("workdays", "add", day, n, "--json").data == {"date": expected.isoformat()}


@pytest.mark.parametrize(("year", "days"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248)])
def test_workdays_between_counts_both_ends(duban: Duban, year: int, days: int) -> None:
    arguments = ("workdays", "between", f"{year}-01-01", f"{year}-12-31")

    assert duban(*arguments).out == f"{days}\n"
    assert duban(*arguments, "--json").data == {"working_days": days}


@pytest.mark.parametrize("arguments", [("add", "2026-12-31", "1"), ("between", "2027-01-01", "2027-01-02")])
def test_an_unpublished_year_is_refused_by_name(duban: Duban, arguments: tuple[str, ...]) -> None:
    done = duban("workdays", *arguments)

    assert (done.code, done.out) == (2, "")
    assert "2027" in done.complaint and "duban calendar load" in done.complaint


def test_the_golden_case_scores_98_90(duban: Duban, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(GOLDEN, encoding="utf-8")

    from_file, from_stdin = duban("score", file, "--json"), duban("score", "-", "--json", stdin="\ufeff" + GOLDEN)

    assert from_file.data["districts"][0]["total"] == "98.90"
    assert from_stdin.out == from_file.out


def test_a_score_has_exactly_the_keys_of_the_contract(duban: Duban) -> None:
    result = duban("score", "-", "--json", stdin=GOLDEN).data
    district = result["districts"][0]
    line = district["components"][0]["items"][0]

    assert list(result) == ["quarter", "districts", "scheme_hash", "input_digest"]
    assert list(district) == [
        "code", "name", "group", "total", "rank", "group_rank", "grade", "coverage", "ranked", "rank_interval",
        "components", "adjustments",
    ]  # fmt: skip
    assert list(district["components"][0]) == ["code", "weight", "points", "items"]
    assert list(line) == ["code", "weight", "expected", "attainment", "points", "status", "light"]
    assert line["weight"] == "40.000000" and district["rank_interval"] == [1, 1]


def test_a_score_as_a_table_shows_totals_and_components(duban: Duban) -> None:
    shown = duban("score", "-", stdin=GOLDEN).out

    assert "上城区" in shown and "98.90" in shown and "优秀" in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ("[]", ""),
        (GOLDEN.replace("2022Q2", "2022-07"), "quarter"),
        (GOLDEN.replace('"as_of"', '"as_off"'), "as_off"),
        ("[" * 100_000, ""),
    ],
    ids=["empty", "cut off", "a list", "a bad quarter", "an unknown key", "nested without end"],
)  # fmt: skip
def test_a_case_that_cannot_be_read_is_2_in_one_line(duban: Duban, text: str, said: str) -> None:
    done = duban("score", "-", "--json", stdin=text)

    assert (done.code, done.out) == (2, "")
    assert said in done.complaint


def test_a_case_that_is_no_text_is_2_in_one_line(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_bytes(b"\xff\xfe\x00")

    assert "UTF-8" in duban("score", tmp_path / "case.json").complaint
    assert str(tmp_path) in duban("score", tmp_path).complaint


_SHAPE: dict[str, tuple[str, ...]] = {
    "goals": ("number", "title"),
    "indicators": (
        "code", "goal", "name", "measure_type", "target", "unit_of_measure", "text", "comparator", "strict", "owners",
        "source",
    ),
    "key_tasks": ("number", "title", "lead_unit", "supporting_units", "groups", "measures"),
    "units": ("code", "name", "kind"),
    "rulings": ("topic", "ruling", "date"),
}  # fmt: skip


def test_plan_show_has_the_keys_of_the_contract(duban: Duban) -> None:
    plan = duban("plan", "show", "--json").data

    assert {"code", "title", "start", "end", "issued"} <= plan["plan"].keys()
    for part, keys in _SHAPE.items():
        for entry in plan[part]:
            assert set(entry) == set(keys), part
    for task in plan["key_tasks"]:
        for measure in task["measures"]:
            assert set(measure) == {"code", "title", "cadence", "due", "clause"}


def test_plan_show_prints_targets_as_exact_strings(duban: Duban) -> None:
    indicators = duban("plan", "show", "--json").data["indicators"]

    assert len(indicators) == 39
    assert sum(indicator["target"] is None for indicator in indicators) == 3
    assert all(isinstance(indicator["target"], str | None) for indicator in indicators)


def test_plan_show_as_tables_names_every_key_task(duban: Duban) -> None:
    plan = duban("plan", "show", "--json").data
    shown = duban("plan", "show").out

    assert all(task["title"] in shown for task in plan["key_tasks"])


def test_the_packaged_plan_passes_its_check(duban: Duban) -> None:
    done = duban("plan", "check", PACKAGED)

    assert (done.code, done.err) == (0, "")
    assert "可以载入" in done.out


def test_plan_check_lists_every_problem_with_file_and_line_and_is_2(duban: Duban, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(ANOTHER_CITY, folder)
    _damage(folder / "tasks.yaml", "cadence: monthly", "cadence: montly")
    _damage(folder / "plan.yaml", "start:", "begin:")

    done, as_json = duban("plan", "check", folder), duban("plan", "check", folder, "--json")

    assert done.code == as_json.code == 2
    listed = done.out.splitlines()
    assert any(line.startswith("tasks.yaml:") for line in listed)
    assert any(line.startswith("plan.yaml:") for line in listed)
    assert str(folder) in done.complaint
    problems: list[dict[str, Any]] = json.loads(as_json.out)["problems"]
    assert len(problems) == len(listed)
    assert all(set(problem) == {"file", "line", "message", "severity"} for problem in problems)


def _damage(file: Path, right: str, wrong: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")


@pytest.mark.parametrize("path", ["absent", "file.txt"])
def test_plan_check_of_what_is_no_folder_is_2(duban: Duban, tmp_path: Path, path: str) -> None:
    (tmp_path / "file.txt").write_text("")

    done = duban("plan", "check", tmp_path / path)

    assert (done.code, done.out) == (2, "")
    assert path in done.complaint
