"""The plan on its page: whole, for everybody, with its versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from web_client import Client, words

from config.plan import Plan
from config.plan.due import in_words
from database import Database, writing
from supervision.ledger.plan import put_plan

Enter = Callable[[str], Client]


def test_everybody_reads_the_plan_with_its_clauses_units_ladder_and_rulings(signed_in: Enter, hangzhou: Plan) -> None:
    page = signed_in("330102.liaison").get("/plan")
    shown = words(page)
    for goal in hangzhou.goals:
        assert f"{goal.number}. {goal.title}" in shown
    for indicator in hangzhou.indicators:
        assert f"{indicator.code} {indicator.name}" in shown and indicator.text in shown
    for task in hangzhou.key_tasks:
        assert f"{task.number}. {task.title}（{len(task.measures)} 项举措）" in shown and f"牵头：{task.lead}" in shown
        assert all(f"{measure.code} {measure.title}" in shown for measure in task.measures)
    assert all(ruling.ruling in shown for ruling in hangzhou.rulings)
    assert all(safeguard.title in shown for safeguard in hangzhou.safeguards)
    assert "到期前 5 个工作日 提醒 联络员 自动发出" in shown
    assert "到期后 7 个工作日 通报 领导小组领导 系统拟稿，由人审核签发" in shown
    assert all(group.name in shown for group in hangzhou.groups)
    assert "office ruling" not in shown and "duban plan check" in shown


def test_every_version_is_listed_and_the_newest_is_in_force(
    signed_in: Enter, standing: Database, hangzhou: Plan
) -> None:
    content = {**hangzhou.model_dump(mode="json"), "basis": "另有依据"}
    changed = Plan.model_validate(content, context={"stored": True})
    with writing(standing) as session:
        put_plan(session, changed, at=datetime(2022, 6, 30, 1, 0, tzinfo=UTC))
    shown = words(signed_in("auditor").get("/plan"))
    new, old = changed.digest[:12], hangzhou.digest[:12]
    assert f"2 {new} 2022-06-30 09:00 执行中 1 {old} 2021-12-29 09:00 已被替代" in shown
    assert "另有依据" in shown


@pytest.mark.parametrize(
    ("rule", "said"),
    [("period_end", "期末"), ("month_end 06", "当年 6 月底"), ("on 2022-06-30", "2022-06-30"),
     ("day 20 month +1", "期后首月 20 日"), ("day 25 month +0", "期末当月 25 日"),
     ("workday 5 month +2", "期后第 2 个月第 5 个工作日")],
)  # fmt: skip
def test_a_due_rule_reads_as_people_say_it(rule: str, said: str) -> None:
    assert in_words(rule) == said
