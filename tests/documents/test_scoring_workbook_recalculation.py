"""LibreOffice recalculates scoring workbooks, and finds in every cell what the calculator found.

All workbooks are recalculated by one start of the program. Their cached results are spoilt before, so that whatever
is right afterwards was calculated there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from scoring_cases import Json, golden, scored
from scoring_workbook_cases import (
    a_full_case,
    halves_case,
    hostile_case,
    small_cases,
    thresholds_case,
    units_case,
    wide_cases,
)
from scoring_workbooks import (
    SPOILT,
    Grid,
    a_workbook,
    changed,
    formulas_of,
    grids_of,
    opened,
    recalculated,
    rows_of,
    spoilt,
)

from documents.scoring.conditions import AGREES, DIFFERS
from documents.scoring.table import FIRST, Table
from documents.scoring.tables import KEY_TASKS, LINES, PARTS, REQUESTS, conduct_table, summary_table
from documents.scoring.words import COMPONENTS, LIGHTS, NONE, STATUSES
from supervision.indicators import FigureLight, LineStatus
from supervision.scoring import read_case
from supervision.scoring.case import ComponentCode

HALF = Decimal("0.005")
HALF_A_MILLIONTH = Decimal("0.0000005000001")


@dataclass(frozen=True)
class Recalculated:
    """A case, its workbook as it was made and as it was spoilt, and what LibreOffice made of that."""

    case: Json
    made: bytes
    spoilt: bytes
    content: bytes

    @cached_property
    def found(self) -> Mapping[str, Grid]:
        """Return the values that LibreOffice found, by sheet."""
        return grids_of(self.content)

    @property
    def summary(self) -> list[Json]:
        """Return the lines of the sheet 汇总 that LibreOffice found."""
        return list(rows_of(self.found, summary_table(read_case(self.case).scheme)))


def the_cases() -> dict[str, Json]:
    found = {
        "golden": golden(),
        "full": a_full_case(),
        "units": units_case(),
        "halves": halves_case(),
        "thresholds": thresholds_case(),
        "hostile": hostile_case(),
    }
    found |= {f"wide{n}": case for n, case in enumerate(wide_cases(1))}
    return found | {f"small{n}": case for n, case in enumerate(small_cases(4)[3:])}


NAMES = tuple(the_cases())


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Recalculated]:
    """Every workbook of this file, recalculated."""
    cases = the_cases() | {"changed": a_full_case(districts=5), "unpublished": golden()}
    made = {name: a_workbook(case) for name, case in cases.items()}
    files = {name: spoilt(content) for name, content in made.items()}
    files["changed"] = changed(files["changed"], _places(cases["changed"], made["changed"]))
    files["unpublished"] = changed(
        files["unpublished"], {("重点任务", "E4"): _serial("2031-01-10"), ("办法", "C8"): _serial("2031-02-01")}
    )
    found = recalculated(files, tmp_path_factory.mktemp("workbooks"))
    return {name: Recalculated(cases[name], made[name], files[name], found[name]) for name in files}


def _serial(day: str) -> int:
    """Return the number by which a spreadsheet knows a day."""
    return (date.fromisoformat(day) - date(1899, 12, 30)) // timedelta(days=1)


def same(cell: object, text: object) -> bool:
    """Return whether a cell holds the number that `text` prints with six decimals; None is an empty cell."""
    if text is None or cell is None:
        return cell is text
    return abs(Decimal(repr(cell)) - Decimal(str(text))) <= HALF_A_MILLIONTH


@pytest.mark.parametrize("name", NAMES)
def test_no_cached_result_survives_and_every_formula_finds_the_stored_one(
    books: Mapping[str, Recalculated], name: str
) -> None:
    book = books[name]
    assert {formula.stored for formula in formulas_of(book.spoilt)} == {SPOILT}
    for sheet, row, column, text, stored in formulas_of(book.made):
        cells = book.found[sheet][row]
        found = cells[column] if column < len(cells) else None
        if isinstance(stored, float) and isinstance(found, int | float):
            assert same(found, repr(stored)), f"{sheet} {row + 1} {column} {text}"
        else:
            assert found == stored, f"{sheet} {row + 1} {column} {text}"


@pytest.mark.parametrize("name", NAMES)
def test_the_recalculated_cells_print_as_the_result_of_the_calculator(
    books: Mapping[str, Recalculated], name: str
) -> None:
    result = scored(books[name].case)
    assert list(differences(books[name].case, result, books[name].found)) == []
    for row, district in zip(books[name].summary, result["districts"], strict=True):
        assert row["code"] == district["code"]
        assert [row["low"], row["high"]] == (district["rank_interval"] or [None, None])
        assert row["check"] == AGREES


def differences(case: Json, result: Json, book: Mapping[str, Grid]) -> Iterator[str]:
    """Yield every place where a recalculated workbook does not print as the calculator's `result`."""
    table = summary_table(read_case(case).scheme)
    rows = {row["code"]: row for row in rows_of(book, table)}
    parts = {(row["code"], row["component"]): row for row in rows_of(book, PARTS)}
    lines = {(row["code"], row["indicator"]): row for row in rows_of(book, LINES)} if LINES.name in book else {}
    for district in result["districts"]:
        yield from _in_summary(rows[district["code"]], district)
        for component in district["components"]:
            where = f"{district['code']} {component['code']}"
            row = parts[district["code"], COMPONENTS[ComponentCode(component["code"])]]
            yield from (f"{where} {key}" for key in ("weight", "points") if not same(row[key], component[key]))
            for item in component["items"]:
                yield from _in_line(lines[district["code"], item["code"]], item, where)


def _in_summary(row: Json, district: Json) -> Iterator[str]:
    wanted = {
        "total": float(district["total"]),
        "rank": NONE if district["rank"] is None else district["rank"],
        "group_rank": NONE if district["group_rank"] is None else district["group_rank"],
        "grade": district["grade"],
    }
    yield from (f"{district['code']} {key}: {row[key]}" for key, value in wanted.items() if row[key] != value)
    keys = ("adjustments", *(("coverage",) if "coverage" in row else ()))
    yield from (f"{district['code']} {key}: {row[key]}" for key in keys if not same(row[key], district[key]))


def _in_line(row: Json, item: Json, where: str) -> Iterator[str]:
    place = f"{where} {item['code']}"
    keys = ("weight", "expected", "attainment", "points")
    yield from (f"{place} {key}: {row[key]} {item[key]}" for key in keys if not same(row[key], item[key]))
    light = None if item["light"] is None else LIGHTS[FigureLight(item["light"])]
    if (row["status"], row["light"]) != (STATUSES[LineStatus(item["status"])], light):
        yield f"{place} {row['status']} {row['light']}"


def test_every_total_that_lies_on_a_half_is_rounded_up(books: Mapping[str, Recalculated]) -> None:
    rows = books["halves"].summary
    assert len(rows) == 60
    for row in rows:
        assert Decimal(str(row["total"])) - Decimal(str(round(row["targets"] + row["adjustments"], 6))) == HALF


def test_ratios_that_lie_exactly_on_a_threshold_reach_it(books: Mapping[str, Recalculated]) -> None:
    rows = {(row["code"], row["indicator"]): row for row in rows_of(books["thresholds"].found, LINES)}
    assert same(rows["1", "Z"]["share"], "0.8")
    assert same(rows["2", "Z"]["share"], "0")
    assert [rows["1", code]["light"] for code in "GC"] == ["黄", "黄"]
    assert rows["2", "C"]["light"] == "黄"
    assert same(rows["1", "R"]["share"], "0.8")
    row = books["thresholds"].summary[0]
    assert row["ranked"] == "是"
    assert row["total"] == 1.72


def _places(case: Json, made: bytes) -> dict[tuple[str, str], str | float | None]:
    """Return the cells to fill in by hand for what `_changed` does to the case."""
    grids, names = grids_of(made), opened(made).defined_names
    conduct = conduct_table(read_case(case).scheme)

    def at(table: Table, column: str, **wanted: object) -> tuple[str, str]:
        rows = enumerate(rows_of(grids, table), start=FIRST)
        row = next(n for n, row in rows if all(row[key] == value for key, value in wanted.items()))
        return table.name, f"{table.letters[column]}{row}"

    def in_scheme(name: str) -> tuple[str, str]:
        sheet, place = names[name].attr_text.replace("'", "").replace("$", "").split("!")
        return sheet, place

    zero, one, two, three = (district["code"] for district in case["districts"][:4])
    return {
        at(LINES, "value", code=zero, indicator="T01"): 12345.5,
        at(LINES, "value", code=one, indicator="T06"): None,
        at(LINES, "not_applicable", code=two, indicator="T02"): "是",
        at(LINES, "by_other", code=one, indicator="T06"): None,
        at(LINES, "target", code=three, indicator="T01"): 1.5,
        at(KEY_TASKS, "completed", code=zero, number=7): _serial("2022-07-14"),
        at(KEY_TASKS, "due", code=one, number=8): _serial("2022-07-25"),
        at(REQUESTS, "missing", code=two, number=1): "是",
        at(REQUESTS, "returned", code=three, number=2): 3,
        at(conduct, "circulars", code=zero): 2,
        at(conduct, "points", code=one): -1.25,
        in_scheme("完成率封顶"): 1.2,
        in_scheme("数据截止日"): _serial("2022-07-20"),
    }


def _changed(case: Json) -> Json:
    """Return the case after the changes that `_places` makes by hand."""
    new: Any = copy.deepcopy(case)
    zero, one, two, three = new["districts"][:4]
    zero["figures"]["T01"]["value"] = "12345.5"
    one["figures"]["T06"]["value"] = None
    two["figures"]["T02"]["not_applicable"] = True
    three["figures"]["T01"]["target"] = "1.5"
    zero["items_due"][6]["completed"] = "2022-07-14"
    one["items_due"][7]["due"] = "2022-07-25"
    two["requests"][0]["missing"] = True
    three["requests"][1]["returned"] = 3
    zero["supervision"]["circulars"] = 2
    one["adjustments"] = [{"points": "-1.25"}]
    new["scheme"]["cap"] = "1.2"
    new["as_of"] = "2022-07-20"
    return new


def test_figures_changed_by_hand_give_what_the_calculator_gives_for_the_changed_case(
    books: Mapping[str, Recalculated],
) -> None:
    case, book = books["changed"].case, books["changed"].found
    new = _changed(case)
    assert list(differences(new, scored(new), book)) == []
    assert list(differences(case, scored(case), book)) != []
    checks = {row["code"]: row["check"] for row in books["changed"].summary}
    assert checks[case["districts"][0]["code"]] == DIFFERS


def test_a_completion_in_a_year_that_is_not_published_shows_an_error_instead_of_a_guess(
    books: Mapping[str, Recalculated],
) -> None:
    book = opened(books["unpublished"].content)
    assert book["重点任务"]["F4"].value == "#N/A"
    totals = summary_table(read_case(books["unpublished"].case).scheme)
    assert book[totals.name][f"{totals.letters['total']}{FIRST}"].value == "#N/A"


def test_a_veto_lowers_the_grade_and_leaves_total_and_rank(tmp_path: Path) -> None:
    case = a_full_case(districts=3)
    result = scored(case)
    vetoed = result["districts"][0]
    content = a_workbook(case, vetoes={vetoed["code"]: "统计造假"})
    found = grids_of(recalculated({"vetoed": spoilt(content)}, tmp_path)["vetoed"])
    rows = {row["code"]: row for row in rows_of(found, summary_table(read_case(case).scheme, vetoed=True))}
    lowest = case["scheme"]["grades"][-1][1]
    for district in result["districts"]:
        row, is_vetoed = rows[district["code"]], district is vetoed
        assert (row["veto"] or "") == ("统计造假" if is_vetoed else "")
        assert row["grade"] == row["stored_grade"] == (lowest if is_vetoed else district["grade"])
        assert (f"{row['total']:.2f}", row["rank"], row["check"]) == (district["total"], district["rank"], AGREES)
    assert vetoed["grade"] != lowest
