"""What the server of processes goes through once, so that none of its forks has to: imports, mappers, statements."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from cycle.days import Installation, put_harbour_city, whole_day, working_days
from cycle.eve import EVE, FIRST_DAY
from processes import runner

__all__ = ["runner"]

_DAYS = 4
"""Enough for every statement of an ordinary day."""


def _warm_up(url: str) -> None:
    with TemporaryDirectory() as home:
        installation = Installation(url, Path(home))
        with installation.open() as database:
            put_harbour_city(database)
            for day in working_days(database, FIRST_DAY, EVE)[:_DAYS]:
                whole_day(database, installation.settings, day)


for _url in os.environ.get("WARMED_ON", "").split():
    _warm_up(_url)
