"""An objection is never lost: not by a correction that is made while it waits, nor by one made before its ruling."""

from __future__ import annotations

import pytest
from ledger.builders import on_sqlite
from publication.bench import Bench

from config.errors import Refused

pytestmark = on_sqlite


def corrected(bench: Bench) -> int:
    """Correct the run that is under publicity, and open the new vintage to objections in its turn."""
    bench.decide_points(bench.propose_points(when="2022-07-29"), when="2022-07-29")
    new = bench.correct(when="2022-07-30", as_of="2022-07-30")
    bench.open(run=new, when="2022-08-01")
    return new


def test_an_objection_that_waits_at_a_replaced_run_holds_up_the_publication_of_the_correction(bench: Bench) -> None:
    bench.open()
    waiting = bench.object_to()
    new = corrected(bench)
    with pytest.raises(Refused, match=f"1 件申诉未作出复核决定（编号 {waiting}）"):
        bench.publish(run=new, when="2022-08-12")
    bench.rule(waiting, when="2022-08-09", uphold=False)
    bench.publish(run=new, when="2022-08-12")


def test_what_was_upheld_after_the_correction_was_made_takes_another_correction(bench: Bench) -> None:
    bench.open()
    waiting = bench.object_to()
    new = corrected(bench)
    bench.rule(waiting, when="2022-08-09", uphold=True)
    with pytest.raises(Refused, match="请先更正数据"):
        bench.publish(run=new, when="2022-08-12")


def test_a_replaced_run_is_not_objected_to(bench: Bench) -> None:
    bench.open()
    corrected(bench)
    with pytest.raises(Refused, match="已有更新的第 2 版"):
        bench.object_to(when="2022-08-01")
