"""forms.yaml: who reports which figures, when, and what is checked on the way in."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.plan.due import DueRule, parse
from config.plan.schema.base import Code, DueText, Entry, Figure, Frequency, Source, Text

CheckCode = Literal["decimals", "ratio_range", "not_negative", "subset", "never_falls", "jump", "city_total"]

NEEDS_THRESHOLD: frozenset[CheckCode] = frozenset({"jump", "city_total"})


class FigureCheck(Entry):
    """A check on reported figures: `refuse` rejects the cell, `explain` asks for a note beside it.

    `threshold`: for `jump` the multiple of the last period's figure, for `city_total` the share of the city's
    figure by which the sum of the districts may differ. The other checks have none.
    """

    code: CheckCode
    title: Text
    action: Literal["refuse", "explain"]
    threshold: Figure | None = None
    source: Source

    @model_validator(mode="after")
    def _threshold_where_needed(self) -> Self:
        if (self.threshold is not None) != (self.code in NEEDS_THRESHOLD):
            raise ValueError("校验 jump、city_total 必须写 threshold，其他校验不写")
        return self


class Form(Entry):
    """A form (报表): indicators × reporters × frequency × windows.

    `reporters` are names of units or groups. `areas`: `self` the reporter's own figure, `districts` one row for
    each district by a unit that reports for all, `city` the city's figure. `opens`, `due` and `closes` are due
    rules of the kind `day D month +K`, counted from the last month of the period reported on.
    """

    code: Code
    title: Text
    frequency: Frequency
    areas: Literal["self", "districts", "city"]
    reporters: Annotated[tuple[Text, ...], Field(min_length=1)]
    indicators: Annotated[tuple[Code, ...], Field(min_length=1)]
    opens: DueText
    due: DueText
    closes: DueText
    checks: tuple[CheckCode, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _windows_in_order(self) -> Self:
        rules = [parse(text) for text in (self.opens, self.due, self.closes)]
        if any(rule.kind != "day" for rule in rules):
            raise ValueError("报送窗口 opens、due、closes 只能写成 day 20 month +1 的形式")
        opens, due, closes = (position(rule) for rule in rules)
        if not opens < due <= closes:
            raise ValueError("报送窗口次序不对：开放必须早于截止，截止不得晚于关闭（opens < due ≤ closes）")
        return self


def position(rule: DueRule) -> tuple[int, int]:
    """Return (months, day) of a `day D month +K` rule, so that two of them can be put in order."""
    return rule.months, rule.day


class FormsFile(Entry):
    """forms.yaml."""

    checks: tuple[FigureCheck, ...] = ()
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
