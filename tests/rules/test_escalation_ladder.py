"""Reading a ladder, and refusing one that cannot be climbed."""

from __future__ import annotations

from typing import Any

import pytest

from config.errors import PlanError, UnknownName
from config.terms import Level
from supervision.ladder import Audience, Ladder, Rung, read_ladder


def a_rung(offset: object, level: str, **changes: Any) -> dict[str, Any]:
    signed = level in ("supervision_notice", "circular")
    return {
        "offset": offset,
        "level": level,
        "audience": ["liaison"],
        "signed": signed,
        "source": "office ruling",
    } | changes


def a_ladder(*rungs: object, **changes: Any) -> dict[str, Any]:
    default = [a_rung(-5, "remind"), a_rung(1, "urge"), a_rung(3, "supervision_notice")]
    return {"due_soon_days": 5, "due_soon_source": "office ruling", "rungs": list(rungs) or default} | changes


def test_a_ladder_is_read_with_its_rungs_in_order() -> None:
    ladder = read_ladder(a_ladder(a_rung(-1, "warn", audience=["liaison", "unit_head"]), a_rung(2, "urge")))
    assert ladder.rungs == (
        Rung(-1, Level.WARN, (Audience.LIAISON, Audience.UNIT_HEAD), signed=False, source="office ruling"),
        Rung(2, Level.URGE, (Audience.LIAISON,), signed=False, source="office ruling"),
    )
    assert (ladder.due_soon_days, ladder.source) == (5, "office ruling")
    assert [rung.offset for rung in ladder.before_due + ladder.after_due] == [-1, 2]


def test_what_belongs_to_working_time_and_lights_is_left_alone() -> None:
    assert read_ladder(a_ladder(working_time={"opens": "08:30"}, lights=[])) == read_ladder(a_ladder())


def test_another_city_may_remind_twice_and_urge_twice() -> None:
    read_ladder(a_ladder(a_rung(-10, "remind"), a_rung(-3, "remind"), a_rung(1, "urge"), a_rung(4, "urge")))


def test_the_next_rung_is_the_one_above_and_an_unknown_one_is_refused() -> None:
    ladder = read_ladder(a_ladder())
    assert ladder.above(-5) == ladder.at(1)
    assert ladder.above(3) is None
    with pytest.raises(UnknownName, match="没有偏移 7 个工作日的一级"):
        ladder.at(7)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({}, "缺少 rungs"),
        (a_ladder(rungs=[]), "缺少 rungs"),
        (a_ladder(rungs="urge"), "缺少 rungs"),
        (a_ladder(due_soon_days="5"), "due_soon_days 应为正整数"),
        (a_ladder(due_soon_days=True), "due_soon_days 应为正整数"),
        (a_ladder(due_soon_days=0), "due_soon_days 应为正整数"),
        (a_ladder(due_soon_source=" "), "缺少 due_soon_source"),
        (a_ladder("urge"), "第 1 级：应含 offset"),
        (a_ladder(a_rung("+1", "urge")), "第 1 级：offset 应为整数"),
        (a_ladder(a_rung(1.0, "urge")), "第 1 级：offset 应为整数"),
        (a_ladder(a_rung(1, "shout")), "level 不能是 'shout'，可选 remind、warn、urge"),
        (a_ladder(a_rung(1, "urge", audience="liaison")), "audience 应为列表"),
        (a_ladder(a_rung(1, "urge", audience=["mayor"])), "audience 不能是 'mayor'"),
        (a_ladder(a_rung(1, "urge", audience=[])), "audience 不能为空"),
        (a_ladder(a_rung(1, "urge", audience=["liaison", "liaison"])), "不能重复"),
        (a_ladder(a_rung(1, "urge", signed="no")), "signed 应为 true 或 false"),
        (a_ladder(a_rung(1, "urge", source="")), "第 1 级：缺少 source"),
        (a_ladder(a_rung(0, "warn"), a_rung(1, "urge")), "请改为 -1 或 1"),
        (a_ladder(a_rung(-1, "urge"), a_rung(1, "urge")), "到期之前不能发催办"),
        (a_ladder(a_rung(1, "warn")), "到期之后不再发预警"),
        (a_ladder(a_rung(1, "urge", signed=True)), "催办自动发出，signed 应为 false"),
        (a_ladder(a_rung(1, "urge"), a_rung(3, "circular", signed=False)), "通报须经签发，signed 应为 true"),
        (a_ladder(a_rung(3, "urge"), a_rung(3, "supervision_notice")), "offset 应逐级递增"),
        (a_ladder(a_rung(1, "urge"), a_rung(-5, "remind")), "offset 应逐级递增"),
        (a_ladder(a_rung(-5, "warn"), a_rung(-1, "remind"), a_rung(1, "urge")), "不能越往后越轻"),
        (a_ladder(a_rung(1, "urge"), a_rung(3, "circular"), a_rung(7, "supervision_notice")), "不能越往后越轻"),
        (a_ladder(a_rung(-5, "remind")), "第一级必须是催办"),
        (a_ladder(a_rung(1, "supervision_notice")), "第一级必须是催办"),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused_with_the_reason(data: dict[str, Any], complaint: str) -> None:
    with pytest.raises(PlanError, match=complaint) as refusal:
        read_ladder(data)
    assert str(refusal.value).startswith("ladder：")


def test_a_ladder_built_by_hand_is_held_to_the_same_rules() -> None:
    with pytest.raises(PlanError, match="第一级必须是催办"):
        Ladder((), due_soon_days=5, source="office ruling")
