"""Rows, files and plans with sane defaults, for the tests of reporting."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from openpyxl import Workbook

from config.plan import Form, Plan, load_plan, packaged_plan
from config.terms import FigureState
from documents.sheets import Row
from supervision.collection.checks import Standing
from supervision.collection.filing import Cells, FiledCell
from supervision.collection.values import BLANK, Value
from supervision.periods import parse_period


@cache
def hangzhou_plan() -> Plan:
    return load_plan(packaged_plan())


def changed_plan(**of_form: Any) -> Plan:
    """Return the packaged plan where the form `district-quarterly` has other keys."""
    data = hangzhou_plan().model_dump(mode="json")
    next(form for form in data["reporting"]["forms"] if form["code"] == "district-quarterly").update(of_form)
    return Plan.model_validate(data, context={"stored": True})


def a_form(**keys: Any) -> Form:
    defaults: dict[str, Any] = {
        "code": "quarterly", "title": "季报", "frequency": "quarterly", "areas": "self",
        "reporters": ["各区县（市）政府"], "indicators": ["T01", "T02"], "opens": "day 1 month +1",
        "due": "day 20 month +1", "closes": "day 24 month +1", "source": "office ruling",
        "checks": ["decimals", "ratio_range", "not_negative", "subset", "never_falls", "jump", "city_total"],
    }  # fmt: skip
    return Form.model_validate(defaults | keys)


def a_row(indicator: str = "T01", value: str = "480", **keys: str) -> Row:
    defaults = {"note": "", "area": "", "unit_of_measure": "", "cell": "B2", "label": "A2", "unreadable": ""}
    return Row(indicator=indicator, value_text=value, **(defaults | keys))


def number(text: str) -> Value:
    return Value(FigureState.NUMBER, Decimal(text))


def cells_of(form: Form, areas: Sequence[str], filed: dict[tuple[str, str], str], note: str = "") -> Cells:
    """Return the cells of a form where `filed` holds numbers by indicator and area."""
    return {
        (code, area): FiledCell(code, area, number(filed[code, area]), note, f"{code}@{area}")
        if (code, area) in filed
        else FiledCell(code, area, BLANK, "", "")
        for code in form.indicators
        for area in areas
    }


def stood(indicator: str, area: str, period: str, value: str) -> Standing:
    return Standing(indicator, area, parse_period(period), Decimal(value))


def a_csv(rows: Iterable[Sequence[str]], heading: str = "indicator,value,note", encoding: str = "utf-8") -> bytes:
    return "\n".join([heading, *(",".join(row) for row in rows)]).encode(encoding)


def a_workbook(rows: Iterable[Sequence[Any]], heading: Sequence[str] = ("指标", "数值", "备注")) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (heading, *rows):
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Filed:
    """A sheet that was typed rather than read."""

    rows: tuple[Row, ...]
    name: str = "报送.xlsx"


def a_sheet(values: dict[str, str], note: str = "") -> Filed:
    rows = (
        a_row(code, text, note=note, cell=f"B{n}", label=f"A{n}") for n, (code, text) in enumerate(values.items(), 2)
    )
    return Filed(tuple(rows))
