"""When each flow runs: config/schedule.yaml, and the working days that its clock times move along.

Nothing here reads a clock or knows the engine. Where the calendar of a year is not published nothing is guessed:
the plain clock time stands, day by day, and the run itself says in words that the year is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from config.errors import BadInput, CalendarNotPublished
from supervision.workdays import Workdays, at_most_days

_FILE = "schedule.yaml"
_CRON = re.compile(r"([0-9*,/-]+ ){4}\*")
"""Numbers alone, and no weekday: libraries number weekdays, and join them with days, each in its own way."""
_ANY_INSTANT = datetime(2021, 12, 29, tzinfo=UTC)
_LONGEST_GAP = timedelta(days=400)
"""Longer than from any run to the next: every cadence comes round within a year."""
_INSTANT = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_MOVES_AT_MOST = timedelta(days=at_most_days(1))
"""Longer than any run of days off."""


class Move(StrEnum):
    """What becomes of a run that falls on a day off."""

    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True)
class Scheduled:
    """One flow and its cadence. `cron` is read on the wall clock of `zone`."""

    flow: str
    title: str
    """What the office calls it."""
    cron: str
    zone: ZoneInfo
    working_days_only: bool
    move: Move | None
    grace: timedelta
    """How long after its time a run may be missing before the audit says so."""
    source: str

    @cached_property
    def _clock(self) -> CronTrigger:
        return CronTrigger.from_crontab(self.cron, timezone=self.zone)

    def clock_times(self, after: datetime) -> Iterator[datetime]:
        """Yield the clock times strictly after `after`, days off included."""
        start = after + _INSTANT
        while (found := self._clock.get_next_fire_time(None, start)) is not None:
            yield found
            start = found + _INSTANT


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    cron: str
    working_days_only: bool = False
    move: str | None = Field(default=None, pattern=f"^{Move.NEXT_WORKING_DAY}$")
    grace_minutes: int = Field(gt=0)
    source: str = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    zone: str
    flows: dict[str, _Entry] = Field(min_length=1)


@lru_cache(maxsize=2)  # every run asks for the packaged one, and reading it takes longer than most runs' own work
def schedule(text: str | None = None, name: str = _FILE) -> tuple[Scheduled, ...]:
    """Return the cadences in the YAML `text`, by default the packaged config/schedule.yaml, in its order.

    Raises BadInput, naming file and place, for anything that would not run as it is written.
    """
    if text is None:
        text = files("config").joinpath(_FILE).read_text(encoding="utf-8")
    content = _parsed(text, name)
    try:
        zone = ZoneInfo(content.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput(f"{name}：zone 不是时区名称，应写成 Asia/Shanghai，现为“{content.zone}”") from None
    return tuple(_scheduled(flow, entry, zone, f"{name}：flows.{flow}") for flow, entry in content.flows.items())


def _parsed(text: str, name: str) -> _File:
    try:
        data: Any = YAML(typ="safe", pure=True).load(text)
        return _File.model_validate(data)
    except YAMLError as error:
        raise BadInput(f"{name} 不是有效的 YAML：{' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "全文"
        raise BadInput(f"{name}：{place} 不符合要求（{first['msg']}）") from None


def _scheduled(flow: str, entry: _Entry, zone: ZoneInfo, place: str) -> Scheduled:
    if entry.working_days_only and entry.move:
        raise BadInput(f"{place}：working_days_only 与 move 不能同时使用，请删去一个")
    if not _CRON.fullmatch(entry.cron):
        raise BadInput(f"{place}.cron：应为“分 时 日 月 *”五段数字，星期一律写 *，现为“{entry.cron}”")
    found = Scheduled(
        flow=flow,
        title=entry.title,
        cron=entry.cron,
        zone=zone,
        working_days_only=entry.working_days_only,
        move=Move(entry.move) if entry.move else None,
        grace=timedelta(minutes=entry.grace_minutes),
        source=entry.source,
    )
    try:
        comes_round = any(found.clock_times(_ANY_INSTANT))
    except ValueError as error:
        raise BadInput(f"{place}.cron：“{entry.cron}”无法识别（{error}）") from None
    if not comes_round:
        raise BadInput(f"{place}.cron：“{entry.cron}”永远不会到时间，请检查日和月")
    return found


def strikes(cron: str, zone: str, at: datetime) -> bool:
    """Return whether `at` is a clock time of `cron` in `zone`."""
    return bool(CronTrigger.from_crontab(cron, timezone=ZoneInfo(zone)).get_next_fire_time(None, at) == at)


def may_run(entry: Scheduled, day: date, calendar: Workdays) -> bool:
    """Return whether the flow does its work on `day`. Raises CalendarNotPublished when only the calendar can tell."""
    return not entry.working_days_only or calendar.is_working(day)


def next_moment(entry: Scheduled, *, after: datetime, calendar: Workdays) -> datetime:
    """Return the first moment strictly after `after` at which the flow is to run.

    In a year that is not published: the clock time on every day on which it may be due.
    """
    start = after - _MOVES_AT_MOST if entry.move else after
    placed = (_placed(entry, clock_time, after, calendar) for clock_time in entry.clock_times(start))
    return next(moment for moment in placed if moment is not None)


def _placed(entry: Scheduled, clock_time: datetime, after: datetime, calendar: Workdays) -> datetime | None:
    """Return where the calendar puts the run of `clock_time`; None for a day off, or a moment already past."""
    day = clock_time.date()
    try:
        if entry.move:
            moved = clock_time + (calendar.on_or_after(day) - day)
            return moved if moved > after else None
        return clock_time if may_run(entry, day, calendar) else None
    except CalendarNotPublished:
        if clock_time > after:
            return clock_time
        again = clock_time + ((after - clock_time) // _DAY + 1) * _DAY
        return again if again - clock_time <= _MOVES_AT_MOST else None


def latest_moment(entry: Scheduled, *, at: datetime, calendar: Workdays) -> datetime | None:
    """Return the last moment up to and including `at` at which the flow was to run; None if none for a year."""
    back = _DAY
    while back <= 2 * _LONGEST_GAP:
        found = None
        moment = next_moment(entry, after=at - back, calendar=calendar)
        while moment <= at:
            found = moment
            moment = next_moment(entry, after=moment, calendar=calendar)
        if found is not None:
            return found
        back *= 2
    return None


@dataclass(frozen=True)
class Due:
    """A flow that was to run at `planned` and has not run since."""

    entry: Scheduled
    planned: datetime
    last_run: datetime | None


def due_runs(
    entries: Sequence[Scheduled], last_runs: Mapping[str, datetime], *, at: datetime, calendar: Workdays
) -> tuple[Due, ...]:
    """Return the flows whose last run, if any, lies before the last moment at which they were to run.

    `last_runs` holds the start of each flow's last finished run. Flows only reconcile, so one run makes up for
    any number of missed ones.
    """
    found = []
    for entry in entries:
        planned = latest_moment(entry, at=at, calendar=calendar)
        last = last_runs.get(entry.flow)
        if planned is not None and (last is None or last < planned):
            found.append(Due(entry, planned, last))
    return tuple(found)


def missed(
    entries: Sequence[Scheduled],
    last_runs: Mapping[str, datetime],
    *,
    since: datetime,
    at: datetime,
    calendar: Workdays,
) -> tuple[Due, ...]:
    """Return the flows that are due beyond their grace: what the nightly audit complains of.

    What was to run before `since`, when the plan was first loaded, is not missed.
    """
    late = (due_runs([entry], last_runs, at=at - entry.grace, calendar=calendar) for entry in entries)
    return tuple(due for found in late for due in found if due.planned >= since)
