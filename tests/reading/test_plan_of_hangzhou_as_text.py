"""The packaged plan, written out as the document it came from, is read back as it stands in its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from plan_documents import read, rewrapped

from config.plan import Plan, load_plan, packaged_plan
from config.plan.schema.indicators import Indicator

HEAD = """杭州市小微企业三年成长计划
（2021—2023年）
为落实支持小微企业的各项部署，按照（浙政办发〔2021〕21号）的要求，结合我市实际，制定本计划。
一、指导思想
围绕“数智杭州〃宜居天堂”建设，一季一调度，办好12345热线，推进“4+1”“531X”工程，把2021—2023年的各项工作做实。
二、工作目标
"""

TAIL = """四、保障措施
（一）加强组织落实。健全市、区两级工作机制。
（二）加强监督考核。目标任务分解到各区、县（市）。
本行动计划由市市场监管局（领导小组办公室）负责牵头组织实施。
抄送：省“小微企业三年成长计划”工作领导小组办公室；市委、市人大、市政府、市政协办公厅。
杭州市小微企业三年成长计划推进领导小组办公室   2021年12月29日印发
"""

KEYS = ("code", "goal", "measure_type", "target", "unit_of_measure", "text", "comparator", "strict", "source")

HAN = "一二三四五六"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The packaged plan."""
    return load_plan(packaged_plan())


@pytest.fixture(scope="module", params=["as written", "as copied out of a PDF"])
def data(request: pytest.FixtureRequest, plan: Plan) -> Any:
    """What is read out of the plan's text."""
    text = "".join(_text(plan))
    return read(text if request.param == "as written" else rewrapped(text, 28))


def _text(plan: Plan) -> Iterator[str]:
    yield HEAD
    for goal in plan.goals:
        sentences = "，".join(_sentence(i) for i in plan.indicators if i.goal == goal.number)
        yield f"（{HAN[goal.number - 1]}）{goal.title}。到2023 年底，全市{sentences}。\n"
    yield "三、重点任务\n"
    for part in plan.parts:
        yield f"（{HAN[part.number - 1]}）{part.title}。\n"
        for task in (task for task in plan.key_tasks if task.part == part.number):
            note = "。列第一位的为牵头单位，下同" if task.number == 1 else ""
            yield f"{task.number}.{task.title}。延续执行75%的加计政策。（责任单位：{task.responsible}{note}）\n"
    yield TAIL


def _sentence(indicator: Indicator) -> str:
    """Return the target as a sentence: the name without what was added to it, then the wording."""
    name = re.sub(r"(?<=户)数$|数$|笔数$|占.*比重$|增速$", "", indicator.name)
    if indicator.measure_type in ("direction", "rubric"):
        return indicator.text
    return f"{name}{indicator.text}"


def test_all_twelve_tasks_have_exactly_their_titles_units_and_groups(data: Any, plan: Plan) -> None:
    keys = ("number", "title", "lead_unit", "supporting_units", "groups")
    shown: Any = plan.show()["key_tasks"]
    assert [{key: task[key] for key in keys} for task in data["key_tasks"]] == [
        {key: task[key] for key in keys} for task in shown
    ]


def test_the_six_goals_and_the_sixteen_units_are_found(data: Any, plan: Plan) -> None:
    assert [goal["title"] for goal in data["goals"]] == [goal.title for goal in plan.goals]
    units = [(unit.name, unit.kind) for unit in plan.units if unit.kind != "district"]
    assert [(unit["name"], unit["kind"]) for unit in data["units"]] == units


def test_all_39_targets_are_found_as_the_folder_has_them_and_no_false_one(data: Any, plan: Plan) -> None:
    shown: Any = plan.show()["indicators"]
    assert [{key: i[key] for key in KEYS} for i in data["indicators"]] == [{key: i[key] for key in KEYS} for i in shown]


def test_most_names_are_those_that_people_gave(data: Any, plan: Plan) -> None:
    same = [read_["name"] == given.name for read_, given in zip(data["indicators"], plan.indicators, strict=True)]
    assert sum(same) >= 36


def test_subsets_are_told(data: Any) -> None:
    sets = {indicator["code"]: indicator["subset_of"] for indicator in data["indicators"]}
    assert {code for code, whole in sets.items() if whole} <= {"T02", "T14"}


def test_title_years_issue_and_copies_are_read(data: Any, plan: Plan) -> None:
    head = data["plan"]
    assert (head["title"], head["start"], head["end"], head["issued"]) == (
        plan.title,
        plan.start.isoformat(),
        plan.end.isoformat(),
        plan.issued.isoformat(),
    )
    assert (head["issuer"], head["basis"]) == (plan.issuer, plan.basis)
    assert head["cc"] == list(plan.cc)[:2]
