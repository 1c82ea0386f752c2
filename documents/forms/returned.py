"""A form that came back: which one it is, whether it is as it was made, and what the unit filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.errors import BadInput
from config.plan import Plan
from documents.forms.changes import changed_since, changes
from documents.forms.columns import NOT_APPLICABLE, REPORTED, Column
from documents.forms.definition import TEMPLATE, Definition, define
from documents.forms.returned_lines import ReturnedLine, Table
from documents.forms.stamp import STAMP_SHEET, Stamp, read_stamp
from documents.forms.verdicts import OutdatedForm, TamperedForm, WrongForm
from documents.grids import Grid
from documents.packages import not_collecting
from documents.rows import Row, Sheet

HEADING_LINES = 15
"""Lines with content in which the headings are looked for."""

_TELLING = frozenset({Column.CODE, Column.VALUE, Column.STATE})
"""Headings that only a form has, and never a plain sheet."""

_ANEW = "请重新生成模板"


@dataclass(frozen=True)
class ReturnedForm:
    """A form as it was read, not yet held against the plan. `stamp` is None when it is no longer as it was written."""

    name: str
    stamp: Stamp | None
    table: Table

    def of(self, plan: Plan, *, form: str, unit: str, period: str) -> Sheet:
        """Return what the unit filled in, when this is that form of that unit for that period as it was made.

        Raises WrongForm, OutdatedForm or TamperedForm, and UnknownName or BadInput for names that do not fit together.
        """
        definition = define(plan, form=form, unit=unit, period=period)
        remedy = f"{_ANEW}（{definition.command}），把已填的数抄过去再报"
        if self.stamp is None:
            raise TamperedForm(self.name, ["隐藏的模板标识被删除或改动"], remedy)
        _refuse_another(self.name, self.stamp, definition)
        with not_collecting():
            return self._filled_in(self.stamp, definition, remedy)

    def _filled_in(self, stamp: Stamp, definition: Definition, remedy: str) -> Sheet:
        lines = list(self.table.lines())
        if (stamp.template, stamp.definition) != (TEMPLATE, definition.digest):
            what = changed_since(definition, lines)
            raise OutdatedForm(f"{self.name} 是 {stamp.made_on} 生成的旧模板，此后{what}。{remedy}")
        found = changes(self.table, stamp, definition, lines)
        if found:
            raise TamperedForm(self.name, found, remedy)
        asked = {(line.code, line.area) for line in definition.lines}
        return Sheet(self.name, tuple(_row(self.table, line) for line in lines if line.words in asked))


def returned_form(grids: Sequence[Grid], name: str) -> ReturnedForm | None:
    """Return the form that a file holds; None when it is a plain sheet.

    Raises TamperedForm for a file with the stamp of a form and not exactly one table of one.
    """
    stamps = [grid for grid in grids if grid.name == STAMP_SHEET]
    tables = [table for grid in grids if grid.name != STAMP_SHEET and (table := _table(grid)) is not None]
    if not (stamps or tables):
        return None
    if not tables:
        headings = "、".join(f"“{column}”" for column in Column if column in _TELLING)
        raise TamperedForm(
            name, [f"找不到表头{headings}（工作表如被隐藏，请取消隐藏后再报）"], f"{_ANEW}，把已填的数抄过去再报"
        )
    if len(tables) > 1:
        titles = "、".join(f"“{table.grid.name}”" for table in tables)
        raise TamperedForm(name, [f"有多张报表工作表（{titles}）"], "请只留一张再报")
    stamp = read_stamp(texts for _, texts in stamps[0].lines) if len(stamps) == 1 else None
    return ReturnedForm(name, stamp, tables[0])


def _table(grid: Grid) -> Table | None:
    known = {column.value: column for column in Column}
    for number, texts in grid.lines[:HEADING_LINES]:
        found = [(known[text], place) for place, text in enumerate(texts) if text in known]
        if _TELLING <= {column for column, _ in found}:
            twice = {column for column, _ in found if sum(1 for other, _ in found if other is column) > 1}
            return Table(grid, number, dict(reversed(found)), frozenset(twice))
    return None


def _refuse_another(name: str, stamp: Stamp, definition: Definition) -> None:
    own = definition.plan.code, definition.form.code, definition.unit.code, str(definition.period)
    if (stamp.plan, stamp.form, stamp.unit, stamp.period) == own:
        return
    whose = _whose(stamp, definition.plan)
    raise WrongForm(f"{name} 是{whose}的模板，不是{definition.title}的，请核对后上报对应的文件")


def _whose(stamp: Stamp, plan: Plan) -> str:
    if stamp.plan != plan.code:
        return f"另一计划（{stamp.plan}）"
    try:
        return define(plan, form=stamp.form, unit=stamp.unit, period=stamp.period).title
    except BadInput:  # what it was made for is no longer in the plan
        return f" {stamp.unit} {stamp.period} {stamp.form} "


def _row(table: Table, line: ReturnedLine) -> Row:
    """Return what was filled in; the state and the value say the same thing, or what is wrong is said instead."""
    text = NOT_APPLICABLE if line.state == NOT_APPLICABLE and not line.value else line.value
    return Row(
        indicator=line.code,
        value_text=text,
        note=line.note,
        area=line.area,
        unit_of_measure="",
        cell=table.cell(line, Column.VALUE),
        label=table.cell(line, Column.CODE),
        unreadable=line.fault or _contradiction(table, line),
    )


def _contradiction(table: Table, line: ReturnedLine) -> str:
    """Return what is wrong between the state and the value of a line; empty when they say the same thing."""
    claims_nothing = line.value == NOT_APPLICABLE
    if line.state == NOT_APPLICABLE and line.value and not claims_nothing:
        return f"状态为“{NOT_APPLICABLE}”，又填了“{line.value}”，请只留一个"
    if line.state == REPORTED and claims_nothing:
        return f"状态为“{REPORTED}”，又填了“{NOT_APPLICABLE}”，请改正状态"
    if line.state == REPORTED and not line.value:
        return f"状态为“{REPORTED}”，但没有填数：没有发生填 0，尚无数据请清空状态"
    if line.state not in ("", REPORTED, NOT_APPLICABLE):
        state = table.cell(line, Column.STATE)
        return f"{state} 的状态只能是“{REPORTED}”或“{NOT_APPLICABLE}”，尚无数据请清空"
    return ""
