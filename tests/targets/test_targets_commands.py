"""`duban target` as the office and the districts type it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from target_office import on_sqlite

Call = Callable[..., tuple[int, str, str]]

MARCH = "2022-03-01T10:00:00+08:00"
BY_OFFICE = ("--by", "office.clerk", "--reason", "会商", "--at", MARCH)


def data(done: tuple[int, str, str]) -> Any:
    code, out, err = done
    assert code == 0, err
    return json.loads(out)


def shown(duban: Call, *words: str) -> dict[str, Any]:
    """Return T06 of 淳安县 as `duban target show --json` prints it."""
    [indicator] = data(duban("show", "T06", "--unit", "淳安县", *words, "--json"))["indicators"]
    [line] = indicator["districts"]
    found: dict[str, Any] = line
    return found


def test_targets_are_shown_with_clause_ruling_and_base(duban: Call) -> None:
    [found] = data(duban("show", "T01", "--as-of", "2022-02-28", "--json"))["indicators"]
    assert (found["target"], found["total"], found["clause"], found["text"]) == (
        "165000", "165000", "二（一）", "16.5万家以上",
    )  # fmt: skip
    assert found["base"]["label"] == "假定基数"
    assert [ruling["topic"] for ruling in found["rulings"]] == ["新增小微企业的口径"]
    assert (found["districts"][0]["name"], found["districts"][0]["state"]) == ("上城区", "proposed")
    code, out, _ = duban("show", "T01")
    assert code == 0
    assert "按新设登记数累计" in out and "假定基数" in out and "合计 165000" in out


@on_sqlite
def test_a_change_is_tried_written_confirmed_and_answered_by_command(duban: Call) -> None:
    tried = data(duban("set", "T06", "滨江区", "120", "--dry-run", "--json"))
    assert (tried["applied"], len(tried["changes"]), tried["told"]) == (False, 13, [])
    assert shown(duban)["version"] == 1
    done = data(duban("set", "T06", "滨江区", "120", *BY_OFFICE, "--json"))
    assert (done["applied"], done["changes"][0]["version"], len(done["told"])) == (True, 2, 13)
    say = ("--at", "2022-03-02T10:00:00+08:00", "--json")
    assert data(duban("confirm", "滨江区", "--by", "330108.head", *say))["state"] == "confirmed"
    assert (
        data(duban("object", "淳安县", "T06", "--comment", "过高", "--by", "330127.liaison", *say))["state"]
        == "objected"
    )
    later = ("--at", "2022-03-03T10:00:00+08:00", "--json")
    assert (
        data(duban("uphold", "淳安县", "T06", "--reason", "维持", "--by", "office.chief", *later))["state"] == "upheld"
    )
    assert (shown(duban)["comment"], shown(duban)["answer"]) == ("过高", "维持")
    assert shown(duban, "--as-of", "2022-03-02")["state"] == "objected"
    assert [each["code"] for each in data(duban("show", "--state", "upheld", "--json"))["indicators"]] == ["T06"]


def sheets(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the lines below the title of each sheet."""
    book = load_workbook(file)
    return {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets}


def test_the_exported_table_is_taken_back_with_what_was_changed_in_it(duban: Call, tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    made = data(duban("export", "--out", file, "--json"))
    assert (made["file"], made["indicators"] * 13) == (str(file), made["targets"])
    book = load_workbook(file)
    sheet = book["目标分解表"]
    headings = [cell.value for cell in sheet[2]]
    assert headings[:4] + headings[-1:] == ["指标", "指标名称", "计量单位", "全市目标", "合计"]
    [line] = [row for row in sheet.iter_rows(min_row=3) if row[0].value == "T06"]
    assert sum(cell.value for cell in line[4:-1]) == line[3].value == line[-1].value
    for row in sheet.iter_rows(min_row=3, min_col=5):
        for cell in row:
            cell.value = None
    line[headings.index("滨江区")].value = 60
    book.save(file)
    [change] = data(duban("import", file, "--dry-run", "--json"))["changes"]
    assert (change["indicator"], change["unit"], change["target"]) == ("T06", "滨江区", "60")


@on_sqlite
def test_an_export_says_what_a_district_said_and_nothing_of_the_others(duban: Call, tmp_path: Path) -> None:
    say = ("--by", "330127.liaison", "--at", "2022-03-02T10:00:00+08:00")
    data(duban("object", "淳安县", "T06", "--comment", "=基数过小", *say, "--json"))
    data(duban("export", "--unit", "淳安县", "--out", tmp_path, "--json"))
    found = sheets(next(tmp_path.glob("目标分解表-淳安县-*.xlsx")))
    assert found["目标分解表"][0][4:] == ("淳安县",)
    [line] = [line for line in found["确认情况"] if line[0] == "T06"]
    assert (line[2], line[5], line[6], line[10], line[11]) == ("淳安县", 1, "有异议", "=基数过小", None)
    data(duban("export", "--as-of", "2022-03-01", "--out", tmp_path / "前.xlsx", "--json"))
    assert {line[6] for line in sheets(tmp_path / "前.xlsx")["确认情况"][1:]} == {"待确认"}


@on_sqlite
def test_an_export_does_not_replace_a_table_that_somebody_may_have_filled_in(duban: Call, tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(b"filled in")
    assert duban("export", "--out", file)[0] == 3
    assert file.read_bytes() == b"filled in"
    assert duban("export", "--out", file, "--overwrite")[0] == 0
    code, _, err = duban("export", "--out", tmp_path / "表.csv")
    assert (code, "应为 .xlsx 文件" in err) == (2, True)


@on_sqlite
def test_a_table_is_tried_and_taken_and_the_same_again_is_no_change(duban: Call, tmp_path: Path) -> None:
    table = tmp_path / "表.csv"
    table.write_text("指标,区县,目标值,理由\nT06,滨江区,1.2百,\n", encoding="utf-8")
    code, _, err = duban("import", table, "--dry-run")
    assert (code, "第 2 行“目标值”列" in err) == (2, True)
    table.write_text("指标,区县,目标值,理由\nT06,滨江区,60,高新企业集中\n", encoding="utf-8")
    assert len(data(duban("import", table, "--dry-run", "--json"))["changes"]) == 1
    assert data(duban("import", table, *BY_OFFICE, "--json"))["told"] == ["滨江区"]
    [found] = data(duban("show", "T06", "--unit", "滨江区", "--json"))["indicators"]
    assert (found["total"], found["districts"][0]["reason"]) == ("1018", "高新企业集中")
    code, _, err = duban("import", table, *BY_OFFICE)
    assert (code, err) == (3, "与现行目标相同，没有可改的")


@on_sqlite
def test_a_baseline_is_set_and_everything_sent_by_command(duban: Call) -> None:
    done = data(duban("baseline", "T28", "桐庐县", "12", *BY_OFFICE, "--json"))
    assert (done["changes"][0]["baseline"], done["told"]) == ("12", ["桐庐县"])
    assert len(data(duban("notify", "--by", "office.clerk", "--at", MARCH, "--json"))["told"]) == 13
    code, _, err = duban("notify", "--by", "office.clerk", "--at", MARCH)
    assert (code, "都已通知过" in err) == (3, True)


@on_sqlite
@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("split", "T17", "--dry-run"), 3, "是比率"),
        (("split", "T06", "--base", "pop", "--dry-run"), 2, "是不是：population_2020"),
        (("set", "T06", "滨江", "1", "--dry-run"), 2, "是不是：滨江区"),
        (("set", "T06", "市经信局", "1", "--dry-run"), 2, "不是区、县（市）"),
        (("set", "T6", "滨江区", "1", "--dry-run"), 2, "没有指标“T6”"),
        (("set", "T06", "滨江区", "不适用", "--dry-run"), 2, "没有任务的写 0"),
        (("set", "T06", "滨江区", "1", "--keep-others", "--dry-run"), 3, "少于全市目标 1000（差 41）"),
        (("set", "T06", "滨江区", "120"), 2, "--dry-run"),
        (("set", "T06", "滨江区", "120", "--by", "office.clerk"), 2, "--reason"),
        (("set", "T06", "滨江区", "120", "--by", "nobody", "--reason", "x"), 2, "没有登录名为“nobody”"),
        (("show", "T99"), 2, "没有指标“T99”"),
        (("show", "--state", "done"), 2, "没有状态“done”"),
        (("confirm", "滨江区", "--by", "330127.head"), 3, "不是该单位人员"),
        (("import", "none.xlsx", "--dry-run"), 2, "找不到文件"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    duban: Call, words: tuple[str, ...], code: int, complaint: str
) -> None:
    ended, out, err = duban(*words)
    assert (ended, out, complaint in err, "\n" in err) == (code, "", True, False), err
