"""`duban analysis` and `duban outlook`: what they print, and how they refuse."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from calling import ONLY_SQLITE, Duban

pytestmark = ONLY_SQLITE

INDICATORS = ("T01", "T02", "T04", "T07", "T12", "T28", "T29", "T32", "T33", "T34", "T35", "T38", "T39")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database with the filed figures is kept, once a test has made it."""
    return tmp_path_factory.mktemp("filed") / "duban.db"


@pytest.fixture
def filed(office: Duban, supervised_url: str, kept: Path, tmp_path: Path) -> Duban:
    """Two districts have filed the second quarter of 2022, one of them most of the other's figures."""
    own = Path(supervised_url.removeprefix("sqlite:///"))
    if kept.exists():
        shutil.copy(kept, own)
        return office
    assert office("collect", "--as-of", "2022-07-01").code == 0
    for code, name, first in (("330102", "上城区", 8011), ("330105", "拱墅区", 7023)):
        sheet = tmp_path / f"{code}.csv"
        values = {each: 311 + 7 * place for place, each in enumerate(INDICATORS)} | {"T01": first}
        sheet.write_text("indicator,value,note\n" + "".join(f"{each},{value},\n" for each, value in values.items()))
        words = ("--at", "2022-07-12T10:00:00+08:00", "--by", f"{code}.liaison", "--json")
        request = office("submit", "district-quarterly", name, "2022Q2", sheet, *words).data["request"]
        confirmed = office("confirm", request, "--by", "office.clerk", "--at", "2022-07-13T10:00:00+08:00")
        assert confirmed.code == 0, confirmed.err
    with sqlite3.connect(own) as source, sqlite3.connect(kept) as copy:
        source.backup(copy)
    return office


def test_bands_and_weights_are_printed(filed: Duban) -> None:
    data = filed("analysis", "robustness", "2022Q2", "--json").data
    assert (data["quarter"], data["as_of"], data["vintage"]) == ("2022Q2", "2022-07-25", None)
    assert {part["code"] for part in data["weights"]["parts"]} == {"targets", "key_tasks", "reporting", "supervision"}
    shown = filed("analysis", "robustness", "2022Q2", "--population", "units").out
    assert "第一梯队" in shown
    assert "名义权重%" in shown


def test_irregularities_are_printed_as_flags_for_a_person(filed: Duban) -> None:
    flags = filed("analysis", "irregularities", "2022Q2", "--json").data["flags"]
    assert {(flag["kind"], flag["name"]) for flag in flags} >= {
        ("same_as_other", "上城区"),
        ("same_as_other", "拱墅区"),
    }
    assert "由人核查，不是结论" in filed("analysis", "irregularities", "2022Q2").out


def test_changes_are_told_unit_by_unit(filed: Duban) -> None:
    data = filed("analysis", "changes", "2022Q2", "--json").data
    assert (data["before"], data["after"], len(data["units"])) == ("2022Q1", "2022Q2", 13)
    assert "总分由" in filed("analysis", "changes", "2022Q2").out


def test_the_effect_of_a_correction_needs_two_vintages_and_tells_them_apart(filed: Duban) -> None:
    refused = filed("analysis", "correction", "2022Q2")
    assert (refused.code, refused.complaint) == (2, "2022年第二季度只存有 0 版考核，没有可比较的两版")
    for day in ("2022-07-12", "2022-07-25"):
        assert filed("assess", "2022Q2", "--as-of", day).code == 0
    data = filed("analysis", "correction", "2022Q2", "--json").data
    assert (data["before"], data["after"], data["day_moved"]) == (1, 2, True)
    touched = next(unit for unit in data["units"] if unit["name"] == "上城区")
    assert {"subject": "T01", "key": "value", "before": "", "after": "8011家",
            "words": "T01 累计新增小微企业数的实际值由空改为8011家"} in touched["inputs"]  # fmt: skip
    named = next(row for row in data["requests"] if (row["unit"], row["subject"]) == ("330102", "T01"))
    assert (named["form"], named["period"], named["after"]) == ("区县小微企业成长情况季报", "2022Q2", "8011家")
    assert (named["filed_by"], named["key"], data["lineage"]) == ("330102", "value", [])
    shown = filed("analysis", "correction", "2022Q2", "--before", 1, "--after", 2).out
    assert "上城区" in shown and "更正的报送" in shown


def test_the_final_case_can_be_calculated_by_duban_score(filed: Duban) -> None:
    data = filed("analysis", "final", "--json").data
    assert data["years"] == [2022, 2023]
    again = filed("score", "-", "--json", stdin=json.dumps(data["case"])).data
    assert again["districts"] == data["districts"]
    assert again["input_digest"] == data["input_digest"]
    assert "共 200 分" in filed("analysis", "final").out


def test_the_outlook_lists_districts_or_one_of_them_in_full(filed: Duban) -> None:
    data = filed("outlook", "2022Q2", "--json").data
    assert len(data["districts"]) == 13
    mine = next(each for each in data["districts"] if each["name"] == "上城区")
    known = next(each for each in mine["outlook"] if each["code"] == "T01")
    assert (known["value"], known["remaining_quarters"], known["increments"]) == ("8011", 6, 1)
    assert known["interval"] is None
    assert "可单独升位的指标" in filed("outlook", "2022Q2").out
    full = filed("outlook", "2022Q2", "--unit", "上城区").out
    assert "累计新增小微企业数" in full
    assert f"第 {mine['rank']} 位" in full or "已居首位" in full


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (("outlook", "2022Q5"), 2, "季度“2022Q5”无法识别"),
        (("outlook", "2025Q1"), 2, "不在计划期"),
        (("outlook", "2022Q2", "--unit", "上城"), 2, "是不是：上城区"),
        (("outlook", "2022Q2", "--unit", "市税务局"), 2, "不是参加考核的区、县（市）"),
        (("outlook", "2022Q2", "--as-of", "2022-06-30"), 3, "才结束"),
        (("analysis", "changes", "2022Q2", "--against", "2022Q3"), 2, "应早于"),
        (("analysis", "robustness", "2021Q2"), 2, "尚无适用的考核办法"),
        (("analysis", "robustness", "2022Q2", "--population", "towns"), 2, "没有考核对象“towns”"),
        (("analysis", "correction", "2022Q2", "--before", "x"), 2, "版次“x”"),
        (("analysis", "final", "--as-of", "2023-12-31"), 3, "此后才能作期末考核"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(
    office: Duban, call: tuple[str, ...], code: int, said: str
) -> None:
    done = office(*call)
    assert (done.code, done.out) == (code, "")
    assert said in done.complaint
