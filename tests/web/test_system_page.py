"""How the installation is: what the page shows, and what a monitor is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import col
from web_client import ORIGIN, PASSWORD, Client, words

from config.clock import moment, now
from config.settings import Settings
from config.terms import FlowOutcome
from database import Database, reading, upgrade, writing
from flows import heartbeat
from models import Person, Plan
from supervision import cycle, in_force
from supervision.ledger.silences import Silence
from web.app import create_app
from web.safeguards import SECURITY_HEADERS
from web.status import NextRun, Outlook, plan_statuses

CODE = "hangzhou-2021-2023"
FRIDAY, MONDAY = date(2022, 7, 1), date(2022, 7, 4)

Enter = Callable[[str], Client]


@pytest.fixture
def client(signed_in: Enter) -> Client:
    """Somebody of the office."""
    return signed_in("office.chief")


def test_each_key_task_shows_the_worst_light_and_the_units_it_comes_from(client: Client, standing: Database) -> None:
    cycle.supervise_key_task(standing, CODE, 3, as_of=FRIDAY)
    with reading(standing) as session:
        task = plan_statuses(session)[0].tasks[2]
    page = client.get("/system").text
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "持续整合小微企业存量资源" in row)
    assert "红灯" in row and "市规划资源局" in row
    assert task.units and all(unit in row for unit in task.units)
    assert f'<td class="number">{task.items}</td></tr>' in row


def test_all_twelve_key_tasks_stand_on_the_page_before_anything_has_run(client: Client) -> None:
    page = client.get("/system").text
    assert len(re.findall('<tr><td class="number">', page)) == 12
    assert "还没有运行过" in page and "还没有通知" in page


def test_the_last_run_of_each_flow_is_shown_with_what_went_wrong(client: Client, standing: Database) -> None:
    with reading(standing) as session:
        force = in_force.load(session)
    for flow, outcome, detail in [
        ("escalate_overdue", FlowOutcome.DONE, "早先一次"),
        ("escalate_overdue", FlowOutcome.FAILED, "2027 年的节假日安排<b>尚未发布"),
        ("supervise_key_task/3", FlowOutcome.DONE, "分任务正常"),
        ("supervise_key_task/4", FlowOutcome.FAILED, "分任务失败"),
    ]:
        number = heartbeat.begin(standing, force, flow, as_of=FRIDAY, at=now())
        heartbeat.end(standing, number, outcome, at=now(), detail=detail)
    heartbeat.begin(standing, force, "deliver_notices", as_of=FRIDAY, at=now())
    page = client.get("/system").text
    assert "2027 年的节假日安排&lt;b&gt;尚未发布" in page and "早先一次" not in page
    assert "分任务失败" in page and "分任务正常" not in page
    assert "运行中或已中断" in page


def test_what_the_clock_will_do_is_shown_in_the_words_of_the_office(
    client: Client, standing: Database, tmp_path: Path
) -> None:
    told = Outlook(
        clock="运行中",
        engine="启动中",
        titles={"escalate_overdue": "逾期提醒与升级"},
        next_runs=[NextRun(CODE, "逾期提醒与升级", moment(MONDAY, now().time().replace(8, 45)))],
    )
    client.app = create_app(Settings(home=tmp_path, portal_url=ORIGIN), standing, outlook=lambda: told)
    page = client.get("/system").text
    assert "2022-07-04 08:45" in page and "逾期提醒与升级" in page and "启动中" in page


def test_a_silent_flow_is_a_to_do_until_it_has_run(client: Client, standing: Database, tmp_path: Path) -> None:
    silent = [Silence("escalate_overdue", "逾期提醒与升级", moment(FRIDAY, now().time().replace(8, 45)), None)]
    settings = Settings(home=tmp_path, portal_url=ORIGIN)
    client.app = create_app(settings, standing, outlook=lambda: Outlook(silent=lambda force: silent))
    page = client.get("/system").text
    assert "待办：1 个流程未按时运行" in page and "从未办结过一次运行" in page and "escalate_overdue" in page
    silent.clear()
    assert "未按时运行" not in client.get("/system").text


def test_made_up_data_is_marked_and_real_data_is_not(client: Client, standing: Database) -> None:
    assert "模拟数据" in client.get("/system").text
    with writing(standing) as session:
        session.execute(update(Plan).values(demonstrated_until=None))
    assert "模拟数据" not in client.get("/system").text
    with writing(standing) as session:
        session.execute(update(Person).where(col(Person.login) == "scjg.liaison").values(synthetic=True))
    assert "模拟数据" in client.get("/system").text


def test_it_says_where_mails_lie_when_no_server_sends_them(client: Client, standing: Database, tmp_path: Path) -> None:
    assert str(tmp_path / "mail") in client.get("/system").text
    settings = Settings(home=tmp_path, smtp_host="mail.example.org", portal_url=ORIGIN)
    client.app = create_app(settings, standing)
    assert str(tmp_path / "mail") not in client.get("/system").text


# --- what every answer carries


@pytest.mark.parametrize("path", ["/", "/sign-in", "/system", "/healthz", "/readyz", "/nothing-here"])
def test_every_answer_carries_the_safeguards(path: str, client: Client) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.7:8765", "", "[::1", "a b"])
def test_a_page_addressed_by_a_foreign_name_is_refused(host: str, client: Client) -> None:
    answer = client.get("/system", Host=host)
    assert answer.status_code == 403 and "杭州" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "[::1]:8765", "duban.example.cn"])
def test_this_machine_and_the_portals_own_name_are_answered(host: str, client: Client) -> None:
    assert client.get("/healthz", Host=host).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/static/../app.py", "/no/such/page"])
def test_nothing_is_served_that_was_not_asked_for(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 and "没有这个页面" in words(answer)


def test_a_body_over_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.post("/account/plan", {"plan": "x" * (101 * 2**20)})
    assert answer.status_code == 413 and "超过 100 MB" in words(answer) and "<h1>没有办成</h1>" in answer.text
    answer = client.post("/api/v1/items/1/acts", {"comment": "x" * (21 * 2**20)})
    assert answer.status_code == 413 and "超过 20 MB" in answer.json()["message"]


# --- when something is wrong


def test_alive_is_not_yet_ready(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'nothing.db'}")
    client = Client(create_app(Settings(home=tmp_path, portal_url=ORIGIN), empty))
    assert client.get("/healthz").status_code == 200
    for _ in ("not initialised", "no plan"):
        answer = client.get("/readyz")
        assert answer.status_code == 503 and "duban init" in answer.json()["why"]
        upgrade(empty)
    empty.dispose()


def test_signing_in_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'nothing.db'}")
    client = Client(create_app(Settings(home=tmp_path, portal_url=ORIGIN), empty))
    answer = client.post("/sign-in", {"login": "scjg.liaison", "password": PASSWORD})
    assert answer.status_code == 503 and "duban init" in words(answer)
    empty.dispose()


def test_readiness_names_the_plans(app: FastAPI) -> None:
    assert Client(app).get("/readyz").json() == {
        "status": "ready", "plans": [CODE], "engine": "未启用", "clock": "未启用",
    }  # fmt: skip
