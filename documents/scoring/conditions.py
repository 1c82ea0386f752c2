"""What may be filled in, and what is coloured by its content."""

from __future__ import annotations

from collections.abc import Mapping

from documents.scoring import words
from documents.scoring.book import Sheet
from documents.scoring.table import Block, Table
from documents.scoring.tables import KEY_TASKS, LINES, REQUESTS
from supervision.indicators import FigureLight

_LIGHT_COLOURS: Mapping[FigureLight, str] = {
    FigureLight.GREEN: "#A9D08E",
    FigureLight.YELLOW: "#FFE699",
    FigureLight.RED: "#F4B084",
    FigureLight.GREY: "#BFBFBF",
}

AGREES, DIFFERS = "一致", "有变化"


def guard_lines(sheet: Sheet, rows: Block) -> None:
    """Refuse in the lines what the calculator refuses: words for numbers, negative targets, odd ratings."""
    at = {key: f"${letter}{rows.first}" for key, letter in LINES.letters.items()}
    kind = at["kind"]
    target = f'IF({kind}="{words.AVERAGE_GROWTH}",{at["target"]}>0,{at["target"]}>=0)'
    baseline = f'OR({kind}<>"{words.STOCK}",{at["baseline"]}>=0)'
    value = at["value"]
    rating = f'OR({kind}<>"{words.RATING}",{value}=0,{value}=0.5,{value}=1)'
    bounds = f"{at['good']}<>{at['bad']}"
    _guard(sheet, LINES, "target", rows, target, "目标值应为不小于 0 的数（年均增长应大于 0）")
    _guard(sheet, LINES, "baseline", rows, baseline, "基期值应为数；存量的基期值不能为负")
    _guard(sheet, LINES, "reference", rows, "TRUE", "参照值应为数")
    _guard(sheet, LINES, "value", rows, rating, "填报值应为数，未报请留空；评定只能填 0、0.5 或 1")
    _guard(sheet, LINES, "good", rows, bounds, "满意值应为数，且不能等于不允许值")
    _guard(sheet, LINES, "bad", rows, bounds, "不允许值应为数，且不能等于满意值")
    for key in ("by_other", "not_applicable"):
        _offer_yes(sheet, LINES, key, rows)


def guard_key_tasks(sheet: Sheet, rows: Block) -> None:
    """Refuse anything but dates."""
    for key in ("due", "completed"):
        _guard(sheet, KEY_TASKS, key, rows, "TRUE", "应为日期，如 2022-07-25；未办结请留空")


def guard_requests(sheet: Sheet, rows: Block) -> None:
    """Refuse anything but 是 or nothing, and whole numbers of returns."""
    for key in ("late", "missing"):
        _offer_yes(sheet, REQUESTS, key, rows)
    guard_counts(sheet, REQUESTS, "returned", rows)


def guard_counts(sheet: Sheet, table: Table, key: str, rows: Block) -> None:
    """Refuse anything but whole numbers from 0 up."""
    cell = f"${table.letters[key]}{rows.first}"
    _guard(sheet, table, key, rows, f"AND({cell}>=0,{cell}=INT({cell}))", "应为不小于 0 的整数")


def guard_numbers(sheet: Sheet, table: Table, key: str, rows: Block) -> None:
    """Refuse anything but numbers."""
    _guard(sheet, table, key, rows, "TRUE", "应为数")


def _guard(sheet: Sheet, table: Table, key: str, rows: Block, condition: str, complaint: str) -> None:
    """Refuse what is no number, or a number for which `condition` on the first row does not hold."""
    column = table.places[key]
    cell = f"${table.letters[key]}{rows.first}"
    options = {
        "validate": "custom",
        "value": f"=IF(ISNUMBER({cell}),{condition},FALSE)",
        "error_title": "不能这样填",
        "error_message": complaint,
    }
    sheet.worksheet.data_validation(rows.first - 1, column, rows.last - 1, column, options)


def _offer_yes(sheet: Sheet, table: Table, key: str, rows: Block) -> None:
    column = table.places[key]
    options = {
        "validate": "list",
        "source": [words.YES],
        "error_title": "不能这样填",
        "error_message": f"只能选“{words.YES}”，或者留空",
    }
    sheet.worksheet.data_validation(rows.first - 1, column, rows.last - 1, column, options)


def colour_lights(sheet: Sheet, table: Table, rows: Block) -> None:
    """Colour the lights by their words."""
    colours = {words.LIGHTS[light]: colour for light, colour in _LIGHT_COLOURS.items()}
    _colour(sheet, table, "light", rows, colours)


def colour_checks(sheet: Sheet, table: Table, rows: Block) -> None:
    """Colour what no longer agrees with the stored run."""
    _colour(sheet, table, "check", rows, {DIFFERS: "#F4B084"})


def _colour(sheet: Sheet, table: Table, key: str, rows: Block, colours: Mapping[str, str]) -> None:
    column, cell = table.places[key], f"${table.letters[key]}{rows.first}"
    for word, colour in colours.items():
        condition = {"type": "formula", "criteria": f'={cell}="{word}"', "format": sheet.book.colour(bg_color=colour)}
        sheet.worksheet.conditional_format(rows.first - 1, column, rows.last - 1, column, condition)
