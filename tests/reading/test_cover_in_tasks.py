"""全覆盖 in a task of a plan that states goals is how the task is done; with a day it is a target."""

from __future__ import annotations

import pytest
from plan_documents import read, targets_of

PLAN = """某市小微企业三年行动计划（2023—2025年）

一、工作目标
到2025年底，新增规上企业100家以上。

二、重点任务
（一）规范监管。{when}推进实现行政执法“双随机、一公开”监管全覆盖，规范行政执法。（责任单位：市司法局）
"""


@pytest.mark.parametrize(("when", "covers"), [("", 0), ("2024年底前", 1)])
def test_full_cover_in_a_task_is_a_target_only_by_a_day(when: str, covers: int) -> None:
    found = targets_of(read(PLAN.format(when=when)))
    assert len([line for line in found if "覆盖率" in line]) == covers
    assert any("规上企业" in line for line in found)
