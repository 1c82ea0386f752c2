"""`duban heartbeat check`: who is silent, said once by mail and each time on the terminal."""

from __future__ import annotations

from datetime import date, datetime

from calling import Duban
from freezegun import freeze_time

from config.clock import ZONE
from config.terms import FlowOutcome
from database import Database, reading
from flows import heartbeat
from flows.schedule import schedule
from supervision import in_force

NOON = datetime(2022, 7, 1, 12, 0, tzinfo=ZONE)


def everything_ran(url: str, *, but: str = "") -> None:
    database = Database(url)
    with reading(database) as session:
        force = in_force.load(session)
    for entry in schedule():
        if entry.flow != but:
            number = heartbeat.begin(database, force, entry.flow, as_of=date(2022, 7, 1), at=NOON)
            heartbeat.end(database, number, FlowOutcome.DONE, at=NOON)
    database.dispose()


def test_a_silent_flow_is_named_and_told_once(office: Duban, supervised_url: str) -> None:
    everything_ran(supervised_url, but="escalate_overdue")
    with freeze_time(NOON, tick=True, real_asyncio=True):
        first, again = office("heartbeat", "check"), office("heartbeat", "check", "--json")
    assert (first.code, again.code) == (1, 1)
    assert first.out == (
        "hangzhou-2021-2023 流程“逾期提醒与升级”未按时运行：应于 2022-07-01 08:45 运行，"
        "已过宽限时间，从未办结过一次运行\n"
    )  # fmt: skip
    assert '"flow": "escalate_overdue"' in again.out and '"told": false' in again.out
    assert '"planned": "2022-07-01T08:45:00+08:00"' in again.out


def test_all_is_well_while_every_flow_has_run(office: Duban, supervised_url: str) -> None:
    everything_ran(supervised_url)
    with freeze_time(NOON, tick=True, real_asyncio=True):
        assert office("heartbeat", "check").out == "各流程均按时运行\n"
        assert office("heartbeat", "check", "--json").data == {"silent": []}


def test_before_the_first_init_it_says_what_to_do(duban: Duban) -> None:
    done = duban("heartbeat", "check")
    assert done.code == 1 and "duban init" in done.complaint
