"""Where the lines of a plan break, and which pages they stand on, says nothing about what it says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_documents import CASES, gist, read, text_of

BREAKS = ("\n", "\n\n", "\n- 3 -\n", "\n\n—12—\n\n", "\n第5页\n", "\n\x0c")

TITLES_IN_LINE = ["articles", "ministry-opinions", "work-points", "without-numbers", "industry-targets"]
"""Documents whose titles end with a full stop, or with a label: a break in a title of its own line is a guess."""

EXPECTED: dict[str, Any] = {name: gist(read(text_of(name))) for name in CASES}


def _places(text: str) -> list[int]:
    """Return the places where a line may break: not inside a page mark."""
    places, start = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip(" -—0123456789\n") or not line.strip():
            places += range(start, start + len(line))
        start += len(line)
    return places


@pytest.mark.parametrize("name", sorted(CASES))
@given(choice=st.data())
@settings(max_examples=24, derandomize=True)
def test_one_more_line_break_anywhere_changes_nothing(name: str, choice: st.DataObject) -> None:
    text = text_of(name)
    place = choice.draw(st.sampled_from(_places(text)))
    broken = text[:place] + choice.draw(st.sampled_from(BREAKS)) + text[place:]
    assert gist(read(broken)) == EXPECTED[name]


@pytest.mark.parametrize("name", TITLES_IN_LINE)
@given(choice=st.data())
@settings(max_examples=20, derandomize=True)
def test_several_line_breaks_change_neither_tasks_nor_units_nor_targets(name: str, choice: st.DataObject) -> None:
    text = text_of(name)
    places = choice.draw(st.lists(st.sampled_from(_places(text)), min_size=2, max_size=4, unique=True))
    for place in sorted(places, reverse=True):
        text = text[:place] + choice.draw(st.sampled_from(BREAKS)) + text[place:]
    found = gist(read(text))
    assert {key: found[key] for key in ("units", "groups")} == {key: EXPECTED[name][key] for key in ("units", "groups")}
    assert found["texts"] == EXPECTED[name]["texts"]
    assert len(found["tasks"]) == len(EXPECTED[name]["tasks"])


def test_a_number_may_be_broken_in_the_middle() -> None:
    whole = "计划\n一、工作目标\n到2025年，累计新增企业12.65万家以上，产值达到1,200亿元。\n"
    for place in range(whole.index("到"), len(whole) - 2):
        assert gist(read(whole[:place] + "\n\n- 6 -\n\n" + whole[place:]))["targets"] == [
            "累计新增企业数 | cumulative | >= 126500家 | 2025-12-31",
            "产值 | stock | >= 1200亿元 | 2025-12-31",
        ], place


def test_a_list_of_units_may_be_broken_in_the_middle() -> None:
    whole = "计划\n1.做好工作。抓好落实。（责任单位：市委组织部，市规划和自然资源局、各区、县（市）政府、市国资委）\n"
    for place in range(whole.index("（责任"), len(whole) - 1):
        [task] = read(whole[:place] + "\n\n- 6 -\n\n" + whole[place:])["key_tasks"]
        assert (task["lead_unit"], task["supporting_units"], task["groups"]) == (
            "市委组织部",
            ["市规划和自然资源局", "市国资委"],
            ["各区、县（市）政府"],
        ), place


def test_bare_page_numbers_are_dropped_but_a_number_of_the_text_is_not() -> None:
    text = "计划\n一、工作目标\n到2025年，新增企业\n\n1\n\n300\n家。\n新增岗位\n\n2\n\n50个。\n"
    assert gist(read(text))["targets"] == [
        "新增企业数 | cumulative | >= 300家 | 2025-12-31",
        "新增岗位数 | cumulative | >= 50个 | 2025-12-31",
    ]


def test_a_whole_plan_in_one_line_is_still_read() -> None:
    items = "".join(
        f"{n}.做好第{n}件事。认真组织，抓好落实，确保各项工作按时完成。（责任单位：市经信局）" for n in range(1, 61)
    )
    text = f"计划（2024年）为做好工作，制定本计划。一、工作目标。新增企业5家。二、重点任务。（一）办事。{items}"
    data = read(text)
    assert [task["number"] for task in data["key_tasks"]] == list(range(1, 61))
    assert gist(data)["targets"] == ["新增企业数 | cumulative | >= 5家 |"]


def test_a_table_of_contents_is_no_outline() -> None:
    contents = "目 录\n一、工作目标……………………1\n二、重点任务………………………2\n"
    text = (
        "计划\n" + contents + "一、工作目标\n新增企业5家。\n二、重点任务\n（一）做事。好好做。（责任单位：市经信局）\n"
    )
    assert [task["source"] for task in read(text)["key_tasks"]] == ["二（一）"]
