"""What is printed: exact JSON, and tables that stay legible."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import output
from config.clock import ZONE
from config.terms import Status


def test_json_keeps_numbers_exact_and_dates_iso(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2022, 7, 1, 9, tzinfo=ZONE)

    output.as_json(
        {"总分": Decimal("98.90"), "大": Decimal("1E+3"), "日": date(2022, 7, 1), "时": at, "态": Status.CLOSED}
    )

    printed = capsys.readouterr().out
    assert "总分" in printed
    assert json.loads(printed) == {
        "总分": "98.90",
        "大": "1000",
        "日": "2022-07-01",
        "时": "2022-07-01T09:00:00+08:00",
        "态": "closed",
    }


def test_json_refuses_what_it_has_no_form_for() -> None:
    with pytest.raises(TypeError):
        output.as_json({"x": object()})


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (True, "是"), (False, "否"), (0, "0"), (Status.CLOSED, "销号"), ("一\n二\x1b[2J", "一 二 [2J")],
)
def test_a_cell_shows_words_and_no_control_characters(value: object, shown: str) -> None:
    assert output.cell(value) == shown


def test_on_a_terminal_long_text_wraps_and_dates_stay_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")

    output.table("表", ["事项", "期限"], [["整治" * 40, date(2022, 7, 29)]])

    lines = capsys.readouterr().out.splitlines()
    assert any("2022-07-29" in line for line in lines)
    assert sum("整治" in line for line in lines) > 1


@given(st.lists(st.text(max_size=200), min_size=1, max_size=5))
def test_in_a_pipe_every_row_is_one_line(texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr(output, "line", printed.append)

        output.table("表", ["名称", "序号"], [[text, number] for number, text in enumerate(texts)])

    [shown] = printed
    heading = 4
    assert len(shown.split("\n")) == heading + len(texts)


def test_an_empty_table_shows_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("表", ["名称", "序号"], [])

    shown = capsys.readouterr().out
    assert "表" in shown and "名称" in shown
