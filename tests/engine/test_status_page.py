"""The status page: what it shows, to whom, and with which safeguards."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import col

from config.clock import moment, now
from config.settings import Settings
from config.terms import FlowOutcome
from database import Database, reading, upgrade, writing
from flows import heartbeat
from models import Person, Plan
from supervision import cycle, in_force
from web.app import SECURITY_HEADERS, create_app
from web.status import NextRun, Outlook, plan_statuses

CODE = "hangzhou-2021-2023"
FRIDAY, MONDAY = date(2022, 7, 1), date(2022, 7, 4)


class Browser:
    """Asks the application itself, without a network between."""

    def __init__(self, app: FastAPI, base_url: str = "http://localhost") -> None:
        self._app = app
        self._base_url = base_url

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url=self._base_url) as client:
                return await client.get(path, headers=headers)

        return asyncio.run(asked())


@pytest.fixture
def database(database: Database) -> Database:
    """The packaged plan, standing still at a Monday."""
    with writing(database) as session:
        session.execute(update(Plan).values(demonstrated_until=MONDAY))
    return database


@pytest.fixture
def client(database: Database, tmp_path: Path) -> Browser:
    """A browser on this machine."""
    app = create_app(Settings(home=tmp_path), database)
    return Browser(app, base_url="http://127.0.0.1:8765")


def test_each_key_task_shows_the_worst_light_and_the_units_it_comes_from(supervised: Database, tmp_path: Path) -> None:
    cycle.supervise_key_task(supervised, CODE, 3, as_of=FRIDAY)
    with writing(supervised) as session:
        session.execute(update(Plan).values(demonstrated_until=MONDAY))
        task = plan_statuses(session)[0].tasks[2]
    client = Browser(create_app(Settings(home=tmp_path), supervised), base_url="http://localhost")
    page = client.get("/").text
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "持续整合小微企业存量资源" in row)
    assert "红灯" in row and "市规划资源局" in row
    assert task.units and all(unit in row for unit in task.units)
    assert f'<td class="number">{task.items}</td></tr>' in row


def test_all_twelve_key_tasks_stand_on_the_page_before_anything_has_run(client: Browser) -> None:
    page = client.get("/").text
    assert len(re.findall('<tr><td class="number">', page)) == 12
    assert "还没有运行过" in page and "还没有通知" in page


def test_the_last_run_of_each_flow_is_shown_with_what_went_wrong(client: Browser, database: Database) -> None:
    with reading(database) as session:
        force = in_force.load(session)
    for flow, outcome, detail in [
        ("escalate_overdue", FlowOutcome.DONE, "早先一次"),
        ("escalate_overdue", FlowOutcome.FAILED, "2027 年的节假日安排尚未发布"),
        ("supervise_key_task/3", FlowOutcome.DONE, "分任务正常"),
        ("supervise_key_task/4", FlowOutcome.FAILED, "分任务失败"),
    ]:
        number = heartbeat.begin(database, force, flow, as_of=FRIDAY, at=now())
        heartbeat.end(database, number, outcome, at=now(), detail=detail)
    heartbeat.begin(database, force, "deliver_notices", as_of=FRIDAY, at=now())
    page = client.get("/").text
    assert "2027 年的节假日安排尚未发布" in page and "早先一次" not in page
    assert "分任务失败" in page and "分任务正常" not in page
    assert "运行中或已中断" in page


def test_what_the_clock_will_do_is_shown_in_the_words_of_the_office(database: Database, tmp_path: Path) -> None:
    told = Outlook(
        clock="运行中",
        engine="启动中",
        titles={"escalate_overdue": "逾期提醒与升级"},
        next_runs=[NextRun(CODE, "逾期提醒与升级", moment(MONDAY, now().time().replace(8, 45)))],
    )
    app = create_app(Settings(home=tmp_path), database, outlook=lambda: told)
    page = Browser(app, base_url="http://localhost").get("/").text
    assert "2022-07-04 08:45" in page and "逾期提醒与升级" in page and "启动中" in page


def test_made_up_data_is_marked_and_real_data_is_not(database: Database, tmp_path: Path) -> None:
    client = Browser(create_app(Settings(home=tmp_path), database), base_url="http://localhost")
    assert "模拟数据" in client.get("/").text
    with writing(database) as session:
        session.execute(update(Plan).values(demonstrated_until=None))
    assert "模拟数据" not in client.get("/").text
    with writing(database) as session:
        session.execute(update(Person).where(col(Person.login) == "scjg.liaison").values(synthetic=True))
    assert "模拟数据" in client.get("/").text


def test_it_says_where_mails_lie_when_no_server_sends_them(database: Database, tmp_path: Path) -> None:
    def page(settings: Settings) -> str:
        return Browser(create_app(settings, database), base_url="http://localhost").get("/").text

    assert str(tmp_path / "mail") in page(Settings(home=tmp_path))
    assert str(tmp_path / "mail") not in page(Settings(home=tmp_path, smtp_host="mail.example.org"))


def test_what_a_plan_holds_is_text_and_never_markup(client: Browser, database: Database) -> None:
    with reading(database) as session:
        force = in_force.load(session)
    number = heartbeat.begin(database, force, "escalate_overdue", as_of=FRIDAY, at=now())
    heartbeat.end(database, number, FlowOutcome.FAILED, at=now(), detail="<script>alert(1)</script>")
    page = client.get("/").text
    assert "<script" not in page and "&lt;script&gt;" in page


# --- safeguards


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/static/duban.css", "/nothing-here"])
def test_every_answer_carries_the_safeguards(path: str, client: Browser) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_the_page_needs_nothing_that_its_own_policy_forbids(client: Browser) -> None:
    page = client.get("/").text
    assert "style=" not in page and "<script" not in page and "http://" not in page and "https://" not in page
    assert client.get("/static/duban.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.7:8765", ""])
def test_a_page_addressed_by_a_foreign_name_is_refused(host: str, client: Browser) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 403 and "杭州" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "[::1]:8765", "duban.example.cn"])
def test_this_machine_and_the_portals_own_name_are_answered(host: str, database: Database, tmp_path: Path) -> None:
    app = create_app(Settings(home=tmp_path, portal_url="https://duban.example.cn/"), database)
    assert Browser(app).get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_nothing_is_served_that_was_not_asked_for(path: str, client: Browser) -> None:
    assert client.get(path).status_code == 404


# --- when something is wrong


def test_alive_is_not_yet_ready(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    client = Browser(create_app(Settings(home=tmp_path), empty), base_url="http://localhost")
    assert client.get("/healthz").status_code == 200
    for _ in ("not initialised", "no plan"):
        answer = client.get("/readyz")
        assert answer.status_code == 503 and "duban init" in answer.json()["why"]
        page = client.get("/")
        assert page.status_code == 503 and "duban init" in page.text
        upgrade(empty)


def test_readiness_names_the_plans(client: Browser) -> None:
    assert client.get("/readyz").json() == {
        "status": "ready", "plans": [CODE], "engine": "未启用", "clock": "未启用",
    }  # fmt: skip
