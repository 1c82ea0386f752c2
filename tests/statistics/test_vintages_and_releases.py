"""What was known on a day, and as what data are released."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from config.errors import Refused
from config.plan.schema.statistics import Release
from config.terms import ReleaseStatus, ValueMark
from supervision.indices.releases import Planned, next_status, planned
from supervision.indices.vintages import Vintage, known_on, revisions, status_of
from supervision.periods import parse_period
from supervision.workdays import published

PROVISIONAL, FINAL, REVISED = ReleaseStatus.PROVISIONAL, ReleaseStatus.FINAL, ReleaseStatus.REVISED
H1 = parse_period("2022H1")


def day(text: str) -> date:
    return date.fromisoformat(text)


def a_vintage(number: int, known_from: str, value: str, status: ReleaseStatus = FINAL) -> Vintage:
    return Vintage(number, day(known_from), Decimal(value), None, ValueMark.PUBLISHED, status)


def a_plan(
    provisional: str | None = "day 28 month +1", final: str = "day 20 month +4", period: str = "2022H1"
) -> Planned:
    told = {"code": "data", "title": "发展数据", "series": ["s"], "frequency": "half_yearly", "final": final,
            "provisional": provisional, "source": "office ruling"}  # fmt: skip
    return planned(Release.model_validate(told), parse_period(period), calendar=published())


def test_the_newest_release_of_the_day_is_known() -> None:
    vintages = [a_vintage(1, "2022-07-28", "10"), a_vintage(2, "2022-10-20", "11"), a_vintage(3, "2022-10-20", "12")]
    assert known_on(vintages, day("2022-07-27")) is None
    assert known_on(vintages, day("2022-07-28")) == vintages[0]
    assert known_on(vintages, day("2022-10-20")) == vintages[2]


def test_an_old_release_recorded_later_does_not_become_the_newest() -> None:
    vintages = [a_vintage(1, "2022-10-20", "11"), a_vintage(2, "2022-07-28", "10")]
    assert known_on(vintages, day("2022-12-31")) == vintages[0]
    assert [revision.by for revision in revisions(vintages)] == [None, Decimal(1)]


def test_a_value_is_provisional_before_the_final_date_and_final_from_it_on() -> None:
    status = partial(status_of, [], value=Decimal(10), final_on=day("2022-10-20"))
    assert status(known_from=day("2022-10-19")) is PROVISIONAL
    assert status(known_from=day("2022-10-20")) is FINAL


def test_a_value_that_differs_from_a_final_one_is_revised() -> None:
    final, provisional = a_vintage(1, "2022-10-20", "10"), a_vintage(1, "2022-07-28", "10", PROVISIONAL)
    status = partial(status_of, value=Decimal(11), known_from=day("2022-11-01"), final_on=day("2022-10-20"))
    assert status([final]) is REVISED
    assert status([provisional]) is FINAL


def test_release_dates_move_forward_from_days_off() -> None:
    plan = a_plan()
    assert (plan.provisional, plan.final, plan.estimated) == (day("2022-07-28"), day("2022-10-20"), False)
    assert a_plan(provisional=None, final="day 1 month +4").final == day("2022-10-08")


def test_a_year_whose_days_off_are_not_published_blocks_nothing() -> None:
    plan = a_plan(period="2098H1")
    assert (plan.final, plan.estimated) == (day("2098-10-20"), True)


@pytest.mark.parametrize(
    ("on", "before", "status"),
    [
        ("2022-07-28", [], PROVISIONAL),
        ("2022-08-05", [PROVISIONAL], PROVISIONAL),
        ("2022-10-20", [], FINAL),
        ("2022-10-20", [PROVISIONAL], FINAL),
        ("2022-10-21", [PROVISIONAL, FINAL], REVISED),
        ("2022-12-01", [FINAL, REVISED], REVISED),
    ],
)
def test_the_calendar_says_as_what_data_are_released(
    on: str, before: list[ReleaseStatus], status: ReleaseStatus
) -> None:
    assert next_status(a_plan(), before, on=day(on)) is status


@pytest.mark.parametrize(
    ("plan", "on", "why"),
    [
        (a_plan(), "2022-06-30", "才结束"),
        (a_plan(), "2022-07-27", "初步数按日历 2022-07-28 发布"),
        (a_plan(provisional=None), "2022-10-19", "按日历 2022-10-20 发布"),
    ],
)
def test_nothing_is_released_before_its_day(plan: Planned, on: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        next_status(plan, [], on=day(on))
