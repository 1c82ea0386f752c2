"""What nobody can know yet is not assessed, and what comes later leaves an earlier day as it was."""

from __future__ import annotations

from datetime import date

import pytest
from ledger.builders import CHIEF, on_sqlite
from publication.bench import AFTER, Bench

from config.errors import Refused
from config.terms import Population
from supervision import cycle

pytestmark = on_sqlite


def test_a_correction_is_not_made_of_a_day_still_to_come(bench: Bench) -> None:
    bench.open()
    with pytest.raises(Refused, match="数据截止日 2022-08-20 晚于办理日 2022-08-03"):
        bench.correct(by=CHIEF, when=AFTER, as_of="2022-08-20")


def test_a_quarter_is_not_assessed_as_of_a_day_still_to_come(bench: Bench) -> None:
    with pytest.raises(Refused, match="2999-12-31 还没有到"):
        cycle.assess(bench.database, "", "2022Q4", Population.DISTRICTS, as_of=date(2999, 12, 31))
