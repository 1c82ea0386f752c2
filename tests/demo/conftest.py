"""One demonstration of the river city, carried through two quarters, for all tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from theatre import FIRST, RIVER_CITY, SECOND, Head, Played, Theatre

from config.plan import Plan, load_plan
from demo import run
from supervision import cycle


@pytest.fixture(scope="session")
def river_city() -> Plan:
    """The river city's plan."""
    return load_plan(RIVER_CITY)


@pytest.fixture(scope="session")
def played(river_city: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The river city, played straight through the second quarter; audited every evening."""
    theatre = Theatre.at(tmp_path_factory.mktemp("played"), river_city)
    stage, days = theatre.opened(SECOND)
    first_is_over = next(day for day, quarters in stage.frozen.items() if FIRST in map(str, quarters))
    findings: list[str] = []
    heads: list[Head] = []

    def evening(day: date) -> None:
        findings.extend(cycle.audit_supervision(theatre.database, stage.plan_code, as_of=day).findings)
        if day == first_is_over:
            heads.append(theatre.head())

    run.play_directly(stage, days, evening)
    yield Played(theatre, stage, days, tuple(findings), heads[0])
    theatre.database.dispose()
