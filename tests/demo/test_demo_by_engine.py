"""The whole of `duban demo`: the last days run as flows on a real Prefect server, and the same comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlmodel import col
from theatre import FIRST, STORY, Played, Theatre

from config.plan import Plan
from config.terms import FlowOutcome
from demo import run
from demo.summary import Summary
from models import FlowRun, Message

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("demonstration")]

NOWHERE = "127.0.0.1"
DISCARD = 9
"""A port on which nobody takes mail."""


@dataclass(frozen=True)
class Shown:
    """What a demonstration by the engine left, returned and told on its way."""

    theatre: Theatre
    summary: Summary
    told: tuple[tuple[int, int, str], ...]


@pytest.fixture(scope="module")
def shown(river_city: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """The river city, demonstrated through the first quarter in an installation that would send real mail."""
    theatre = Theatre.at(tmp_path_factory.mktemp("shown"), river_city)
    settings = replace(
        theatre.settings, smtp_host=NOWHERE, smtp_port=DISCARD, engine_url=f"http://{NOWHERE}:{DISCARD}/api"
    )
    told: list[tuple[int, int, str]] = []
    found = run.demo(settings, theatre.database, until=FIRST, seed=STORY, progress=lambda *step: told.append(step))
    yield Shown(theatre, found, tuple(told))
    theatre.database.dispose()


def test_through_the_engine_the_same_is_recorded(shown: Shown, played: Played) -> None:
    assert shown.theatre.head() == played.head_after_first
    assert shown.summary.findings == ()


def test_each_of_the_last_days_every_flow_has_run(shown: Shown, played: Played) -> None:
    runs = shown.theatre.rows(FlowRun)
    assert {each.outcome for each in runs} == {FlowOutcome.DONE}
    last = [day for day in played.days if day <= shown.summary.day][-run.DAYS_BY_ENGINE :]
    for flow in ("supervise_plan", "supervise_key_task/1", "collect_figures", "escalate_overdue", "deliver_notices"):
        assert sorted({each.as_of for each in runs if each.flow == flow}) == last
    assert [each.as_of for each in runs if each.flow == "assess_districts"] == [shown.summary.day]


def test_mail_goes_nowhere_but_into_the_maildir(shown: Shown) -> None:
    mails = list((shown.theatre.settings.home / "mail" / "new").iterdir())
    assert (
        len(mails)
        == len(shown.theatre.rows(Message, col(Message.sent_at).is_not(None)))
        == shown.summary.counts["邮件"]
    )


def test_progress_is_told_step_by_step(shown: Shown) -> None:
    steps = shown.told[-1][1]
    assert [step for step, _, _ in shown.told] == list(range(1, steps + 1))
    assert all(of == steps for _, of, _ in shown.told)
    assert "流程引擎" in shown.told[-1][2] and "流程引擎" not in shown.told[0][2]


def test_the_summary_has_the_tables_and_says_where_to_look(shown: Shown) -> None:
    found = shown.summary
    assert [line.rank for line in found.districts] == sorted(line.rank or 0 for line in found.districts)
    assert all(set(line.points) == {"targets", "key_tasks", "reporting", "supervision"} for line in found.districts)
    assert len(found.units) == 4
    assert found.overdue_count >= len(found.overdue)
    assert sum(each.count for each in found.notices) > 0
    assert found.elapsed > 0
    assert any("duban serve" in place for place in found.where)
    assert any(str(shown.theatre.settings.home / "mail") in place for place in found.where)


def test_no_server_is_left_running(shown: Shown) -> None:
    running = [_command(process) for process in Path("/proc").iterdir() if process.name.isdigit()]
    home = str(shown.theatre.settings.home)
    assert not [command for command in running if "flows.engine_server" in command and home in command]


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text() + (process / "environ").read_text()
    except OSError:  # gone meanwhile, or somebody else's
        return ""
