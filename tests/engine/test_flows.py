"""Flows on a real engine: they do what the plain functions do, say when they do nothing, and leave a heartbeat."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import urllib.request
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from config import clock
from config.errors import BadInput, FontsMissing, UnknownName
from config.settings import Settings
from config.terms import FlowOutcome, Population
from database import Database, reading, writing
from documents import fonts
from flows import heartbeat
from flows.attended import attended
from flows.catalogue import known_flow
from flows.engine import Engine
from flows.installation import working_in
from flows.results import Assessed, Audited, Skipped
from flows.run import call
from flows.run import run as run_once
from models import Assessment, Delivery, FlowRun, Item, Notice, Person
from notifications.outbox import Delivered
from supervision import cycle, in_force
from supervision.cycle import Incomplete, Made

pytestmark = pytest.mark.engine

FRIDAY, MONDAY, HOLIDAY = date(2022, 7, 1), date(2022, 7, 4), date(2022, 10, 3)
CODE = "hangzhou-2021-2023"


def artifact(engine: Engine, key: str) -> dict[str, Any]:
    """Return the newest artifact under `key`, as the engine shows it."""
    request = urllib.request.Request(f"{engine.api_url}/artifacts/{key}/latest")
    request.add_header("Authorization", "Basic " + base64.b64encode(engine.auth.encode()).decode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def runs(database: Database, flow: str = "") -> list[FlowRun]:
    with reading(database) as session:
        found = session.scalars(select(FlowRun).order_by(col(FlowRun.id))).all()
        session.expunge_all()
    return [run for run in found if not flow or run.flow == flow]


def items(database: Database) -> list[tuple[Any, ...]]:
    with reading(database) as session:
        columns = [col(Item.occurrence), col(Item.due), col(Item.status), col(Item.unit_id), col(Item.assigned_at)]
        return [tuple(row) for row in session.execute(select(*columns).order_by(col(Item.occurrence)))]


def keys(database: Database) -> set[str]:
    with reading(database) as session:
        return set(session.scalars(select(col(Notice.key))))


# --- the same as the plain functions


def test_a_flow_makes_exactly_what_the_plain_functions_make(run_flow, office: Settings, tmp_path: Path) -> None:
    shutil.copy(office.home / "duban.db", tmp_path / "plain.db")
    plain = Database(f"sqlite:///{tmp_path / 'plain.db'}")
    made = run_flow("supervise_plan", as_of=FRIDAY)
    climbed = run_flow("escalate_overdue", as_of=MONDAY)
    by_hand = cycle.supervise_plan(plain, CODE, as_of=FRIDAY), cycle.escalate_overdue(plain, CODE, as_of=MONDAY)

    engine = Database(office.database_url)
    assert made.created == by_hand[0].created and made.created["items"] > 0
    assert climbed == by_hand[1] and climbed.notices
    assert items(engine) == items(plain)
    assert keys(engine) == keys(plain)


def test_one_key_task_is_a_flow_of_its_own(run_flow, database: Database) -> None:
    made = run_flow("supervise_key_task", number=3, as_of=FRIDAY)
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Item)) == sum(made.created.values())
    assert run_flow("supervise_key_task", number=3, as_of=FRIDAY).created == {"items": 0, "retrospective": 0}
    assert [run.flow for run in runs(database)] == ["supervise_key_task/3"] * 2


def test_figures_are_collected_once_however_often_the_flow_runs(run_flow) -> None:
    first = run_flow("collect_figures", as_of=FRIDAY)
    assert first.created["requests"] > 0
    assert run_flow("collect_figures", as_of=FRIDAY).created["requests"] == 0


def test_notices_go_out_and_lie_in_the_maildir(run_flow, office: Settings, database: Database) -> None:
    run_flow("supervise_key_task", number=3, as_of=FRIDAY)
    delivered = run_flow("deliver_notices", at=clock.moment(MONDAY, datetime.min.time().replace(hour=9)))
    assert isinstance(delivered, Delivered) and delivered.sent > 0
    assert any((office.home / "mail" / "new").iterdir())
    assert runs(database, "deliver_notices")[-1].as_of == MONDAY


def test_outside_working_time_notices_stay(run_flow, office: Settings, database: Database) -> None:
    run_flow("supervise_key_task", number=3, as_of=FRIDAY)
    delivered = run_flow("deliver_notices", at=clock.moment(HOLIDAY, datetime.min.time().replace(hour=9)))
    assert delivered.sent == 0 and delivered.deferred > 0
    with reading(database) as session:
        assert session.scalar(select(func.count()).where(col(Delivery.delivered_at).is_not(None))) == 0


# --- days on which nothing is done


@pytest.mark.parametrize("flow", ["supervise_plan", "collect_figures", "escalate_overdue"])
def test_on_a_day_off_a_flow_says_so_and_does_nothing(flow: str, run_flow, database: Database) -> None:
    result = run_flow(flow, as_of=HOLIDAY)
    assert isinstance(result, Skipped) and "不是工作日" in result.because
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Item)) == 0
    assert [(run.outcome, run.as_of) for run in runs(database)] == [(FlowOutcome.SKIPPED, HOLIDAY)]


def test_a_worked_saturday_is_a_day_like_any_other(run_flow) -> None:
    assert isinstance(run_flow("escalate_overdue", as_of=date(2022, 10, 8)), Made)


# --- heartbeats


def test_a_run_leaves_when_it_began_and_ended_and_what_it_did(run_flow, database: Database) -> None:
    before = clock.now()
    run_flow("escalate_overdue", as_of=FRIDAY)
    (run,) = runs(database)
    assert run.finished_at is not None
    assert before <= run.started_at <= run.finished_at <= clock.now()
    assert (run.flow, run.as_of, run.outcome) == ("escalate_overdue", FRIDAY, FlowOutcome.DONE)
    assert run.detail == f"截至 {FRIDAY}：没有新增"


def test_a_run_that_fails_leaves_why_and_fails(run_flow, database: Database) -> None:
    with pytest.raises(UnknownName, match="13"):
        run_flow("supervise_key_task", number=13, as_of=FRIDAY)
    (run,) = runs(database)
    assert run.outcome is FlowOutcome.FAILED and "13" in run.detail
    with reading(database) as session:
        assert "supervise_key_task/13" not in heartbeat.last_runs(database, in_force.load(session))


def test_a_run_that_is_cut_off_leaves_that_it_was(office: Settings, database: Database) -> None:
    async def cut_off() -> None:
        async def work(_run: object) -> Made:
            await asyncio.sleep(60)
            raise AssertionError

        with working_in(office):
            running = asyncio.create_task(attended("escalate_overdue", work, plan="", as_of=FRIDAY))
            while not await asyncio.to_thread(runs, database):
                await asyncio.sleep(0.01)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

    asyncio.run(cut_off())
    (run,) = runs(database)
    assert run.outcome is FlowOutcome.FAILED and run.detail == "运行中断"


def test_the_failure_of_one_key_task_stops_no_other(run_flow, database: Database, monkeypatch) -> None:
    whole = cycle.supervise_key_task

    def broken(db: Database, plan: str, number: int, *, as_of: date) -> Made:
        if number == 2:
            raise BadInput("举措 2.1 的期限无法推算")
        return whole(db, plan, number, as_of=as_of)

    monkeypatch.setattr(cycle, "supervise_key_task", broken)
    with pytest.raises(Incomplete) as failure:
        run_flow("supervise_plan", as_of=FRIDAY)
    assert failure.value.failures == ("重点任务 2：举措 2.1 的期限无法推算",)
    outcomes = {run.flow: run.outcome for run in runs(database)}
    assert outcomes.pop("supervise_plan") is outcomes.pop("supervise_key_task/2") is FlowOutcome.FAILED
    assert set(outcomes.values()) == {FlowOutcome.DONE} and len(outcomes) == 12


def test_the_plan_counts_as_supervised_when_each_part_was_on_its_own(supervised: Database) -> None:
    database = supervised
    with reading(database) as session:
        force = in_force.load(session)
    parts = [heartbeat.SAFEGUARDS, *(heartbeat.key_task_run(task.number) for task in force.plan.key_tasks)]
    times = {part: clock.moment(MONDAY, datetime.min.time().replace(hour=9, minute=n)) for n, part in enumerate(parts)}
    for part in parts[:-1]:
        _ran(database, force, part, times[part])
    assert heartbeat.PLAN not in heartbeat.last_runs(database, force)
    _ran(database, force, parts[-1], times[parts[-1]])
    assert heartbeat.last_runs(database, force)[heartbeat.PLAN] == min(times.values())


def _ran(database: Database, force: Any, flow: str, at: datetime) -> None:
    heartbeat.end(database, heartbeat.begin(database, force, flow, as_of=MONDAY, at=at), FlowOutcome.DONE, at=at)


# --- what the engine shows


def test_the_rungs_that_were_climbed_stand_in_a_table_of_the_run(run_flow, running: Engine) -> None:
    run_flow("supervise_key_task", number=3, as_of=FRIDAY)
    climbed = run_flow("escalate_overdue", as_of=MONDAY)
    shown = artifact(running, f"{CODE}-escalate-overdue")
    rows = json.loads(shown["data"])
    assert shown["description"] == f"截至 {MONDAY}：通知 {len(climbed.notices)}"
    assert {row["级别"] for row in rows} == {"催办"} and len(rows) == len(climbed.notices)


def test_an_assessment_is_stored_once_and_shown_with_its_draft(run_flow, running: Engine, database: Database) -> None:
    run_flow("supervise_plan", as_of=FRIDAY)
    with writing(database) as session:
        session.execute(update(Person).values(synthetic=True))
    assessed = run_flow("assess_districts", quarter="2022Q2")
    assert isinstance(assessed, Assessed)
    assert set(assessed.as_json()) == {"quarter", *(population.value for population in Population)}
    shown = artifact(running, f"{CODE}-assess-districts-districts")["data"]
    for words in ("2022Q2 考核", "模拟数据", "上城区", "位次", assessed.results["districts"]["scheme_hash"]):
        assert words in shown
    _shows_the_draft(running, database)
    assert run_flow("assess_districts", quarter="2022Q2") == assessed
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == len(Population)


def _shows_the_draft(running: Engine, database: Database) -> None:
    """Assert that draft bulletin, charts and the way to the workbook hang on the run."""
    key = f"{CODE}-assess-districts-districts"
    bulletin = artifact(running, f"{key}-bulletin")
    for words in ("**模拟数据**", "征求意见稿", "## 一、总体情况", "## 二、考核结果", "上城区", "| --- |"):
        assert words in bulletin["data"]
    assert "考核（区、县（市））：通报草稿" in bulletin["description"]
    with reading(database) as session:
        number = session.scalars(select(col(Assessment.id)).where(col(Assessment.population) == "districts")).one()
    workbook = artifact(running, f"{key}-workbook")
    assert f"http://127.0.0.1:8765/assessments/{number}/report.zip" in workbook["data"]
    assert "模拟数据" in workbook["description"]
    if not _has_fonts():
        assert "没有图表" in bulletin["description"]
        return
    league = artifact(running, f"{key}-league")
    kind, _, drawing = league["data"].partition(",")
    assert (league["type"], kind) == ("image", "data:image/svg+xml;base64")
    assert b"<svg" in base64.b64decode(drawing) and "上城区" in league["description"]


def test_without_a_font_the_draft_is_shown_without_charts_and_says_why(
    run_flow, running: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise FontsMissing("没有中文字体")

    monkeypatch.setattr("documents.fonts.find", missing)
    run_flow("assess_districts", quarter="2022Q1")
    bulletin = artifact(running, f"{CODE}-assess-districts-units-bulletin")
    assert bulletin["description"].endswith("；没有图表：没有中文字体")
    assert "2022年第一季度" in bulletin["data"]


def _has_fonts() -> bool:
    try:
        fonts.find()
    except FontsMissing:
        return False
    return True


def test_without_a_quarter_the_last_frozen_one_is_assessed_and_only_once(run_flow) -> None:
    assert isinstance(run_flow("assess_districts", as_of=date(2022, 1, 3)), Skipped)
    assert run_flow("assess_districts", as_of=date(2022, 7, 25)).quarter == "2022Q2"
    again = run_flow("assess_districts", as_of=date(2022, 7, 26))
    assert isinstance(again, Skipped) and "2022Q2 已考核" in again.because
    assert run_flow("assess_districts", as_of=date(2023, 1, 28)).quarter == "2022Q4"


def test_a_sound_installation_passes_its_audit(run_flow, running: Engine) -> None:
    run_flow("supervise_key_task", number=3, as_of=FRIDAY)
    run_flow("escalate_overdue", as_of=MONDAY)
    audited = run_flow("audit_supervision", as_of=MONDAY)
    assert isinstance(audited, Audited) and audited.findings == () and audited.checked["items"] > 0
    assert "审计链完整" in artifact(running, f"{CODE}-audit-supervision")["data"]


def test_an_audit_names_what_was_not_escalated(run_flow, running: Engine) -> None:
    run_flow("supervise_key_task", number=3, as_of=FRIDAY)
    audited = run_flow("audit_supervision", as_of=MONDAY)
    assert audited.findings and all("催办" in finding for finding in audited.findings)
    shown = artifact(running, f"{CODE}-audit-supervision")["data"]
    assert f"发现 {len(audited.findings)} 项问题" in shown


def test_without_a_mailbox_no_mail_is_fetched_and_with_one_that_is_away_the_run_fails(
    run_flow, office: Settings, running: Engine, database: Database
) -> None:
    assert run_flow("fetch_mail").because == "未设收信邮箱"
    away = {"imap_host": "127.0.0.1", "imap_port": 1, "imap_tls": "none", "reply_secret": "0123456789abcdef"}
    with pytest.raises(BadInput, match="mail_reply_to"):
        asyncio.run(call(known_flow("fetch_mail"), Settings(**{**vars(office), **away, "mail_from": "x"}), running))
    assert runs(database, "fetch_mail")[-1].outcome is FlowOutcome.FAILED


def test_an_audit_of_today_names_the_flows_that_did_not_run(run_flow, database: Database) -> None:
    said = [finding for finding in run_flow("audit_supervision").findings if "没有办结记录" in finding]
    assert len(said) == 6 and any("通知发送" in finding and "从未运行" in finding for finding in said)
    with reading(database) as session:
        force = in_force.load(session)
    daily = ("supervise_plan", "collect_figures", "escalate_overdue", "deliver_notices", "fetch_mail")
    for flow in (*daily, "assess_districts"):
        _ran(database, force, flow, clock.now())
    assert not [finding for finding in run_flow("audit_supervision").findings if "没有办结记录" in finding]


# --- asked for wrongly


def test_a_slip_is_told_without_starting_an_engine(office: Settings) -> None:
    with pytest.raises(UnknownName, match="supervise_plan"):
        run_once("supervize", office)
    with pytest.raises(BadInput, match="没有“季度”"):
        run_once("escalate", office, quarter="2022Q2")
    with pytest.raises(BadInput, match="重点任务编号"):
        run_once("supervise-key-task", office)
    assert not (office.home / "engine").exists()
