"""Plan documents of many shapes are read as a careful reader reads them, in whatever form they come.

What that reader finds stands beside each document, in documents/*.yaml.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from needed import chinese_face
from plan_documents import CASES, as_pdf, gist, read, rewrapped, targets_of, tasks_of, text_of

from documents.plans.reading import read_plan

ON_ONE_LINE = sorted(set(CASES) - {"wrapped-city"})
"""Documents whose paragraphs stand in one line each."""


@pytest.fixture(scope="module", params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Any]:
    """What the careful reader found in a document, and what was read."""
    return CASES[request.param], read(text_of(request.param))


def test_tasks_have_their_titles_units_groups_and_deadlines(case: tuple[dict[str, Any], Any]) -> None:
    expected, data = case
    assert tasks_of(data) == expected["tasks"]


def test_safeguards_are_told_apart_from_tasks(case: tuple[dict[str, Any], Any]) -> None:
    expected, data = case
    assert tasks_of(data, "safeguards") == expected["safeguards"]


def test_every_target_is_found_and_no_false_one(case: tuple[dict[str, Any], Any]) -> None:
    expected, data = case
    assert targets_of(data) == expected["targets"]


def test_units_are_listed_once_with_their_kind(case: tuple[dict[str, Any], Any]) -> None:
    expected, data = case
    assert [unit["name"] for unit in data["units"]] == expected["units"]
    assert [unit["name"] for unit in data["units"] if unit["kind"] == "central"] == expected["central"]


def test_the_head_says_what_the_document_is(case: tuple[dict[str, Any], Any]) -> None:
    expected, data = case
    assert {key: data["plan"][key] for key in expected["plan"]} == expected["plan"]
    assert [goal["title"] for goal in data["goals"]] == expected["goals"]


def test_what_is_uncertain_is_said_with_its_line(case: tuple[dict[str, Any], Any]) -> None:
    expected, data = case
    assert [[warning["line"], warning["message"]] for warning in data["warnings"]] == expected["warnings"]


@pytest.mark.parametrize("columns", [20, 28, 35])
@pytest.mark.parametrize("name", ON_ONE_LINE)
def test_hard_wraps_blank_lines_and_page_marks_change_nothing(name: str, columns: int) -> None:
    text = text_of(name)
    assert gist(read(rewrapped(text, columns))) == gist(read(text))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_china_are_told_by_themselves(tmp_path: Path, encoding: str) -> None:
    text = text_of("county-three-year")
    file = tmp_path / "plan.txt"
    file.write_bytes(text.encode(encoding))
    assert gist(read_plan(file).data()) == gist(read(text))


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n\x0c"])
def test_the_ends_of_lines_of_other_systems_are_the_same(ends: str) -> None:
    text = text_of("work-points")
    assert gist(read(text.replace("\n", ends))) == gist(read(text))


@pytest.mark.parametrize("name", ["county-three-year", "decimal-numbering", "industry-targets", "wrapped-city"])
def test_a_printed_plan_is_read_like_its_text(tmp_path: Path, name: str) -> None:
    text = text_of(name)
    chinese_face()
    file = as_pdf(text, tmp_path / "plan.pdf")
    data = read_plan(file).data()
    assert gist(data) == gist(read(text))


def test_lines_are_those_of_the_file() -> None:
    data = read(text_of("wrapped-city"))
    lines = text_of("wrapped-city").splitlines()
    for task in data["key_tasks"]:
        assert f"{task['number']}.{task['title'][:6]}" in lines[task["line"] - 1]
    for indicator in data["indicators"]:
        assert indicator["text"][-1:] in lines[indicator["line"] - 1] + lines[indicator["line"] + 1]
