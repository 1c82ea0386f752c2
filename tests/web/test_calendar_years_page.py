"""放假安排: seen by who oversees, loaded by managers from a file, after a look at what would move."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape

import chinese_calendar
import httpx
import pytest
from ledger.builders import CHIEF, CLERK, LEADER, LIAISON, Office
from sqlalchemy import select
from sqlmodel import col
from web_client import Client, words

from database import Database, reading
from models import CalendarYear, Event, Item

Enter = Callable[[str], Client]

PREVIEW, LOAD = "/calendar-years/preview", "/calendar-years"


def a_file(*off: str, year: int = 2022) -> bytes:
    """Return the national arrangement of the year with some more days off."""
    named = {each: True for each in chinese_calendar.holidays if each.year == year}
    named |= {each: False for each in chinese_calendar.workdays if each.year == year}
    named |= {date.fromisoformat(each): True for each in off}
    days = [{"name": "测试", "date": day.isoformat(), "isOffDay": named[day]} for day in sorted(named)]
    return json.dumps({"year": year, "days": days}, ensure_ascii=False).encode()


def look(client: Client, content: bytes, name: str = "2022.json") -> httpx.Response:
    return client.post(PREVIEW, files={"file": (name, content, "application/json")})


def confirmed(page: httpx.Response) -> dict[str, str]:
    """Return what the form of the preview sends."""
    return {name: unescape(value) for name, value in re.findall(r'name="(content|seen)" value="([^"]*)"', page.text)}


def loaded(database: Database) -> list[int]:
    with reading(database) as session:
        return list(session.scalars(select(col(CalendarYear.year))))


def due(database: Database, number: int) -> date:
    with reading(database) as session:
        return session.get_one(Item, number).due


@pytest.fixture
def item(standing: Database) -> int:
    """An item due on 20 July 2022, by somebody's word."""
    return Office(standing).an_item(due=date(2022, 7, 20), assigned="2022-07-01")


def test_the_years_that_the_plan_needs_are_shown_with_their_working_days(signed_in: Enter) -> None:
    shown = words(signed_in(LEADER).get(LOAD))
    assert "2021 250 随系统提供" in shown and "2022 249 随系统提供" in shown and "2024 251" in shown
    assert "查看影响" not in shown and "查看影响" in words(signed_in(CHIEF).get(LOAD))


def test_units_do_not_come_here_and_who_only_oversees_loads_nothing(signed_in: Enter, standing: Database) -> None:
    assert signed_in(LIAISON).get(LOAD).status_code == 403
    for login in (LIAISON, LEADER, "auditor"):
        client = signed_in(login)
        assert look(client, a_file()).status_code == client.post(LOAD).status_code == 403
    assert not loaded(standing)


def test_what_would_move_is_shown_and_moves_only_when_it_is_confirmed(
    signed_in: Enter, standing: Database, item: int
) -> None:
    clerk = signed_in(CLERK)
    page = look(clerk, a_file("2022-07-20"))
    shown = words(page)
    assert page.status_code == 200 and "将要改期的事项（1 项）" in shown and "2022-07-20 2022-07-21" in shown
    assert f'href="/items/{item}"' in page.text and due(standing, item) == date(2022, 7, 20) and not loaded(standing)
    done = words(clerk.follow(clerk.post(LOAD, confirmed(page))))
    assert "2022 年放假安排已载入，改期 1 项" in done and "2022 248 从文件载入" in done and CLERK in done
    assert due(standing, item) == date(2022, 7, 21) and loaded(standing) == [2022]
    with reading(standing) as session:
        event = session.scalars(select(Event).where(col(Event.action) == "load_calendar")).one()
        assert (event.actor, event.data) == (CLERK, {"year": 2022, "moved": 1})


def test_what_has_changed_since_the_preview_is_shown_again_before_anything_moves(
    signed_in: Enter, standing: Database, item: int
) -> None:
    clerk = signed_in(CLERK)
    form = confirmed(look(clerk, a_file("2022-07-20")))
    another = Office(standing).an_item(
        due=date(2022, 7, 20), assigned="2022-07-01", title="另一事项", occurrence="test/other"
    )
    refused = clerk.post(LOAD, form)
    assert refused.status_code == 409 and "在预览之后有变化" in words(refused) and "另一事项" in words(refused)
    assert not loaded(standing) and due(standing, item) == date(2022, 7, 20)
    assert clerk.post(LOAD, confirmed(refused)).status_code == 303
    assert due(standing, item) == due(standing, another) == date(2022, 7, 21)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not json", "不是有效的 JSON 文件"),
        (b"[" * 200_000, "不是有效的 JSON 文件"),
        (b"\xff\xfe", "不是 UTF-8"),
        (b'{"year": 2022, "days": []}', "不能为空"),
        (b'{"year": 2022, "days": [{"name": "x", "date": "2021-01-01", "isOffDay": true}]}', "不在 2022 年内"),
        (b" " * 300_000, "超过 256 KB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(content: bytes, why: str, signed_in: Enter) -> None:
    answer = look(signed_in(CHIEF), content)
    assert answer.status_code == 422 and why in words(answer)


def test_without_a_file_one_is_asked_for(signed_in: Enter) -> None:
    answer = signed_in(CHIEF).post(PREVIEW)
    assert answer.status_code == 422 and "请先选择放假安排文件" in words(answer)
