"""A day of the cycle for a city, a province and the whole country: items, requests, ladder, mail and proof.

All of it is made up (模拟数据). The first day makes everything that the plan has called for until then, the worst that
can happen to an installation; the day after is a usual one. Each size runs in a process of its own; the country is
one plan and tenant for each province, which two workers take in turn, for they share nothing but the database.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import Goal, Measured, peak, timed
from benchmarks.in_process import measured_by
from benchmarks.made_up import country_of
from config import clock
from config.settings import Settings
from database import Database, reading, upgrade, writing
from models import Item, ReportingRequest
from notifications.outbox import deliver
from supervision import cycle, in_force
from supervision.ledger.plan import put_plan

SIZES = (13, 101, 2900)
COUNTRY = 2900
WORKERS = 2
ISSUED, FIRST, NEXT = date(2021, 12, 29), date(2023, 12, 25), date(2023, 12, 26)
"""On the first day the plan's last quarter stands open: about as many items and requests as there will be."""

GOAL = Goal(seconds=600, megabytes=2048)


@dataclass(frozen=True)
class Done:
    """What a worker did in a day: plans, seconds in each part of the cycle, and its peak of memory in MB."""

    parts: Mapping[str, float]
    megabytes: float


def measure(url_of: Callable[[str], str], kind: str, *, sizes: tuple[int, ...] = SIZES) -> Iterator[Measured]:
    """Yield the first and the next day of each size; `url_of` makes a new database of a name."""
    before: dict[str, Measured] = {}
    for counties in sizes:
        found = measured_by("benchmarks.country", url_of(f"country{counties}"), str(counties))
        for called in ("first", "next"):
            name = f"{called} day of {counties:,} counties: {found['items']:,} items, {found['requests']:,} requests"
            smaller = before.get(called)
            one = Measured(
                name, kind, counties, "counties", found[called],
                f"{smaller.work} counties" if smaller else "", smaller.seconds if smaller else None,
                raw_work=smaller.work if smaller else None, megabytes=found["peak"],
                goal=GOAL if counties == COUNTRY else Goal(),
            )  # fmt: skip
            before[called] = one
            yield one


def _days(url: str, counties: int) -> dict[str, object]:
    database = Database(url)
    upgrade(database)
    codes = []
    for plan in country_of(counties):
        with writing(database) as session:
            put_plan(session, plan, at=clock.moment(ISSUED, time(8)))
        codes.append(f"{plan.tenant.code}/{plan.code}")
    database.dispose()
    found: dict[str, object] = {}
    most = 0.0
    with tempfile.TemporaryDirectory(prefix="duban-bench-mail-") as folder:
        for called, day in (("first", FIRST), ("next", NEXT)):
            with timed() as watch, multiprocessing.get_context("spawn").Pool(min(WORKERS, len(codes))) as workers:
                done = workers.map(partial(_day, url, folder, day), codes, chunksize=1)
            parts: Counter[str] = Counter()
            for each in done:
                parts.update(each.parts)
            most = max(most, sum(sorted(each.megabytes for each in done)[-min(WORKERS, len(codes)) :]))
            found |= {called: watch.seconds, f"parts of the {called} day": dict(parts)}
    database = Database(url)
    with reading(database) as session:
        items, requests = (session.scalars(select(func.count()).select_from(t)).one() for t in (Item, ReportingRequest))
    database.dispose()
    return found | {"items": items, "requests": requests, "peak": most}


def _day(url: str, folder: str, day: date, code: str) -> Done:
    """Go through one plan's day, from the morning's flows to the nightly proof."""
    database = Database(url)
    with reading(database) as session:
        force = in_force.load(session, code)
    settings = Settings(home=Path(folder) / code)
    send = partial(
        deliver, database, settings, tenant_id=force.tenant_id, plan_id=force.plan_id,
        at=clock.moment(day, time(10)), working_time=force.working_time,
    )  # fmt: skip
    steps: Mapping[str, Callable[[], object]] = {
        "supervise": lambda: cycle.supervise_plan(database, code, as_of=day),
        "collect": lambda: cycle.collect_figures(database, code, as_of=day),
        "escalate": lambda: cycle.escalate_overdue(database, code, as_of=day),
        "deliver": lambda: asyncio.run(send()),
        "audit": lambda: _audit(database, code, day),
    }
    parts = {}
    for name, step in steps.items():
        with timed() as watch:
            step()
        parts[name] = watch.seconds
    database.dispose()
    return Done(parts, peak())


def _audit(database: Database, code: str, day: date) -> None:
    found = cycle.audit_supervision(database, code, as_of=day)
    if found.findings:
        raise RuntimeError(f"{code}: {len(found.findings)} findings, as {found.findings[0]}")


if __name__ == "__main__":
    print(json.dumps(_days(sys.argv[1], int(sys.argv[2]))))
