"""statistics.yaml and published-values.csv: optional, checked by file and line, and part of the plan.

The single slips are in tests/cases/statistics_slips.yaml.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.plan import Plan, check_plan, load_plan, packaged_plan

HERE = Path(__file__).parent
MARK = "|"
FILES = ("statistics.yaml", "published-values.csv")
SLIPS = YAML(typ="base").load((HERE.parent / "cases" / "statistics_slips.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A copy of the small city's folder, without statistics."""
    return Path(shutil.copytree(HERE.parent / "plan" / "another-city", tmp_path / "city"))


@pytest.fixture
def folder(city: Path) -> Path:
    """The small city with its statistics."""
    for name in FILES:
        shutil.copy(HERE / "qinghe" / name, city / name)
    return city


def errors(folder: Path) -> list[str]:
    return [str(problem) for problem in check_plan(folder) if problem.severity == "error"]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip["says"])
def test_a_slip_in_the_statistics_is_found_in_its_file_and_line(folder: Path, slip: dict[str, str]) -> None:
    file, old, new = folder / slip["file"], slip["old"], slip["new"]
    text = file.read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1 + new.partition(MARK)[0].count("\n")
    file.write_text(text.replace(old, new.replace(MARK, ""), 1), encoding="utf-8")
    found = [problem for problem in check_plan(folder) if slip["says"] in problem.message]
    assert found, errors(folder)
    assert {problem.file for problem in found} == {slip["file"]}
    assert MARK not in new or line in {problem.line for problem in found}


def test_the_small_city_and_its_statistics_are_a_plan(folder: Path) -> None:
    assert errors(folder) == []
    statistics = load_plan(folder).statistics
    assert [value.mark for value in statistics.published] == ["published", "derived"]


def test_a_plan_without_statistics_stays_valid_and_keeps_its_digest(city: Path) -> None:
    assert errors(city) == []
    plan = load_plan(city)
    assert (plan.statistics.series, plan.statistics.published) == ((), ())
    content = plan.model_dump(mode="json")
    del content["statistics"]  # as an earlier version kept it
    assert Plan.model_validate(content).digest == plan.digest


def test_published_values_without_statistics_have_nowhere_to_go(folder: Path) -> None:
    (folder / "statistics.yaml").unlink()
    assert errors(folder) == ["published-values.csv:2: 没有 statistics.yaml，已发布的数无处可归"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_text_is_told(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\xff\xfe\x00")
    assert [message for message in errors(folder) if message.startswith(f"{name}:1: 文件读不出来")]


def test_every_published_value_has_its_source_and_every_derived_one_its_mark() -> None:
    published = load_plan(packaged_plan()).statistics.published
    assert len(published) == 30
    assert all(value.source.startswith("http") for value in published)
    assert {value.period for value in published if value.mark == "derived"} == {"2017", "2019", "2020"}
