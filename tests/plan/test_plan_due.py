"""The grammar of due rules."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import PlanError
from config.plan.due import DueRule, parse
from supervision.deadlines import read_due_rule

GOOD = {
    "period_end": DueRule("period_end"),
    "month_end 06": DueRule("month_end", month=6),
    "on 2022-06-30": DueRule("on", on=date(2022, 6, 30)),
    "day 20 month +1": DueRule("day", day=20, months=1),
    "day 5 month +0": DueRule("day", day=5),
    "workday 5 month +1": DueRule("workday", day=5, months=1),
}

BAD = [
    *("", "period end", "Period_end", "month_end 6", "month_end 13", "month_end 00", "on 2022-02-30", "on 2022-6-30"),
    *("day 0 month +1", "day 29 month +1", "day 20", "day 20 month 1", "day 20 month -1", " day 20 month +1"),
    *("workday 16 month +1", "day ２０ month +1", "day 20 month +1\n", "day 20 month +01", "每月20日"),
]


@pytest.mark.parametrize("text", GOOD)
def test_a_due_rule_is_taken_apart(text: str) -> None:
    assert parse(text) == GOOD[text]


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused_with_the_rule_in_the_message(text: str) -> None:
    with pytest.raises(ValueError, match="时限规则“"):
        parse(text)


WORDS = ["period_end", "month_end", "on", "day", "workday", "month", "+1", "+0", "20", "05", "6", "2022-06-30", " "]


@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.text(max_size=20)))
def test_the_plan_and_the_rules_of_deadlines_accept_the_same_texts(text: str) -> None:
    try:
        rule = parse(text)
    except ValueError:
        with pytest.raises(PlanError):
            read_due_rule(text)
    else:
        read = read_due_rule(text)
        assert (rule.kind, rule.month, rule.on, rule.day, rule.months) == (
            read.kind,
            read.month,
            read.on,
            read.day,
            read.months,
        )
