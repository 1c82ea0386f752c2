"""`duban demo`: the plan from its issue to the verdict on a chosen quarter, by made-up people, through the real ledger.

The last working days and the verdict itself run as flows through the engine; what comes before calls the same plain
functions directly. Playing again changes nothing; playing on to a later quarter adds the days that are missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from config import clock
from config.errors import BadInput
from config.plan import Plan, load_plan, packaged_plan
from config.settings import Settings
from config.terms import Cadence
from database import Database, reading, upgrade, writing
from demo.accounts import open_doors
from demo.behaviour import characters
from demo.engine import play_by_engine, starting
from demo.figures import Figures
from demo.lots import SEED
from demo.people import OPENS, begin
from demo.scene import World
from demo.stage import Stage, frozen_days
from demo.summary import Summary, summary
from models import Plan as PlanRow
from supervision import in_force
from supervision.in_force import InForce
from supervision.periods import Period, parse_quarter, periods
from supervision.queries.case import populations

DAYS_BY_ENGINE = 5
"""Working days that run through the engine: the last one is that of the verdict."""

Progress = Callable[[int, int, str], None]
"""Told after each step: which one, of how many, and what it was."""


def demo(
    settings: Settings, database: Database, *, until: str = "", seed: int = SEED, progress: Progress = lambda *_: None
) -> Summary:
    """Play the plan through the verdict on the quarter `until`, the second one that is assessed by default.

    The plan is the one in the database, else the packaged one. Days that are played already stay as they are; the
    same seed gives the same rows, and a demonstration that has begun keeps its own. Mail goes into the Maildir under
    the settings' home and nowhere else.
    Raises BadInput for a quarter that the plan does not assess, Refused in a database with real work in it, and
    whatever the runs of the cycle raise.
    """
    began = clock.now()
    stage, quarter = opened(settings, database, until=until, seed=seed)
    finish_last_day(stage)
    findings = _play(stage, missing_days(stage, quarter), progress)
    with reading(database) as session:
        force = in_force.load(session, stage.plan_code)
        elapsed = (clock.now() - began).total_seconds()
        return summary(session, force, quarter, home=settings.home, findings=findings, elapsed=elapsed)


def opened(settings: Settings, database: Database, *, until: str, seed: int = SEED) -> tuple[Stage, Period]:
    """Return the demonstration in `database`, begun when it is not, and the quarter that it is to reach.

    Raises as `demo` does; then nothing but the schema has been written.
    """
    upgrade(database)
    plan = _plan(database, settings)
    with writing(database) as session:
        force, lots = begin(session, plan, seed=seed, at=clock.moment(plan.issued, OPENS))
        quarter = _quarter(force, until)
        open_doors(session, force, home=settings.home)
    url = database.url.render_as_string(hide_password=False)
    ours = replace(settings, database_url=url, plan=plan.code, smtp_host="", engine_url="")
    cast = characters(plan, lots)
    world = World(force, cast, Figures(plan, lots, cast))
    return Stage(database, ours, world, frozen_days(force, until=quarter)), quarter


def finish_last_day(stage: Stage) -> None:
    """Make up for what the last day played lacks when it was interrupted; twice changes nothing."""
    day = stage.force.demonstrated_until
    if day is not None and day >= stage.force.plan.issued:
        _close_day(stage, day)


def missing_days(stage: Stage, quarter: Period) -> tuple[date, ...]:
    """Return the working days that are still to be played until the verdict on `quarter`."""
    since = stage.force.demonstrated_until or stage.force.plan.issued
    last = next(day for day, quarters in stage.frozen.items() if quarter in quarters)
    return tuple(stage.working_days(since + timedelta(days=1), last))


def play_directly(stage: Stage, days: Sequence[date], played: Callable[[date], None]) -> None:
    """Play `days` by the plain functions that the flows wrap, telling `played` after each."""
    for day in days:
        stage.morning(day)
        asyncio.run(stage.mail(stage.morning_mail(day)))
        stage.people_act(day)
        _close_day(stage, day)
        played(day)


def _close_day(stage: Stage, day: date) -> None:
    stage.assess(day)
    asyncio.run(stage.mail(stage.evening_mail(day)))


def _play(stage: Stage, days: Sequence[date], progress: Progress) -> tuple[str, ...]:
    """Play `days`, the last of them through the engine; return what the audits found on these."""
    if not days:
        return ()
    direct, by_engine = days[:-DAYS_BY_ENGINE], days[-DAYS_BY_ENGINE:]
    steps = {day: step for step, day in enumerate(days, start=1)}

    def told(day: date) -> None:
        progress(steps[day], len(steps), f"{day}{'，流程引擎' if day in by_engine else ''}")

    with starting(stage.settings) as running:
        play_directly(stage, direct, told)
        return play_by_engine(stage, running(), by_engine, told)


def _plan(database: Database, settings: Settings) -> Plan:
    """Return the plan that is in the database, else the packaged one."""
    with reading(database) as session:
        if session.scalars(select(col(PlanRow.id)).limit(1)).first() is not None:
            return in_force.load(session, settings.plan).plan
    return load_plan(packaged_plan(*([settings.plan] if settings.plan else [])))


def _quarter(force: InForce, until: str) -> Period:
    plan = force.plan
    quarters = periods(Cadence.QUARTERLY, start=plan.start, end=plan.end)
    known = [quarter for quarter in quarters if quarter.last >= plan.issued and populations(force, quarter)]
    if not known:
        raise BadInput(f"计划 {plan.code} 没有可用的考核办法（assessment.yaml），无从演示考核")
    wanted = parse_quarter(until) if until else known[:2][-1]
    if wanted not in known:
        raise BadInput(f"{wanted} 没有考核办法，可以演示到 {known[0]} 至 {known[-1]} 的任一季度")
    return wanted
