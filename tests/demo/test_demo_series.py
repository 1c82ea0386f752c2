"""The statistics of a made-up city: what falls due, what is in the files, and that one rise raises the alert."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.plan import Plan, load_plan, packaged_plan
from config.terms import Cadence
from demo.lots import Lots
from demo.series import JOLTED, Return, official_file, owed, return_file, value_of, watched
from documents.data_files import read_data_file
from supervision.indices.reading import COLUMNS, REQUIRED, Defaults, NewValue, read_values
from supervision.periods import parse_period, periods
from supervision.workdays import published

HANGZHOU = load_plan(packaged_plan())
SEEDS = (1, 28, 20211229)


def read(plan: Plan, folder: Path, content: bytes) -> tuple[NewValue, ...]:
    file = folder / "统计.csv"
    file.write_bytes(content)
    return read_values(read_data_file(file, COLUMNS, required=REQUIRED), plan, Defaults())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_watched_series_rises_once_and_gets_better_ever_after(seed: int) -> None:
    alert = watched(HANGZHOU)
    assert alert is not None and alert.series == "fee-burden"
    series = HANGZHOU.statistics.series_of(alert.series)
    values = [value_of(HANGZHOU, series, "杭州市", number, Lots(seed)) for number in range(6)]
    rises = [number for number in range(1, 6) if values[number] > values[number - 1]]
    assert rises == [JOLTED]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_return_can_be_read_and_says_that_it_is_made_up(seed: int, tmp_path: Path) -> None:
    for form in HANGZHOU.statistics.forms:
        for number, period in enumerate(periods(Cadence(form.frequency), start=HANGZHOU.start, end=HANGZHOU.end)):
            found = read(HANGZHOU, tmp_path, return_file(HANGZHOU, Return(form, period), number, Lots(seed)))
            assert {value.series for value in found} == set(form.series)
            assert all("模拟数据" in value.source and value.note == "模拟数据" for value in found)


def test_what_was_really_published_stands_as_it_is_with_its_source(tmp_path: Path) -> None:
    codes = ["growth-index", "vitality-index"]
    found = read(HANGZHOU, tmp_path, official_file(HANGZHOU, codes, parse_period("2021"), Lots(1)))
    real = {value.area: value for value in found if value.series == "growth-index"}
    assert str(real["浙江省"].value) == "142.42"
    assert "模拟数据" not in real["浙江省"].source
    [made_up] = [value for value in found if value.series == "vitality-index"]
    assert made_up.note == "模拟数据" and "模拟数据" in made_up.source


def test_no_return_is_owed_that_fell_due_before_the_plan_was_issued() -> None:
    upgraded = next(form for form in HANGZHOU.statistics.forms if form.code == "upgraded")
    assert str(owed(HANGZHOU, upgraded, published())[0]) == "2021Q4"
