"""From rows to cells: the whole form, every problem at once, each with the name of its cell."""

from __future__ import annotations

import pytest
from filings import a_form, a_row, hangzhou_plan, number
from hypothesis import given
from hypothesis import strategies as st

from config.terms import FigureState
from documents.sheets import Row
from supervision.collection.filing import (
    NOTE_LENGTH,
    Cells,
    Problem,
    Unacceptable,
    areas,
    digest,
    in_order,
    is_empty,
    read_cells,
)
from supervision.collection.values import BLANK

PLAN = hangzhou_plan()
SHANGCHENG = PLAN.unit("上城区")

labels = st.sampled_from(["T01", "T02", "t01", "T03", "累计新增小微企业数", "", "合计", "填报人：张三"])
texts = st.sampled_from(["", "480", "0", "不适用", "—", "1,2", "abc", "4.8万", "-3"]) | st.text(max_size=8)
some_rows = st.lists(st.builds(a_row, labels, texts, note=texts, area=texts, unit_of_measure=texts), max_size=8)


def read(*rows: Row, **of_form: object) -> tuple[Cells, list[str]]:
    cells, problems = read_cells(PLAN, a_form(**of_form), SHANGCHENG, rows)
    return cells, [str(problem) for problem in problems]


def test_a_form_has_every_cell_whatever_the_file_leaves_out() -> None:
    cells, problems = read(a_row("T01", "0"))
    assert problems == []
    assert cells["T01", "330102"].value == number("0")
    assert cells["T02", "330102"].value == BLANK


def test_zero_not_applicable_and_nothing_stay_apart() -> None:
    cells, _ = read(a_row("T01", "0"), a_row("T02", "不适用"), indicators=["T01", "T02", "T06"])
    assert [cell.value.state for cell in cells.values()] == [
        FigureState.NUMBER, FigureState.NOT_APPLICABLE, FigureState.BLANK,
    ]  # fmt: skip
    assert cells["T01", "330102"].value.number == 0


@pytest.mark.parametrize("label", ["T01", "t01", "Ｔ０１", " T01 ", "累计新增小微企业数", "累计新增 小微企业数"])
def test_an_indicator_is_found_by_code_or_name(label: str) -> None:
    cells, problems = read(a_row(label, "5"))
    assert problems == [] and cells["T01", "330102"].value == number("5")


def test_an_indicator_of_another_form_is_named_with_those_of_this_one() -> None:
    _, problems = read(a_row("T06", "5", cell="B7"))
    assert problems == ["B7：“T06”不是本表的指标；本表指标：T01、T02"]


def test_a_value_without_indicator_is_a_problem_and_a_remark_is_none() -> None:
    _, problems = read(a_row("", "5", label="A9"), a_row("填报人：张三", ""), a_row("", "", label="A11"))
    assert problems == ["A9：没有写明指标；本表指标：T01、T02"]


def test_a_figure_filed_twice_names_both_cells() -> None:
    _, problems = read(a_row("T01", "5", cell="B2"), a_row("T01", "6", cell="B5"))
    assert problems == ["B5：与 B2 重复填报 T01，请只留一行"]


def test_another_unit_of_measure_is_refused_before_it_is_wrong_by_ten_thousand() -> None:
    _, problems = read(a_row("T01", "16.5", unit_of_measure="万家", cell="D4"))
    assert len(problems) == 1 and problems[0].startswith("D4：") and "万家" in problems[0]
    assert read(a_row("T01", "16", unit_of_measure=" 家 "))[1] == []


def test_an_unreadable_cell_is_named_with_the_reason() -> None:
    _, problems = read(a_row("T01", "", cell="B3", unreadable="是错误值 #DIV/0!，请改正公式或直接填数"))
    assert problems == ["B3：是错误值 #DIV/0!，请改正公式或直接填数"]


def test_a_note_has_a_length() -> None:
    assert read(a_row("T01", "5", note="说" * NOTE_LENGTH))[1] == []
    assert "备注" in read(a_row("T01", "5", note="说" * (NOTE_LENGTH + 1)))[1][0]


@pytest.mark.parametrize("area", ["", "上城区", "330102", " 上 城 区 "])
def test_an_own_figure_may_name_its_own_area(area: str) -> None:
    assert read(a_row(area=area))[1] == []


def test_an_own_figure_is_about_no_other_area() -> None:
    assert "只填上城区" in read(a_row(area="滨江区"))[1][0]


def test_the_citys_figure_stands_under_the_unit_that_files_it() -> None:
    bureau = PLAN.unit("市市场监管局")
    cells, problems = read_cells(PLAN, a_form(areas="city"), bureau, [a_row(area="全市")])
    assert problems == [] and ("T01", "scjg") in cells


def test_a_bureau_files_one_row_for_each_district() -> None:
    form, bureau = a_form(areas="districts", indicators=["T01"]), PLAN.unit("市市场监管局")
    rows = [a_row("T01", "5", area="滨江区"), a_row("T01", "6", area="330102", cell="B3"), a_row("T01", "7", cell="B4")]
    cells, problems = read_cells(PLAN, form, bureau, [*rows, a_row("T01", "8", area="全市", cell="B5")])
    assert len(cells) == len(areas(PLAN, form, bureau)) == 13
    assert cells["T01", "330108"].value == number("5")
    assert [problem.where for problem in problems] == ["B4", "B5"]


@given(rows=some_rows)
def test_any_rows_give_every_cell_once_and_problems_with_a_place(rows: list[Row]) -> None:
    cells, problems = read_cells(PLAN, a_form(), SHANGCHENG, rows)
    assert set(cells) == {("T01", "330102"), ("T02", "330102")}
    assert all(problem.where and problem.message for problem in problems)


@given(rows=some_rows, data=st.data())
def test_the_order_of_rows_changes_no_digest(rows: list[Row], data: st.DataObject) -> None:
    cells, problems = read_cells(PLAN, a_form(), SHANGCHENG, rows)
    again, others = read_cells(PLAN, a_form(), SHANGCHENG, data.draw(st.permutations(rows)))
    if not problems and not others:
        assert digest(cells) == digest(again)


@pytest.mark.parametrize("other", ["481", "", "不适用", "0"])
def test_another_content_has_another_digest(other: str) -> None:
    assert digest(read(a_row("T01", "480"))[0]) != digest(read(a_row("T01", other))[0])


def test_a_note_is_content_and_the_way_a_number_is_written_is_not() -> None:
    plain = digest(read(a_row("T01", "1234"))[0])
    assert plain == digest(read(a_row("T01", "１，２３４.0", area="上城区", unit_of_measure="家"))[0])
    assert plain != digest(read(a_row("T01", "1234", note="含平台企业"))[0])


def test_an_empty_form_is_told_from_one_with_a_zero() -> None:
    assert is_empty(read(a_row("T01", ""))[0])
    assert not is_empty(read(a_row("T01", "0"))[0])
    assert not is_empty(read(a_row("T01", "不适用"))[0])


def test_problems_come_in_the_order_of_the_file() -> None:
    rows = [a_row(cell=f"B{n}", label=f"A{n}") for n in (2, 3, 10)]
    found = in_order([Problem("B10", "丙"), Problem("A3", "乙"), Problem("B2", "甲")], rows)
    assert [problem.message for problem in found] == ["甲", "乙", "丙"]


def test_a_refusal_is_one_line_and_keeps_every_problem() -> None:
    refusal = Unacceptable("季报.xlsx", [Problem(f"B{n}", "有误") for n in range(2, 40)])
    assert "\n" not in str(refusal)
    assert str(refusal).startswith("季报.xlsx 有 38 处需要改正：B2：有误；B3：有误")
    assert str(refusal).endswith("另有 28 处")
    assert len(refusal.problems) == 38
