"""Many people at once, slow ones among them: nobody keeps a connection while others wait for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import QueuePool
from web_client import HOST, ORIGIN, Client, words
from web_program import Caller

from database import Database
from database.engine import CONNECTIONS

MANY = 3 * CONNECTIONS


def all_at_once(app: FastAPI, many: int, ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> Counter[int]:
    """Return how often each status was answered to `many` requests sent at the same moment."""

    async def asked() -> Counter[int]:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            answers = await asyncio.gather(*(ask(client) for _ in range(many)))
        return Counter(answer.status_code for answer in answers)

    return asyncio.run(asked())


def lent(database: Database) -> int:
    """Return how many connections somebody holds."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_more_readers_than_connections_are_all_answered(app: FastAPI, signed_in: Callable[[str], Client]) -> None:
    cookies = {"Cookie": f"duban={signed_in('scjg.liaison').cookies['duban']}"}
    assert all_at_once(app, MANY, lambda client: client.get("/record/scjg/late", headers=cookies)) == {200: MANY}


def test_more_programs_than_connections_are_all_answered(app: FastAPI, program: Callable[..., Caller]) -> None:
    bearer = {"Authorization": f"Bearer {program('scjg.liaison').token}"}
    assert all_at_once(app, MANY, lambda client: client.get("/api/v1/items", headers=bearer)) == {200: MANY}


def test_a_form_that_does_not_arrive_keeps_no_connection(
    app: FastAPI, standing: Database, signed_in: Callable[[str], Client]
) -> None:
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https",
        "path": "/account/tokens", "raw_path": b"/account/tokens", "query_string": b"", "root_path": "",
        "server": (HOST, 443), "client": ("127.0.0.1", 1),
        "headers": [
            (b"host", HOST.encode()), (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", b"100"), (b"cookie", f"duban={signed_in('scjg.liaison').cookies['duban']}".encode()),
        ],
    }  # fmt: skip

    async def held_while_waiting() -> int:
        asked_for_more = asyncio.Event()

        async def receive() -> dict[str, Any]:
            asked_for_more.set()
            await asyncio.Event().wait()
            return {}

        async def send(_message: Any) -> None: ...

        slow = asyncio.create_task(app(scope, receive, send))
        await asyncio.wait_for(asked_for_more.wait(), timeout=10)
        held = lent(standing)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        return held

    assert asyncio.run(held_while_waiting()) == 0


def test_an_answer_that_is_not_fetched_keeps_no_connection(
    app: FastAPI, standing: Database, signed_in: Callable[[str], Client]
) -> None:
    cookie = f"duban={signed_in('scjg.liaison').cookies['duban']}"
    held: list[int] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            held.append(lent(standing))
            await send(message)

        await app(scope, receive, sent)

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=watched), base_url=ORIGIN) as client:
            return await client.get("/record/scjg", headers={"Cookie": cookie})

    assert asyncio.run(asked()).status_code == 200
    assert set(held) == {0}


def test_a_new_token_stands_in_the_list_at_once(signed_in: Callable[[str], Client]) -> None:
    page = signed_in("scjg.liaison").post("/account/tokens", {"name": "每日取数", "scope": "read", "days": "30"})
    assert page.status_code == 200
    assert "每日取数" in words(page)
