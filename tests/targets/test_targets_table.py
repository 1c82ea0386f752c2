"""A table of targets as offices keep it: three shapes, two kinds of file, and every faulty cell named."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from config.errors import BadInput
from config.plan import Plan
from documents.target_tables import read_target_table
from supervision.apportion.tables import ReadTable, read_table
from supervision.collection.filing import Unacceptable

BINJIANG, CHUNAN = "330108", "330127"

Make = Callable[[Path, str], Path]

LONG = "指标,指标名称,区县,目标值,基期值,理由\nT06,小升规,滨江区,120,,会商\nT28,小微园,淳安县,,5,台账\n"
ACROSS = "目标分解表（模拟数据）\n指标,指标名称,计量单位,滨江区,淳安县,合计\nT06,小升规,家,120,,\nT05,增速,%,,4.5,\n"
DOWN = "区县,T06,T28 小微企业园（基地）总量,备注\n滨江区,120,,\n淳安县,,9,\n合计,1000,300,\n"


def a_file(folder: Path, text: str, name: str = "目标分解表.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def a_workbook(folder: Path, text: str) -> Path:
    """Return a workbook with the cells of a .csv text, numbers as numbers."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in text.splitlines():
        cells = [float(cell) if cell.replace(".", "").isdigit() else cell or None for cell in line.split(",")]
        sheet.append(cells)
    path = folder / "目标分解表.xlsx"
    book.save(path)
    return path


def read(plan: Plan, path: Path) -> ReadTable:
    table = read_target_table(path)
    return read_table(plan, table.name, table.cells)


def problems(plan: Plan, folder: Path, text: str) -> list[str]:
    with pytest.raises(Unacceptable) as refusal:
        read(plan, a_file(folder, text))
    return [str(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize("make", [a_file, a_workbook])
def test_one_line_for_each_target_with_baseline_and_reason(hangzhou: Plan, tmp_path: Path, make: Make) -> None:
    found = read(hangzhou, make(tmp_path, LONG))
    assert found.given.targets == {("T06", BINJIANG): Decimal(120)}
    assert found.given.baselines == {("T28", CHUNAN): Decimal(5)}
    assert found.reasons == {("T06", BINJIANG): "会商", ("T28", CHUNAN): "台账"}


@pytest.mark.parametrize("make", [a_file, a_workbook])
def test_districts_across_and_indicators_down(hangzhou: Plan, tmp_path: Path, make: Make) -> None:
    found = read(hangzhou, make(tmp_path, ACROSS))
    assert found.given.targets == {("T06", BINJIANG): Decimal(120), ("T05", CHUNAN): Decimal("4.5")}


@pytest.mark.parametrize("make", [a_file, a_workbook])
def test_indicators_across_and_districts_down(hangzhou: Plan, tmp_path: Path, make: Make) -> None:
    found = read(hangzhou, make(tmp_path, DOWN))
    assert found.given.targets == {("T06", BINJIANG): Decimal(120), ("T28", CHUNAN): Decimal(9)}


def test_a_table_saved_by_a_spreadsheet_in_china_is_read(hangzhou: Plan, tmp_path: Path) -> None:
    assert read(hangzhou, a_file(tmp_path, LONG, encoding="gb18030")).given.targets


def test_an_explicit_zero_is_a_target_and_an_empty_cell_is_none(hangzhou: Plan, tmp_path: Path) -> None:
    found = read(hangzhou, a_file(tmp_path, "区县,T06,T07\n淳安县,0,\n"))
    assert found.given.targets == {("T06", CHUNAN): Decimal(0)}


def test_a_stated_sum_is_compared_when_all_districts_stand_in_the_table(hangzhou: Plan, tmp_path: Path) -> None:
    lines = "".join(f"{district.name},80\n" for district in hangzhou.districts)
    assert len(read(hangzhou, a_file(tmp_path, f"区县,T06\n{lines}合计,1040\n")).given.targets) == 13
    assert problems(hangzhou, tmp_path, f"区县,T06\n{lines}合计,1000\n") == [
        "第 15 行“T06”列：T06 的合计 1000 与各区县之和 1040 不符"
    ]


def test_every_faulty_cell_is_named_at_once(hangzhou: Plan, tmp_path: Path) -> None:
    text = "区县,T06,T99,T17,T36\n滨江区,一百,1,101,1\n余航区,1,,,\n淳安县,1.5,,-,\n滨江区,3,,,\n"
    assert problems(hangzhou, tmp_path, text) == [
        "第 2 行“T06”列：“一百”不是数，请只填阿拉伯数字",
        "第 2 行“T99”列：计划里没有指标“T99”，请写编号（如 T01）或全称",
        "第 2 行“T17”列：滨江区 T17：101% 超过 100%，请核对",
        "第 2 行“T36”列：指标 T36（累计开展商业秘密保护培训）不分解到区、县（市）（全市 4 场，由市里举办，不分解）",
        "第 3 行“T06”列：“余航区”不是本市的区、县（市），应为：" + "、".join(x.name for x in hangzhou.districts),
        "第 4 行“T06”列：淳安县 T06：1.5 不是最小计数 1 的整数倍，请核对小数位数",
        "第 4 行“T17”列：“-”含义不清：没有发生写 0，不适用写“不适用”，尚无数据请留空",
        "第 5 行“T06”列：与 第 2 行“T06”列 重复，请只留一处",
    ]


def test_cells_of_a_workbook_are_named_as_the_spreadsheet_does(hangzhou: Plan, tmp_path: Path) -> None:
    table = read_target_table(a_workbook(tmp_path, "指标,滨江区\nT06,1.5\n"))
    with pytest.raises(Unacceptable, match=r"B2：滨江区 T06：1\.5 不是"):
        read_table(hangzhou, table.name, table.cells)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "空文件"),
        ("甲,乙\n1,2\n", "没有找到表头"),
        ("指标,区县,甲\nT06,滨江区,1\n", "看不出哪一列是目标值"),
        ("指标,目标值\nT06,1\n", "表头不全"),
        ("指标,区县,目标值,目标\nT06,滨江区,1,2\n", "表头重复"),
        ("指标,区县,目标值\n", "没有数据"),
        ("指标,区县,目标值\nT06,滨江区,\n", "没有数据"),
    ],
)
def test_a_file_that_is_no_table_of_targets_is_told(hangzhou: Plan, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(hangzhou, a_file(tmp_path, text))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"x", "类型不能读取"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0x", "旧版 .xls"),
        ("a.xlsx", b"PK\x03\x04x", "损坏"),
        ("none.csv", None, "^找不到文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=words):
        read_target_table(tmp_path / name)


def test_two_sheets_that_look_like_tables_are_refused(hangzhou: Plan, tmp_path: Path) -> None:
    book = Workbook()
    for sheet in (book.active, book.create_sheet("另一张")):
        assert sheet is not None
        sheet.append(["指标", "滨江区"])
        sheet.append(["T06", 1])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(BadInput, match="多张工作表"):
        read_target_table(tmp_path / "a.xlsx")
