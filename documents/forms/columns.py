"""The columns of a form: their headings, in order, and which of them the unit fills in."""

from __future__ import annotations

from enum import StrEnum

from config.terms import FigureState


class Column(StrEnum):
    """A column by its heading."""

    CODE = "代码"
    NAME = "指标"
    DEFINITION = "口径"
    UNIT_OF_MEASURE = "计量单位"
    AREA = "区县"
    TARGET = "目标值"
    EXPECTED = "应达值"
    PREVIOUS = "上期值"
    VALUE = "本期值"
    STATE = "状态"
    NOTE = "说明"
    CHECK = "校核"


INPUTS = (Column.VALUE, Column.STATE, Column.NOTE)
"""What the unit fills in. Everything else is locked."""

MEANINGS = (Column.NAME, Column.DEFINITION, Column.UNIT_OF_MEASURE)
"""Locked texts that say what a number means: they follow from the plan."""

NUMBERS = (Column.TARGET, Column.EXPECTED, Column.PREVIOUS)
"""Locked numbers: they are for the unit to look at, and the stamp knows what they were."""

REPORTED, NOT_APPLICABLE = "有数", FigureState.NOT_APPLICABLE.label
"""The states of a line: with a number, zero included, or with the claim that there is none. Empty: nothing yet."""


def columns_of(*, has_areas: bool) -> tuple[Column, ...]:
    """Return the columns of a form in order."""
    return tuple(column for column in Column if has_areas or column is not Column.AREA)
