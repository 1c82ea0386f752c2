"""Loading a plan folder: another city, the stored copy, look-ups, and that nothing but PlanError comes out."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_folders import ANOTHER_CITY, change
from pydantic import ValidationError

from config import terms
from config.errors import PlanError, UnknownName
from config.plan import FILES, Plan, check_plan, load_plan, packaged_plan
from config.plan.schema import assessment, base, ladder

CONTRACT = {
    "plan": ["code", "title", "start", "end", "issued"],
    "goals": ["number", "title"],
    "indicators": [
        *("code", "goal", "name", "measure_type", "target", "unit_of_measure", "text", "comparator"),
        *("strict", "owners", "source"),
    ],
    "key_tasks": ["number", "title", "lead_unit", "supporting_units", "groups", "measures"],
    "units": ["code", "name", "kind"],
    "rulings": ["topic", "ruling", "date"],
}


def test_another_citys_plan_is_another_folder() -> None:
    assert check_plan(ANOTHER_CITY) == []
    plan = load_plan(ANOTHER_CITY)
    assert plan.tenant.name == "清河市"
    assert [unit.name for unit in plan.units_of("B2", on=date(2024, 2, 1))] == ["市数据局", "东城区", "西城区"]
    everybody = [unit.name for unit in plan.units_of("B1", on=date(2024, 2, 1))]
    assert everybody == ["市政务办", "市数据局", "东城区", "西城区"]


@pytest.mark.parametrize("folder", [ANOTHER_CITY, packaged_plan()], ids=["another city", "packaged"])
def test_the_stored_json_is_the_same_plan(folder: Path) -> None:
    plan = load_plan(folder)
    again = Plan.model_validate_json(plan.model_dump_json())
    assert again == plan
    assert again.digest == plan.digest
    assert again.show() == plan.show()


def test_the_digest_ignores_comments_and_ways_of_writing_a_number(city: Path) -> None:
    before = load_plan(city).digest
    change(city / "indicators.yaml", "target: 40\n", "target: 40.00  # 四十\n")
    assert load_plan(city).digest == before


def test_the_digest_changes_with_the_plan(city: Path) -> None:
    before = load_plan(city).digest
    change(city / "tasks.yaml", "反馈使用情况", "反馈使用情况和问题")
    assert load_plan(city).digest != before


def test_plan_show_has_the_keys_of_the_contract(hangzhou: Plan) -> None:
    shown = hangzhou.show()
    assert json.loads(json.dumps(shown)) == shown
    assert list(shown["plan"]) == CONTRACT["plan"]  # type: ignore[call-overload]
    for section in ("goals", "indicators", "key_tasks", "units", "rulings"):
        assert all(list(entry) == CONTRACT[section] for entry in shown[section])  # type: ignore[attr-defined]
    measures = [measure for task in shown["key_tasks"] for measure in task["measures"]]  # type: ignore[attr-defined]
    assert all(list(measure) == ["code", "title", "cadence", "due", "clause"] for measure in measures)
    extra = {"digest", "safeguards", "forms", "memberships", "ladder"}
    assert shown.keys() - CONTRACT.keys() == extra


def test_plan_show_gives_targets_as_decimal_strings(hangzhou: Plan) -> None:
    shown = {i["code"]: i["target"] for i in hangzhou.show()["indicators"]}  # type: ignore[attr-defined]
    assert (shown["T01"], shown["T05"], shown["T17"], shown["T19"]) == ("165000", "6", "2.5", "4800")
    assert shown["T25"] is None


def test_a_plan_cannot_be_changed(hangzhou: Plan) -> None:
    with pytest.raises(ValidationError):
        hangzhou.title = "另一个计划"  # type: ignore[misc]


def test_a_unit_is_found_by_any_of_its_names(hangzhou: Plan) -> None:
    found = {hangzhou.unit(name).code for name in ("scjg", "市市场监管局", "杭州市市场监督管理局", "市场监管局")}
    assert found == {"scjg"}


def test_what_the_plan_does_not_have_is_refused_by_name(hangzhou: Plan) -> None:
    lookups = [hangzhou.unit, hangzhou.group, hangzhou.indicator, hangzhou.form, hangzhou.measure, hangzhou.base]
    for lookup in lookups:
        with pytest.raises(UnknownName, match="“没有”"):
            lookup("没有")
    with pytest.raises(UnknownName, match="“13”"):
        hangzhou.key_task(13)
    with pytest.raises(UnknownName, match="first_quarter"):
        hangzhou.scheme("districts", quarter="2021Q4")


def test_a_register_is_read_as_it_stood_on_the_day(city: Path) -> None:
    change(
        city / "units.yaml",
        "    source: 第四条\n    memberships:\n      - {units: [东城区, 西城区], start: 2024-01-01, source: 第四条}",
        "    source: 第四条\n    memberships:\n"
        "      - {units: [东城区, 西城区], start: 2024-01-01, end: 2024-06-30, source: 第四条}\n"
        "      - {units: [西城区], start: 2024-07-01, source: 第四条}",
    )
    plan = load_plan(city)
    assert [u.name for u in plan.members("各区政府", on=date(2024, 6, 30))] == ["东城区", "西城区"]
    assert [u.name for u in plan.members("各区政府", on=date(2024, 7, 1))] == ["西城区"]
    assert [u.name for u in plan.reporters("points", on=date(2024, 7, 1))] == ["西城区"]
    assert plan.members("各区政府", on=date(2023, 12, 31)) == ()


def test_a_later_scheme_takes_over_in_its_first_quarter(city: Path) -> None:
    file = city / "assessment.yaml"
    text = file.read_text(encoding="utf-8")
    scheme = text[text.index("  - code: qinghe") : text.index("appeals:")]
    later = scheme.replace("code: qinghe", "code: later").replace("first_quarter: 2024Q1", "first_quarter: 2024Q3")
    file.write_text(text.replace("appeals:", later + "appeals:"), encoding="utf-8")
    plan = load_plan(city)
    quarters = {q: plan.scheme("districts", quarter=q).code for q in ("2024Q2", "2024Q3", "2024Q4")}
    assert quarters == {"2024Q2": "qinghe", "2024Q3": "later", "2024Q4": "later"}


def test_the_scheme_for_the_calculator_takes_types_from_the_indicators() -> None:
    plan = load_plan(ANOTHER_CITY)
    scheme = plan.score_scheme(plan.scheme("districts", quarter="2024Q1"))
    items = scheme["components"][0]["items"]  # type: ignore[index]
    assert [(item["code"], item["measure_type"], item["strict"]) for item in items] == [
        ("A1", "cumulative", False),
        ("A2", "ceiling_ratio", False),
    ]
    assert items[0]["trajectory"] == [["2024Q1", "0.1"], ["2024Q4", "1"]]


def test_baselines_are_given_by_area_and_none_while_not_established(city: Path) -> None:
    file = city / "assessment.yaml"
    lines = [
        "  - {indicator: A1, value: 12, on: 2023-12-31, source: 第六条}",
        "  - {indicator: A1, district: 东城区, value: 7, on: 2023-12-31, source: 第六条}",
        "  - {indicator: A2, value: null, on: 2023-12-31, source: 第六条}",
    ]
    file.write_text(file.read_text(encoding="utf-8") + "baselines:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    plan = load_plan(city)
    assert [plan.baseline("A1"), plan.baseline("A1", district="东城区")] == [12, 7]
    assert plan.baseline("A1", district="西城区") is None
    assert plan.baseline("A2") is None
    with pytest.raises(UnknownName):
        plan.baseline("A9")


def test_loading_tells_the_first_error_and_how_many_more(city: Path) -> None:
    line = change(city / "units.yaml", "name: 市数据局,", "name: 市政务办,")
    with pytest.raises(PlanError, match=rf"^units\.yaml:{line}: .*重复.*（另有 \d+ 处"):
        load_plan(city)


def test_what_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    for action in (load_plan, check_plan):
        with pytest.raises(PlanError, match="不是计划目录"):
            action(tmp_path / "absent")
    with pytest.raises(PlanError, match="没有预置计划“atlantis”"):
        packaged_plan("atlantis")


def test_the_words_of_plan_files_are_those_of_the_database() -> None:
    assert set(get_args(base.Cadence)) == set(terms.Cadence)
    assert set(get_args(ladder.Level)) == set(terms.Level)
    assert set(get_args(assessment.Population)) == set(terms.Population)
    assert set(get_args(base.Role)) <= set(terms.Role)


BROKEN = st.tuples(
    st.sampled_from(FILES),
    st.integers(0, 10_000),
    st.integers(0, 60),
    st.sampled_from(["", "\n", "- ", ": ", "x", "[", '"', "0", "null", "2024-02-30", "东城区", "A1", "{a: b}"]),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(BROKEN)
def test_whatever_is_scribbled_over_a_folder_it_loads_or_says_what_is_wrong(
    tmp_path: Path, scribble: tuple[str, int, int, str]
) -> None:
    name, at, length, instead = scribble
    folder = Path(shutil.copytree(ANOTHER_CITY, tmp_path / "scribbled", dirs_exist_ok=True))
    text = (folder / name).read_text(encoding="utf-8")
    at %= len(text)
    (folder / name).write_text(text[:at] + instead + text[at + length :], encoding="utf-8")
    errors = [problem for problem in check_plan(folder) if problem.severity == "error"]
    assert all(1 <= problem.line <= 1 + len(text) for problem in errors)
    if errors:
        with pytest.raises(PlanError):
            load_plan(folder)
    else:
        plan = load_plan(folder)
        assert Plan.model_validate_json(plan.model_dump_json()) == plan
        assert plan.show()["plan"]
        assert plan.accounts()
        for matter in plan.matters:
            for measure in matter.measures:
                assert plan.units_of(measure.code, on=plan.start) is not None
