"""`plan check` finds every kind of problem, in its file and line, and all of them at once.

The single slips are in plan-check-cases.yaml.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_folders import change
from ruamel.yaml import YAML

from config.plan import FILES, Problem, check_plan

MARK = "|"

CASES = YAML(typ="safe", pure=True).load(Path(__file__).with_name("plan-check-cases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']} {case['says']}")
def test_a_slip_is_found_in_its_file_and_line(city: Path, case: dict[str, str]) -> None:
    new = case["new"]
    begins = change(city / case["file"], case["old"], new.replace(MARK, ""))
    everything = check_plan(city)
    problems = [problem for problem in everything if case["says"] in problem.message]
    assert problems, f"nobody said it: {[str(problem) for problem in everything]}"
    assert {problem.file for problem in problems} == {case["file"]}
    if MARK in new:
        assert begins + new[: new.index(MARK)].count("\n") in {problem.line for problem in problems}


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(city: Path, name: str) -> None:
    (city / name).unlink()
    assert Problem(name, 1, "计划目录缺少这个文件，请补上") in check_plan(city)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"- just a list\n", b"a: 1\n---\nb: 2\n", b"a: \x07\n"])
def test_a_file_that_is_not_a_mapping_in_utf8_is_told(city: Path, content: bytes) -> None:
    (city / "units.yaml").write_bytes(content)
    assert [problem.file for problem in check_plan(city)] == ["units.yaml"]


@pytest.mark.parametrize(
    "windows",
    [
        ("day 5 month +1", "day 5 month +1", "day 8 month +1"),
        ("day 1 month +1", "day 9 month +1", "day 8 month +1"),
        ("day 1 month +1", "workday 5 month +1", "day 8 month +1"),
    ],
)
def test_windows_open_before_they_are_due_and_close_no_earlier(city: Path, windows: tuple[str, str, str]) -> None:
    old = "indicators: [A1]\n    opens: day 1 month +1\n    due: day 5 month +1\n    closes: day 8 month +1\n"
    new = "indicators: [A1]\n    opens: {}\n    due: {}\n    closes: {}\n".format(*windows)
    change(city / "forms.yaml", old, new)
    problems = check_plan(city)
    assert [problem.line for problem in problems if "报送窗口" in problem.message] == [4]


def test_windows_may_close_on_the_due_day(city: Path) -> None:
    change(
        city / "forms.yaml",
        "indicators: [A1]\n    opens: day 1 month +1\n    due: day 5 month +1\n    closes: day 8 month +1\n",
        "indicators: [A1]\n    opens: day 1 month +1\n    due: day 5 month +1\n    closes: day 5 month +1\n",
    )
    assert check_plan(city) == []


def test_a_form_that_closes_on_the_day_of_the_freeze_would_lose_figures(city: Path) -> None:
    line = change(
        city / "forms.yaml",
        "indicators: [A1]\n    opens: day 1 month +1\n    due: day 5 month +1\n    closes: day 8 month +1\n",
        "indicators: [A1]\n    opens: day 1 month +1\n    due: day 5 month +1\n    closes: day 15 month +1\n",
    )
    [problem] = check_plan(city)
    assert (problem.file, problem.line) == ("forms.yaml", line + 3)
    assert "会漏数" in problem.message


def test_a_subset_larger_than_its_set_is_refused(hangzhou_copy: Path) -> None:
    file = hangzhou_copy / "indicators.yaml"
    line = change(
        file,
        "target: 120\n    unit_of_measure: 家\n    decimals: 0\n    text: 120家以上",
        "target: 320\n    unit_of_measure: 家\n    decimals: 0\n    text: 320家以上",
    )
    [problem] = [p for p in check_plan(hangzhou_copy) if p.severity == "error"]
    assert "T14 的目标值 320 大于其总数 T13 的目标值 300" in problem.message
    assert 0 < problem.line - line < 10


def test_a_subset_split_by_another_base_than_its_set_is_refused(hangzhou_copy: Path) -> None:
    text = (hangzhou_copy / "indicators.yaml").read_text(encoding="utf-8")
    start = text.index("code: T14")
    cut = text[start:].replace("    apportion: {method: split, base: population_2020, source: 四（二）}\n", "", 1)
    set_only = text[: text.index("code: T13")] + text[text.index("code: T13") : start].replace(
        "    apportion: {method: split, base: population_2020, source: 四（二）}\n", ""
    )
    (hangzhou_copy / "indicators.yaml").write_text(text[:start] + cut, encoding="utf-8")
    assert not any("同一基数" in problem.message for problem in check_plan(hangzhou_copy))
    (hangzhou_copy / "indicators.yaml").write_text(set_only + text[start:], encoding="utf-8")
    assert any("T14 与 T13 须按同一基数分解" in problem.message for problem in check_plan(hangzhou_copy))


def test_gain_needs_a_baseline_of_every_district(hangzhou_copy: Path) -> None:
    change(hangzhou_copy / "assessment.yaml", "{code: T28, weight: 2}", "{code: T28, weight: 2, basis: gain}")
    [problem] = [p for p in check_plan(hangzhou_copy) if p.severity == "error"]
    assert "基期值，尚缺：上城区、" in problem.message


def test_a_city_only_indicator_cannot_be_scored_for_districts(hangzhou_copy: Path) -> None:
    line = change(hangzhou_copy / "assessment.yaml", "{code: T28, weight: 2}", "{code: T36, weight: 2}")
    [problem] = [p for p in check_plan(hangzhou_copy) if p.severity == "error"]
    assert (problem.line, "没有分解到区、县（市）" in problem.message) == (line, True)


def test_all_problems_are_found_at_once_and_none_is_invented(city: Path) -> None:
    slips = [
        ("units.yaml", "kind: municipal, aliases", "kind: town, aliases"),
        ("indicators.yaml", '    comparator: ">="', '    comparator: ">"'),
        ("indicators.yaml", "    decimals: 1", "    decimals: x"),
        ("tasks.yaml", "due: on 2024-03-29", "due: on 2023-03-29"),
        ("tasks.yaml", "cadence: monthly", "cadence: weekly"),
        ("forms.yaml", "    indicators: [A1]", "    indicators: [A7]"),
        ("assessment.yaml", "first_quarter: 2024Q1", "first_quarter: 2023Q1"),
    ]
    lines = [(name, change(city / name, old.strip(), new.strip())) for name, old, new in slips]
    errors = [problem for problem in check_plan(city) if problem.severity == "error"]
    assert [(problem.file, problem.line) for problem in errors] == lines


def test_an_entry_set_aside_raises_no_further_problems_about_its_name(city: Path) -> None:
    line = change(city / "units.yaml", "kind: municipal, aliases", "kind: town, aliases")
    assert [(p.file, p.line) for p in check_plan(city)] == [("units.yaml", line)]


def test_anchors_and_aliases_are_refused(city: Path) -> None:
    change(city / "plan.yaml", "title: 清河市便民服务提升计划（2024年）", "title: &same 计划")
    line = change(city / "plan.yaml", "basis: 清政发〔2024〕1号", "basis: *same")
    assert any("锚点" in p.message and p.line == line for p in check_plan(city))


def test_a_figure_that_nobody_reports_is_a_warning_only(city: Path) -> None:
    text = (city / "forms.yaml").read_text(encoding="utf-8")
    (city / "forms.yaml").write_text(text[: text.index("  - code: waiting-city")], encoding="utf-8")
    [problem] = check_plan(city)
    assert problem.severity == "warning"
    assert "A2 没有报表收集全市的数" in problem.message
    assert str(problem).startswith("indicators.yaml:17: 提示：")


def test_weights_that_do_not_make_a_hundred_are_a_warning_only(city: Path) -> None:
    change(city / "assessment.yaml", "{code: key_tasks, weight: 30,", "{code: key_tasks, weight: 20,")
    assert [(p.severity, "合计 90" in p.message) for p in check_plan(city)] == [("warning", True)]
