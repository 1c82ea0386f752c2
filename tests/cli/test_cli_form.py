"""The form by command: written, filled in, filed, and refused where it does not belong."""

from __future__ import annotations

from pathlib import Path

from calling import ONLY_SQLITE, Duban
from openpyxl import load_workbook

WHAT = ("district-upgrade-monthly", "上城区", "2022-06")
IN_JULY = ("--at", "2022-07-05T10:00:00+08:00")


@ONLY_SQLITE
def test_a_form_is_written_filled_in_and_filed(office: Duban, tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    made = office("form", *WHAT, "--out", file, *IN_JULY, "--json").data
    assert made == {"file": str(file), "lines": 1, "prefilled": 0, "due": "2022-07-11"}
    book = load_workbook(file)
    heading = next(row for row in book["报表"].iter_rows() if row[0].value == "代码")
    column = next(cell.column for cell in heading if cell.value == "本期值")
    book["报表"].cell(heading[0].row + 1, column, 12)
    book.save(file)

    filed = office("submit", *WHAT, file, *IN_JULY, "--json").data
    assert (filed["state"], filed["figures"]) == ("filed", 1)
    assert office("submit", *WHAT, file, *IN_JULY, "--json").data["state"] == "unchanged"

    other = office("submit", "district-upgrade-monthly", "西湖区", "2022-06", file, *IN_JULY)
    assert other.code == 2
    assert "上城区2022年6月《区县“小升规”企业月报》的模板" in other.complaint


@ONLY_SQLITE
def test_a_form_is_named_after_itself_and_never_replaces_one_that_may_be_filled_in(
    office: Duban, tmp_path: Path
) -> None:
    folder = tmp_path / "表"
    folder.mkdir()
    first = office("form", *WHAT, "--out", folder)
    assert first.code == 0 and "1 行" in first.out and "截止" in first.out
    [file] = folder.iterdir()
    assert file.name == "上城区-区县“小升规”企业月报-2022-06.xlsx"

    again = office("form", *WHAT, "--out", folder)
    assert again.code == 3 and "--overwrite" in again.complaint
    assert office("form", *WHAT, "--out", folder, "--overwrite").code == 0
    assert office("form", *WHAT, "--out", tmp_path / "表.csv").code == 2
    assert office("form", *WHAT, "--out", tmp_path / "没有" / "表.xlsx").code == 2
    assert office("form", "district-upgrade-monthly", "市科技局", "2022-06").code == 2
